"""Detections find their images and classes in the way that finds the most, and a reading is obeyed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspector.dataset import Dataset
from inspector.reading import Convention, Reading
from tests.reading import COCO, read_pair

IMAGES = [("a.jpg", 100, 80), ("b.jpg", 200, 80), ("c.jpg", 100, 160)]
CLASSES = ["cat", "dog"]


def truth(
    images: Any = None, classes: Any = None, boxes: Any = ((10, 10, 20, 20),), first: int = 1
) -> dict[str, Any]:
    """COCO ground truth; on every image an object of each class for every box."""
    images = IMAGES if images is None else images
    classes = CLASSES if classes is None else classes
    listed = [
        {"id": first + at, "file_name": name, "width": width, "height": height}
        for at, (name, width, height) in enumerate(images)
    ]
    categories = [{"id": at + 1, "name": name} for at, name in enumerate(classes)]
    pairs = [(image, item, box) for image in listed for item in categories for box in boxes]
    annotations = [
        {"id": at, "image_id": image["id"], "category_id": item["id"], "bbox": list(box), "area": 7}
        for at, (image, item, box) in enumerate(pairs)
    ]
    return {"images": listed, "categories": categories, "annotations": annotations}


def result(image: Any, category: Any, box: Any = (10, 10, 20, 20), score: float = 0.5) -> dict[str, Any]:
    return {"image_id": image, "category_id": category, "bbox": list(box), "score": score}


class Files:
    """Writes both files and reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, ground_truth: Any, detections: Any, **reading: Any) -> Dataset:
        paths = []
        for name, content in (("gt.json", ground_truth), ("dt.json", detections)):
            path = self.folder / name
            if content is not None:
                path.write_text(json.dumps(content))
            paths.append(path if content is not None else None)
        return read_pair(*paths, reading=Reading("coco", "coco", **reading))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def placed(data: Dataset) -> list[tuple[str, str]]:
    """The image and the class of each detection, in the order of the file."""
    order = np.argsort(data.detections.positions)
    columns = data.detections.images[order].tolist(), data.detections.classes[order].tolist()
    return [
        (data.images.file_names[image], data.classes.names[item])
        for image, item in zip(*columns, strict=True)
    ]


def texts(data: Dataset) -> list[str]:
    return [f"{note.count} {note.text}" if note.count else note.text for note in data.notes]


def test_ids_that_find_everything_are_taken_without_a_word(files: Files) -> None:
    data = files.read(truth(), [result(2, 1), result(3, 2)])
    assert placed(data) == [("b.jpg", "cat"), ("c.jpg", "dog")]
    assert data.joined is not None
    assert (data.joined.images_by, data.joined.classes_by) == ("id", "id")
    assert (data.joined.detections, data.notes) == (2, ())


@pytest.mark.parametrize(
    ("name", "image", "way"),
    [
        ("2007_000027.jpg", "2007_000027", "stem"),
        ("2007_000027.jpg", "2007_000027.jpg", "name"),
        ("train/2007_000027.jpg", "2007_000027.jpg", "name"),
        ("train/2007_000027.jpg", "train/2007_000027.jpg", "path"),
        ("train\\2007_000027.jpg", "train/2007_000027.jpg", "path"),
        ("000000000139.jpg", "000000000139", "stem"),
        ("000000000139.jpg", "000000000139.png", "stem"),
        ("000000000139.jpg", 139, "stem"),
        ("COCO_val2014_000000000139.jpg", 139, "stem"),
        ("a.v2.jpg", "a.v2", "stem"),
    ],
)
def test_the_id_of_an_image_may_be_a_name_or_a_stem(files: Files, name: str, image: Any, way: str) -> None:
    data = files.read(truth([(name, 9, 9), ("other.jpg", 9, 9)]), [result(image, 2)])
    assert placed(data) == [(name, "dog")]
    assert data.joined is not None
    assert data.joined.images_by == way


def test_a_class_may_be_called_by_its_name(files: Files) -> None:
    assert placed(files.read(truth(), [result(1, "dog")])) == [("a.jpg", "dog")]


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("/home/ann/set/train/{}.jpg", "train/{}.jpg"),
        ("train/{}.jpg", "/mnt/d/set/train/{}.jpg"),
        ("C:\\set\\train\\{}.jpg", "train/{}.jpg"),
        ("/home/ann/set/train/{}.jpg", "/mnt/d/set/train/{}.jpg"),
        ("/home/ann/{}/x.jpg", "/mnt/d/{}/x.jpg"),
        ("/home/ann/{}/x.jpg", "{}/x.jpg"),
    ],
)
def test_absolute_paths_of_another_machine_are_compared_by_what_follows(
    files: Files, there: str, here: str
) -> None:
    ground_truth = truth([(there.format(name), 9, 9) for name in "abc"], first=50)
    own = {"images": [{"id": at, "file_name": here.format(name)} for at, name in enumerate("cba")]}
    data = files.read(ground_truth, {**own, "annotations": [result(at, 1) for at in range(3)]})
    assert [name for name, _ in placed(data)] == [there.format(name) for name in "cba"]
    assert data.joined is not None
    assert data.joined.images_by == "path"


