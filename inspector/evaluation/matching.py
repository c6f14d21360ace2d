"""The evaluation: match everything once, then accumulate COCO's arrays class by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Floats, Offsets, Rows
from inspector.evaluation.protocol import Protocol
from inspector.kernels.ready import make_ready
from inspector.outcomes import NO_MATCH, NOT_EVALUATED, Codes
from inspector.pauses import Pauses
from inspector.progress import Progress, no_progress

if TYPE_CHECKING:
    from types import ModuleType

_BLOCK = 50_000
"""Detections and objects matched between two progress reports: some 20-50 ms."""


@dataclass(frozen=True, eq=False)
class MatchTable:
    """Which detection met which object, at each IoU threshold, for objects of every size.

    A confidence threshold never changes it: dropping the detections below one leaves the matches of the
    others as they are, because matching is greedy in descending score.
    """

    protocol: Protocol
    matches: Rows
    """int32 [IoU thresholds, detections]: the object row, or NO_MATCH."""
    outcomes: Codes
    """uint8 [IoU thresholds, detections]: a code of `inspector.outcomes`."""
    object_matches: Rows
    """int32 [IoU thresholds, objects]: the row of the (last) detection that took it, or NO_MATCH."""
    object_ignored: Flags
    """bool [objects]: crowd regions and objects outside the size range."""
    by_score: Rows
    """int32 [detections]: all detection rows by descending score."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The COCO API's arrays, with its axes, and the match table behind them.

    T IoU thresholds, R recall thresholds, K classes, A size ranges, M max_dets; -1 where a class has no
    object in a size range.
    """

    protocol: Protocol
    precision: Floats
    """float64 [T, R, K, A, M]."""
    recall: Floats
    """float64 [T, K, A, M]."""
    scores: Floats
    """float64 [T, R, K, A, M]: the score at which each recall threshold is reached."""
    positives: NDArray[np.int64]
    """int64 [K, A]: objects that count."""
    table: MatchTable


@dataclass(frozen=True, eq=False)
class _Groups:
    """The objects and detections of each class on each image, sorted by class, then image row."""

    rows: NDArray[np.int64]
    """int64 [groups, 4]: first and end object row, first and end detection row."""
    class_offsets: Offsets
    """int64 [classes + 1]."""


def evaluate(
    dataset: Dataset, protocol: Protocol | None = None, progress: Progress = no_progress
) -> Evaluation:
    """Evaluate all classes. Raises CancelledError when `progress` does."""
    make_ready(progress)
    from inspector.kernels import matching as kernels

    run = _Run(dataset, protocol or Protocol(), kernels)
    groups = group_by_class_and_image(dataset)
    pause = Pauses()
    done, total = 0, max(1, len(dataset.detections) + len(dataset.objects))
    for class_row in range(len(dataset.classes)):
        rows = groups.rows[groups.class_offsets[class_row] : groups.class_offsets[class_row + 1]]
        codes = run.codes_for(rows)
        at = 0
        for block in _blocks(rows):
            progress("Evaluating", done / total)
            at = run.match(block, at, codes)
            done += int((block[:, 1] - block[:, 0] + block[:, 3] - block[:, 2]).sum())
        progress("Evaluating", min(1.0, done / total))
        run.accumulate(class_row, rows, codes)
        pause()
    return run.result()


class _Run:
    """The arrays that one evaluation fills."""

    def __init__(self, dataset: Dataset, protocol: Protocol, kernels: ModuleType) -> None:
        self._dataset, self._protocol, self._kernels = dataset, protocol, kernels
        self._iou_thresholds = np.array(protocol.iou_thresholds)
        self._recall_thresholds = np.array(protocol.recall_thresholds)
        self._max_dets = np.array(protocol.max_dets, dtype=np.int64)
        self._size_limits = protocol.size_limits
        ious, recalls, classes = len(self._iou_thresholds), len(self._recall_thresholds), len(dataset.classes)
        sizes, limits = len(self._size_limits), len(self._max_dets)
        self._precision = np.full((ious, recalls, classes, sizes, limits), -1.0)
        self._recall = np.full((ious, classes, sizes, limits), -1.0)
        self._scores = np.full((ious, recalls, classes, sizes, limits), -1.0)
        self._positives = np.zeros((classes, sizes), dtype=np.int64)
        self._matches = np.full((ious, len(dataset.detections)), NO_MATCH, dtype=np.int32)
        self._outcomes = np.full((ious, len(dataset.detections)), NOT_EVALUATED, dtype=np.uint8)
        self._object_matches = np.full((ious, len(dataset.objects)), NO_MATCH, dtype=np.int32)

    def codes_for(self, groups: NDArray[np.int64]) -> Codes:
        """Room for the outcomes of a class: uint8 [evaluated detections, size ranges, IoU thresholds]."""
        evaluated = np.minimum(groups[:, 3] - groups[:, 2], self._max_dets[-1]).sum()
        return np.empty((int(evaluated), len(self._size_limits), len(self._iou_thresholds)), dtype=np.uint8)

    def match(self, groups: NDArray[np.int64], at: int, codes: Codes) -> int:
        objects = self._dataset.objects
        return int(
            self._kernels.match_groups(
                groups,
                objects.boxes,
                objects.areas,
                objects.crowd,
                self._dataset.detections.boxes,
                self._iou_thresholds,
                self._size_limits,
                int(self._max_dets[-1]),
                at,
                codes,
                self._matches,
                self._object_matches,
            )
        )

    def accumulate(self, class_row: int, groups: NDArray[np.int64], codes: Codes) -> None:
        evaluated = np.minimum(groups[:, 3] - groups[:, 2], self._max_dets[-1])
        ranks = _concatenated_ranges(np.zeros_like(evaluated), evaluated)
        rows = _concatenated_ranges(groups[:, 2], evaluated)
        scores = self._dataset.detections.scores[rows]
        self._outcomes[:, rows] = codes[:, 0, :].T
        self._positives[class_row] = self._count_positives(groups)
        by_score = np.argsort(-scores, kind="stable")
        self._kernels.accumulate_class(
            codes[by_score],
            ranks[by_score].astype(np.int32),
            scores[by_score],
            self._positives[class_row],
            self._max_dets,
            self._recall_thresholds,
            self._precision[:, :, class_row],
            self._recall[:, class_row],
            self._scores[:, :, class_row],
        )

    def _count_positives(self, groups: NDArray[np.int64]) -> NDArray[np.int64]:
        rows = _concatenated_ranges(groups[:, 0], groups[:, 1] - groups[:, 0])
        areas = self._dataset.objects.areas[rows, None]
        inside = (areas >= self._size_limits[:, 0]) & (areas <= self._size_limits[:, 1])
        counted = inside & ~self._dataset.objects.crowd[rows, None]
        positives: NDArray[np.int64] = counted.sum(axis=0, dtype=np.int64)
        return positives

    def result(self) -> Evaluation:
        objects = self._dataset.objects
        low, high = self._size_limits[0]
        ignored = objects.crowd | (objects.areas < low) | (objects.areas > high)
        arrays = (self._precision, self._recall, self._scores, self._positives)
        by_score = np.argsort(-self._dataset.detections.scores, kind="stable").astype(np.int32)
        table = (self._matches, self._outcomes, self._object_matches, ignored, by_score)
        for array in arrays + table:
            array.setflags(write=False)
        return Evaluation(self._protocol, *arrays, MatchTable(self._protocol, *table))


def group_by_class_and_image(dataset: Dataset) -> _Groups:
    """Find the groups that are matched together, in the order in which ties are settled."""
    classes = max(1, len(dataset.classes))
    objects, detections = dataset.objects, dataset.detections
    object_keys = objects.images.astype(np.int64) * classes + objects.classes
    detection_keys = detections.images.astype(np.int64) * classes + detections.classes
    # Not np.union1d: it holds the interpreter for as long as it takes
    both = np.concatenate((_distinct(object_keys), _distinct(detection_keys)))
    keys = _distinct(np.sort(both, kind="stable"))
    # Looked up in ascending order, which the processor's cache likes, then put in the order of the classes
    rows = np.empty((len(keys), 4), dtype=np.int64)
    for column, (sorted_keys, side) in enumerate(
        ((object_keys, "left"), (object_keys, "right"), (detection_keys, "left"), (detection_keys, "right"))
    ):
        rows[:, column] = np.searchsorted(sorted_keys, keys, side=side)  # type: ignore[call-overload]
    by_class = np.argsort(keys % classes, kind="stable")
    class_offsets = np.searchsorted((keys % classes)[by_class], np.arange(len(dataset.classes) + 1))
    return _Groups(rows[by_class], class_offsets)


def _distinct(ascending: NDArray[np.int64]) -> NDArray[np.int64]:
    starts = np.ones(len(ascending), dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=starts[1:])
    return ascending[starts]


def _concatenated_ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """arange(start, start + length) of each pair, joined."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    joined: NDArray[np.int64] = np.arange(total) + np.repeat(starts - (ends - lengths), lengths)
    return joined


def _blocks(groups: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Cut the groups of a class so that each block holds some `_BLOCK` detections and objects."""
    work = np.cumsum(groups[:, 1] - groups[:, 0] + groups[:, 3] - groups[:, 2])
    if len(work) == 0:
        return []
    cuts = np.searchsorted(work, np.arange(_BLOCK, int(work[-1]), _BLOCK)) + 1
    return [block for block in np.split(groups, cuts) if len(block)]
