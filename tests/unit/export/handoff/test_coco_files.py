"""The COCO files of a hand-off: everything of the source survives."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inspector.errors import InputError
from inspector.export.handoff import Form, hand_off
from inspector.readers.coco import json_pieces
from inspector.review.attaching import Attached
from inspector.review.verdicts import Kind
from tests.reading import read_pair
from tests.unit.export.handoff.conftest import Files, write_street
from tests.unit.review.street import IMAGE_TWO, LEFT_CAR, RIGHT_CAR, UNLABELLED, flag, truth


def written(files: Files, form: Form) -> dict[str, Any]:
    result = hand_off(form, files.dataset, files.flagged, files.out)
    content: dict[str, Any] = json.loads(result.path.read_text(encoding="utf-8"))
    return content


def test_the_corrected_ground_truth_differs_only_in_what_was_flagged(files: Files) -> None:
    found, expected = written(files, Form.CORRECTED), json.loads(json.dumps(files.truth))
    left, right, _ = expected["annotations"]
    left |= {"bbox": [12.0, 12.0, 30.0, 30.0], "area": 900.0}
    right["category_id"] = 7
    added = {"id": 100, "image_id": 2, "category_id": 3, "bbox": [200.0, 200.0, 20.0, 20.0], "area": 400.0}
    outline = [[200.0, 200.0, 200.0, 220.0, 220.0, 220.0, 220.0, 200.0]]
    expected["annotations"].append({**added, "iscrowd": 0, "segmentation": outline})
    assert found == {"made_by": "Detection Inspector", **expected}
    assert list(found) == ["made_by", *expected]


def test_the_corrected_file_is_corrected_in_its_turn(files: Files, tmp_path: Path) -> None:
    once = hand_off(Form.CORRECTED, files.dataset, files.flagged, files.out).path
    again = read_pair(once, files.dataset.detections_path)
    assert [note.text for note in again.notes] == [note.text for note in files.dataset.notes]
    twice = hand_off(Form.CORRECTED, again, Attached({}, ()), tmp_path / "twice").path
    assert json.loads(twice.read_text()) == json.loads(once.read_text())
    hand_off(Form.CORRECTED, again, Attached({}, ()), tmp_path / "twice")


def test_what_is_not_flagged_is_copied_letter_by_letter(files: Files) -> None:
    source = files.dataset.ground_truth_path
    text = source.read_text(encoding="utf-8").replace('"area": 1600.0', '"area": 1.600e3', 1)
    source.write_text(text, encoding="utf-8")
    dataset = read_pair(source, files.dataset.detections_path)
    path = hand_off(Form.CORRECTED, dataset, files.said({RIGHT_CAR: flag(Kind.SPURIOUS)}), files.out).path
    assert '"area": 1.600e3' in path.read_text(encoding="utf-8")
    assert "Größe" in json.loads(path.read_text(encoding="utf-8"))["licenses"][0]["name"]


def test_the_mask_of_a_moved_object_becomes_its_box_and_is_kept_besides(files: Files) -> None:
    moved = files.said({RIGHT_CAR: flag(Kind.BADLY_PLACED, right_box=(1.0, 2.0, 3.0, 4.0))})
    done = hand_off(Form.CORRECTED, files.dataset, moved, files.out)
    annotation = json.loads(done.path.read_text())["annotations"][1]
    assert annotation["former_segmentation"] == files.truth["annotations"][1]["segmentation"]
    assert done.remarks == ("1 mask left out: its box was corrected (kept as former_segmentation)",)
    again = replace(files, dataset=read_pair(done.path, files.dataset.detections_path))
    moved = again.said({RIGHT_CAR: flag(Kind.BADLY_PLACED, right_box=(9.0, 2.0, 3.0, 4.0))})
    twice = hand_off(Form.CORRECTED, again.dataset, moved, files.out / "twice")
    last = json.loads(twice.path.read_text())["annotations"][1]
    assert (last["bbox"][0], last["former_segmentation"]) == (9.0, annotation["former_segmentation"])
    assert annotation["segmentation"] == [[1.0, 2.0, 1.0, 6.0, 4.0, 6.0, 4.0, 2.0]]
    assert annotation["area"] == 12.0


def test_flagged_images_have_all_their_annotations_and_what_was_said(files: Files) -> None:
    found = written(files, Form.COCO)
    assert [image["id"] for image in found["images"]] == [1, 2]
    assert found["categories"] == files.truth["categories"]
    assert found["info"] == files.truth["info"]
    left, right = found["annotations"]
    said = {"author": "Ada", "time": "2026-01-02T03:04:05+00:00"}
    assert left.pop("flag") == {"kind": "badly_placed", "right_bbox": [12.0, 12.0, 30.0, 30.0], **said}
    wrong = {"kind": "wrong_class", "right_category_id": 7, "right_class": "van", "note": "=1+1"}
    assert right.pop("flag") == {**wrong, **said}
    assert [left, right] == files.truth["annotations"][:2]
    whole, missing = found["flags"]
    assert whole == {"image_id": 1, "target": "image", "kind": "missing", "note": "look\nat the back", **said}
    assert missing["bbox"] == [200.0, 200.0, 20.0, 20.0]
    assert (missing["image_id"], missing["category_id"], missing["score"]) == (2, 3, 0.7)


def test_flags_on_images_that_are_not_there_are_counted(files: Files) -> None:
    result = hand_off(Form.COCO, files.dataset, files.flagged, files.out)
    assert (result.flags, result.left_out) == (4, {"the image is not in these files": 1})


def test_keys_that_the_file_uses_itself_stay(tmp_path: Path) -> None:
    content = truth() | {"flags": ["mine"]}
    content["annotations"][0]["flag"] = "mine"
    files = write_street(tmp_path, content)
    flags = files.said({LEFT_CAR: flag(Kind.SPURIOUS), IMAGE_TWO: flag(Kind.MISSING)})
    found = json.loads(hand_off(Form.COCO, files.dataset, flags, files.out).path.read_text())
    assert found["flags"] == ["mine"]
    assert found["flags_"][0]["image_id"] == 2
    assert found["annotations"][0]["flag"] == "mine"
    assert found["annotations"][0]["flag_"]["kind"] == "spurious"


def test_a_file_that_changed_since_it_was_opened_is_not_corrected(files: Files) -> None:
    other = {**files.truth, "annotations": files.truth["annotations"][1:]}
    files.dataset.ground_truth_path.write_text(json.dumps(other))
    with pytest.raises(InputError, match="changed since it was opened"):
        hand_off(Form.CORRECTED, files.dataset, files.flagged, files.out)
    assert list(files.out.iterdir()) == []


def test_what_only_python_reads_and_large_files_are_corrected_in_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_pieces, "SMALL", 1 << 10)
    monkeypatch.setattr(json_pieces, "PIECE", 1 << 10)
    content = truth()
    content["annotations"] += [
        {**content["annotations"][0], "id": 100 + number, "weight": float("nan") if number == 40 else 1.0}
        for number in range(100)
    ]
    files = write_street(tmp_path, content)
    flags = files.said({UNLABELLED: flag(Kind.MISSING), LEFT_CAR: flag(Kind.DUPLICATE)})
    found = json.loads(hand_off(Form.CORRECTED, files.dataset, flags, files.out).path.read_text())
    assert [record["id"] for record in found["annotations"]] == [12, *range(100, 201)]
    assert str(found["annotations"][41]["weight"]) == "nan"
