"""The operating point, and what the match table says at it: cuts, never a new matching."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Floats, Rows
from inspector.evaluation.iou_slice import IouSlice
from inspector.evaluation.matching import Evaluation, MatchTable
from inspector.outcomes import BITS, Bits
from inspector.parallel import in_order

_BLOCK = 250_000
"""Detections counted in one call of a kernel."""


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """What every view shows its numbers at."""

    iou_index: int = 0
    """Position in the protocol's IoU thresholds."""
    confidence: float = 0.5
    """A detection is shown if its score is at least this."""
    class_rows: frozenset[int] | None = None
    """The chosen classes; None for all."""

    def chosen(self, classes: int) -> Flags:
        """bool [classes]: which classes are chosen."""
        if self.class_rows is None:
            return np.ones(classes, dtype=np.bool_)
        chosen = np.zeros(classes, dtype=np.bool_)
        chosen[list(self.class_rows)] = True
        return chosen


@dataclass(frozen=True, slots=True)
class Counts:
    """True positives, false positives and false negatives, and the rates that follow from them."""

    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float | None:
        """TP / (TP + FP); None where nothing is detected."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        """TP / (TP + FN); None where there is no object."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def f1(self) -> float | None:
        """2 TP / (2 TP + FP + FN); None where there is neither an object nor a detection."""
        whole = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / whole if whole else None


@dataclass(frozen=True, eq=False)
class ImageCounts:
    """One entry per asked image row; nan where a rate or a score cannot be computed."""

    objects: Rows
    detections: Rows
    tp: Rows
    fp: Rows
    fn: Rows
    precision: Floats
    recall: Floats
    f1: Floats
    mean_iou: Floats
    top_false_positive: Floats


def class_counts(at: IouSlice, confidence: float) -> NDArray[np.int64]:
    """int64 [classes, 3]: TP, FP and FN of every class, chosen or not."""
    from inspector.kernels import counting

    counts = np.zeros((len(at.positives), 3), dtype=np.int64)
    found = np.empty((len(at.positives), 2), dtype=np.int64)
    counting.count_classes(at.class_offsets, at.class_scores, at.class_tp, at.class_fp, confidence, found)
    counts[:, :2] = found
    counts[:, 2] = at.positives - found[:, 0]
    return counts


def total_counts(at: IouSlice, confidence: float) -> Counts:
    """The counts over the slice's chosen classes."""
    tp, fp, fn = class_counts(at, confidence)[at.chosen].sum(axis=0).tolist()
    return Counts(tp, fp, fn)


def size_counts(dataset: Dataset, evaluation: Evaluation, confidence: float) -> NDArray[np.int64]:
    """int64 [classes, size ranges, IoU thresholds, 3]: TP, FP and FN, counted on all processors.

    A detection that is ignored in a size range (it lies outside, or matches an object that does) counts
    nowhere there.
    """
    ious = len(evaluation.protocol.iou_thresholds)
    counts = np.empty((*evaluation.positives.shape, ious, 3), dtype=np.int64)
    for part, bits in enumerate(evaluation.bits):
        here = counts[:, :, part * BITS : (part + 1) * BITS]
        here[..., :2] = _count_sizes(dataset, bits, confidence, here[..., :2].shape)
        here[..., 2] = evaluation.positives[:, :, np.newaxis] - here[..., 0]
    return counts


def _count_sizes(
    dataset: Dataset, bits: Bits, confidence: float, shape: tuple[int, ...]
) -> NDArray[np.int64]:
    """int64 [classes, size ranges, IoU thresholds of the words, 2]: TP and FP."""
    from inspector.kernels import counting

    classes, scores = dataset.detections.classes, dataset.detections.scores
    counts = np.zeros(shape, dtype=np.int64)

    def work(first: int) -> NDArray[np.int64]:
        found = np.zeros(shape, dtype=np.int64)
        end = min(first + _BLOCK, len(scores))
        always_fp = np.zeros(shape[:2], dtype=np.int64)
        counting.count_sizes(first, end, classes, scores, bits, shape[2], confidence, always_fp, found)
        return found

    for found in in_order(work, range(0, len(scores), _BLOCK), ahead=4):
        counts += found
    return counts


def image_counts(
    dataset: Dataset, table: MatchTable, point: OperatingPoint, image_rows: NDArray[np.int64] | None = None
) -> ImageCounts:
    """The table's live columns for some images (all where `image_rows` is None)."""
    from inspector.kernels import counting

    rows = np.arange(len(dataset.images)) if image_rows is None else image_rows
    objects, detections = dataset.objects, dataset.detections
    chosen = point.chosen(len(dataset.classes))
    counts = np.empty((len(rows), 4), dtype=np.int32)
    top_false_positive, mean_iou = np.empty(len(rows)), np.empty(len(rows))
    counting.count_objects(rows, objects.offsets, objects.classes, table.object_ignored, chosen, counts)
    found = (rows, detections.offsets, detections.classes, detections.scores, table.outcomes)
    counting.count_detections(*found, chosen, point.confidence, counts, top_false_positive)
    matched = (table.matches, table.object_ious)
    counting.mean_matched_iou(*found, *matched, chosen, point.confidence, mean_iou)
    n_objects, shown, tp, fp = np.ascontiguousarray(counts.T)
    with np.errstate(invalid="ignore"):  # 0 / 0 is nan: nothing to compute from
        return ImageCounts(
            objects=n_objects,
            detections=shown,
            tp=tp,
            fp=fp,
            fn=n_objects - tp,
            precision=tp / (tp + fp),
            recall=tp / n_objects,
            f1=2 * tp / (tp + fp + n_objects),
            mean_iou=mean_iou,
            top_false_positive=top_false_positive,
        )
