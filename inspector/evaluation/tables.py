"""The numbers of an evaluation as tables with named axes: for views, files and the command line.

Each table has a function of its own, so that a view computes only what it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, FileId, Flags, Floats
from inspector.evaluation.iou_slice import image_average_precision
from inspector.evaluation.matching import Evaluation, MatchTable, match_table
from inspector.evaluation.operating_point import OperatingPoint, image_counts, size_counts
from inspector.evaluation.protocol import short_iou
from inspector.evaluation.summary import mean_average_precision, mean_average_recall
from inspector.kernels.ready import EVALUATING, SHOWING, make_ready
from inspector.progress import no_progress
from inspector.selection import split_names

Measure = NDArray[np.float64] | NDArray[np.int64]

NAMES: Final = ("sizes", "average", "counts", "classes", "class_sizes", "images", "pooled")
"""Of all tables."""
COUNTS: Final = frozenset({"objects", "detections", "TP", "FP", "FN", "images"})
"""Measures that are whole numbers; the others are rates, but for the limits of a size range."""
LIMITS: Final = frozenset({"from px²", "to px²"})
_NO_OBJECTS, _NO_DETECTIONS = "no objects", "no detections"
_REASONS: Final = {
    "precision": _NO_DETECTIONS,
    "F1": "neither objects nor detections",
    "mean IoU": "no true positives",
}


@dataclass(frozen=True)
class Axis:
    """One dimension of a table: what it is called and what stands along it."""

    name: str
    """"size", "iou", "class", "image" or "split"."""
    values: tuple[str | float, ...]
    """Names, or IoU thresholds; a text among these, "0.50:0.05:0.95", stands for the mean over them all."""
    ids: tuple[FileId, ...] | None = None
    """Of classes and images, whose names need not be unique."""
    splits: tuple[str, ...] | None = None
    """Of images: which split each is of; None where there are none."""


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers along named axes."""

    name: str
    """Short, and unique: a key of a document and the name of a file."""
    title: str
    """One line for people."""
    axes: tuple[Axis, ...]
    measures: dict[str, Measure]
    """By name, arrays of the axes' shape; nan where there is nothing to compute from, see `reason`."""


def reason(measure: str) -> str:
    """Why a measure cannot be computed where it is nan."""
    return _REASONS.get(measure, _NO_OBJECTS)


def sizes_table(evaluation: Evaluation, chosen: Flags) -> Table:
    """Each size range with its limits in square pixels and its objects (nan where it has none)."""
    limits, objects = evaluation.protocol.size_limits, evaluation.positives[chosen].sum(axis=0)
    return Table(
        name="sizes",
        title="Size ranges: areas in square pixels, both ends included, and the objects that count",
        axes=(_sizes(evaluation),),
        measures={
            "from px²": limits[:, 0],
            "to px²": limits[:, 1],
            "objects": np.where(objects > 0, objects, np.nan),
        },
    )


def average_table(evaluation: Evaluation, chosen: Flags) -> Table:
    """AP and AR by size range and IoU threshold, headed by the means over all thresholds."""
    ious = len(evaluation.protocol.iou_thresholds)
    parts = [slice(t, t + 1) for t in range(ious)]
    if ious > 1:
        parts.insert(0, slice(None))
    sizes = range(len(evaluation.protocol.size_ranges))
    means = {"AP": mean_average_precision, "AR": mean_average_recall}
    return Table(
        name="average",
        title=f"AP and AR by size range and IoU threshold, {_at_most(evaluation)}",
        axes=(_sizes(evaluation), Axis("iou", (*_span(evaluation), *_thresholds(evaluation)))),
        measures={
            name: floats([[mean(evaluation, part, chosen, a) for part in parts] for a in sizes])
            for name, mean in means.items()
        },
    )


