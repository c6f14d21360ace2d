"""The evaluation: match everything once, accumulate COCO's arrays, and keep the outcomes as bits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Floats, Offsets, Rows
from inspector.evaluation.mask_iou import PairIous, other_pairs, pair_ious
from inspector.evaluation.protocol import Protocol, never_counted
from inspector.kernels.ready import EVALUATING, make_ready
from inspector.outcomes import (
    BITS,
    FALSE_POSITIVE,
    IGNORED,
    NO_MATCH,
    NOT_EVALUATED,
    TRUE_POSITIVE,
    Bits,
    Codes,
)
from inspector.parallel import image_blocks, in_order
from inspector.progress import Progress, no_progress

if TYPE_CHECKING:
    from inspector.kernels.match_data import Columns

Item = TypeVar("Item")

BOXES_PER_CALL = 50_000
"""Boxes matched in one call of a kernel: some milliseconds, between which it can be cancelled."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The COCO API's arrays, with its axes, and the outcomes behind them.

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
    average: Floats
    """float64 [T, K, A, M]: average precision by the protocol's rule."""
    positives: NDArray[np.int64]
    """int64 [K, A]: objects that count."""
    bits: tuple[Bits, ...]
    """For each 32 IoU thresholds, uint32 [detections, A, 2]: bit t of the first word stands for a true
    positive, of the second for ignored, both for not evaluated, neither for a false positive."""
    class_offsets: Offsets
    """int64 [K + 1] into the next."""
    class_rows: Rows
    """int32 [detections]: the detection rows of each class by descending score."""
    detection_scores: Floats
    """float64 [detections]: those of the dataset."""
    pair_ious: PairIous | None
    """The IoUs of masks; None where boxes are compared."""

    @cached_property
    def by_score(self) -> Rows:
        """int32 [detections]: all detection rows by descending score; sorted when it is first asked for."""
        from inspector.kernels.row_order import sort_by_score

        rows = np.arange(len(self.detection_scores), dtype=np.int32)
        sort_by_score(self.detection_scores, rows)
        rows.setflags(write=False)
        return rows


@dataclass(frozen=True, eq=False)
class MatchTable:
    """Which detection met which object at one IoU threshold, for objects of every size.

    A confidence threshold never changes it: dropping the detections below one leaves the matches of the
    others as they are, because matching is greedy in descending score.
    """

    protocol: Protocol
    iou_index: int
    outcomes: Codes
    """uint8 [detections]: a code of `inspector.outcomes`."""
    matches: Rows
    """int32 [detections]: the object row, or NO_MATCH."""
    object_matches: Rows
    """int32 [objects]: the row of the (last) detection that took it, or NO_MATCH."""
    object_ious: Floats
    """float64 [objects]: the IoU with that detection, nan where there is none."""
    object_ignored: Flags
    """bool [objects]: crowd regions, objects outside the size range, difficult ones by VOC's rules."""

    @property
    def iou_threshold(self) -> float:
        return self.protocol.iou_thresholds[self.iou_index]


def evaluate(
    dataset: Dataset, protocol: Protocol | None = None, progress: Progress = no_progress
) -> Evaluation:
    """Evaluate all classes, on all processors. Raises CancelledError when `progress` does."""
    protocol = protocol or Protocol()
    make_ready(progress, EVALUATING if protocol.ap_rule == "coco" else (*EVALUATING, "class_averaging"))
    masks = protocol.iou_type == "segm"
    pairs = pair_ious(dataset, protocol.max_dets[-1], progress) if masks else None
    run = _Run(dataset, protocol, pairs)
    run.match(progress)
    run.accumulate(progress)
    return run.result()


