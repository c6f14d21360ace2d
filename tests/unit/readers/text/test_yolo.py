"""Ground truth in YOLO's label files, as many tools write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.dataset import Dataset
from inspector.errors import InputError
from inspector.readers.formats import truth_format
from inspector.reading import Reading
from inspector.sources import Sources, read

SIZE = (200, 100)
LINE = "0 .5 .5 .1 .2\n"
BOX = [90.0, 40.0, 20.0, 20.0]


def make(folder: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """Text files, and images (those without content)."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            Image.new("L", SIZE).save(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def opened(path: Path, images: Path | None = None, **reading: object) -> Dataset:
    return read(Sources(path, None, images, Reading(**reading)))  # type: ignore[arg-type]


def objects(data: Dataset) -> list[tuple[str, str, list[float]]]:
    """File name, class and box of every object."""
    return [
        (data.images.file_names[image], data.classes.names[label], box)
        for image, label, box in zip(
            data.objects.images, data.objects.classes, data.objects.boxes.tolist(), strict=True
        )
    ]


def told(data: Dataset) -> list[tuple[str, int, tuple[str, ...]]]:
    """All notes but those on where class names and images are from."""
    notes = [note for note in data.notes if "class names" not in note.text and "images from" not in note.text]
    return [(note.text, note.count, note.examples) for note in notes]


@pytest.mark.parametrize(
    ("label", "image", "name", "folder"),
    [
        ("labels/a.txt", "images/a.jpg", "a.jpg", "images"),
        ("a.txt", "a.png", "a.png", "."),
        ("a.txt", "images/a.jpeg", "a.jpeg", "images"),
        ("labels/train/a.txt", "images/train/a.JPG", "a.JPG", "images/train"),
        ("train/labels/a.txt", "train/images/a.bmp", "a.bmp", "train/images"),
        ("gts/yolo/obj_train_data/a.txt", "images/a.webp", "a.webp", "images"),
        ("labels/a.v2.txt", "JPEGImages/a.v2.jpg", "a.v2.jpg", "JPEGImages"),
    ],
)
def test_the_image_is_found_where_tools_put_it(
    tmp_path: Path, label: str, image: str, name: str, folder: str
) -> None:
    make(tmp_path, {label: LINE, image: None})
    for path in (tmp_path, tmp_path / label, (tmp_path / label).parent):
        data = opened(path)
        assert objects(data) == [(name, "0", BOX)]
        assert data.image_folder == tmp_path / folder
        assert data.images.sizes.tolist() == [list(SIZE)]
        assert told(data) == []


def test_the_folder_of_images_can_be_chosen(tmp_path: Path) -> None:
    make(tmp_path / "labels", {"train/a.txt": LINE, "val/a.txt": LINE})
    chosen = make(tmp_path / "elsewhere", {"train/a.jpg": None, "val/a.jpg": None})
    with pytest.raises(InputError, match=r"no image was found for 2 label files: .*--images"):
        opened(tmp_path / "labels")
    data = opened(tmp_path / "labels", chosen)
    assert [name for name, *_ in objects(data)] == ["train/a.jpg", "val/a.jpg"]
    assert data.image_folder == chosen


@pytest.mark.parametrize(
    ("pattern", "images"),
    [
        ("{}/labels/a.txt", "{}/images/a.jpg"),
        ("labels/{}/a.txt", "images/{}/a.jpg"),
        ("{}/a.txt", "{}/a.jpg"),
    ],
)
def test_folders_make_splits_and_images_of_one_name_stay_two(
    tmp_path: Path, pattern: str, images: str
) -> None:
    for split in ("train", "valid", "test"):
        make(tmp_path, {pattern.format(split): LINE, images.format(split): None})
    data = opened(tmp_path)
    assert data.splits is not None
    by_name = {
        name: data.splits.names[row]
        for name, row in zip(data.images.file_names, data.splits.rows, strict=True)
    }
    assert sorted(by_name.values()) == ["test", "train", "valid"]
    assert all(split in name for name, split in by_name.items())
    assert len(data.objects) == 3
    assert told(data) == []


