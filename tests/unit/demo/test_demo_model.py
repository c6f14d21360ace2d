"""The simulated detector of the demo."""

from __future__ import annotations

from collections import Counter

import pytest

from inspector.demo.boxes import iou
from tests.unit.demo.demo_set import Demo


def test_scores_lie_in_the_open_unit_interval_and_some_tie(demo: Demo) -> None:
    scores = [detection["score"] for detection in demo.detections]
    assert min(scores) >= 0.01
    assert min(scores) < 0.05
    assert max(scores) < 1.0
    assert len(set(scores)) < len(scores)


def test_each_image_has_some_fifteen_to_forty_detections(demo: Demo) -> None:
    counts = Counter(detection["image_id"] for detection in demo.detections)
    assert 15 <= len(demo.detections) / len(demo.images) <= 40
    assert max(counts.values()) <= 100


def test_images_without_objects_have_background_detections(demo: Demo) -> None:
    labelled = {annotation["image_id"] for annotation in demo.annotations.values()}
    assert any(detection["image_id"] not in labelled for detection in demo.detections)


def test_objects_without_a_label_are_often_detected(demo: Demo) -> None:
    found = 0
    missing = [error for error in demo.errors if error["kind"] == "missing"]
    for error in missing:
        x, y, width, height = error["truth"]["bbox"]
        found += any(
            detection["category_id"] == error["truth"]["category_id"]
            and iou((x, y, width, height), tuple(detection["bbox"])) >= 0.5
            for detection in demo.detections
            if detection["image_id"] == error["image_id"] and detection["score"] >= 0.3
        )
    assert found / len(missing) > 0.5


def test_the_model_is_plausibly_good_under_cocos_protocol(demo: Demo) -> None:
    coco = pytest.importorskip("pycocotools.coco")
    evaluation = pytest.importorskip("pycocotools.cocoeval")
    truth = coco.COCO(str(demo.files.ground_truth))
    evaluated = evaluation.COCOeval(truth, truth.loadRes(str(demo.files.detections)), "bbox")
    evaluated.evaluate()
    evaluated.accumulate()
    evaluated.summarize()
    assert 0.40 <= evaluated.stats[0] <= 0.60
    assert 0.65 <= evaluated.stats[1] <= 0.85
    assert all(size > 0.3 for size in evaluated.stats[3:6])


def test_true_and_false_positives_and_misses_all_occur_at_half_confidence(demo: Demo) -> None:
    right = wrong = 0
    labels: dict[tuple[int, int], list[list[float]]] = {}
    for annotation in demo.annotations.values():
        labels.setdefault((annotation["image_id"], annotation["category_id"]), []).append(annotation["bbox"])
    for detection in demo.detections:
        if detection["score"] >= 0.5:
            near = labels.get((detection["image_id"], detection["category_id"]), [])
            hit = any(iou(tuple(detection["bbox"]), (x, y, w, h)) >= 0.5 for x, y, w, h in near)
            right, wrong = right + hit, wrong + (not hit)
    assert right > 500
    assert wrong > 100
    assert len(demo.annotations) - right > 200