def counts_table(evaluation: Evaluation, counts: NDArray[np.int64], point: OperatingPoint) -> Table:
    """Counts and rates of the chosen classes together, by size range and IoU threshold.

    `counts` as `operating_point.size_counts` gives them at the point's confidence. A size range without
    objects has nan for their number.
    """
    chosen = point.chosen(len(counts))
    measures = count_measures(counts[chosen].sum(axis=0))
    measures["objects"] = np.where(measures["objects"] > 0, measures["objects"], np.nan)
    return Table(
        name="counts",
        title=f"Counts by size range and IoU threshold, {_at_least(point)}; detections are TP + FP",
        axes=(_sizes(evaluation), _ious(evaluation)),
        measures=measures,
    )


def classes_table(
    dataset: Dataset, evaluation: Evaluation, counts: NDArray[np.int64], point: OperatingPoint
) -> Table:
    """The chosen classes with their averages, and their counts at the operating point, for all sizes."""
    rows = np.flatnonzero(point.chosen(len(counts)))
    parts = {"AP": slice(None)}
    for name, iou in (("AP50", 0.5), ("AP75", 0.75)):
        index = evaluation.protocol.iou_index(iou)
        if index is not None:
            parts[name] = slice(index, index + 1)
    averages = {
        name: floats([mean_average_precision(evaluation, part, slice(row, row + 1)) for row in rows])
        for name, part in parts.items()
    }
    recalls = floats([mean_average_recall(evaluation, classes=slice(row, row + 1)) for row in rows])
    return Table(
        name="classes",
        title=f"Classes, {at_point(evaluation, point)}; detections are TP + FP",
        axes=(_classes(dataset, rows),),
        measures={**averages, "AR": recalls, **count_measures(counts[rows, 0, point.iou_index])},
    )


def class_sizes_table(
    dataset: Dataset, evaluation: Evaluation, counts: NDArray[np.int64], point: OperatingPoint
) -> Table:
    """The chosen classes by size range and IoU threshold."""
    rows = np.flatnonzero(point.chosen(len(counts)))
    average = evaluation.average[..., -1][:, rows].transpose(1, 2, 0)
    recall = evaluation.recall[..., -1][:, rows].transpose(1, 2, 0)
    return Table(
        name="class_sizes",
        title=f"Classes by size range and IoU threshold, {_at_least(point)}; detections are TP + FP",
        axes=(_classes(dataset, rows), _sizes(evaluation), _ious(evaluation)),
        measures={
            "AP": np.where(average > -1, average, np.nan),
            "AR": np.where(recall > -1, recall, np.nan),
            **count_measures(counts[rows]),
        },
    )


def images_table(
    dataset: Dataset, evaluation: Evaluation, at: MatchTable, point: OperatingPoint, ap: Floats
) -> Table:
    """Each image alone: its counts at the operating point, and its `ap` over all IoU thresholds.

    `ap` as `iou_slice.image_average_precision` gives it; it does not depend on the confidence.
    """
    counts, protocol = image_counts(dataset, at, point), evaluation.protocol
    return Table(
        name="images",
        title=f"Images, {at_point(evaluation, point)}; AP of each image alone, IoU {protocol.iou_span}",
        axes=(Axis("image", dataset.images.file_names, dataset.images.ids, split_names(dataset) or None),),
        measures={
            "objects": counts.objects.astype(np.int64),
            "TP": counts.tp.astype(np.int64),
            "FP": counts.fp.astype(np.int64),
            "FN": counts.fn.astype(np.int64),
            "precision": counts.precision,
            "recall": counts.recall,
            "F1": counts.f1,
            "mean IoU": counts.mean_iou,
            "AP": ap,
        },
    )