@pytest.mark.parametrize(
    "settings",
    [
        "train: images/one\nval: images/two\nnames: [cat]\n",
        "path: /home/me/set\ntrain: images/one\nval: [images/two]\nnames: {0: cat}\n",
        "train: ../set/images/one\nval: ../set/images/two/\nnames: [cat]\n",
        "train: one.txt\nval: ./two.txt\nnames: [cat]\n",
    ],
)
def test_data_yaml_names_the_splits(tmp_path: Path, settings: str) -> None:
    folder = tmp_path / "set"
    make(folder, {f"labels/{part}/{part}.txt": LINE for part in ("one", "two", "more")})
    make(folder, {f"images/{part}/{part}.jpg": None for part in ("one", "two", "more")})
    lists = {f"{part}.txt": f"./images/{part}/{part}.jpg\n" for part in ("one", "two")}
    make(folder, {"data.yaml": settings, **lists})
    data = opened(folder / "data.yaml")
    assert [(name, label) for name, label, _ in objects(data)] == [
        ("one/one.jpg", "cat"),
        ("two/two.jpg", "cat"),
    ]
    assert data.splits is not None
    assert [data.splits.names[row] for row in data.splits.rows] == ["train", "val"]
    whole = opened(folder)
    assert len(whole.objects) == 3
    assert whole.splits is not None
    assert set(whole.splits.names) == {"train", "val", ""}


def test_what_data_yaml_names_elsewhere_is_not_followed(tmp_path: Path) -> None:
    make(tmp_path, {"labels/train/a.txt": LINE, "images/train/a.jpg": None})
    path = make(tmp_path / "set", {"data.yaml": "path: ..\ntrain: images/train\nnames: [a]"}) / "data.yaml"
    with pytest.raises(InputError, match=r"names train: \.\./images/train, which is not beside it"):
        read(Sources(path, None, reading=Reading(ground_truth_format="yolo")))


def test_darknets_list_counts_only_what_it_lists(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "obj.data": "classes = 1\ntrain = data/train.txt\nnames = data/obj.names\n",
            "obj.names": "cat\n",
            "train.txt": "data/obj/a.jpg\ndata/obj/b.jpg\n",
            "obj/a.txt": LINE,
            "obj/c.txt": LINE,
            **dict.fromkeys(("obj/a.jpg", "obj/b.jpg", "obj/c.jpg")),
        },
    )
    for path in (tmp_path / "obj.data", tmp_path / "train.txt"):
        data = opened(path)
        assert data.images.file_names == ("a.jpg", "b.jpg")
        assert objects(data) == [("a.jpg", "cat", BOX)]
        assert told(data) == [("image without a label file: taken as images without objects", 1, ("b.jpg",))]


def test_empty_label_files_are_images_without_objects(tmp_path: Path) -> None:
    data = opened(make(tmp_path, {"a.txt": LINE, "b.txt": "\n \n", "a.jpg": None, "b.jpg": None}))
    assert data.images.file_names == ("a.jpg", "b.jpg")
    assert len(data.objects) == 1
    assert told(data) == []


def test_images_without_labels_and_labels_without_image_are_noted(tmp_path: Path) -> None:
    make(tmp_path, {"labels/a.txt": LINE, "labels/b.txt": LINE * 3, "labels/README.txt": "Some words.\n"})
    make(tmp_path, {"images/a.jpg": None, "images/c.jpg": None})
    data = opened(tmp_path)
    assert data.images.file_names == ("a.jpg", "c.jpg")
    assert len(data.objects) == 1
    assert told(data) == [
        (
            "label file left out: without an image, the size that boxes are parts of is not known",
            1,
            ("labels/b.txt (objects: 3)",),
        ),
        ("image without a label file: taken as images without objects", 1, ("c.jpg",)),
        ("text file left out: no labels in them, and no image of this name", 1, ("labels/README.txt",)),
    ]