def test_names_that_several_images_have_find_none(files: Files) -> None:
    data = files.read(truth([("x/a.jpg", 9, 9), ("y/a.jpg", 9, 9)]), [result("a.jpg", 1), result(2, 1)])
    assert placed(data) == [("y/a.jpg", "cat")]
    assert data.unplaced is not None
    assert data.unplaced.image_keys == (1, 2, "a.jpg")
    assert data.unplaced.positions.tolist() == [0]


def test_ids_that_match_by_accident_are_seen_through(files: Files) -> None:
    own = {
        "images": [{"id": at + 1, "file_name": name} for at, name in enumerate(("c.jpg", "a.jpg", "b.jpg"))],
        "categories": [{"id": 1, "name": "dog"}, {"id": 2, "name": "cat"}, {"id": 3, "name": "cow"}],
    }
    found = [result(1, 1), result(2, 1), result(3, 2), result(3, 3)]
    data = files.read(truth(), {**own, "annotations": found})
    assert placed(data) == [("c.jpg", "dog"), ("a.jpg", "dog"), ("b.jpg", "cat")]
    assert texts(data) == [
        "images joined by name: 4 of 4 detections find their image; by id: 4, but their names are others",
        "classes joined by name: 3 of 4 detections find their class; by id: 3, but their names are others",
        "1 detection ignored: unknown category id",
    ]
    assert data.joined is not None
    assert data.joined.images == (("id", 4), ("name", 4), ("stem", 4))
    assert data.joined.classes == (("id", 3), ("name", 3))


