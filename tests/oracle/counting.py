"""Slow, readable twins of the counting kernels."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inspector.dataset import Dataset
from inspector.evaluation.matching import MatchTable
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.protocol import Protocol, SizeRange
from inspector.outcomes import FALSE_POSITIVE, TRUE_POSITIVE
from tests.oracle.evaluation import iou, match


@dataclass
class Row:
    """The live columns of one image, nan where nothing can be computed."""

    objects: int
    detections: int
    tp: int
    fp: int
    fn: int
    mean_iou: float
    top_false_positive: float


def image_row(dataset: Dataset, table: MatchTable, point: OperatingPoint, image: int) -> Row:
    """Count one image box by box."""
    chosen = set(range(len(dataset.classes)) if point.class_rows is None else point.class_rows)
    objects, detections = dataset.objects, dataset.detections
    there = [
        g
        for g in range(len(objects))
        if objects.images[g] == image and objects.classes[g] in chosen and not table.object_ignored[g]
    ]
    shown = [
        d
        for d in range(len(detections))
        if detections.images[d] == image
        and detections.classes[d] in chosen
        and detections.scores[d] >= point.confidence
    ]
    outcomes = table.outcomes
    hits = [d for d in shown if outcomes[d] == TRUE_POSITIVE]
    misfits = [d for d in shown if outcomes[d] == FALSE_POSITIVE]
    found = {int(table.matches[d]) for d in hits}
    overlaps = [iou(detections.boxes[d], objects.boxes[table.matches[d]], crowd=False) for d in hits]
    return Row(
        objects=len(there),
        detections=len(shown),
        tp=len(hits),
        fp=len(misfits),
        fn=len([g for g in there if g not in found]),
        mean_iou=sum(overlaps) / len(overlaps) if overlaps else math.nan,
        top_false_positive=max((float(detections.scores[d]) for d in misfits), default=math.nan),
    )


def size_row(
    dataset: Dataset,
    protocol: Protocol,
    size: SizeRange,
    iou_threshold: float,
    confidence: float,
    class_row: int,
) -> tuple[int, int, int]:
    """TP, FP and FN of one class in one size range at one IoU threshold: matched anew, counted box by box."""
    objects, detections = dataset.objects, dataset.detections
    outcomes = match(dataset, protocol, iou_threshold, size.low, size.high).outcomes
    shown = [
        outcomes[d]
        for d in range(len(detections))
        if detections.classes[d] == class_row and detections.scores[d] >= confidence
    ]
    there = [
        g
        for g in range(len(objects))
        if objects.classes[g] == class_row
        and not objects.crowd[g]
        and not (protocol.ignores_difficult and objects.difficult[g])
        and size.low <= objects.areas[g] <= size.high
    ]
    tp = shown.count(TRUE_POSITIVE)
    return tp, shown.count(FALSE_POSITIVE), len(there) - tp
