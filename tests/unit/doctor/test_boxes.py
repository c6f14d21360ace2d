"""Boxes that cannot be right."""

from __future__ import annotations

from inspector.doctor import Severity
from inspector.evaluation.matching import evaluate
from inspector.evaluation.summary import mean_average_precision
from inspector.refs import BoxRef, Side
from inspector.sources import read
from tests.unit.doctor.conftest import Files


def test_nothing_is_said_of_sound_boxes(files: Files) -> None:
    assert [code for code in files.findings() if code.startswith(("objects_", "detections_"))] == []


def test_a_repeated_detection_is_found_wherever_it_stands_and_taken_once_on_request(files: Files) -> None:
    between = {**files.found[0], "bbox": [1, 1, 9, 9]}  # of the same class and score
    files.found += [between, dict(files.found[0]), dict(files.found[7]), dict(files.found[7])]
    finding = files.findings()["detections_repeated"]
    assert (finding.count, finding.severity) == (3, Severity.WARNING)
    detections = read(files.sources).detections
    rows = [example.ref.row for example in finding.examples if isinstance(example.ref, BoxRef)]
    count = len(files.found)
    assert sorted(detections.positions[rows].tolist()) == [count - 3, count - 2, count - 1]
    assert finding.remedies[0].reading.drop_duplicates


def test_what_ap_would_be_by_a_remedy_is_measured(files: Files) -> None:
    sound = mean_average_precision(evaluate(read(files.sources)))
    files.found += [dict(item) for item in files.found]
    now = mean_average_precision(evaluate(read(files.sources)))
    effect = files.findings(measure=True)["detections_repeated"].effect
    assert f"AP would be {sound:.3f} instead of {now:.3f}." in effect
    assert "AP would" not in files.findings()["detections_repeated"].effect


def test_a_repeated_label_is_found_whatever_its_id(files: Files) -> None:
    files.truth["annotations"].append({**files.truth["annotations"][3], "id": 999})
    finding = files.findings()["objects_repeated"]
    assert finding.count == 1
    assert "missed" in finding.effect


def test_the_same_box_of_another_class_or_score_is_no_repetition(files: Files) -> None:
    files.found += [
        {**files.found[0], "category_id": files.found[0]["category_id"] % 4 + 1},
        {**files.found[0], "score": 0.123},
    ]
    assert "detections_repeated" not in files.findings()


def test_boxes_outside_their_image_and_beyond_its_edge_are_told_apart(files: Files) -> None:
    files.truth["annotations"][0]["bbox"] = [700, 20, 30, 30]
    files.truth["annotations"][1]["bbox"] = [-20, 20, 30, 30]
    found = files.findings()
    outside, beyond = found["objects_outside_image"], found["objects_beyond_image"]
    assert (outside.count, outside.severity) == (1, Severity.WARNING)
    assert (beyond.count, beyond.severity) == (1, Severity.NOTE)
    assert "[700, 20, 30, 30], image 640 x 480" in outside.examples[0].text
    assert outside.examples[0].text.startswith("annotations[0] ")
    ref = beyond.examples[0].ref
    assert isinstance(ref, BoxRef)
    assert ref.kind is Side.OBJECT


def test_boxes_without_size_are_missed_for_certain(files: Files) -> None:
    files.truth["annotations"][0]["bbox"][2] = 0
    files.truth["annotations"][0]["area"] = 0
    finding = files.findings()["objects_empty"]
    assert (finding.count, finding.severity) == (1, Severity.WARNING)


def test_an_area_beyond_the_box_is_a_contradiction_and_a_smaller_one_may_be_a_masks(files: Files) -> None:
    first, second = files.truth["annotations"][:2]
    first["area"] = 4 * first["bbox"][2] * first["bbox"][3]
    second["bbox"][2:] = [100, 100]
    second["area"] = 5000
    found = files.findings()
    larger = found["areas_larger_than_box"]
    assert (larger.count, larger.severity) == (1, Severity.WARNING)
    assert larger.remedies[0].reading.box_areas
    assert found["areas_of_masks"].severity is Severity.NOTE
    again = files.reread(larger.remedies[0].reading).findings()
    assert not {"areas_larger_than_box", "areas_of_masks"} & set(again)