def test_polygons_are_masks_with_their_boxes(tmp_path: Path) -> None:
    make(tmp_path, {"a.txt": f"{LINE}1 .1 .1 .3 .1 .3 .5 .1 .5\n{LINE}", "a.jpg": None})
    data = opened(tmp_path)
    assert [label for _, label, _ in objects(data)] == ["0", "0", "1"]
    assert data.objects.boxes[2] == pytest.approx([20, 10, 40, 40])
    assert data.objects.areas[2] == pytest.approx(1600)
    assert data.objects.positions.tolist() == [0, 2, 1]
    masks = data.objects.masks
    assert masks is not None
    assert masks.sizes.tolist() == [[0, 0], [0, 0], [100, 200]]


def test_keypoints_behind_boxes_are_left_out_where_settings_tell_of_them(tmp_path: Path) -> None:
    make(tmp_path, {"data.yaml": "train: images\nkpt_shape: [2, 2]\nnames: [a]", "images/a.jpg": None})
    make(tmp_path, {"labels/a.txt": f"{LINE.strip()} .1 .2 .3 .4\n"})
    data = opened(tmp_path / "data.yaml")
    assert objects(data) == [("a.jpg", "a", BOX)]
    assert told(data) == [("object with keypoints, which are left out", 1, ("labels/a.txt, line 1",))]


@pytest.mark.parametrize(
    "content",
    [
        LINE.replace("\n", "\r\n"),
        "\ufeff" + LINE,
        LINE.encode("utf-16"),
        LINE.replace(" ", "\t\t") + "  ",
        "0 0,5 0,5 0,1 0,2",
        "0,.5,.5,.1,.2,",
        "0.0 0.5e0 +.5 .10 0.20",
        "cat .5 .5 .1 .2",
    ],
)
def test_however_a_line_is_written_it_is_the_same_object(tmp_path: Path, content: str | bytes) -> None:
    make(tmp_path, {"labels/a.txt": content, "images/a.jpg": None, "classes.txt": "cat\ndog\n"})
    data = opened(tmp_path / "labels")
    assert objects(data) == [("a.jpg", "cat", BOX)]
    assert data.classes.ids == (0, 1)
    assert "class names from ../classes.txt" in [note.text for note in data.notes]


def test_lines_that_cannot_be_read_are_left_out_with_their_places(tmp_path: Path) -> None:
    odd = ("0 .5 .5 .1", "0 .5 .5 .1 .2 .9", "1.5 .5 .5 .1 .2", "-1 .5 .5 .1 .2", "0 .5 x .1 .2")
    lines = "\n".join((*odd, "0 nan .5 .1 .2", "0 .5 .5 -.1 .2"))
    data = opened(make(tmp_path, {"a.txt": LINE * 9 + lines, "a.jpg": None}))
    assert len(data.objects) == 9
    text, count, examples = told(data)[0]
    assert (text, count) == ("lines left out: cannot be read", 5)
    assert set(examples) == {
        'a.txt, line 14: "x" is not a number',
        "a.txt, line 10: 4 numbers, expected 5, or an odd number of them for a polygon",
        "a.txt, line 11: 6 numbers, expected 5: is the last one a confidence, as detections have it?",
        "a.txt, line 12: the class is no whole number from 0 on",
        "a.txt, line 13: the class is no whole number from 0 on",
    }
    assert [(text, count) for text, count, _ in told(data)[1:]] == [
        ("object with numbers outside of 0 to 1 (kept)", 1),
        ("object ignored: a number in the box is not finite", 1),
        ("object ignored: negative width or height", 1),
    ]


def test_odd_numbers_are_kept_and_noted(tmp_path: Path) -> None:
    lines = "7 .5 .5 .1 .2\n0 1.2 .5 .1 .2\n0 -.1 .5 .1 .2\n0 120 50 10 20\n"
    make(tmp_path, {"labels/a.txt": LINE * 500 + lines, "images/a.jpg": None, "classes.txt": "cat"})
    data = opened(tmp_path)
    assert len(data.objects) == 504
    assert data.classes.names == ("cat", "7")
    assert told(data) == [
        (
            "object of classes that the list of names does not have: called as they are written",
            1,
            ("labels/a.txt, line 501",),
        ),
        (
            "object far outside of 0 to 1 (kept): pixels instead of parts of the image?",
            1,
            ("labels/a.txt, line 504",),
        ),
        (
            "objects with numbers outside of 0 to 1 (kept)",
            2,
            ("labels/a.txt, line 502", "labels/a.txt, line 503"),
        ),
    ]