def pooled_table(evaluation: Evaluation, point: OperatingPoint, ap: Floats, ap_at_iou: Floats) -> Table:
    """AP of all images together beside the mean of the APs of each image alone.

    Over all IoU thresholds (`ap` float64 [images]) and at the operating point's (`ap_at_iou`).
    """
    chosen, index = point.chosen(len(evaluation.positives)), point.iou_index
    parts = [(slice(index, index + 1), ap_at_iou)]
    if len(evaluation.protocol.iou_thresholds) > 1:
        parts.insert(0, (slice(None), ap))
    with_objects = ~np.isnan(ap_at_iou)
    means = [float(alone[with_objects].mean()) if with_objects.any() else None for _, alone in parts]
    return Table(
        name="pooled",
        title="AP of all images pooled, beside the mean over images of the AP of each alone",
        axes=(Axis("iou", (*_span(evaluation), _thresholds(evaluation)[index])),),
        measures={
            "pooled AP": floats([mean_average_precision(evaluation, part, chosen) for part, _ in parts]),
            "mean image AP": floats(means),
            "images": np.full(len(parts), int(with_objects.sum()), dtype=np.int64),
        },
    )


def all_tables(dataset: Dataset, evaluation: Evaluation, point: OperatingPoint) -> list[Table]:
    """Every table, in the order in which they are read; takes some seconds at ten million detections."""
    make_ready(no_progress, (*EVALUATING, *SHOWING))  # the evaluation may have been kept by another run
    chosen = point.chosen(len(dataset.classes))
    counts = size_counts(dataset, evaluation, point.confidence)
    at = match_table(dataset, evaluation, point.iou_index)
    alone = (dataset, evaluation, at.object_ignored, chosen)
    ap, ap_at_iou = image_average_precision(*alone), image_average_precision(*alone, point.iou_index)
    return [
        sizes_table(evaluation, chosen),
        average_table(evaluation, chosen),
        counts_table(evaluation, counts, point),
        classes_table(dataset, evaluation, counts, point),
        class_sizes_table(dataset, evaluation, counts, point),
        images_table(dataset, evaluation, at, point, ap),
        pooled_table(evaluation, point, ap, ap_at_iou),
    ]


def count_measures(counts: NDArray[np.int64]) -> dict[str, Measure]:
    """Counts and rates from TP, FP and FN along the last axis."""
    tp, fp, fn = np.moveaxis(counts, -1, 0)
    with np.errstate(invalid="ignore"):  # 0 / 0 is nan: nothing to compute from
        return {
            "objects": tp + fn,
            "detections": tp + fp,
            "TP": tp,
            "FP": fp,
            "FN": fn,
            "precision": tp / (tp + fp),
            "recall": tp / (tp + fn),
            "F1": 2 * tp / (2 * tp + fp + fn),
        }


def floats(values: Sequence[Any]) -> Floats:
    """float64: of numbers and None, or rows of them; None becomes nan."""
    return np.array(values, dtype=np.float64)


def _sizes(evaluation: Evaluation) -> Axis:
    return Axis("size", tuple(size.name for size in evaluation.protocol.size_ranges))


def _ious(evaluation: Evaluation) -> Axis:
    return Axis("iou", _thresholds(evaluation))


def _thresholds(evaluation: Evaluation) -> tuple[float, ...]:
    """As they are written: 0.7 where the protocol has 0.7000000000000001."""
    return tuple(round(iou, 12) for iou in evaluation.protocol.iou_thresholds)


def _classes(dataset: Dataset, rows: NDArray[np.intp]) -> Axis:
    names, ids = dataset.classes.names, dataset.classes.ids
    return Axis("class", tuple(names[row] for row in rows.tolist()), tuple(ids[row] for row in rows.tolist()))


def _span(evaluation: Evaluation) -> tuple[str, ...]:
    """What stands for the mean over the thresholds, where there are several."""
    protocol = evaluation.protocol
    return (protocol.iou_span,) if len(protocol.iou_thresholds) > 1 else ()


def _at_most(evaluation: Evaluation) -> str:
    of = "image" if evaluation.protocol.class_agnostic else "class and image"
    return f"at most {evaluation.protocol.max_dets[-1]} detections per {of}"


def _at_least(point: OperatingPoint) -> str:
    return f"confidence {point.confidence:g}"


def at_point(evaluation: Evaluation, point: OperatingPoint) -> str:
    """What a title says of it."""
    return f"IoU {short_iou(evaluation.protocol.iou_thresholds[point.iou_index])}, {_at_least(point)}"
