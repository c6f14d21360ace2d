"""Why a label is suspect, in one line that a person can check on the image."""

from __future__ import annotations

import numpy as np

from inspector.dataset import Dataset, Flags, Floats
from inspector.geometry import overlaps
from inspector.review.suspects import NO_ROW, Suspects
from inspector.review.verdicts import Kind

_TOUCHES = 0.3
"""IoU from which a detection or a label counts as being at the place of a label."""


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
    if iou.max(initial=0.0) < 0.01:
        return f"{what} where nothing is labelled"
    g = there.start + int(iou.argmax())
    rest = f"overlaps {_label(dataset, g)} by {_two(iou.max())}"
    return f"{what} where no {dataset.detection_name(d)} is labelled; {rest}"


def _spurious(dataset: Dataset, g: int) -> str:
    iou, same, scores = _around(dataset, g)
    near = iou >= _TOUCHES
    if not near.any():
        touching = float(scores[iou > 0.0].max(initial=0.0))
        return (
            f"no detection overlaps {_this(dataset, g)}"
            if touching == 0.0
            else (f"no detection overlaps {_this(dataset, g)} by {_TOUCHES} or more")
        )
    name = dataset.object_name(g)
    best = float(scores[near & same].max(initial=0.0))
    other = float(scores[near & ~same].max(initial=0.0))
    if best >= other:
        return f"no detection above {_two(best)} overlaps {_this(dataset, g)}"
    seen = f"no {name} above {_two(best)}" if best else f"no {name}"
    return f"{seen} is detected here, and nothing else above {_two(other)}"


def _wrong_class(dataset: Dataset, g: int, d: int) -> str:
    iou, same, scores = _around(dataset, g)
    first = dataset.detections_of(int(dataset.objects.images[g])).start
    own = float(scores[same & (iou >= _TOUCHES)].max(initial=0.0))
    name = dataset.object_name(g)
    rest = f"no {name} is detected here" + (f" above {_two(own)}" if own else "")
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


def _label(dataset: Dataset, g: int) -> str:
    return f"a {dataset.object_name(g)} label" if not dataset.objects.crowd[g] else "a crowd region"


def _this(dataset: Dataset, g: int) -> str:
    return f"this {dataset.object_name(g)}"


def _two(value: float | np.floating) -> str:
    return f"{value:.2f}"
