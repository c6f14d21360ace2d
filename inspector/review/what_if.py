"""What the flags would change: the numbers as they are, with flagged labels ignored, and corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Floats
from inspector.evaluation.matching import Evaluation, evaluate, evaluate_again
from inspector.evaluation.operating_point import OperatingPoint, size_counts
from inspector.evaluation.summary import headline, mean_average_precision
from inspector.progress import Progress, no_progress
from inspector.refs import BoxRef, ImageRef, Side
from inspector.review.attaching import Attached
from inspector.review.correcting import corrected, ignoring
from inspector.review.corrections import Corrections, corrections, flags_of
from inspector.review.editing import mask_of
from inspector.selection import restricted

CASES: Final = ("as is", "ignored", "corrected")
"""The labels as they are; those that are flagged ignored; corrected."""
_STAGE: Final = "Comparing what if"


@dataclass(frozen=True, slots=True, eq=False)
class _Some:
    """The images on which something is flagged."""

    dataset: Dataset
    evaluation: Evaluation


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """The evaluations of the three cases, of which only averages and a few images are kept."""

    flags: int
    """All of them, also those that cannot be corrected."""
    left_out: Mapping[str, int]
    """How many cannot be corrected, by reason."""
    masks: int
    """How many objects take part with a corrected box in place of their mask."""
    evaluations: tuple[Evaluation, ...]
    """One for each of `CASES`, without outcomes: for averages only."""
    flagged: tuple[_Some, ...]
    """The same, whole, of the flagged images alone: what counts differ by. Empty where nothing differs."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Numbers beside each other: the last axis is `CASES`. nan where there is nothing to compute from."""

    overall: Mapping[str, Floats]
    """float64 [3] by name: the headline numbers and the counts, over the chosen classes."""
    classes: Mapping[str, Floats]
    """float64 [classes, 3] by name."""


def what_if(
    dataset: Dataset, evaluation: Evaluation, attached: Attached, progress: Progress = no_progress
) -> WhatIf:
    """Evaluate `dataset` again with flagged labels ignored and with them corrected, by the same protocol.

    Only the flagged images are matched again. Raises CancelledError when `progress` does.
    """
    wanted = corrections(dataset, attached)
    image_rows = _flagged_images(dataset, attached, wanted)
    averages, masks = _averages(evaluation), _masks_left_out(dataset, evaluation, wanted)
    if not len(image_rows):
        return WhatIf(wanted.flags, wanted.reasons(), masks, (averages,) * 3, ())
    evaluations, flagged = [averages], [_some(dataset, evaluation, image_rows, progress)]
    for change in (partial(ignoring, dataset, attached), partial(corrected, dataset, wanted)):
        progress(_STAGE, len(flagged) / len(CASES))
        other = change()
        found = _some(other, evaluation, image_rows, progress)
        again = evaluate_again(other, evaluation, image_rows, found.evaluation, progress)
        evaluations.append(_averages(again))
        flagged.append(found)
    return WhatIf(wanted.flags, wanted.reasons(), masks, tuple(evaluations), tuple(flagged))


def compared(made: WhatIf, counts: NDArray[np.int64], point: OperatingPoint) -> Comparison:
    """The numbers at an operating point.

    `counts` int64 [classes, 3] are TP, FP and FN of the labels as they are, at that point.
    """
    chosen = point.chosen(len(counts))
    all_counts = np.stack([counts + change for change in _changes(made, point, counts.shape)], axis=-1)
    headlines = [headline(evaluation, chosen) for evaluation in made.evaluations]
    overall = {name: _floats([numbers[name] for numbers in headlines]) for name in headlines[0]}
    averages = {
        name: np.stack([_class_averages(evaluation, iou) for evaluation in made.evaluations], axis=-1)
        for name, iou in (("AP", None), ("AP50", 0.5), ("AP75", 0.75))
        if iou is None or made.evaluations[0].protocol.iou_index(iou) is not None
    }
    return Comparison(
        {**overall, **_rates(all_counts[chosen].sum(axis=0))},
        {**averages, **_rates(np.moveaxis(all_counts, 1, 0))},
    )


def _masks_left_out(dataset: Dataset, evaluation: Evaluation, wanted: Corrections) -> int:
    """How many masks do not take part; none where boxes are compared."""
    moved = [BoxRef(Side.OBJECT, row) for row in {*wanted.boxes} - wanted.removed]
    if evaluation.protocol.iou_type != "segm":
        return 0
    return sum(mask_of(dataset, ref) is not None for ref in moved)


def _flagged_images(dataset: Dataset, attached: Attached, wanted: Corrections) -> NDArray[np.int64]:
    """Rows of the images whose labels change in one case or the other, ascending."""
    rows = {label.image_row for label in wanted.added}
    for ref, _ in flags_of(attached):
        if isinstance(ref, ImageRef):
            rows.add(ref.row)
        elif isinstance(ref, BoxRef):
            boxes = dataset.objects if ref.kind is Side.OBJECT else dataset.detections
            rows.add(int(boxes.images[ref.row]))
    return np.array(sorted(rows), dtype=np.int64)


def _some(dataset: Dataset, former: Evaluation, image_rows: NDArray[np.int64], progress: Progress) -> _Some:
    some = restricted(dataset, image_rows)
    return _Some(some, evaluate(some, former.protocol, progress))


def _averages(evaluation: Evaluation) -> Evaluation:
    """Without what every detection costs memory for."""
    nothing = np.empty(0, dtype=np.int32)
    return replace(evaluation, bits=(), class_rows=nothing, detection_scores=np.empty(0), pair_ious=None)


def _changes(made: WhatIf, point: OperatingPoint, shape: tuple[int, ...]) -> list[NDArray[np.int64]]:
    """int64 [classes, 3] for each case: by how much TP, FP and FN differ from those of the labels as is."""
    if not made.flagged:
        return [np.zeros(shape, dtype=np.int64)] * len(CASES)
    counts = [
        size_counts(some.dataset, some.evaluation, point.confidence)[:, 0, point.iou_index]
        for some in made.flagged
    ]
    return [of_case - counts[0] for of_case in counts]


def _class_averages(evaluation: Evaluation, iou: float | None) -> Floats:
    """float64 [classes]."""
    index = None if iou is None else evaluation.protocol.iou_index(iou)
    ious = slice(None) if index is None else slice(index, index + 1)
    rows = range(evaluation.positives.shape[0])
    return _floats([mean_average_precision(evaluation, ious, slice(row, row + 1)) for row in rows])


def _rates(counts: NDArray[np.int64]) -> dict[str, Floats]:
    """From int64 [3, ..., cases], TP, FP and FN: what follows from them, each float64 [..., cases]."""
    tp, fp, fn = counts.astype(np.float64)
    with np.errstate(invalid="ignore"):  # 0 / 0 is nan: nothing to compute from
        rates = {"precision": tp / (tp + fp), "recall": tp / (tp + fn), "F1": 2 * tp / (2 * tp + fp + fn)}
    return {**rates, "TP": tp, "FP": fp, "FN": fn, "objects": tp + fn}


def _floats(values: list[float | None]) -> Floats:
    return np.array(values, dtype=np.float64)  # None becomes nan
