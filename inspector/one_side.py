"""Ground truth without detections, or detections without ground truth: what there is to count, and the words
for what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Floats, Rows
from inspector.evaluation.operating_point import OperatingPoint
from inspector.image_columns import NUMBERS
from inspector.refs import Side

WORDS: Final = {Side.OBJECT: "ground truth", Side.DETECTION: "detections"}
"""What people call a side of a dataset."""
MISSING: Final = {Side.OBJECT: "no ground truth is open", Side.DETECTION: "no detections are open"}
"""Why something cannot be told."""
HOW: Final = "File > Open (Ctrl+O) adds {}; so does dropping a file or folder here."


def why_not(missing: Side, what: str) -> str:
    """Why there is none of something, and how there will be: `what` is the end of "so there is/are ..."."""
    reason = MISSING[missing]
    return f"{reason[0].upper()}{reason[1:]}, so {what}."


def how_to_add(missing: Side) -> str:
    """What a person does about it."""
    return HOW.format(WORDS[missing])


@dataclass(frozen=True, slots=True, eq=False)
class Alone:
    """What can be counted of the side that is there. Objects are those that count: no crowd regions."""

    missing: Side
    objects: Rows
    """int32 [classes]."""
    class_offsets: NDArray[np.int64]
    """int64 [classes + 1]: the scores of class c are scores[class_offsets[c]:class_offsets[c + 1]]."""
    scores: Floats
    """float64 [detections], ascending within each class."""

    def class_counts(self, confidence: float) -> NDArray[np.int64]:
        """int64 [classes]: the objects, or the detections of at least this score."""
        if self.missing is Side.DETECTION:
            return self.objects.astype(np.int64)
        ends = self.class_offsets[1:]
        scores = (self.scores[slice(*part)] for part in zip(self.class_offsets[:-1], ends, strict=True))
        hidden = [int(np.searchsorted(part, confidence)) for part in scores]
        return np.asarray(np.diff(self.class_offsets) - np.array(hidden, dtype=np.int64))


def count_alone(dataset: Dataset) -> Alone | None:
    """None where both sides are there. Sorts all scores: some seconds for ten million, so for a worker."""
    if dataset.missing is None:
        return None
    objects, detections, classes = dataset.objects, dataset.detections, len(dataset.classes)
    order = np.lexsort((detections.scores, detections.classes))
    offsets = np.zeros(classes + 1, np.int64)
    np.cumsum(np.bincount(detections.classes, minlength=classes), out=offsets[1:])
    counted = np.bincount(objects.classes[~objects.crowd], minlength=classes).astype(np.int32)
    return Alone(dataset.missing, counted, offsets, detections.scores[order])


def image_values(
    dataset: Dataset, point: OperatingPoint, image_rows: NDArray[np.int64] | None = None
) -> dict[str, Floats]:
    """float64 [images, or these of them] of every column of the image table: the number of objects, or of
    shown detections, of the chosen classes; nan where that takes both sides."""
    rows = np.arange(len(dataset.images)) if image_rows is None else image_rows
    values = {column.key: np.full(len(rows), np.nan) for column in NUMBERS}
    offsets = dataset.objects.offsets if dataset.missing is Side.DETECTION else dataset.detections.offsets
    lengths = offsets[rows + 1] - offsets[rows]
    images = np.repeat(np.arange(len(rows)), lengths)
    boxes = np.arange(len(images)) + np.repeat(offsets[rows] - np.cumsum(lengths) + lengths, lengths)
    counts = np.bincount(images[_counted(dataset, point, boxes)], minlength=len(rows))
    values["objects" if dataset.missing is Side.DETECTION else "detections"] = counts.astype(np.float64)
    return values


def shown_rows(dataset: Dataset, point: OperatingPoint) -> Rows:
    """int32, ascending: the rows of the objects that count, or of the shown detections, of the chosen
    classes."""
    boxes = dataset.objects if dataset.missing is Side.DETECTION else dataset.detections
    return np.flatnonzero(_counted(dataset, point, slice(None, len(boxes)))).astype(np.int32)


def _counted(dataset: Dataset, point: OperatingPoint, boxes: NDArray[np.int64] | slice) -> Flags:
    """bool [boxes]."""
    if dataset.missing is Side.DETECTION:
        counted: Flags = ~dataset.objects.crowd[boxes]
        classes = dataset.objects.classes
    else:
        counted = dataset.detections.scores[boxes] >= point.confidence
        classes = dataset.detections.classes
    if point.class_rows is not None:
        counted = counted & point.chosen(len(dataset.classes))[classes[boxes]]
    return counted
