"""Which boxes of the whole dataset have an outcome at the operating point, and in which order.

`image_outcomes.outcomes_of` says the same of every box of one image.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np

from inspector.dataset import Dataset, Flags, Floats, Rows
from inspector.evaluation.matching import MatchTable
from inspector.evaluation.operating_point import OperatingPoint
from inspector.kernels.ready import make_ready
from inspector.outcomes import FALSE_POSITIVE, NO_MATCH, TRUE_POSITIVE, Codes
from inspector.progress import Progress, no_progress
from inspector.refs import Side

_BLOCK: Final = 500_000
"""Boxes looked at in one step: some milliseconds."""


class Outcome(StrEnum):
    """What became of a box."""

    TP = "TP"
    FP = "FP"
    FN = "FN"
    IGNORED = "ignored"
    """A shown detection that counts neither way, also one beyond the best `max_dets` of its class."""

    @property
    def side(self) -> Side:
        return Side.OBJECT if self is Outcome.FN else Side.DETECTION


class Measure(StrEnum):
    """What boxes are sorted by."""

    SCORE = "score"
    """Of a detection. Of an object: of the detection that matches it, or would at a lower confidence; nan
    where there is none."""
    IOU = "IoU"
    """With the box that it matches, or would match at a lower confidence. Of a detection that matches
    nothing: the highest with an object of whatever class, always of boxes; nan for such an object."""
    SIZE = "size"
    """The area in square pixels."""
    IMAGE = "image"
    """The image row."""


def outcome_rows(
    dataset: Dataset,
    table: MatchTable,
    point: OperatingPoint,
    outcome: Outcome,
    progress: Progress = no_progress,
) -> Rows:
    """int32, ascending: the detection rows (for FN: object rows) of the chosen classes with this outcome.

    Raises CancelledError when `progress` does.
    """
    total = len(dataset.objects) if outcome is Outcome.FN else len(dataset.detections)
    rows, found = np.empty(total, dtype=np.int32), 0
    for first in range(0, total, _BLOCK):
        progress("Looking for boxes", first / total)
        block = slice(first, min(first + _BLOCK, total))
        if outcome is Outcome.FN:
            here = _missed(dataset, table, point, block)
        else:
            here = _shown(dataset, table, point, outcome, block)
        hits = np.flatnonzero(here)
        rows[found : found + len(hits)] = hits + first
        found += len(hits)
    return rows[:found].copy()


def _shown(
    dataset: Dataset, table: MatchTable, point: OperatingPoint, outcome: Outcome, block: slice
) -> Flags:
    """bool [block]: which detections are shown and have the outcome."""
    detections = dataset.detections
    here = detections.scores[block] >= point.confidence
    here &= _is(table.outcomes[block], outcome)
    if point.class_rows is not None:
        here &= point.chosen(len(dataset.classes))[detections.classes[block]]
    return here


def _is(codes: Codes, outcome: Outcome) -> Flags:
    match outcome:
        case Outcome.TP:
            return np.asarray(codes == TRUE_POSITIVE)
        case Outcome.FP:
            return np.asarray(codes == FALSE_POSITIVE)
        case _:
            return np.asarray((codes != TRUE_POSITIVE) & (codes != FALSE_POSITIVE))


def _missed(dataset: Dataset, table: MatchTable, point: OperatingPoint, block: slice) -> Flags:
    """bool [block]: which objects count and are matched by no shown detection."""
    matches = table.object_matches[block]
    hit = matches != NO_MATCH
    hit[hit] = dataset.detections.scores[matches[hit]] >= point.confidence
    here: Flags = ~hit & ~table.object_ignored[block]
    if point.class_rows is not None:
        here &= point.chosen(len(dataset.classes))[dataset.objects.classes[block]]
    return here


def measured(
    dataset: Dataset,
    table: MatchTable | None,
    side: Side,
    rows: Rows,
    measure: Measure,
    progress: Progress = no_progress,
) -> Floats:
    """float64 [rows]: a measure of some detections or objects; nan where there is none. Without a table,
    which takes both sides, no box matches another.

    Raises CancelledError when `progress` does.
    """
    values = np.empty(len(rows))
    for first in range(0, len(rows), _BLOCK):
        progress("Measuring boxes", first / len(rows))
        part = rows[first : first + _BLOCK]
        of_block = _of_objects if side is Side.OBJECT else _of_detections
        values[first : first + _BLOCK] = of_block(dataset, table, part, measure, progress)
    return values


def _of_objects(
    dataset: Dataset, table: MatchTable | None, rows: Rows, measure: Measure, _progress: Progress
) -> Floats:
    objects = dataset.objects
    match measure:
        case Measure.SIZE:
            return objects.areas[rows]
        case Measure.IMAGE:
            return objects.images[rows].astype(np.float64)
        case _ if table is None:
            return np.full(len(rows), np.nan)
        case Measure.IOU:
            return table.object_ious[rows]
        case Measure.SCORE:
            matches, scores = table.object_matches[rows], np.full(len(rows), np.nan)
            met = matches != NO_MATCH
            scores[met] = dataset.detections.scores[matches[met]]
            return scores


def _of_detections(
    dataset: Dataset, table: MatchTable | None, rows: Rows, measure: Measure, progress: Progress
) -> Floats:
    detections = dataset.detections
    match measure:
        case Measure.SCORE:
            return detections.scores[rows]
        case Measure.IMAGE:
            return detections.images[rows].astype(np.float64)
        case Measure.IOU:
            nothing = np.full(len(rows), np.nan)
            return nothing if table is None else _detection_ious(dataset, table, rows, progress)
        case Measure.SIZE if detections.areas is not None:
            return detections.areas[rows]
        case Measure.SIZE:
            return np.asarray(detections.boxes[rows, 2] * detections.boxes[rows, 3])


def _detection_ious(dataset: Dataset, table: MatchTable, rows: Rows, progress: Progress) -> Floats:
    matches = table.matches[rows]
    # An object keeps the IoU with the last detection that took it; a crowd region is taken several times.
    own = matches != NO_MATCH
    own[own] = table.object_matches[matches[own]] == rows[own]
    ious = np.empty(len(rows))
    ious[own] = table.object_ious[matches[own]]
    if not own.all():
        make_ready(progress, ("overlapping",))
        from inspector.kernels import overlapping

        detections, objects = dataset.detections, dataset.objects
        alone = rows[~own]
        best = np.empty(len(alone))
        overlapping.best_overlaps(
            alone,
            detections.images,
            detections.boxes,
            objects.offsets,
            objects.boxes,
            objects.crowd,
            best,
        )
        ious[~own] = best
    return ious


def sorted_by(values: Floats, *, descending: bool) -> Rows:
    """int32 positions in `values` in order, nan last, equal values as they stand; linear in their number.

    `inspector.kernels.row_order` has to be compiled, as it is once something was evaluated.
    """
    from inspector.kernels import row_order

    keys = values if descending else -values
    keys = np.where(np.isnan(keys), -np.inf, keys)
    order = np.arange(len(values), dtype=np.int32)
    row_order.sort_by_score(keys, order)
    return order