def test_detections_are_told_from_labels(tmp_path: Path) -> None:
    make(tmp_path, {"a.txt": "0 .5 .5 .1 .2 .9\n" * 3, "a.jpg": None})
    with pytest.raises(
        InputError, match=r"is not ground truth: it holds detections \(YOLO text with confidence\)"
    ):
        opened(tmp_path)
    with pytest.raises(InputError, match=r"a\.txt: line 1: 6 numbers: detections, with a confidence"):
        opened(tmp_path, ground_truth_format="yolo")


@pytest.mark.parametrize(
    ("content", "reason"),
    [("0 .5 .5\n", "line 1: 3 numbers, expected 5"), ("0 a b c d\n", 'a.txt, line 1: "a" is not a number')],
)
def test_where_nothing_can_be_read_it_is_an_error(tmp_path: Path, content: str, reason: str) -> None:
    make(tmp_path, {"a.txt": content, "a.jpg": None})
    with pytest.raises(InputError, match=reason):
        opened(tmp_path, ground_truth_format="yolo")


def test_a_folder_without_labels_is_an_error(tmp_path: Path) -> None:
    make(tmp_path, {"a.jpg": None})
    with pytest.raises(InputError, match="holds no labels"):
        opened(tmp_path, ground_truth_format="yolo")


def test_images_that_cannot_be_read_cost_their_objects(tmp_path: Path) -> None:
    make(tmp_path, {"a.txt": LINE, "b.txt": LINE, "a.jpg": None, "b.jpg": b"no image"})
    data = opened(tmp_path)
    assert [name for name, *_ in objects(data)] == ["a.jpg"]
    assert told(data) == [("object left out: the size of their image cannot be read", 1, ("b.txt, line 1",))]


def test_images_of_another_data_set_are_not_taken(tmp_path: Path) -> None:
    make(tmp_path / "other", {"images/b.jpg": None, "c.jpg": None})
    own = make(tmp_path / "own", {"labels/a.txt": LINE, "labels/b.txt": LINE, "labels/c.txt": LINE})
    make(own, {"images/a.jpg": None})
    for path in (own, own / "labels"):
        assert opened(path).images.file_names == ("a.jpg",)


def test_it_is_said_where_images_outside_of_the_folder_were_found(tmp_path: Path) -> None:
    make(tmp_path, {"set/labels/a.txt": LINE, "images/a.jpg": None})
    assert "images from ../images" in [note.text for note in opened(tmp_path / "set").notes]


def test_two_label_files_of_one_image_are_noted(tmp_path: Path) -> None:
    make(tmp_path, {"labels/one/a.txt": LINE, "labels/two/a.txt": LINE, "images/a.jpg": None})
    data = opened(tmp_path / "labels")
    assert len(data.objects) == 2
    assert told(data) == [("label file of an image that another one is about as well", 1, ("two/a.txt",))]


def test_padillas_yolo_files_say_what_the_coco_file_says(shared_data: Path) -> None:
    folder = shared_data / "padilla100" / "gts"
    coco = opened(folder / "coco_format_v1" / "instances_default.json")
    order = np.argsort(coco.images.file_names)
    expected = sorted(objects(coco))
    for path in (
        "yolo_format",
        "yolo_format/obj_train_data",
        "yolo_format/obj.data",
        "yolo_format/train.txt",
    ):
        data = opened(folder / path)
        assert truth_format(folder / path).name == "yolo"
        assert data.images.file_names == tuple(sorted(coco.images.file_names))
        assert data.images.sizes.tolist() == coco.images.sizes[order].tolist()
        found = sorted(objects(data))
        assert [one[:2] for one in found] == [one[:2] for one in expected]
        # six decimals of at most 500 pixels
        np.testing.assert_allclose([one[2] for one in found], [one[2] for one in expected], atol=1e-3)
        assert told(data) == []
