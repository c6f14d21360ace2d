"""Files that were read in the wrong way: each trouble alone, two at once, small sets and real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from inspector.evaluation.matching import evaluate
from inspector.evaluation.summary import mean_average_precision
from inspector.reading import COCO_CLASS_IDS, Convention, Reading
from inspector.sources import read
from tests.unit.doctor.conftest import Files, Json, worst

Box = list[float]


def corners(record: Json) -> None:
    x, y, width, height = record["bbox"]
    record["bbox"] = [x, y, x + width, y + height]


def centres(record: Json) -> None:
    x, y, width, height = record["bbox"]
    record["bbox"] = [x + width / 2, y + height / 2, width, height]


def next_image(record: Json) -> None:
    record["image_id"] += 1


def next_class(record: Json) -> None:
    record["category_id"] += 1


def first_class(record: Json) -> None:
    record["category_id"] = 1


def plant(files: Files, *changes: Callable[[Json], None]) -> None:
    for change in changes:
        files.plant(change)


DETECTIONS: list[tuple[str, tuple[Callable[[Json], None], ...], dict[str, Any]]] = [
    ("image_ids_shifted", (next_image,), {"image_id_shift": -1}),
    ("class_ids_shifted", (next_class,), {"class_id_shift": -1}),
    ("detection_boxes_misread", (corners,), {"detection_boxes": Convention("xyxy")}),
    ("detection_boxes_misread", (centres,), {"detection_boxes": Convention("cxcywh")}),
]


@pytest.mark.parametrize("which", ["files", "coco128"])
@pytest.mark.parametrize(("code", "changes", "wished"), DETECTIONS, ids=lambda part: str(part)[:30])
def test_one_trouble_is_told_with_the_reading_that_helps(
    request: pytest.FixtureRequest,
    which: str,
    code: str,
    changes: tuple[Callable[[Json], None], ...],
    wished: dict[str, Any],
) -> None:
    files: Files = request.getfixturevalue(which)
    plant(files, *changes)
    found = files.findings()
    assert worst(found) == [code]
    assert [remedy.reading for remedy in found[code].remedies] == [replace(Reading(), **wished)]


@pytest.mark.parametrize(("code", "changes", "wished"), DETECTIONS, ids=lambda part: str(part)[:30])
def test_the_remedy_gives_the_numbers_that_were_meant(
    files: Files, code: str, changes: tuple[Callable[[Json], None], ...], wished: dict[str, Any]
) -> None:
    meant = mean_average_precision(evaluate(read(files.sources)))
    plant(files, *changes)
    (remedy,) = files.findings()[code].remedies
    assert remedy.reading == replace(Reading(), **wished)
    helped = files.reread(remedy.reading)
    assert mean_average_precision(evaluate(read(helped.sources))) == meant
    assert worst(helped.findings()) == []


@pytest.mark.parametrize("which", ["files", "coco128"])
def test_nothing_is_wrong_where_nothing_is_planted(request: pytest.FixtureRequest, which: str) -> None:
    assert worst(request.getfixturevalue(which).findings()) == []


@pytest.mark.parametrize("which", ["files", "coco128"])
def test_two_troubles_at_once_are_both_told_and_helped_together(
    request: pytest.FixtureRequest, which: str
) -> None:
    files: Files = request.getfixturevalue(which)
    plant(files, corners, next_image)
    found = files.findings()
    assert set(worst(found)) == {"image_ids_shifted", "detection_boxes_misread"}
    assert ", would be [" in found["detection_boxes_misread"].examples[0].text
    assert ", would be on " in found["image_ids_shifted"].examples[0].text
    wished = Reading(image_id_shift=-1, detection_boxes=Convention("xyxy"))
    for code in worst(found):
        assert [remedy.reading for remedy in found[code].remedies] == [wished]


@pytest.mark.parametrize("which", ["files", "coco128"])
def test_classes_are_seen_through_wrong_boxes(request: pytest.FixtureRequest, which: str) -> None:
    files: Files = request.getfixturevalue(which)
    plant(files, corners, next_class)
    assert set(worst(files.findings())) == {"class_ids_shifted", "detection_boxes_misread"}


@pytest.mark.parametrize("which", ["files", "coco128"])
@pytest.mark.parametrize("change", [corners, centres])
def test_labels_of_another_convention_are_not_blamed_on_the_detections(
    request: pytest.FixtureRequest, which: str, change: Callable[[Json], None]
) -> None:
    files: Files = request.getfixturevalue(which)
    for record in files.truth["annotations"]:
        change(record)
    assert worst(files.findings()) == ["ground_truth_boxes_misread"]


def test_both_sides_in_the_same_wrong_convention_fit_each_other_but_not_the_images(coco128: Files) -> None:
    coco128.plant(corners)
    for record in coco128.truth["annotations"]:
        corners(record)
    assert set(worst(coco128.findings())) == {"ground_truth_boxes_misread", "detection_boxes_misread"}


@pytest.mark.parametrize("which", ["files", "coco128"])
def test_normalised_boxes_are_parts_of_their_image(request: pytest.FixtureRequest, which: str) -> None:
    files: Files = request.getfixturevalue(which)
    sizes = {image["id"]: (image["width"], image["height"]) for image in files.truth["images"]}

    def normalise(record: Json) -> None:
        width, height = sizes[record["image_id"]]
        box = record["bbox"]
        record["bbox"] = [box[0] / width, box[1] / height, box[2] / width, box[3] / height]

    files.plant(normalise)
    found = files.findings()
    assert worst(found) == ["detection_boxes_misread"]
    remedy = found["detection_boxes_misread"].remedies[0]
    assert remedy.reading.detection_boxes == Convention("xywh", relative=True)


def test_pixels_counted_from_one_are_told_apart(coco128: Files) -> None:
    def one_based(record: Json) -> None:
        record["bbox"][0] += 1
        record["bbox"][1] += 1

    coco128.plant(one_based)
    found = coco128.findings()
    assert worst(found) == []
    remedy = found["detection_boxes_misread"].remedies[0]
    assert remedy.reading.detection_boxes == Convention(one_based=True)


def test_ids_from_0_to_79_are_cocos_1_to_90(coco128: Files) -> None:
    ids = {item: COCO_CLASS_IDS[place] for place, item in enumerate(range(80))}
    for record in (*coco128.truth["annotations"], *coco128.truth["categories"]):
        key = "category_id" if "category_id" in record else "id"
        record[key] = ids[record[key]]
    found = coco128.findings()
    assert worst(found)[0] == "class_ids_of_coco"
    assert found["class_ids_of_coco"].remedies[0].reading == Reading(coco_classes=True)


@pytest.mark.parametrize("which", ["files", "coco128"])
def test_one_class_for_all_is_told_with_what_shows_it(request: pytest.FixtureRequest, which: str) -> None:
    files: Files = request.getfixturevalue(which)
    files.plant(first_class)
    found = files.findings()
    assert worst(found) == ["one_class_for_all"]
    assert "lass-agnostic" in found["one_class_for_all"].effect


@pytest.mark.parametrize("which", ["files", "coco128"])
def test_classes_in_another_order_are_told_by_what_their_detections_lie_on(
    request: pytest.FixtureRequest, which: str
) -> None:
    files: Files = request.getfixturevalue(which)
    ids = [category["id"] for category in files.truth["categories"]]
    other = dict(zip(ids, reversed(ids), strict=True))

    def rename(record: Json) -> None:
        record["category_id"] = other[record["category_id"]]

    files.plant(rename)
    found = files.findings()
    assert worst(found) == ["classes_mixed_up"]
    assert " lie on " in found["classes_mixed_up"].examples[0].text


def test_ids_of_another_data_set_match_by_accident(coco128: Files) -> None:
    ids = [image["id"] for image in coco128.truth["images"]]
    other = dict(zip(ids, ids[7:] + ids[:7], strict=True))

    def move(record: Json) -> None:
        record["image_id"] = other[record["image_id"]]

    coco128.plant(move)
    assert worst(coco128.findings()) == ["detections_match_nothing"]


def test_labels_alone_are_judged_by_whether_they_lie_in_their_images(coco128: Files) -> None:
    for record in coco128.truth["annotations"]:
        corners(record)
    coco128.found.clear()
    found = coco128.findings()
    assert found["ground_truth_boxes_misread"].remedies[0].reading.ground_truth_boxes == Convention("xyxy")
