"""Finds labels that are probably wrong, by comparing them with the detections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Floats, Rows
from inspector.geometry import overlaps
from inspector.progress import Progress, no_progress
from inspector.review.suspects import KINDS, NO_ROW, Suspects
from inspector.review.verdicts import Kind

LEAST_SCORE: Final = 0.05
"""Suspicions below it are left out."""
_IMAGES_PER_REPORT = 50


@dataclass(frozen=True, slots=True)
class _Found:
    """One suspicion."""

    kind: Kind
    score: float
    image: int
    object: int = NO_ROW
    detection: int = NO_ROW


def find_suspects(dataset: Dataset, progress: Progress = no_progress) -> Suspects:
    """Every suspicion of at least LEAST_SCORE, best first. Raises CancelledError when `progress` does."""
    found: list[_Found] = []
    images = len(dataset.images)
    for image in range(images):
        if image % _IMAGES_PER_REPORT == 0:
            progress("Looking for suspect labels", image / images)
        found += [suspicion for suspicion in _on_image(dataset, image) if suspicion.score >= LEAST_SCORE]
    found.sort(key=lambda suspicion: -suspicion.score)

    def rows(values: list[int]) -> Rows:
        return np.array(values, dtype=np.int32)

    return Suspects(
        np.array([KINDS.index(suspicion.kind) for suspicion in found], dtype=np.uint8),
        np.array([suspicion.score for suspicion in found], dtype=np.float64),
        rows([suspicion.image for suspicion in found]),
        rows([suspicion.object for suspicion in found]),
        rows([suspicion.detection for suspicion in found]),
    )


def _on_image(dataset: Dataset, image: int) -> list[_Found]:
    objects, detections = dataset.objects, dataset.detections
    there, seen = dataset.objects_of(image), dataset.detections_of(image)
    crowd = objects.crowd[there]
    iou = np.array(
        [overlaps(box, objects.boxes[there], crowd) for box in detections.boxes[seen]], dtype=np.float64
    ).reshape(seen.stop - seen.start, there.stop - there.start)
    same = detections.classes[seen][:, None] == objects.classes[there]
    scores = detections.scores[seen].clip(0.0, 1.0)
    found = _missing(dataset, image, iou, same)
    for g in np.flatnonzero(~crowd).tolist():
        found += _of_object(image, there.start + g, seen.start, iou[:, g], same[:, g], scores)
        found += _duplicate(dataset, image, there.start + g)
    return found


def _missing(dataset: Dataset, image: int, iou: Floats, same: NDArray[np.bool_]) -> list[_Found]:
    """Detections where nothing of their class is labelled, without those that repeat a better one."""
    detections, seen = dataset.detections, dataset.detections_of(image)
    free = 1.0 - np.where(same, iou, 0.0).max(axis=1, initial=0.0)
    taken: Flags = np.zeros(len(free), dtype=np.bool_)
    found = []
    for d in np.argsort(-detections.scores[seen], kind="stable").tolist():
        row = seen.start + d
        if taken[d] or free[d] <= 0.5:
            continue
        repeats = overlaps(detections.boxes[row], detections.boxes[seen]) > 0.5
        taken |= repeats & (detections.classes[seen] == detections.classes[row])
        score = float(detections.scores[row].clip(0.0, 1.0) * free[d])
        found.append(_Found(Kind.MISSING, score, image, detection=row))
    return found


def _of_object(
    image: int, row: int, first: int, iou: Floats, same: NDArray[np.bool_], scores: Floats
) -> list[_Found]:
    """What the detections say against one object; `first` is the row of the first of them."""
    own = np.where(same, scores * (iou > 0.3), 0.0)
    other = np.where(same, 0.0, scores * iou)
    support = float(own.max(initial=0.0))
    found = [_Found(Kind.SPURIOUS, 1.0 - max(support, float(other.max(initial=0.0))), image, row)]
    if other.max(initial=0.0) > 0.0:
        d = int(other.argmax())
        found.append(_Found(Kind.WRONG_CLASS, max(0.0, float(other[d]) - support), image, row, first + d))
    if support > 0.0:
        d = int((own * iou).argmax())
        found.append(_Found(Kind.BADLY_PLACED, float(own[d] * (1.0 - iou[d])), image, row, first + d))
    return found


def _duplicate(dataset: Dataset, image: int, row: int) -> list[_Found]:
    """How far an object of the same class lies on the same place."""
    objects, there = dataset.objects, dataset.objects_of(image)
    iou = overlaps(objects.boxes[row], objects.boxes[there])
    iou[(objects.classes[there] != objects.classes[row]) | objects.crowd[there]] = 0.0
    iou[row - there.start] = 0.0
    return [_Found(Kind.DUPLICATE, float(iou.max(initial=0.0)), image, row)]
