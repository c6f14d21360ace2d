"""Why a label is suspect, in one line that a person can check on the image."""

from __future__ import annotations

import math

import numpy as np

from inspector.dataset import Dataset, Flags, Floats
from inspector.geometry import overlaps
from inspector.review.suspects import NO_ROW, Suspects
from inspector.review.verdicts import Kind

_NEAR = 0.3
"""IoU from which a detection counts as being at the place of a label."""
_NOTHING = 0.01
"""IoU below which no person would speak of an overlap."""


def reason(dataset: Dataset, suspects: Suspects, row: int) -> str:
    """What can be seen that speaks against a label: "0.94 car where nothing is labelled"."""
    kind, g, d = suspects.kind(row), int(suspects.objects[row]), int(suspects.detections[row])
    if kind is Kind.MISSING:
        return _missing(dataset, d)
    if kind is Kind.SPURIOUS:
        return _spurious(dataset, g)
    if kind is Kind.WRONG_CLASS:
        return _wrong_class(dataset, g, d)
    if kind is Kind.BADLY_PLACED:
        return _badly_placed(dataset, g, d)
    return _duplicate(dataset, g)


def partner(dataset: Dataset, object_row: int) -> int:
    """The object of the same class that a duplicate overlaps most; NO_ROW where there is none."""
    objects = dataset.objects
    there = dataset.objects_of(int(objects.images[object_row]))
    iou = overlaps(objects.boxes[object_row], objects.boxes[there])
    iou[(objects.classes[there] != objects.classes[object_row]) | objects.crowd[there]] = 0.0
    iou[object_row - there.start] = 0.0
    return there.start + int(iou.argmax()) if iou.max(initial=0.0) > 0.0 else NO_ROW


def _missing(dataset: Dataset, d: int) -> str:
    detections, objects = dataset.detections, dataset.objects
    there = dataset.objects_of(int(detections.images[d]))
    iou = overlaps(detections.boxes[d], objects.boxes[there])
    what = _detection(dataset, d)
    if iou.max(initial=0.0) < _NOTHING:
        return f"{what} where nothing is labelled"
    g = there.start + int(iou.argmax())
    overlap = _two(iou.max())
    if objects.classes[g] == detections.classes[d] and not objects.crowd[g]:
        return f"{what} overlaps a {dataset.object_name(g)} label by only {overlap}"
    label = "a crowd region" if objects.crowd[g] else f"a {dataset.object_name(g)} label"
    return f"{what} where no {dataset.detection_name(d)} is labelled; overlaps {label} by {overlap}"


def _spurious(dataset: Dataset, g: int) -> str:
    iou, same, scores = _around(dataset, g)
    name, near = dataset.object_name(g), iou >= _NEAR
    if not near.any():
        far = f" by {_NEAR} or more" if iou.max(initial=0.0) > 0.0 else ""
        return f"no detection overlaps this {name}{far}"
    own = float(scores[near & same].max(initial=0.0))
    other = float(scores[near & ~same].max(initial=0.0))
    if own >= other:
        return f"no detection above {_at_most(own)} overlaps this {name}"
    seen = f"no {name} above {_at_most(own)}" if own else f"no {name}"
    return f"{seen} is detected here, and nothing else above {_at_most(other)}"


def _wrong_class(dataset: Dataset, g: int, d: int) -> str:
    iou, same, scores = _around(dataset, g)
    first = dataset.detections_of(int(dataset.objects.images[g])).start
    own = float(scores[same & (iou >= _NEAR)].max(initial=0.0))
    name = dataset.object_name(g)
    rest = f"no {name} is detected here" + (f" above {_at_most(own)}" if own else "")
    return f"{_detection(dataset, d)} overlaps this {name} by {_two(iou[d - first])}; {rest}"


def _badly_placed(dataset: Dataset, g: int, d: int) -> str:
    overlap = overlaps(dataset.detections.boxes[d], dataset.objects.boxes[g : g + 1])[0]
    score = _two(dataset.detections.scores[d])
    return f"the detected {dataset.detection_name(d)} ({score}) overlaps it by only {_two(overlap)}"


def _duplicate(dataset: Dataset, g: int) -> str:
    other = partner(dataset, g)
    if other == NO_ROW:
        return ""
    overlap = overlaps(dataset.objects.boxes[g], dataset.objects.boxes[other : other + 1])[0]
    return f"overlaps another {dataset.object_name(g)} label by {_two(overlap)}"


def _around(dataset: Dataset, g: int) -> tuple[Floats, Flags, Floats]:
    """Of each detection of the object's image: IoU with it, whether it has its class, score."""
    detections, objects = dataset.detections, dataset.objects
    seen = dataset.detections_of(int(objects.images[g]))
    iou = overlaps(objects.boxes[g], detections.boxes[seen])
    return iou, detections.classes[seen] == objects.classes[g], detections.scores[seen]


def _detection(dataset: Dataset, d: int) -> str:
    return f"{_two(dataset.detections.scores[d])} {dataset.detection_name(d)}"


def _at_most(score: float) -> str:
    """A bound that holds: rounded up."""
    return f"{math.ceil(score * 100.0 - 1e-9) / 100.0:.2f}"


def _two(value: float | np.floating) -> str:
    return f"{value:.2f}"
