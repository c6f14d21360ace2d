"""A finished evaluation as the views show it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.cache import evaluated
from inspector.dataset import Dataset, Floats
from inspector.evaluation.iou_slice import IouSlice, slice_at
from inspector.evaluation.matching import Evaluation
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.summary import class_summaries
from inspector.kernels.ready import EVALUATING, SHOWING, make_ready
from inspector.one_side import Alone, count_alone
from inspector.progress import Progress


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """A finished evaluation, cut at the operating point's IoU threshold and classes."""

    evaluation: Evaluation
    at: IouSlice
    class_ap: Floats
    """float64 [classes]: AP over all IoU thresholds; nan where a class has no object."""
    point: OperatingPoint
    """What `at` was cut for; its confidence does not matter."""

    def fits(self, point: OperatingPoint) -> bool:
        """Whether `at` is what this operating point needs."""
        return (self.point.iou_index, self.point.class_rows) == (point.iou_index, point.class_rows)


def cut(dataset: Dataset, evaluation: Evaluation, class_ap: Floats, point: OperatingPoint) -> Results:
    """The results at an operating point."""
    chosen = point.chosen(len(dataset.classes))
    return Results(evaluation, slice_at(dataset, evaluation, point.iou_index, chosen), class_ap, point)


def evaluated_at(
    dataset: Dataset, protocol: Protocol, point: OperatingPoint, progress: Progress
) -> Results | Alone:
    """Evaluate, and cut; where a side is missing, count what is there. Raises what `progress` raises."""
    alone = count_alone(dataset)
    if alone is not None:
        return alone
    masks = ("mask_iou",) if protocol.iou_type == "segm" else ()
    make_ready(progress, (*EVALUATING, *SHOWING, *masks))
    evaluation = evaluated(dataset, protocol, progress)
    summaries = class_summaries(dataset, evaluation)
    class_ap = np.array([summary.ap for summary in summaries], dtype=np.float64)
    return cut(dataset, evaluation, class_ap, point)