def test_ids_stay_where_only_some_classes_are_called_otherwise(files: Files) -> None:
    own = {"categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "hound"}]}
    data = files.read(truth(), {**own, "annotations": [result(1, 1), result(1, 2)]})
    assert [name for _, name in placed(data)] == ["cat", "dog"]
    assert texts(data) == ["classes joined by id: 2 of 2 detections find their class; by name: 1"]


def test_a_list_of_names_tells_what_numbers_of_classes_mean(files: Files) -> None:
    names = files.folder / "classes.txt"
    names.write_text("dog\ncat\n")
    data = files.read(truth(), [result(1, 0), result(1, 1)], class_names=names)
    assert [name for _, name in placed(data)] == ["dog", "cat"]
    assert "class names from classes.txt" in texts(data)


def test_a_wish_decides_how_images_and_classes_are_found(files: Files) -> None:
    own = {"images": [{"id": 1, "file_name": "b.jpg"}], "categories": [{"id": 1, "name": "dog"}]}
    found = {**own, "annotations": [result(1, 1)]}
    assert placed(files.read(truth(), found, images_by="id", classes_by="id")) == [("a.jpg", "cat")]
    assert placed(files.read(truth(), found, images_by="path", classes_by="id")) == [("b.jpg", "cat")]
    assert placed(files.read(truth(), found, images_by="stem", classes_by="name")) == [("b.jpg", "dog")]


def test_names_match_whatever_their_case_blanks_and_hyphens_where_that_is_wished(files: Files) -> None:
    ground_truth = truth([("Image 1.JPG", 9, 9)], ["traffic light", "dog"])
    found = [result("image_1.jpg", "Traffic-Light"), result("image-1", "dog")]
    assert placed(files.read(ground_truth, found)) == []
    data = files.read(ground_truth, found, fold_names=True)
    assert placed(data) == [("Image 1.JPG", "traffic light"), ("Image 1.JPG", "dog")]
    assert "names match whatever their case, blanks, hyphens and underscores" in texts(data)


def test_ids_are_shifted(files: Files) -> None:
    data = files.read(truth(), [result(0, 2), result(2, 3)], image_id_shift=1, class_id_shift=-1)
    assert placed(data) == [("a.jpg", "cat"), ("c.jpg", "dog")]
    assert texts(data) == [
        "image ids of the detections shifted by 1",
        "class ids of the detections shifted by -1",
    ]


def test_positions_among_the_classes_of_coco_are_read_as_its_ids(files: Files) -> None:
    ground_truth = truth(classes=[str(number) for number in range(1, 91)])
    data = files.read(ground_truth, [result(1, at) for at in (0, 11, 79, 80)], coco_classes=True)
    assert [name for _, name in placed(data)] == ["1", "13", "90"]
    assert texts(data)[0] == "class ids 0-79 of the detections read as COCO's ids 1-90"


def test_percent_scores_and_scores_out_of_range_are_read_as_wished(files: Files) -> None:
    found = [result(1, 1, score=score) for score in (50, 120, -1, 0.5)]
    data = files.read(truth(), found, percent_scores=True, clip_scores=True)
    assert data.detections.scores.tolist() == [1, 0.5, 0.005, 0]
    assert texts(data) == [
        "scores of the detections read as percents",
        "2 scores outside 0 to 1: the nearer of both is used",
    ]
    assert files.read(truth(), found).detections.scores.tolist() == [120, 50, 0.5, -1]


def test_boxes_of_both_sides_are_read_by_another_convention(files: Files) -> None:
    data = files.read(
        truth(boxes=[(10, 10, 30, 40)]),
        [result(2, 1, (0.5, 0.5, 0.25, 0.5))],
        ground_truth_boxes=Convention("xyxy"),
        detection_boxes=Convention("cxcywh", relative=True),
    )
    assert data.objects.boxes[0].tolist() == [10, 10, 20, 30]
    assert data.detections.boxes.tolist() == [[75, 20, 50, 40]]
    assert texts(data) == [
        "boxes of the ground truth read as x1 y1 x2 y2",
        "boxes of the detections read as relative cx cy w h",
    ]


def test_parts_of_images_without_a_size_are_no_boxes(files: Files) -> None:
    ground_truth = truth()
    del ground_truth["images"][0]["width"]
    found = [result(1, 1, (0.5, 0.5, 0.25, 0.5)), result(2, 1, (0.5, 0.5, 0.25, 0.5))]
    reading = {"detection_boxes": Convention(relative=True)}
    data = files.read(ground_truth, found, **reading)
    assert data.detections.positions.tolist() == [1]
    assert texts(data)[-1] == (
        "1 detection ignored: the size of the image, of which the box is a part, is not known"
    )
    own = {"images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 80}], "annotations": found}
    assert len(files.read(ground_truth, own, **reading).detections) == 2


def test_boxes_that_become_negative_by_another_convention_are_noted(files: Files) -> None:
    ground_truth = truth([("a.jpg", 99, 99)], ["cat"], [(10, 10, 5, 40), (1, 1, 2, 2)])
    data = files.read(ground_truth, None, ground_truth_boxes=Convention("xyxy"))
    assert data.objects.boxes.tolist() == [[1, 1, 1, 1]]
    assert "1 annotation ignored: negative width or height" in texts(data)


def test_of_duplicates_one_stays_where_that_is_wished(files: Files) -> None:
    ground_truth = truth([("a.jpg", 9, 9)], ["cat"], [(1, 1, 5, 5), (2, 2, 5, 5), (1, 1, 5, 5)])
    found = [result(1, 1, (1, 1, 5, 5), score) for score in (0.5, 0.25, 0.5)]
    found += [result(1, 1, (2, 1, 5, 5), 0.5)]
    assert (
        len(files.read(ground_truth, found).objects),
        len(files.read(ground_truth, found).detections),
    ) == (
        3,
        4,
    )
    data = files.read(ground_truth, found, drop_duplicates=True)
    assert data.objects.ids.tolist() == [0, 1]
    assert data.detections.positions.tolist() == [0, 3, 1]
    assert data.detections.offsets.tolist() == [0, 3]
    assert texts(data) == ["1 duplicate object left out", "1 duplicate detection left out"]


def test_sizes_of_objects_are_those_of_their_boxes_where_that_is_wished(files: Files) -> None:
    data = files.read(truth(), None, box_areas=True)
    assert set(data.objects.areas.tolist()) == {400}
    assert texts(data) == ["6 areas replaced by width x height"]


def test_a_convention_that_clearly_fits_better_is_taken_where_the_file_leaves_it_open(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inspector.readers.coco import format as coco

    read = coco.read_found

    def open_question(*arguments: Any) -> Any:
        found = read(*arguments)
        found.candidates = (Convention("xyxy"), Convention("cxcywh"))
        return found

    monkeypatch.setattr(coco, "read_found", open_question)
    boxes = [(10 + 5 * at, 20 + 3 * at, 20, 25) for at in range(8)]
    found = [result(image, 1, (x, y, x + w, y + h)) for image in (1, 2, 3) for x, y, w, h in boxes]
    data = files.read(truth(boxes=boxes), found)
    evidence = "100 % inside their image, mean IoU 1.00; as x y w h: 54 % inside their image, mean IoU .21"
    assert f"boxes of the detections read as x1 y1 x2 y2 ({evidence})" in texts(data)
    assert data.joined is not None
    assert data.joined.boxes == Convention("xyxy")
    assert data.detections.boxes[0].tolist() == [10, 20, 20, 25]


def test_the_default_reading_of_tests_says_nothing_but_the_formats() -> None:
    assert Reading("coco", "coco") == COCO
