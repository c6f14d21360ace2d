"""Where a published tool gives another number for the same boxes: the rule that makes the difference."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspector.dataset import Dataset
from inspector.evaluation.matching import Evaluation, evaluate, outcomes_at
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.summary import headline
from inspector.outcomes import Codes
from inspector.sources import Sources, read
from tests.builders import dataset_from
from tests.oracle.coco_api import STATS
from tests.oracle.evaluation import voc_average_precision
from tests.oracle.other_tools import coco_average, voc_outcomes, yolov5_average, yolov5_outcomes

RECALLS = np.linspace(0.0, 1.0, 101)
PADILLA_COCO = (
    *(0.503647, 0.696973, 0.571667, 0.593252, 0.557991, 0.489363),  # AP, AP50, AP75, small, medium, large
    *(0.386813, 0.593680, 0.595353, 0.654764, 0.603130, 0.553744),  # AR1, AR10, AR100, small, medium, large
)
"""What tests/test_coco_eval.py of rafaelpadilla/review_object_detection_metrics expects for these files."""


def padilla_stats(shared_data: Path, *, crowds: bool, own_areas: bool) -> list[float]:
    folder = shared_data / "val2014-100"
    truth = json.loads((folder / "ground_truth.json").read_text())
    annotations: list[dict[str, Any]] = [
        item if own_areas else {**item, "area": item["bbox"][2] * item["bbox"][3]}
        for item in truth["annotations"]
        if crowds or not item["iscrowd"]
    ]
    results = json.loads((folder / "predictions_bbox.json").read_text())
    stats = headline(evaluate(dataset_from({**truth, "annotations": annotations}, results)))
    return [stats[name] or 0.0 for name in STATS]


def test_padillas_coco_numbers_know_no_crowd_regions_and_take_the_box_for_the_area(shared_data: Path) -> None:
    neither = padilla_stats(shared_data, crowds=False, own_areas=False)
    assert neither == pytest.approx(PADILLA_COCO, abs=1e-6)

    def differing(stats: list[float]) -> set[str]:
        pairs = zip(STATS, stats, PADILLA_COCO, strict=True)
        return {name for name, ours, theirs in pairs if abs(ours - theirs) > 1e-6}

    # without crowd regions, what finds one is a false positive: precision falls, recall stays
    only_crowds = padilla_stats(shared_data, crowds=True, own_areas=False)
    assert differing(only_crowds) == {"AP", "AP75", "APs", "APm", "APl"}
    # the area of the box instead of the mask puts objects into other size ranges
    only_areas = padilla_stats(shared_data, crowds=False, own_areas=True)
    assert differing(only_areas) == {"APs", "APm", "APl", "ARs", "ARm", "ARl"}


# groundtruths/ and detections/ of rafaelpadilla/Object-Detection-Metrics: image, x, y, width, height(, score)
PADILLA_OBJECTS = (
    (1, 25, 16, 38, 56), (1, 129, 123, 41, 62), (2, 123, 11, 43, 55), (2, 38, 132, 59, 45),
    (3, 16, 14, 35, 48), (3, 123, 30, 49, 44), (3, 99, 139, 47, 47), (4, 53, 42, 40, 52),
    (4, 154, 43, 31, 34), (5, 59, 31, 44, 51), (5, 48, 128, 34, 52), (6, 36, 89, 52, 76),
    (6, 62, 58, 44, 67), (7, 28, 31, 55, 63), (7, 58, 67, 50, 58),
)  # fmt: skip
PADILLA_DETECTIONS = (
    (1, 5, 67, 31, 48, 0.88), (1, 119, 111, 40, 67, 0.70), (1, 124, 9, 49, 67, 0.80),
    (2, 64, 111, 64, 58, 0.71), (2, 26, 140, 60, 47, 0.54), (2, 19, 18, 43, 35, 0.74),
    (3, 109, 15, 77, 39, 0.18), (3, 86, 63, 46, 45, 0.67), (3, 160, 62, 36, 53, 0.38),
    (3, 105, 131, 47, 47, 0.91), (3, 18, 148, 40, 44, 0.44), (4, 83, 28, 28, 26, 0.35),
    (4, 28, 68, 42, 67, 0.78), (4, 87, 89, 25, 39, 0.45), (4, 10, 155, 60, 26, 0.14),
    (5, 50, 38, 28, 46, 0.62), (5, 95, 11, 53, 28, 0.44), (5, 29, 131, 72, 29, 0.95),
    (5, 29, 163, 72, 29, 0.23), (6, 43, 48, 74, 38, 0.45), (6, 17, 155, 29, 35, 0.84),
    (6, 95, 110, 25, 42, 0.43), (7, 16, 20, 101, 88, 0.48), (7, 33, 116, 37, 49, 0.95),
)  # fmt: skip
PADILLA_EVERY_POINT = {0.1: 0.3371980676, 0.3: 0.2456866804, 0.5: 0.0222222222, 0.75: 0.0}
PADILLA_ELEVEN_POINTS = {0.1: 0.3333333333, 0.3: 0.2683982683, 0.5: 0.0303030303, 0.75: 0.0}
"""AP by IoU threshold: tests/test_eval_pascal.py of rafaelpadilla/review_object_detection_metrics."""


def padilla_dataset() -> Dataset:
    return dataset_from(
        {
            "images": [{"id": image} for image in range(1, 8)],
            "categories": [{"id": 1}],
            "annotations": [
                {
                    "id": n,
                    "image_id": image,
                    "category_id": 1,
                    "bbox": box,
                    "area": box[2] * box[3],
                    "iscrowd": 0,
                }
                for n, (image, *box) in enumerate(PADILLA_OBJECTS)
            ],
        },
        [
            {"image_id": image, "category_id": 1, "bbox": box, "score": score}
            for image, *box, score in PADILLA_DETECTIONS
        ],
    )


@pytest.mark.parametrize("iou", PADILLA_EVERY_POINT)
def test_padillas_voc_numbers_come_from_boxes_that_are_a_pixel_longer(iou: float) -> None:
    dataset = padilla_dataset()
    ours = evaluate(dataset, Protocol(iou_thresholds=(iou,), ap_rule="voc10")).average[0, 0, 0, -1]
    longer = voc_average_precision(voc_outcomes(dataset, iou), 15, "voc10")
    assert longer == pytest.approx(PADILLA_EVERY_POINT[iou], abs=1e-9)
    # that a detection asks for one object only makes no difference here
    assert voc_average_precision(voc_outcomes(dataset, iou, inclusive=False), 15, "voc10") == pytest.approx(
        ours
    )
    if iou < 0.5:
        assert abs(ours - longer) > 0.02


@pytest.mark.parametrize("iou", PADILLA_ELEVEN_POINTS)
def test_padillas_eleven_points_lie_a_rounding_error_higher_than_vocs(iou: float) -> None:
    outcomes = voc_outcomes(padilla_dataset(), iou)
    levels = tuple(
        np.linspace(0, 1, 11).tolist()
    )  # 0.6000000000000001, which a recall of 9/15 does not reach
    theirs = voc_average_precision(outcomes, 15, "voc07", levels)
    assert theirs == pytest.approx(PADILLA_ELEVEN_POINTS[iou], abs=1e-9)
    assert (voc_average_precision(outcomes, 15, "voc07") != theirs) == (iou == 0.1)


Average = Callable[[Codes, int, Any], float]


def test_yolov5_matches_by_iou_and_averages_by_trapezoids(shared_data: Path) -> None:
    """val.py of YOLOv5 prints mAP50 0.713 and mAP50-95 0.475 for YOLOv5s on COCO128."""
    folder = shared_data / "coco128"
    dataset = read(Sources(folder / "ground_truth.json", folder / "predictions.json"))
    evaluation = evaluate(dataset)
    coco = [outcomes_at(evaluation, t) for t in range(10)]
    yolov5 = yolov5_outcomes(dataset, evaluation.protocol.iou_thresholds)
    assert means(evaluation, coco, coco_average) == pytest.approx((0.714593, 0.475633), abs=1e-6)
    assert means(evaluation, yolov5, yolov5_average) == pytest.approx((0.713, 0.475), abs=5e-4)
    # either rule alone makes about half of the difference
    assert means(evaluation, coco, yolov5_average) == pytest.approx((0.713439, 0.475400), abs=1e-6)
    assert means(evaluation, yolov5, coco_average) == pytest.approx((0.713779, 0.475303), abs=1e-6)


def means(evaluation: Evaluation, outcomes: list[Codes], average: Average) -> tuple[float, float]:
    """AP50 and AP over the classes that have objects."""
    offsets = evaluation.class_offsets
    by_class = [
        [
            average(codes[evaluation.class_rows[offsets[k] : offsets[k + 1]]], positives, RECALLS)
            for codes in outcomes
        ]
        for k, positives in enumerate(evaluation.positives[:, 0].tolist())
        if positives
    ]
    return float(np.mean(by_class, axis=0)[0]), float(np.mean(by_class))
