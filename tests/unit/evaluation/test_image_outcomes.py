"""Why a box has its outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.mask import frPyObjects

from inspector.dataset import Masks
from inspector.evaluation.image_outcomes import explain_detection, explain_object, outcomes_of
from inspector.evaluation.matching import evaluate, match_table
from inspector.evaluation.operating_point import OperatingPoint, image_counts
from inspector.evaluation.protocol import Protocol
from inspector.outcomes import FALSE_NEGATIVE, FALSE_POSITIVE, TRUE_POSITIVE
from tests.builders import dataset_from
from tests.properties.cases import Case, cases

CAR, PERSON = 1, 2
POINT = OperatingPoint(iou_index=0, confidence=0.4)


def an_object(box: list[float], category: int = CAR, crowd: int = 0) -> dict[str, Any]:
    return {"image_id": 1, "category_id": category, "bbox": box, "area": box[2] * box[3], "iscrowd": crowd}


def a_detection(score: float, box: list[float], category: int = CAR) -> dict[str, Any]:
    return {"image_id": 1, "category_id": category, "bbox": box, "score": score}


def opened(objects: list[dict[str, Any]], detections: list[dict[str, Any]]) -> Any:
    ground_truth = {
        "images": [{"id": 1}],
        "categories": [{"id": CAR, "name": "car"}, {"id": PERSON, "name": "person"}],
        "annotations": [{**record, "id": number + 1} for number, record in enumerate(objects)],
    }
    dataset = dataset_from(ground_truth, detections)
    return dataset, match_table(dataset, evaluate(dataset), POINT.iou_index)


DETECTION_REASONS = [
    ([an_object([0, 0, 10, 10])], a_detection(0.9, [0, 0, 10, 8]), "matches an object of its class", 0.8),
    ([an_object([0, 0, 10, 10], crowd=1)], a_detection(0.9, [0, 0, 5, 5]), "matches a crowd region", 1.0),
    ([an_object([0, 0, 10, 10], PERSON)], a_detection(0.9, [0, 0, 10, 10]), "the object is a person", 1.0),
    ([an_object([0, 0, 10, 10])], a_detection(0.9, [0, 0, 10, 4]), "badly placed: IoU 0.50 is needed", 0.4),
    ([an_object([0, 0, 10, 10], PERSON)], a_detection(0.9, [0, 0, 10, 3]), "only part of a person", 0.3),
    ([an_object([0, 0, 10, 10])], a_detection(0.9, [9, 9, 10, 10]), "it hardly touches a car", 1 / 199),
    ([an_object([0, 0, 10, 10])], a_detection(0.9, [50, 50, 5, 5]), "no object overlaps", None),
    ([], a_detection(0.9, [50, 50, 5, 5]), "no object on this image", None),
]


@pytest.mark.parametrize(("objects", "detection", "reason", "iou"), DETECTION_REASONS)
def test_a_detection_says_why_it_is_a_hit_or_a_false_alarm(
    objects: list[dict[str, Any]], detection: dict[str, Any], reason: str, iou: float | None
) -> None:
    dataset, table = opened(objects, [detection])
    explanation = explain_detection(dataset, table, 0)
    assert reason in explanation.reason
    assert explanation.iou == (None if iou is None else pytest.approx(iou))


def test_a_second_detection_of_an_object_is_called_a_duplicate() -> None:
    found = [a_detection(0.9, [0, 0, 10, 10]), a_detection(0.8, [0, 0, 10, 9])]
    dataset, table = opened([an_object([0, 0, 10, 10])], found)
    explanation = explain_detection(dataset, table, 1)
    assert explanation.reason == "duplicate: a detection scoring 0.90 already has this object"


OBJECT_REASONS = [
    ([a_detection(0.9, [0, 0, 10, 10])], "found by a detection of its class"),
    ([a_detection(0.3, [0, 0, 10, 10])], "its detection scores 0.300, below the threshold"),
    ([a_detection(0.9, [0, 0, 10, 10], PERSON)], "detected as person"),
    ([a_detection(0.9, [0, 0, 10, 4])], "badly placed detection: IoU 0.50 is needed"),
    ([a_detection(0.9, [9, 9, 10, 10])], "no detection overlaps it enough at this confidence"),
    ([a_detection(0.9, [70, 70, 10, 4])], "no detection overlaps it at this confidence"),
    ([], "no detection overlaps it at this confidence"),
]


@pytest.mark.parametrize(("detections", "reason"), OBJECT_REASONS)
def test_an_object_says_why_it_is_found_or_missed(detections: list[dict[str, Any]], reason: str) -> None:
    dataset, table = opened([an_object([0, 0, 10, 10])], detections)
    assert explain_object(dataset, table, POINT, 0).reason == reason


def test_a_crowd_region_is_neither_a_hit_nor_a_miss() -> None:
    dataset, table = opened([an_object([0, 0, 10, 10], crowd=1)], [])
    assert explain_object(dataset, table, POINT, 0).reason == "a crowd region: neither a hit nor a miss"


@given(cases, st.integers(0, 9), st.sampled_from([0.0, 0.4, 0.5, 1.0]))
@settings(max_examples=100, deadline=None)
def test_the_boxes_of_an_image_add_up_to_its_counts_and_all_can_be_explained(
    case: Case, iou_index: int, confidence: float
) -> None:
    dataset = dataset_from(*case)
    table = match_table(dataset, evaluate(dataset), iou_index)
    point = OperatingPoint(iou_index, confidence)
    counts = image_counts(dataset, table, point)
    for image in range(len(dataset.images)):
        outcomes = outcomes_of(dataset, table, point, image)
        assert (outcomes.detection_codes == TRUE_POSITIVE).sum() == counts.tp[image]
        assert (outcomes.detection_codes == FALSE_POSITIVE).sum() == counts.fp[image]
        assert (outcomes.object_codes == FALSE_NEGATIVE).sum() == counts.fn[image]
        assert (outcomes.object_codes == TRUE_POSITIVE).sum() == counts.tp[image]
        for row in outcomes.detections:
            assert explain_detection(dataset, table, int(row)).reason
        for row in outcomes.objects:
            assert explain_object(dataset, table, point, int(row)).reason


def masks_of(*lengths: dict[str, list[int]]) -> Masks:
    codes = [frPyObjects({"size": [10, 10], **run_lengths}, 10, 10)["counts"] for run_lengths in lengths]
    offsets = np.cumsum([0, *map(len, codes)], dtype=np.int64)
    return Masks(np.full((len(codes), 2), 10, np.int32), offsets, np.frombuffer(b"".join(codes), np.uint8))


def test_reasons_speak_of_masks_where_masks_are_compared() -> None:
    box = [0, 0, 10, 10]
    dataset, _ = opened([an_object(box)], [a_detection(0.9, box), a_detection(0.8, box)])
    left, right, whole = {"counts": [0, 50, 50]}, {"counts": [50, 50]}, {"counts": [0, 100]}
    dataset = replace(
        dataset,
        objects=replace(dataset.objects, masks=masks_of(left)),
        detections=replace(dataset.detections, masks=masks_of(right, whole)),
    )
    table = match_table(dataset, evaluate(dataset, Protocol(iou_type="segm")), 0)
    assert explain_detection(dataset, table, 0).reason == "background: no object overlaps"
    assert explain_detection(dataset, table, 1).iou == 0.5
    found = explain_object(dataset, table, OperatingPoint(0, 0.85), 0)
    assert found.reason == "its detection scores 0.800, below the threshold"
    assert found.iou == 0.5


def test_a_match_with_a_difficult_object_says_so() -> None:
    dataset, _ = opened([{**an_object([0, 0, 10, 10]), "difficult": 1}], [a_detection(0.9, [0, 0, 10, 10])])
    table = match_table(dataset, evaluate(dataset, Protocol(ap_rule="voc10")), 0)
    assert explain_detection(dataset, table, 0).reason == "matches a difficult object: not counted"
    assert "a difficult object: neither a hit nor a miss" in explain_object(dataset, table, POINT, 0).reason
