"""Slow, readable twins of the matching and accumulating kernels, written from the protocol's rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from inspector.dataset import Dataset
from inspector.evaluation.protocol import ApRule, Protocol
from inspector.outcomes import FALSE_POSITIVE, IGNORED, NO_MATCH, NOT_EVALUATED, TRUE_POSITIVE


def iou(detection: Any, box: Any, crowd: bool) -> float:
    """Intersection over union of two x, y, width, height boxes; over the detection alone for a crowd."""
    width = min(detection[0] + detection[2], box[0] + box[2]) - max(detection[0], box[0])
    height = min(detection[1] + detection[3], box[1] + box[3]) - max(detection[1], box[1])
    if width <= 0 or height <= 0:
        return 0.0
    area = detection[2] * detection[3]
    union = area if crowd else area + box[2] * box[3] - width * height
    return float(width * height / union)


@dataclass
class Matched:
    """Outcome and partner by detection row, and the last taker by object row."""

    outcomes: dict[int, int]
    partners: dict[int, int]
    takers: dict[int, int]


def match(dataset: Dataset, protocol: Protocol, threshold: float, low: float, high: float) -> Matched:
    """Match every class on every image for objects with an area in [low, high]."""
    objects, detections = dataset.objects, dataset.detections
    result = Matched({}, {}, {})
    for image in range(len(dataset.images)):
        for class_row in range(len(dataset.classes)):
            there = [g for g in range(len(objects)) if _belongs(objects, g, image, class_row)]
            found = [d for d in range(len(detections)) if _belongs(detections, d, image, class_row)]
            found.sort(key=lambda d: (-detections.scores[d], detections.positions[d]))
            for d in found[protocol.max_dets[-1] :]:
                result.outcomes[d] = int(NOT_EVALUATED)
            difficult = {g for g in there if protocol.ignores_difficult and objects.difficult[g]}
            crowds = {g for g in there if objects.crowd[g]}
            _match_group(
                dataset,
                found[: protocol.max_dets[-1]],
                there,
                crowds | difficult,
                threshold,
                low,
                high,
                result,
            )
    return result


def _belongs(rows: Any, row: int, image: int, class_row: int) -> bool:
    return bool(rows.images[row] == image and rows.classes[row] == class_row)


def _match_group(
    dataset: Dataset,
    found: list[int],
    there: list[int],
    never_counted: set[int],
    threshold: float,
    low: float,
    high: float,
    result: Matched,
) -> None:
    objects, detections = dataset.objects, dataset.detections
    ignored = {g: g in never_counted or not low <= objects.areas[g] <= high for g in there}
    for d in found:
        best, best_iou = int(NO_MATCH), min(threshold, 1 - 1e-10)
        for g in sorted(there, key=lambda g: ignored[g]):  # stable: those that count first
            if g in result.takers and g not in never_counted:
                continue
            if best != NO_MATCH and not ignored[best] and ignored[g]:
                break
            overlap = iou(detections.boxes[d], objects.boxes[g], bool(objects.crowd[g]))
            if overlap >= best_iou:
                best, best_iou = g, overlap
        result.partners[d] = best
        if best == NO_MATCH:
            size = detections.boxes[d, 2] * detections.boxes[d, 3]
            result.outcomes[d] = int(FALSE_POSITIVE if low <= size <= high else IGNORED)
        else:
            result.takers[best] = d
            result.outcomes[d] = int(IGNORED if ignored[best] else TRUE_POSITIVE)


def precision_at_recalls(
    outcomes: list[int], positives: int, recall_thresholds: tuple[float, ...]
) -> list[float]:
    """Interpolated precision of outcomes in descending score, by definition: the best precision at or after
    the first detection that reaches each recall."""
    tp = np.cumsum([outcome == TRUE_POSITIVE for outcome in outcomes])
    fp = np.cumsum([outcome == FALSE_POSITIVE for outcome in outcomes])
    precision = tp / (tp + fp + np.spacing(1))
    recall = tp / positives
    values = []
    for wanted in recall_thresholds:
        reached = [i for i in range(len(outcomes)) if recall[i] >= wanted]
        values.append(float(precision[reached[0] :].max()) if reached else 0.0)
    return values


VOC07_LEVELS = tuple([k * 0.1 for k in range(6)] + [1 - k * 0.1 for k in range(4, -1, -1)])
"""0:0.1:1 in MATLAB, which counts from both ends."""


def voc_average_precision(
    outcomes: list[int], positives: int, rule: ApRule, levels: tuple[float, ...] = VOC07_LEVELS
) -> float:
    """Average precision of outcomes in descending score, as the VOC development kit defines it.

    What matches a difficult object is neither right nor wrong: it is left out. "voc07" is VOCevaldet.m of
    2007, the mean over 11 recall levels of the best precision from there on; "voc10" is VOCap.m of 2010 and
    later, the area under the precision made monotone.
    """
    counted = [outcome for outcome in outcomes if outcome in (TRUE_POSITIVE, FALSE_POSITIVE)]
    tp = np.cumsum([outcome == TRUE_POSITIVE for outcome in counted])
    fp = np.cumsum([outcome == FALSE_POSITIVE for outcome in counted])
    recall, precision = tp / positives, tp / (tp + fp)
    if rule == "voc07":
        return float(sum(max(precision[recall >= level], default=0.0) / 11 for level in levels))
    mrec, mpre = np.concatenate(([0], recall, [1])), np.concatenate(([0], precision, [0]))
    for i in range(len(mpre) - 2, -1, -1):
        mpre[i] = max(mpre[i], mpre[i + 1])
    steps = np.flatnonzero(mrec[1:] != mrec[:-1]) + 1
    return float(((mrec[steps] - mrec[steps - 1]) * mpre[steps]).sum())
