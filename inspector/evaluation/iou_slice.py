"""The match table at one IoU threshold, prepared so that every confidence threshold is a cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Floats, Offsets, Rows
from inspector.evaluation.matching import BOXES_PER_CALL, Evaluation, MatchTable, match_table
from inspector.evaluation.summary import mean_average_precision
from inspector.outcomes import BITS
from inspector.parallel import image_blocks, in_order

_CURVE_DENSITY = 500


@dataclass(frozen=True, eq=False)
class Curve:
    """Raw points of a precision-recall curve: what each threshold gives, in descending threshold."""

    thresholds: Floats
    tp: NDArray[np.int64]
    fp: NDArray[np.int64]
    positives: int

    @property
    def precision(self) -> Floats:
        """float64 [points]."""
        return self.tp / (self.tp + self.fp)

    @property
    def recall(self) -> Floats:
        """float64 [points]; nan where there is no object."""
        return self.tp / self.positives if self.positives else np.full(len(self.tp), np.nan)

    @property
    def f1(self) -> Floats:
        """float64 [points]."""
        return 2 * self.tp / (self.tp + self.fp + self.positives)


@dataclass(frozen=True, eq=False)
class IouSlice:
    """Everything that depends on the IoU threshold and the chosen classes, but not on the confidence."""

    table: MatchTable
    chosen: Flags
    """bool [classes]."""
    positives: NDArray[np.int64]
    """int64 [classes]: objects that count."""
    class_offsets: Offsets
    """int64 [classes + 1] into the next three."""
    class_scores: Floats
    """float64 [detections]: descending within each class."""
    class_tp: Rows
    """int32 [detections]: true positives so far within the class."""
    class_fp: Rows
    """int32 [detections]: false positives so far within the class."""
    curve: Curve
    """The chosen classes pooled."""
    coco_precision: Floats | None
    """float64 [recall thresholds]: COCO's interpolated precision, the mean over the chosen classes that have
    objects; None where none has."""
    average_precision: float | None
    """AP at this IoU threshold, for the chosen classes; None where none has an object."""
    overall_average_precision: float | None
    """AP over all IoU thresholds of the protocol, for the chosen classes."""
    image_ap50: Floats | None
    """float64 [images]: COCO's AP at IoU 0.50 of each image alone, nan where it has no object; None where the
    protocol does not match at 0.50."""


def slice_at(dataset: Dataset, evaluation: Evaluation, iou_index: int, chosen: Flags) -> IouSlice:
    """Prepare one IoU threshold for the `chosen` classes (bool [classes])."""
    from inspector.kernels import counting

    table = match_table(dataset, evaluation, iou_index)
    class_offsets, class_rows = evaluation.class_offsets, evaluation.class_rows
    class_scores = dataset.detections.scores[class_rows]
    class_tp, class_fp = np.empty(len(class_rows), np.int32), np.empty(len(class_rows), np.int32)
    counting.cumulate_by_class(class_offsets, class_rows, table.outcomes, class_tp, class_fp)
    positives = evaluation.positives[:, 0]
    envelopes = evaluation.precision[iou_index, :, :, 0, -1][:, chosen & (positives > 0)]
    return IouSlice(
        table=table,
        chosen=chosen,
        positives=positives,
        class_offsets=class_offsets,
        class_scores=class_scores,
        class_tp=class_tp,
        class_fp=class_fp,
        curve=_pooled_curve(dataset, evaluation, table, chosen),
        coco_precision=envelopes.mean(axis=1) if envelopes.shape[1] else None,
        average_precision=mean_average_precision(evaluation, slice(iou_index, iou_index + 1), chosen),
        overall_average_precision=mean_average_precision(evaluation, classes=chosen),
        image_ap50=_image_ap50(dataset, evaluation, table, chosen),
    )


def _pooled_curve(dataset: Dataset, evaluation: Evaluation, table: MatchTable, chosen: Flags) -> Curve:
    from inspector.kernels import counting

    detections = dataset.detections
    room = min(25 * _CURVE_DENSITY + 2, len(detections) + 1)
    thresholds, counts = np.empty(room), np.empty((room, 2), dtype=np.int64)
    ordered = (evaluation.by_score, detections.classes, detections.scores, table.outcomes)
    points = counting.pooled_curve(*ordered, chosen, _CURVE_DENSITY, thresholds, counts)
    tp, fp = counts[:points].T.copy()
    return Curve(thresholds[:points].copy(), tp, fp, int(evaluation.positives[chosen, 0].sum()))


def _image_ap50(dataset: Dataset, evaluation: Evaluation, table: MatchTable, chosen: Flags) -> Floats | None:
    index = evaluation.protocol.iou_index(0.5)
    if index is None:
        return None
    return image_average_precision(dataset, evaluation, table.object_ignored, chosen, index)


def image_average_precision(
    dataset: Dataset, evaluation: Evaluation, ignored: Flags, chosen: Flags, iou_index: int | None = None
) -> Floats:
    """float64 [images]: AP of each image alone, nan where it has no object that counts.

    `ignored` bool [objects]: those that do not count. `chosen` bool [classes]. At one IoU threshold, or the
    mean over all of them where `iou_index` is None.
    """
    from inspector.kernels import averaging

    protocol = evaluation.protocol
    asked = range(len(protocol.iou_thresholds)) if iou_index is None else (iou_index,)
    words = [sum(1 << t % BITS for t in asked if t // BITS == part) for part in range(len(evaluation.bits))]
    recalls, sums = protocol.averaged_recalls, np.zeros(len(dataset.images))
    most = int(np.diff(dataset.detections.offsets).max(initial=0))

    def work(images: tuple[int, int]) -> None:
        scratch = np.empty(most, dtype=np.uint8), np.empty(most + 1)
        for word, bits in zip(words, evaluation.bits, strict=True):
            if word:
                averaging.image_average_precision(
                    *images,
                    dataset.objects.offsets,
                    dataset.objects.classes,
                    dataset.detections.offsets,
                    dataset.detections.classes,
                    ignored,
                    bits,
                    word,
                    chosen,
                    recalls,
                    averaging.RULES[protocol.ap_rule],
                    *scratch,
                    sums,
                )

    for _ in in_order(work, image_blocks(dataset, BOXES_PER_CALL)):
        pass
    return sums / len(asked)