def evaluate_again(
    dataset: Dataset,
    former: Evaluation,
    image_rows: NDArray[np.int64],
    found: Evaluation,
    progress: Progress = no_progress,
) -> Evaluation:
    """What `evaluate` says of a dataset that is that of `former` but for the objects of some images.

    `image_rows` are their rows, ascending, and `found` is the evaluation, by the same protocol, of `dataset`
    restricted to them. Nothing else is matched again, nothing is sorted, and only classes are accumulated
    whose objects or outcomes changed. Raises CancelledError when `progress` does.
    """
    run = _Run(dataset, former.protocol, other_pairs(former.pair_ious, image_rows, found.pair_ious))
    run.take_over(former, image_rows, found)
    run.accumulate_changed(former, progress)
    return run.result()


def match_table(dataset: Dataset, evaluation: Evaluation, iou_index: int) -> MatchTable:
    """The matches at one IoU threshold: matched again, which takes less than keeping them for all."""
    from inspector.kernels import match_data, matching

    protocol = evaluation.protocol
    objects, detections = dataset.objects, dataset.detections
    low, high = protocol.size_limits[0]
    matches = match_data.Matches(
        np.full(len(detections), NO_MATCH, dtype=np.int32),
        np.full(len(objects), NO_MATCH, dtype=np.int32),
        np.full(len(objects), np.nan),
    )
    columns = _columns(dataset, protocol, evaluation.pair_ious)
    largest = match_data.largest_image(columns)
    iou_threshold = np.array([protocol.iou_thresholds[iou_index]])
    limit, no_ranks, no_bits = protocol.max_dets[-1], np.empty(0, np.int32), np.empty((0, 0, 2), np.uint32)

    def work(images: tuple[int, int]) -> None:
        matching.match_images(
            *images,
            columns,
            iou_threshold,
            protocol.size_limits[:1],
            limit,
            match_data.scratch_for(largest, limit, 1),
            no_ranks,
            no_bits,
            matches,
        )

    for _ in in_order(work, image_blocks(dataset, BOXES_PER_CALL)):
        pass
    ignored = columns.object_ignored | (objects.areas < low) | (objects.areas > high)
    arrays = (outcomes_at(evaluation, iou_index), *matches, ignored)
    for array in arrays:
        array.setflags(write=False)
    return MatchTable(protocol, iou_index, *arrays)


