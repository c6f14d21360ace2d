"""Pascal VOC's XML files."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from inspector.errors import CancelledError, InputError
from inspector.reading import Convention, Reading
from tests.truth import rows_of, truth_of

SIZE = "<size><width>100</width><height>80</height><depth>3</depth></size>"


def voc_object(
    name: str = "cat", box: tuple[object, ...] = (10, 20, 30, 60), more: str = "<difficult>0</difficult>"
) -> str:
    corners = "".join(
        f"<{tag}>{value}</{tag}>" for tag, value in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True)
    )
    return f"<object><name>{name}</name>{more}<bndbox>{corners}</bndbox></object>\n"


def voc_file(path: Path, *objects: str, size: str = SIZE, filename: str | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    name = f"{path.stem}.jpg" if filename is None else filename
    path.write_text(f"<annotation>\n<filename>{name}</filename>{size}\n{''.join(objects)}</annotation>")
    return path


def image(path: Path, size: tuple[int, int] = (100, 80)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size).save(path)


def test_a_single_file_is_one_image(tmp_path: Path) -> None:
    path = voc_file(tmp_path / "a.xml", voc_object("cat"), voc_object("a dog ", (1.5, 2, 3, 4.25)))
    truth, notes = truth_of(path)
    assert rows_of(truth) == [
        ("a.jpg", "a dog ", (1.5, 2.0, 1.5, 2.25)),
        ("a.jpg", "cat", (10.0, 20.0, 20.0, 40.0)),
    ]
    assert truth.images.sizes.tolist() == [[100, 80]]
    assert notes == {}


def test_difficult_objects_are_marked_and_named(tmp_path: Path) -> None:
    path = voc_file(tmp_path / "a.xml", voc_object(more="<difficult>1</difficult>"), voc_object(more=""))
    truth, notes = truth_of(path)
    assert truth.objects.difficult.tolist() == [True, False]
    assert not truth.objects.crowd.any()
    assert notes["difficult object: ignored by VOC's rules, counted by COCO's"].count == 1


def test_pixels_may_count_from_one(tmp_path: Path) -> None:
    path = voc_file(tmp_path / "a.xml", voc_object(box=(1, 1, 100, 80)))
    truth, _ = truth_of(path, Reading(ground_truth_boxes=Convention("xyxy", one_based=True)))
    assert truth.objects.boxes.tolist() == [[0.0, 0.0, 100.0, 80.0]]


def test_parts_are_no_objects(tmp_path: Path) -> None:
    part = "<part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin></bndbox></part>"
    truth, notes = truth_of(voc_file(tmp_path / "a.xml", voc_object("person", more=part)))
    assert [row[1] for row in rows_of(truth)] == ["person"]
    assert truth.classes.names == ("person",)
    assert notes["part of objects left out: they are no objects of their own"].examples == ("a.xml, line 3",)


def test_what_cannot_be_used_is_noted_with_its_place(tmp_path: Path) -> None:
    path = voc_file(
        tmp_path / "a.xml",
        voc_object("", more=""),
        "<object><name>cat</name></object>\n",
        voc_object(box=(1, 2, "1_0", 4)),
        voc_object(box=(1, 2, "nan", 4)),
        voc_object(box=(30, 20, 10, 60)),
        voc_object("kept"),
    )
    truth, notes = truth_of(path)
    assert [row[1:] for row in rows_of(truth)] == [
        ("cat", (10.0, 20.0, 20.0, 40.0)),
        ("kept", (10.0, 20.0, 20.0, 40.0)),
    ]
    assert {text: note.examples[0].partition(":")[0] for text, note in notes.items()} == {
        "object ignored: a number in the box is not finite": "a.xml, line 6",
        "object ignored: no name": "a.xml, line 3",
        "object ignored: no box": "a.xml, line 4",
        "object ignored: a number of the box is missing or cannot be read": "a.xml, line 5",
        "box with left and right, or top and bottom, swapped: put right": "a.xml, line 7",
    }


@pytest.mark.parametrize("size", ["", "<size><width>0</width><height>0</height></size>", "<size/>"])
def test_a_missing_size_is_that_of_the_image(tmp_path: Path, size: str) -> None:
    image(tmp_path / "kit/JPEGImages/a.jpg", (64, 48))
    voc_file(tmp_path / "kit/Annotations/a.xml", voc_object(), size=size)
    truth, _ = truth_of(tmp_path / "kit")
    assert truth.images.sizes.tolist() == [[64, 48]]


def test_a_size_that_is_none_is_noted(tmp_path: Path) -> None:
    size = "<size><width>99.5</width><height>-3</height></size>"
    truth, notes = truth_of(voc_file(tmp_path / "set" / "labels" / "a.xml", voc_object(), size=size))
    assert truth.images.sizes.tolist() == [[0, 0]]
    text = "image size not used: not whole numbers of pixels"
    assert notes[text].examples == ("a.xml: 99.5 x -3.0",)


def test_a_development_kit_has_images_and_splits(tmp_path: Path) -> None:
    for name in "abcd":
        voc_file(tmp_path / f"VOC2007/Annotations/{name}.xml", voc_object())
        image(tmp_path / f"VOC2007/JPEGImages/{name}.jpg")
    sets = tmp_path / "VOC2007/ImageSets/Main"
    sets.mkdir(parents=True)
    (sets / "train.txt").write_text("a\nb\n")
    (sets / "val.txt").write_text("c  1\r\n")
    (sets / "trainval.txt").write_text("a\nb\nc\n")
    (sets / "test.txt").write_text("d\n")
    (sets / "cat_train.txt").write_text("a -1\nb 1\n")
    truth, _ = truth_of(tmp_path)
    assert truth.images.file_names == ("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    assert truth.image_folder == tmp_path / "VOC2007/JPEGImages"
    assert truth.splits is not None
    assert [truth.splits.names[row] for row in truth.splits.rows] == ["train", "train", "val", "test"]


def test_folders_by_split_keep_images_of_the_same_name_apart(tmp_path: Path) -> None:
    for split in ("train", "valid"):
        voc_file(tmp_path / f"{split}/a.xml", voc_object())
        image(tmp_path / f"{split}/a.jpg")
    truth, _ = truth_of(tmp_path)
    assert truth.images.file_names == ("train/a.jpg", "valid/a.jpg")
    assert truth.image_folder == tmp_path
    assert truth.splits is not None
    assert truth.splits.names == ("train", "valid")


def test_images_beside_the_folder_of_annotations_are_found(tmp_path: Path) -> None:
    for split in ("train", "test"):
        voc_file(tmp_path / f"annotations/{split}/a.xml", voc_object())
        image(tmp_path / f"images/{split}/a.jpg")
    truth, _ = truth_of(tmp_path)
    assert truth.images.file_names == ("images/test/a.jpg", "images/train/a.jpg")


@pytest.mark.parametrize(
    ("there", "expected"),
    [("said.jpg", "said.jpg"), ("a.jpg", "a.jpg"), ("elsewhere.jpg", "said.jpg")],
)
def test_of_two_names_the_one_that_finds_an_image_wins(tmp_path: Path, there: str, expected: str) -> None:
    folder = tmp_path / "set"
    image(folder / there)
    voc_file(folder / "a.xml", voc_object(), filename="C:\\data\\said.jpg")
    truth, notes = truth_of(folder)
    assert truth.images.file_names == (expected,)
    assert notes["image called otherwise than the annotation file"].count == 1


def test_a_file_name_given_twice_does_not_join_two_images(tmp_path: Path) -> None:
    for stem in ("a", "b"):
        voc_file(tmp_path / f"{stem}.xml", voc_object(), filename="same.jpg")
    truth, _ = truth_of(tmp_path)
    assert len(truth.images) == 2


@pytest.mark.parametrize("filename", ["", "a"])
def test_a_file_name_without_suffix_is_found_by_its_stem(tmp_path: Path, filename: str) -> None:
    image(tmp_path / "a.png")
    voc_file(tmp_path / "a.xml", voc_object(), filename=filename)
    truth, notes = truth_of(tmp_path)
    assert truth.images.file_names == ("a.png",)
    assert notes == {}


def test_an_image_without_objects_is_an_image(tmp_path: Path) -> None:
    voc_file(tmp_path / "a.xml")
    voc_file(tmp_path / "b.xml", voc_object())
    truth, _ = truth_of(tmp_path)
    assert truth.images.file_names == ("a.jpg", "b.jpg")
    assert truth.objects.offsets.tolist() == [0, 0, 1]


def test_a_broken_file_of_many_is_a_note(tmp_path: Path) -> None:
    voc_file(tmp_path / "a.xml", voc_object())
    (tmp_path / "b.xml").write_text("<annotation>\n<object>")
    (tmp_path / "c.xml").write_text("<other/>")
    truth, notes = truth_of(tmp_path)
    assert len(truth.images) == 1
    assert notes["file left out: broken"].examples == ("b.xml, line 2: the file ends within an element",)
    assert notes["file left out: of another kind"].examples == ("c.xml",)


def test_nothing_but_broken_files_is_an_error(tmp_path: Path) -> None:
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_text("<annotation>\n<object>")
    with pytest.raises(InputError, match=r"a\.xml: line 2: the file ends within an element"):
        truth_of(tmp_path)
    with pytest.raises(InputError, match=r"b\.xml: line 2"):
        truth_of(tmp_path / "b.xml")


def test_many_files_can_be_cancelled(tmp_path: Path) -> None:
    for number in range(40):
        voc_file(tmp_path / f"{number}.xml", voc_object())

    def cancel(_stage: str, fraction: float) -> None:
        if fraction > 0.5:
            raise CancelledError

    with pytest.raises(CancelledError):
        truth_of(tmp_path, progress=cancel)


def test_voc_says_what_coco_says_of_the_same_images(shared_data: Path) -> None:
    folder = shared_data / "padilla100/gts"
    voc, _ = truth_of(folder / "pascalvoc_format")
    coco, _ = truth_of(folder / "coco_format_v1/instances_default.json")
    assert sorted(rows_of(voc)) == sorted(rows_of(coco))
    assert int(voc.objects.difficult.sum()) == 38
