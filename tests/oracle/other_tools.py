"""The rules of other evaluators where they differ from COCO's, each in a few readable lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Floats
from inspector.geometry import overlaps
from inspector.outcomes import FALSE_POSITIVE, TRUE_POSITIVE, Codes


def voc_iou(one: Any, other: Any) -> float:
    """IoU of x, y, width, height boxes as VOCevaldet.m takes it: the last pixel belongs to a box, so that
    each side is longer by one."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0]) + 1
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1]) + 1
    if width <= 0 or height <= 0:
        return 0.0
    union = (one[2] + 1) * (one[3] + 1) + (other[2] + 1) * (other[3] + 1) - width * height
    return float(width * height / union)


def voc_outcomes(dataset: Dataset, threshold: float, inclusive: bool = True) -> list[int]:
    """Of the detections of a dataset with one class, by descending score, as VOCevaldet.m matches them.

    A detection asks only for the object that it overlaps most, even if another one has it already. Without
    `inclusive` the IoU is COCO's.
    """
    objects, detections = dataset.objects, dataset.detections
    outcomes, taken = [], set()
    for d in np.argsort(-detections.scores, kind="stable").tolist():
        there = dataset.objects_of(int(detections.images[d]))
        box, boxes = detections.boxes[d], objects.boxes[there]
        iou = [voc_iou(box, other) for other in boxes] if inclusive else overlaps(box, boxes).tolist()
        best = int(np.argmax(iou))
        g = there.start + best
        hit = iou[best] >= threshold and g not in taken
        outcomes.append(int(TRUE_POSITIVE if hit else FALSE_POSITIVE))
        if hit:
            taken.add(g)
    return outcomes


def yolov5_outcomes(dataset: Dataset, thresholds: Sequence[float]) -> list[Codes]:
    """uint8 [detections] for each threshold: as `process_batch` of YOLOv5's val.py matches them.

    Each detection keeps the object of its class that it overlaps most, and each object then keeps the
    best-scored of these detections; who comes away empty gets nothing else.
    """
    objects, detections = dataset.objects, dataset.detections
    outcomes = [np.full(len(detections), FALSE_POSITIVE) for _ in thresholds]
    taken = [set[int]() for _ in thresholds]
    for d in range(len(detections)):  # by image and class, then by descending score
        there = dataset.objects_of(int(detections.images[d]))
        same = np.flatnonzero(objects.classes[there] == detections.classes[d]) + there.start
        if not len(same):
            continue
        iou = overlaps(detections.boxes[d], objects.boxes[same])
        best = int(same[iou.argmax()])
        for codes, gone, threshold in zip(outcomes, taken, thresholds, strict=True):
            if iou.max() >= threshold and best not in gone:
                gone.add(best)
                codes[d] = TRUE_POSITIVE
    return outcomes


def coco_average(outcomes: Codes, positives: int, recall_thresholds: Floats) -> float:
    """The mean of the envelope at fixed recalls, each read where it is first reached."""
    envelope, recall = _curve(outcomes, positives)
    reached = np.searchsorted(recall, recall_thresholds)
    return float(np.append(envelope, 0.0)[reached].mean())


def yolov5_average(outcomes: Codes, positives: int, recall_thresholds: Floats) -> float:
    """`compute_ap` of YOLOv5: the envelope begins with precision 1 at recall 0, is interpolated linearly
    between its points and integrated by trapezoids."""
    envelope, recall = _curve(outcomes, positives)
    heights = np.maximum.accumulate(np.concatenate(([1.0], envelope, [0.0]))[::-1])[::-1]
    at = np.interp(recall_thresholds, np.concatenate(([0.0], recall, [1.0])), heights)
    return float(((at[1:] + at[:-1]) / 2 * np.diff(recall_thresholds)).sum())


def _curve(outcomes: Codes, positives: int) -> tuple[Floats, NDArray[np.float64]]:
    counted = outcomes[(outcomes == TRUE_POSITIVE) | (outcomes == FALSE_POSITIVE)]
    tp, fp = np.cumsum(counted == TRUE_POSITIVE), np.cumsum(counted == FALSE_POSITIVE)
    envelope = np.maximum.accumulate((tp / (tp + fp))[::-1])[::-1]
    return envelope, tp / positives