def outcomes_at(evaluation: Evaluation, iou_index: int, size_index: int = 0) -> Codes:
    """uint8 [detections]: the codes of `inspector.outcomes` at one IoU threshold in one size range."""
    words = evaluation.bits[iou_index // BITS][:, size_index]
    bit = np.uint32(iou_index % BITS)
    hits, ignored = ((words >> bit) & np.uint32(1)).astype(np.uint8).T
    return np.where(
        ignored, np.where(hits, NOT_EVALUATED, IGNORED), np.where(hits, TRUE_POSITIVE, FALSE_POSITIVE)
    )


def beyond_limit(evaluation: Evaluation) -> int:
    """How many detections stand behind the best `max_dets` of their class on their image: not evaluated."""
    words = evaluation.bits[0][:, 0]
    return int(np.count_nonzero(words[:, 0] & words[:, 1]))


class _Run:
    """The arrays that one evaluation fills."""

    def __init__(self, dataset: Dataset, protocol: Protocol, pairs: PairIous | None) -> None:
        self._dataset, self._protocol, self._pairs = dataset, protocol, pairs
        self._iou_thresholds = np.array(protocol.iou_thresholds)
        self._recall_thresholds = np.array(protocol.recall_thresholds)
        self._max_dets = np.array(protocol.max_dets, dtype=np.int64)
        ious, recalls, classes = len(self._iou_thresholds), len(self._recall_thresholds), len(dataset.classes)
        sizes, limits = len(protocol.size_ranges), len(self._max_dets)
        # Classes first: a class is written at once, and its numbers lie together
        self._precision = np.full((classes, ious, recalls, sizes, limits), -1.0)
        self._recall = np.full((classes, ious, sizes, limits), -1.0)
        self._scores = np.full((classes, ious, recalls, sizes, limits), -1.0)
        self._average = np.full((classes, ious, sizes, limits), -1.0)
        self._positives = _count_positives(dataset, protocol)
        self._ranks = np.empty(len(dataset.detections), dtype=np.int32)
        self._parts = [slice(first, min(first + BITS, ious)) for first in range(0, ious, BITS)]
        self._bits = [np.empty((len(dataset.detections), sizes, 2), dtype=np.uint32) for _ in self._parts]
        self._class_offsets: Offsets = np.zeros(classes + 1, dtype=np.int64)
        self._class_rows: Rows = np.empty(len(dataset.detections), dtype=np.int32)

    def match(self, progress: Progress) -> None:
        from inspector.kernels import match_data, matching

        columns = _columns(self._dataset, self._protocol, self._pairs)
        limit, nobody = self._protocol.max_dets[-1], np.empty(0, np.int32)
        largest = match_data.largest_image(columns)
        no_matches = match_data.Matches(nobody, nobody, np.empty(0))

        def work(images: tuple[int, int]) -> None:
            scratch = match_data.scratch_for(largest, limit, min(len(self._iou_thresholds), BITS))
            for part, bits in zip(self._parts, self._bits, strict=True):
                matching.match_images(
                    *images,
                    columns,
                    self._iou_thresholds[part],
                    self._protocol.size_limits,
                    limit,
                    scratch,
                    self._ranks,
                    bits,
                    no_matches,
                )

        _evaluate_all(work, image_blocks(self._dataset, BOXES_PER_CALL), progress, (0.0, 0.5))

    def take_over(self, former: Evaluation, image_rows: NDArray[np.int64], found: Evaluation) -> None:
        """In place of `match` and of sorting: the outcomes of `former`, of some images those of `found`."""
        detections = self._dataset.detections
        changed = np.zeros(len(self._dataset.images), dtype=np.bool_)
        changed[image_rows] = True
        rows = np.flatnonzero(changed[detections.images])
        for bits, before, after in zip(self._bits, former.bits, found.bits, strict=True):
            np.copyto(bits, before)
            bits[rows] = after
        # The rank of a detection is its place among those of its class on its image, which lie together
        places = np.arange(len(detections), dtype=np.int32)
        begins = np.ones(len(detections), dtype=np.bool_)
        begins[1:] = (detections.images[1:] != detections.images[:-1]) | (
            detections.classes[1:] != detections.classes[:-1]
        )
        np.subtract(places, np.maximum.accumulate(np.where(begins, places, 0)), out=self._ranks)
        self._class_offsets, self._class_rows = former.class_offsets, former.class_rows
        self._changed_rows = rows

    def accumulate(self, progress: Progress) -> None:
        from inspector.kernels import row_order

        detections, classes = self._dataset.detections, len(self._dataset.classes)
        row_order.rows_by_key(detections.classes, classes, self._class_offsets, self._class_rows)

        def work(class_row: int) -> None:
            row_order.sort_by_score(detections.scores, self._rows_of(class_row))
            self._accumulate_class(class_row)

        _evaluate_all(work, range(classes), progress, (0.5, 1.0))

    def accumulate_changed(self, former: Evaluation, progress: Progress) -> None:
        """The arrays of `former`, and of classes whose objects or outcomes are others, new ones."""
        np.copyto(self._precision, np.moveaxis(former.precision, 2, 0))
        np.copyto(self._recall, np.moveaxis(former.recall, 1, 0))
        np.copyto(self._scores, np.moveaxis(former.scores, 2, 0))
        np.copyto(self._average, np.moveaxis(former.average, 1, 0))
        changed = (self._positives != former.positives).any(axis=1)
        for bits, before in zip(self._bits, former.bits, strict=True):
            others = (bits[self._changed_rows] != before[self._changed_rows]).any(axis=(1, 2))
            changed[self._dataset.detections.classes[self._changed_rows[others]]] = True
        for array in (self._precision, self._recall, self._scores, self._average):
            array[changed] = -1.0
        _evaluate_all(self._accumulate_class, np.flatnonzero(changed).tolist(), progress, (0.5, 1.0))

    def _rows_of(self, class_row: int) -> Rows:
        return self._class_rows[self._class_offsets[class_row] : self._class_offsets[class_row + 1]]

    def _accumulate_class(self, class_row: int) -> None:
        from inspector.kernels import accumulating

        rows = self._rows_of(class_row)
        ious = min(len(self._iou_thresholds), BITS)
        scratch = accumulating.scratch_for(len(rows), ious, len(self._max_dets))
        for part, bits in zip(self._parts, self._bits, strict=True):
            accumulating.accumulate_class(
                rows,
                self._ranks,
                bits,
                self._dataset.detections.scores,
                part.stop - part.start,
                self._positives[class_row],
                self._max_dets,
                self._recall_thresholds,
                scratch,
                self._precision[class_row, part],
                self._recall[class_row, part],
                self._scores[class_row, part],
            )
            self._average_class(class_row, rows, bits, part)

    def _average_class(self, class_row: int, rows: Rows, bits: Bits, part: slice) -> None:
        average = self._average[class_row, part]
        if self._protocol.ap_rule == "coco":
            self._precision[class_row, part].mean(axis=1, out=average)
            return
        from inspector.kernels.averaging import RULES
        from inspector.kernels.class_averaging import average_class

        average_class(
            rows,
            self._ranks,
            bits,
            part.stop - part.start,
            self._positives[class_row],
            self._max_dets,
            self._protocol.averaged_recalls,
            RULES[self._protocol.ap_rule],
            np.empty(len(rows), dtype=np.uint8),
            np.empty(len(rows) + 1),
            average,
        )

    def result(self) -> Evaluation:
        arrays = (
            np.moveaxis(self._precision, 0, 2),
            np.moveaxis(self._recall, 0, 1),
            np.moveaxis(self._scores, 0, 2),
            np.moveaxis(self._average, 0, 1),
            self._positives,
        )
        ranked = (self._class_offsets, self._class_rows)
        for array in (*arrays, *self._bits, *ranked):
            array.setflags(write=False)
        scores = self._dataset.detections.scores
        return Evaluation(self._protocol, *arrays, tuple(self._bits), *ranked, scores, self._pairs)


def _columns(dataset: Dataset, protocol: Protocol, pairs: PairIous | None) -> Columns:
    from inspector.kernels.match_data import Columns

    objects, detections = dataset.objects, dataset.detections
    nothing = np.empty(0)
    columns = Columns(
        objects.offsets,
        objects.classes,
        objects.boxes,
        objects.areas,
        objects.crowd,
        never_counted(objects, protocol),
        detections.offsets,
        detections.classes,
        detections.boxes,
        nothing if detections.areas is None else detections.areas,
        np.empty(0, dtype=np.int64) if pairs is None else pairs.offsets,
        nothing if pairs is None else pairs.values,
    )
    for column in columns:
        column.setflags(write=False)  # the kernels' signatures say so
    return columns


def _count_positives(dataset: Dataset, protocol: Protocol) -> NDArray[np.int64]:
    objects, classes = dataset.objects, len(dataset.classes)
    counts = ~never_counted(objects, protocol)
    counted = [
        objects.classes[counts & (objects.areas >= size.low) & (objects.areas <= size.high)]
        for size in protocol.size_ranges
    ]
    return np.stack([np.bincount(rows, minlength=classes) for rows in counted], axis=1).astype(np.int64)


def _evaluate_all(
    work: Callable[[Item], None], items: Sequence[Item], progress: Progress, part: tuple[float, float]
) -> None:
    """Run kernels for all items; their progress is the `part` of the whole evaluation."""
    begin, end = part
    progress("Evaluating", begin)
    for number, _ in enumerate(in_order(work, items), start=1):
        progress("Evaluating", begin + (end - begin) * number / len(items))
