"""Averages of an evaluation: the twelve COCO numbers, and those of each class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.dataset import Dataset, FileId, Flags, Floats
from inspector.evaluation.matching import Evaluation
from inspector.evaluation.protocol import COCO_SIZES, SizeRange


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """One class; an average is None where the class has no object to compute it from."""

    name: str
    id: FileId
    ap: float | None
    ap50: float | None
    ap75: float | None
    objects: int
    """Objects that count: crowd regions left out."""
    detections: int


def mean_average_precision(
    evaluation: Evaluation,
    ious: slice = slice(None),
    classes: slice | Flags = slice(None),
    size_index: int = 0,
    limit_index: int = -1,
) -> float | None:
    """AP over some IoU thresholds and classes; None where no class has an object.

    By COCO's rule, the same mean over the same numbers as `summarize` of the COCO API's cocoeval.py.
    """
    if evaluation.protocol.ap_rule == "coco":
        return _mean(evaluation.precision[ious][:, :, classes, size_index, limit_index])
    return _mean(evaluation.average[ious][:, classes, size_index, limit_index])


def mean_average_recall(
    evaluation: Evaluation,
    ious: slice = slice(None),
    classes: slice | Flags = slice(None),
    size_index: int = 0,
    limit_index: int = -1,
) -> float | None:
    """AR over some IoU thresholds and classes; None where no class has an object."""
    return _mean(evaluation.recall[ious][:, classes, size_index, limit_index])


def headline(evaluation: Evaluation, classes: slice | Flags = slice(None)) -> dict[str, float | None]:
    """COCO's twelve numbers by name, None where there is no object to compute one from.

    `classes`: over which of them (bool [classes], or a slice).

    Other size ranges than COCO's go by their own names ("AP_tiny"); AP50 and AP75 are there where
    the protocol matches at these thresholds.
    """
    protocol = evaluation.protocol
    stats = {"AP": mean_average_precision(evaluation, classes=classes)}
    for name, iou in (("AP50", 0.5), ("AP75", 0.75)):
        index = protocol.iou_index(iou)
        if index is not None:
            stats[name] = mean_average_precision(evaluation, slice(index, index + 1), classes)
    sizes = list(enumerate(protocol.size_ranges))[1:]
    for a, size in sizes:
        stats[f"AP{size_suffix(size)}"] = mean_average_precision(evaluation, classes=classes, size_index=a)
    for m, limit in enumerate(protocol.max_dets):
        stats[f"AR{limit}"] = mean_average_recall(evaluation, classes=classes, limit_index=m)
    for a, size in sizes:
        stats[f"AR{size_suffix(size)}"] = mean_average_recall(evaluation, classes=classes, size_index=a)
    return stats


def size_suffix(size: SizeRange) -> str:
    """What stands behind AP and AR: "s" for COCO's small, "_small" for another range of that name."""
    return size.name[0] if size in COCO_SIZES else f"_{size.name}"


def class_summaries(dataset: Dataset, evaluation: Evaluation) -> list[ClassSummary]:
    """One summary per class row."""
    detections = np.diff(evaluation.class_offsets)
    return [
        ClassSummary(
            name=dataset.classes.names[row],
            id=dataset.classes.ids[row],
            ap=mean_average_precision(evaluation, classes=slice(row, row + 1)),
            ap50=_at(evaluation, 0.5, row),
            ap75=_at(evaluation, 0.75, row),
            objects=int(evaluation.positives[row, 0]),
            detections=int(detections[row]),
        )
        for row in range(len(dataset.classes))
    ]


def _at(evaluation: Evaluation, iou: float, class_row: int) -> float | None:
    index = evaluation.protocol.iou_index(iou)
    if index is None:
        return None
    return mean_average_precision(evaluation, slice(index, index + 1), slice(class_row, class_row + 1))


def _mean(values: Floats) -> float | None:
    """The mean of what could be computed; -1 marks what could not."""
    computed = values[values > -1]
    return float(np.mean(computed)) if len(computed) else None
