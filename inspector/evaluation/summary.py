"""The twelve COCO numbers and the per-class averages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.dataset import Dataset, FileId, Floats
from inspector.evaluation.matching import Evaluation


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


def coco_stats(evaluation: Evaluation) -> dict[str, float | None]:
    """COCO's twelve numbers by name, None where there is no object to compute one from.

    Source: `summarize` of the COCO API's cocoeval.py; the same means over the same arrays.
    """
    names = [size.name for size in evaluation.protocol.size_ranges]
    small, medium, large = (names.index(name) for name in ("small", "medium", "large"))
    precision, recall = evaluation.precision, evaluation.recall
    return {
        "AP": _mean(precision[:, :, :, 0, -1]),
        "AP50": _precision_at(evaluation, 0.5),
        "AP75": _precision_at(evaluation, 0.75),
        "APs": _mean(precision[:, :, :, small, -1]),
        "APm": _mean(precision[:, :, :, medium, -1]),
        "APl": _mean(precision[:, :, :, large, -1]),
        **{f"AR{limit}": _mean(recall[:, :, 0, m]) for m, limit in enumerate(evaluation.protocol.max_dets)},
        "ARs": _mean(recall[:, :, small, -1]),
        "ARm": _mean(recall[:, :, medium, -1]),
        "ARl": _mean(recall[:, :, large, -1]),
    }


def class_summaries(dataset: Dataset, evaluation: Evaluation) -> list[ClassSummary]:
    """One summary per class row."""
    detections = np.diff(evaluation.class_offsets)
    return [
        ClassSummary(
            name=dataset.classes.names[row],
            id=dataset.classes.ids[row],
            ap=_mean(evaluation.precision[:, :, row, 0, -1]),
            ap50=_precision_at(evaluation, 0.5, row),
            ap75=_precision_at(evaluation, 0.75, row),
            objects=int(evaluation.positives[row, 0]),
            detections=int(detections[row]),
        )
        for row in range(len(dataset.classes))
    ]


def _precision_at(evaluation: Evaluation, iou: float, class_row: int | None = None) -> float | None:
    index = evaluation.protocol.iou_index(iou)
    if index is None:
        return None
    classes = slice(None) if class_row is None else slice(class_row, class_row + 1)
    return _mean(evaluation.precision[index : index + 1, :, classes, 0, -1])


def _mean(values: Floats) -> float | None:
    """The mean of what could be computed; -1 marks what could not."""
    computed = values[values > -1]
    return float(np.mean(computed)) if len(computed) else None
