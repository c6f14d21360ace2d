"""The boxes of one image as the canvas shows them: columns, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Floats, Labels
from inspector.evaluation.image_outcomes import outcomes_of
from inspector.evaluation.matching import MatchTable
from inspector.evaluation.operating_point import OperatingPoint
from inspector.outcomes import (
    FALSE_NEGATIVE,
    FALSE_POSITIVE,
    TRUE_POSITIVE,
    Codes,
)
from inspector.refs import BoxRef, Side
from widgets.strokes import Look

Indices = NDArray[np.int64]
_EMPTY_PAGE = (640.0, 480.0)
_LARGEST_SIDE = float(2**31 - 1)
"""Of a page, in pixels, as for sizes that the file declares: a box may be larger than can be shown."""


class Layer(StrEnum):
    """What can be switched on and off."""

    GROUND_TRUTH = "ground truth"
    PREDICTIONS = "predictions"
    LABELS = "labels"


_IMPORTANCE = np.array([4, 5, 3, 2, 2, 1, 0], dtype=np.int64)
"""By look: whose label is placed first, and which box is stepped to first."""


@dataclass(frozen=True, eq=False)
class Boxes:
    """Objects first, then detections, both by ascending row."""

    image_row: int
    evaluated: bool
    objects: int
    """How many entries are objects."""
    rows: Indices
    rects: Floats
    """float64 [boxes, 4]: x, y, width, height in page pixels."""
    looks: NDArray[np.uint8]
    classes: NDArray[np.int32]
    """Positions in `names`."""
    names: tuple[str, ...]
    """What the files call the classes, also where they are evaluated as one."""
    scores: Floats
    """nan for objects."""
    by_importance: Indices
    """Positions in these columns: FP by score, FN, TP by score, then the others."""

    def __len__(self) -> int:
        return len(self.rows)

    def count(self, look: Look) -> int:
        return int(np.count_nonzero(self.looks == look))

    def ref(self, index: int) -> BoxRef:
        return BoxRef(Side.OBJECT if index < self.objects else Side.DETECTION, int(self.rows[index]))

    def find(self, ref: BoxRef | None) -> int | None:
        """The position of a box; None where it is not shown."""
        if ref is None:
            return None
        start, end = (0, self.objects) if ref.kind is Side.OBJECT else (self.objects, len(self))
        at = start + int(np.searchsorted(self.rows[start:end], ref.row))
        return at if at < end and self.rows[at] == ref.row else None

    def on(self, layers: frozenset[Layer]) -> NDArray[np.bool_]:
        """bool [boxes]: whether a box is on one of these layers."""
        shown = np.empty(len(self), dtype=np.bool_)
        shown[: self.objects] = Layer.GROUND_TRUTH in layers
        shown[self.objects :] = Layer.PREDICTIONS in layers
        return shown


def boxes_on(dataset: Dataset, table: MatchTable | None, point: OperatingPoint, image_row: int) -> Boxes:
    """The boxes that the operating point shows; `table` is None until there are results."""
    if table is None:
        objects, object_looks, detections, detection_looks = _plain(dataset, point, image_row)
    else:
        outcomes = outcomes_of(dataset, table, point, image_row)
        objects, detections = outcomes.objects, outcomes.detections
        object_looks = _looks(outcomes.object_codes, Look.MATCHED)
        detection_looks = _looks(outcomes.detection_codes, Look.TP)
    looks = np.concatenate((object_looks, detection_looks))
    scores = np.concatenate((np.full(len(objects), np.nan), dataset.detections.scores[detections]))
    labels = dataset.labels or Labels(
        dataset.classes.names, dataset.objects.classes, dataset.detections.classes
    )
    return Boxes(
        image_row=image_row,
        evaluated=table is not None,
        objects=len(objects),
        rows=np.concatenate((objects, detections)),
        rects=np.concatenate((dataset.objects.boxes[objects], dataset.detections.boxes[detections])),
        looks=looks,
        classes=np.concatenate((labels.objects[objects], labels.detections[detections])),
        names=labels.names,
        scores=scores,
        by_importance=np.lexsort((-scores, _IMPORTANCE[looks])),
    )


def look_of(boxes: Boxes, ref: BoxRef) -> Look | None:
    """None where the box is not shown."""
    index = boxes.find(ref)
    return None if index is None else Look(int(boxes.looks[index]))


def page_size(dataset: Dataset, image_row: int, decoded: tuple[int, int] | None) -> tuple[float, float]:
    """The size that the boxes refer to: the declared one, else the image's own, else what the boxes span."""
    width, height = dataset.images.sizes[image_row].tolist()
    if width > 0 and height > 0:
        return float(width), float(height)
    if decoded is not None:
        return float(decoded[0]), float(decoded[1])
    spans = [
        dataset.objects.boxes[dataset.objects_of(image_row)],
        dataset.detections.boxes[dataset.detections_of(image_row)],
    ]
    with np.errstate(over="ignore"):
        corners = np.concatenate([span[:, :2] + span[:, 2:] for span in spans])
    if not len(corners):
        return _EMPTY_PAGE
    right, bottom = corners.max(axis=0).clip(1.0, _LARGEST_SIDE).tolist()
    return right, bottom


def _plain(dataset: Dataset, point: OperatingPoint, image_row: int) -> tuple[Indices, Codes, Indices, Codes]:
    chosen = point.chosen(len(dataset.classes))
    found, there = dataset.detections_of(image_row), dataset.objects_of(image_row)
    shown = (dataset.detections.scores[found] >= point.confidence) & chosen[dataset.detections.classes[found]]
    detections = np.flatnonzero(shown) + found.start
    objects = np.flatnonzero(chosen[dataset.objects.classes[there]]) + there.start
    return (
        objects,
        np.full(len(objects), Look.OBJECT, dtype=np.uint8),
        detections,
        np.full(len(detections), Look.DETECTION, dtype=np.uint8),
    )


def _looks(codes: Codes, hit: Look) -> Codes:
    """`hit` for a match, the look of each error, and IGNORED for whatever is not counted."""
    looks = np.full(len(codes), Look.IGNORED, dtype=np.uint8)
    looks[codes == TRUE_POSITIVE] = hit
    looks[codes == FALSE_POSITIVE] = Look.FP
    looks[codes == FALSE_NEGATIVE] = Look.FN
    return looks
