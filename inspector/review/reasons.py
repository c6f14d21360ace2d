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
"""IoU up to which boxes only touch."""
_RIGHT = 0.5
"""IoU from which a detection of the same class is right."""
_TIGHT = 0.8
"""IoU from which nobody would say "only"."""


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
    iou = _overlaps(objects.boxes[object_row], objects.boxes[there])
    iou[(objects.classes[there] != objects.classes[object_row]) | objects.crowd[there]] = 0.0
    iou[object_row - there.start] = 0.0
    return there.start + int(iou.argmax()) if iou.max(initial=0.0) > 0.0 else NO_ROW


def _missing(dataset: Dataset, d: int) -> str:
    detections, objects = dataset.detections, dataset.objects
    there = dataset.objects_of(int(detections.images[d]))
    iou = _overlaps(detections.boxes[d], objects.boxes[there])
    what = _detection(dataset, d)
    if not (iou > 0.0).any():
        return f"{what} where nothing is labelled"
    if iou.max() <= _NOTHING:
        return f"{what} where no label overlaps by more than {_NOTHING}"
    own = np.where((objects.classes[there] == detections.classes[d]) & ~objects.crowd[there], iou, 0.0)
    best, name = float(own.max()), dataset.detection_name(d)
    stronger = _stronger(dataset, d, there.start + int(own.argmax())) if best >= _RIGHT else None
    if stronger is not None:
        return f"{what} overlaps a {name} label by {_two(best)}, but so does a {_two(stronger)} {name}"
    if best == iou.max():
        return f"{what} overlaps a {name} label by only {_two(best)}"
    g = there.start + int(iou.argmax())
    label = "a crowd region" if objects.crowd[g] else f"a {dataset.object_name(g)} label"
    unlabelled = (
        f"no {name} label overlaps by more than {_at_most(best)}" if best else f"no {name} is labelled"
    )
    return f"{what} where {unlabelled}; overlaps {label} by {_two(iou.max())}"


def _stronger(dataset: Dataset, d: int, g: int) -> float | None:
    """The highest score of another detection of the label's class that may be the one that it belongs to."""
    iou, same, scores = _around(dataset, g)
    rivals = same & (iou >= _RIGHT)
    rivals[d - dataset.detections_of(int(dataset.objects.images[g])).start] = False
    return float(scores[rivals].max()) if rivals.any() else None


def _spurious(dataset: Dataset, g: int) -> str:
    iou, same, scores = _around(dataset, g)
    name, near, touching = dataset.object_name(g), iou >= _NEAR, iou > 0.0
    own = float(scores[near & same].max(initial=0.0))
    other = float(scores[near & ~same].max(initial=0.0))
    if own < other:
        far = bool((touching & (scores > np.where(same, own, other))).any())
        return f"{_unseen(name, own, far)}, and nothing else above {_at_most(other)}"
    above = f" above {_at_most(own)}" if near.any() else ""
    hidden = touching & (scores > own) if near.any() else touching
    far_off = f" by {_NEAR} or more" if hidden.any() else ""
    return f"no detection{above} overlaps this {name}{far_off}"


def _wrong_class(dataset: Dataset, g: int, d: int) -> str:
    iou, same, scores = _around(dataset, g)
    first = dataset.detections_of(int(dataset.objects.images[g])).start
    own = float(scores[same & (iou >= _NEAR)].max(initial=0.0))
    far = bool((same & (iou > 0.0) & (scores > own)).any())
    name = dataset.object_name(g)
    return (
        f"{_detection(dataset, d)} overlaps this {name} by {_two(iou[d - first])}; {_unseen(name, own, far)}"
    )


def _unseen(name: str, score: float, far: bool) -> str:
    """That a class has no detection above a score near a label; `far`: but one that touches it."""
    above = f" above {_at_most(score)}" if score else ""
    return f"no {name}{above} overlaps it by {_NEAR} or more" if far else f"no {name}{above} is detected here"


def _badly_placed(dataset: Dataset, g: int, d: int) -> str:
    overlap = _overlaps(dataset.detections.boxes[d], dataset.objects.boxes[g : g + 1])[0]
    score = _two(dataset.detections.scores[d])
    only = "only " if overlap < _TIGHT else ""
    return f"the detected {dataset.detection_name(d)} ({score}) overlaps it by {only}{_two(overlap)}"


def _duplicate(dataset: Dataset, g: int) -> str:
    other = partner(dataset, g)
    if other == NO_ROW:
        return ""
    overlap = _overlaps(dataset.objects.boxes[g], dataset.objects.boxes[other : other + 1])[0]
    return f"overlaps another {dataset.object_name(g)} label by {_two(overlap)}"


def _around(dataset: Dataset, g: int) -> tuple[Floats, Flags, Floats]:
    """Of each detection of the object's image: IoU with it, whether it has its class, score."""
    detections, objects = dataset.detections, dataset.objects
    seen = dataset.detections_of(int(objects.images[g]))
    iou = _overlaps(objects.boxes[g], detections.boxes[seen])
    return iou, detections.classes[seen] == objects.classes[g], detections.scores[seen]


def _overlaps(box: Floats, others: Floats) -> Floats:
    """IoU; 0 where boxes are too large for it to be a number, as in `kernels.suspecting`."""
    return np.nan_to_num(overlaps(box, others), nan=0.0)


def _detection(dataset: Dataset, d: int) -> str:
    return f"{_two(dataset.detections.scores[d])} {dataset.detection_name(d)}"


def _at_most(score: float) -> str:
    """A bound that holds: rounded up."""
    return f"{math.ceil(score * 100.0 - 1e-9) / 100.0:.2f}"


def _two(value: float | np.floating) -> str:
    return f"{value:.2f}"
