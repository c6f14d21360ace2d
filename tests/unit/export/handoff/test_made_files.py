"""Hand-offs of ground truth that is no COCO file: a COCO file is made, and says so."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inspector.dataset import Splits
from inspector.export.handoff import Form, hand_off
from inspector.readers import formats
from inspector.reading import Reading
from inspector.review.attaching import Attached
from inspector.review.verdicts import Kind
from inspector.sources import Sources, read
from tests.builders import splits_of
from tests.unit.export.handoff.conftest import Files
from tests.unit.review.street import IMAGE_ONE, LEFT_CAR, RIGHT_CAR, UNLABELLED, flag

REMEDY = Reading(box_areas=True)


@pytest.fixture
def folder(files: Files, tmp_path: Path) -> Files:
    """The street as if it had been read from a folder of a format without ids."""
    labels = tmp_path / "labels"
    labels.mkdir()
    dataset = files.dataset
    images, classes, objects = dataset.images, dataset.classes, dataset.objects
    return replace(
        files,
        dataset=replace(
            dataset,
            ground_truth_path=labels,
            images=replace(images, ids=images.file_names),
            classes=replace(classes, ids=classes.names),
            objects=replace(objects, ids=objects.positions),
            splits=splits_of([{"split": split} for split in ("train", "val", "val")]),
        ),
    )


def content_of(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_a_coco_file_is_made_and_both_it_and_the_report_say_so(folder: Files) -> None:
    before = sorted(folder.dataset.ground_truth_path.iterdir())
    done = hand_off(Form.CORRECTED, folder.dataset, folder.flagged, folder.out)
    content = content_of(done.path)
    assert list(content) == ["made_by", "info", "images", "categories", "annotations"]
    assert content["info"] == {
        "description": "The ground truth is no COCO file: made from what was read of labels"
    }
    (said, *_) = done.remarks
    assert said == (
        "The ground truth is no COCO file: corrected.json is a COCO file made from what was read; the"
        " original files stay as they are"
    )
    assert sorted(folder.dataset.ground_truth_path.iterdir()) == before


def test_names_become_numbers_and_flags_are_obeyed(folder: Files) -> None:
    content = content_of(hand_off(Form.CORRECTED, folder.dataset, folder.flagged, folder.out).path)
    names = folder.dataset.images.file_names
    assert [(image["id"], image["file_name"]) for image in content["images"]] == list(enumerate(names, 1))
    assert [image["split"] for image in content["images"]] == ["train", "val", "val"]
    assert [item["id"] for item in content["categories"]] == [1, 2]
    by_id = {item["id"]: item for item in content["annotations"]}
    classes = {item["name"]: item["id"] for item in content["categories"]}
    left, right = (int(folder.dataset.objects.positions[ref.row]) + 1 for ref in (LEFT_CAR, RIGHT_CAR))
    assert by_id[left]["bbox"] == [12.0, 12.0, 30.0, 30.0]
    assert by_id[right]["category_id"] == classes["van"]
    assert len(by_id) == len(folder.dataset.objects) + 1


def test_the_list_of_flags_has_the_ids_of_the_made_file(folder: Files) -> None:
    written = hand_off(Form.CSV, folder.dataset, folder.flagged, folder.out)
    assert written.remarks == ()
    with written.path.open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["kind"]: row for row in csv.DictReader(stream)}
    flagged = content_of(hand_off(Form.COCO, folder.dataset, folder.flagged, folder.out).path)
    moved = next(
        item for item in flagged["annotations"] if item.get("flag", {}).get("kind") == "badly_placed"
    )
    assert rows["badly_placed"]["object id"] == str(moved["id"])
    assert rows["badly_placed"]["image id"] == str(moved["image_id"])
    assert {image["id"] for image in flagged["images"]} == {1, 2}
    assert [said["image_id"] for said in flagged["flags"]] == [1, 2]


def test_detections_alone_make_a_file_of_the_labels_that_are_missing(folder: Files) -> None:
    objects = folder.dataset.objects
    none = replace(
        objects,
        **{name: column[:0] for name, column in vars(objects).items() if name not in ("offsets", "masks")},
        offsets=objects.offsets * 0,
        masks=None,
    )
    alone = replace(folder.dataset, ground_truth_path=None, objects=none)
    files = replace(folder, dataset=alone)
    done = hand_off(Form.CORRECTED, alone, files.said({UNLABELLED: flag(Kind.MISSING)}), folder.out)
    assert [item["bbox"] for item in content_of(done.path)["annotations"]] == [[200.0, 200.0, 20.0, 20.0]]
    assert done.made == "there is no ground truth"


def test_a_coco_file_that_is_not_read_as_written_is_made_anew(files: Files) -> None:
    areas = files.dataset.objects.boxes[:, 2] * files.dataset.objects.boxes[:, 3]
    dataset = replace(files.dataset, objects=replace(files.dataset.objects, areas=areas))
    done = hand_off(Form.CORRECTED, dataset, Attached({}, ()), files.out, reading=REMEDY)
    assert done.made == "the ground truth is not read as it is written"
    again = read(Sources(done.path, dataset.detections_path), find_images=False)
    assert again.objects.areas.tolist() == areas.tolist()
    assert again.objects.ids.tolist() == dataset.objects.ids.tolist()
    assert not hand_off(Form.CORRECTED, files.dataset, Attached({}, ()), files.out).made


def test_a_file_of_another_format_is_not_taken_for_coco(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = formats.Format("other", "Other", "other")
    monkeypatch.setattr("inspector.export.handoff.coco_made.truth_format", lambda _path: other)
    done = hand_off(Form.COCO, files.dataset, files.said({IMAGE_ONE: flag(Kind.MISSING)}), files.out)
    assert done.made == "the ground truth is no COCO file"
    splits = Splits(("train",), files.dataset.images.sizes[:, 0] * 0)
    one = replace(files.dataset, splits=splits)
    done = hand_off(Form.COCO, one, files.said({IMAGE_ONE: flag(Kind.MISSING)}), files.out)
    assert "split" not in content_of(done.path)["images"][0]


def test_a_folder_of_coco_files_becomes_one_file(tmp_path: Path) -> None:
    for split in ("train", "valid"):  # as Roboflow writes them: the ids of each begin anew
        part = tmp_path / "set" / split
        part.mkdir(parents=True)
        content = {
            "images": [{"id": 0, "file_name": f"{split}.jpg", "width": 64, "height": 48}],
            "categories": [{"id": 0, "name": "all"}, {"id": 1, "name": "cat"}],
            "annotations": [
                {"id": 0, "image_id": 0, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 11, "iscrowd": 0}
            ],
        }
        (part / "_annotations.coco.json").write_text(json.dumps(content))
    dataset = read(Sources(tmp_path / "set", None), find_images=False)
    done = hand_off(Form.CORRECTED, dataset, Attached({}, ()), tmp_path / "out")
    found = content_of(done.path)
    assert done.made == "the ground truth is no COCO file"
    assert [image["split"] for image in found["images"]] == ["train", "valid"]
    assert [Path(image["file_name"]).name for image in found["images"]] == ["train.jpg", "valid.jpg"]
    for key in ("images", "annotations"):
        assert len({item["id"] for item in found[key]}) == 2
    assert [item["area"] for item in found["annotations"]] == [11.0, 11.0]
    again = read(Sources(done.path, None), find_images=False)
    assert again.objects.boxes.tolist() == dataset.objects.boxes.tolist()
