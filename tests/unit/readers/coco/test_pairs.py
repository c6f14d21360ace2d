"""COCO files of the same images with other ids: pairs are joined by what they call images and classes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.dataset import Dataset
from inspector.evaluation.matching import evaluate
from inspector.evaluation.summary import ClassSummary, class_summaries, headline
from inspector.reading import AS_WRITTEN
from tests.reading import read_pair

TRUTHS = {"v1": "coco_format_v1/instances_default.json", "v2": "coco_format_v2/instances_v2.json"}


def opened(shared_data: Path, version: str, detections: Path | None = None, **reading: str) -> Dataset:
    folder = shared_data / "padilla100"
    found = detections or folder / "dets/coco_format/coco_dets.json"
    return read_pair(folder / "gts" / TRUTHS[version], found, reading=replace(AS_WRITTEN, **reading))  # type: ignore[arg-type]


def numbers(dataset: Dataset) -> dict[str, float | None]:
    return headline(evaluate(dataset))


def by_class(dataset: Dataset) -> dict[str, ClassSummary]:
    return {item.name: replace(item, id=0) for item in class_summaries(dataset, evaluate(dataset))}


def test_both_versions_give_the_same_numbers_to_the_last_digit(shared_data: Path) -> None:
    first, second = (opened(shared_data, version) for version in TRUTHS)
    assert by_class(first) == by_class(second)
    assert numbers(first)["AP"] == numbers(second)["AP"]
    assert numbers(first)["AP50"] == numbers(second)["AP50"]
    # Other means over classes differ in the sixteenth digit: classes go in the order of their ids, which are
    # others in both files, and so do the sums
    assert numbers(first) == pytest.approx(numbers(second), rel=1e-15)
    assert (numbers(first)["AP"], numbers(first)["AP50"]) == pytest.approx((0.347, 0.610), abs=5e-4)


def test_ids_that_are_the_same_by_accident_are_told_with_the_consequence(shared_data: Path) -> None:
    data = opened(shared_data, "v1")
    assert data.joined is not None
    assert (data.joined.images_by, data.joined.classes_by) == ("name", "name")
    assert dict(data.joined.images) == {"id": 451, "name": 452, "stem": 452}
    images, classes = (note.text for note in data.notes)
    assert images.startswith("images joined by name: 452 of 452 detections find their image; by id: 451, but")
    assert classes.startswith("classes joined by name: 452 of 452 detections find their class; by id: 255, ")
    by_id = numbers(opened(shared_data, "v1", images_by="id", classes_by="id"))
    assert by_id["AP"] is not None
    assert by_id["AP"] < 0.01


def test_a_list_with_stems_for_ids_gives_the_same_numbers(shared_data: Path, tmp_path: Path) -> None:
    expected = numbers(opened(shared_data, "v2"))
    document = json.loads((shared_data / "padilla100/dets/coco_format/coco_dets.json").read_text())
    stems = {image["id"]: Path(image["file_name"]).stem for image in document["images"]}
    names = {item["id"]: item["name"] for item in document["categories"]}
    for record in document["annotations"]:
        record["image_id"] = stems[record["image_id"]]
        record["category_id"] = names[record["category_id"]]
    (tmp_path / "list.json").write_text(json.dumps(document["annotations"]))
    data = opened(shared_data, "v2", tmp_path / "list.json")
    assert data.joined is not None
    assert (data.joined.images_by, data.joined.classes_by) == ("stem", "name")
    assert numbers(data) == expected
