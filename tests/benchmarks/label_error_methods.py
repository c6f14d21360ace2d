"""Other ways to rank suspect labels: simple geometric rules, losses, and cleanlab's scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from inspector.dataset import Dataset, Flags, Floats, Rows
from inspector.geometry import overlaps
from inspector.review.suspects import KINDS, NO_ROW, Suspects
from inspector.review.verdicts import Kind

Suspicion = tuple[Kind, float, int, int]
"""Kind, score, object row and detection row."""
_LEAST = 1e-4


@dataclass(frozen=True)
class _Image:
    """What the rules look at."""

    first_object: int
    first_detection: int
    crowd: Flags
    scores: Floats
    iou: Floats
    """float64 [detections, objects]; 0 with crowd regions."""
    same: Flags
    """bool [detections, objects]: of the same class."""
    twins: Floats
    """float64 [objects]: highest IoU with another object of the class."""


def simple_rules(dataset: Dataset) -> Suspects:
    """What one would write first: scores and overlaps, multiplied."""
    return _queue(dataset, _rules_on)


def losses(dataset: Dataset) -> Suspects:
    """Labels by what a detector would lose on them: the logarithm of the class' score for what is there and
    what it is, and 1 - IoU for where it is; detections without a label by the loss of being background."""
    return _queue(dataset, _losses_on)


def _rules_on(image: _Image) -> Iterator[Suspicion]:
    own_iou = np.where(image.same, image.iou, 0.0)
    free = 1.0 - own_iou.max(axis=1, initial=0.0)
    for d in np.flatnonzero(free > 0.5).tolist():
        yield Kind.MISSING, float(image.scores[d] * free[d]), NO_ROW, image.first_detection + d
    for g in np.flatnonzero(~image.crowd).tolist():
        row = image.first_object + g
        iou, same = image.iou[:, g], image.same[:, g]
        own, other = image.scores * same * (iou > 0.3), image.scores * ~same * iou
        support = float(own.max(initial=0.0))
        yield Kind.SPURIOUS, 1.0 - max(support, float(other.max(initial=0.0))), row, NO_ROW
        yield Kind.WRONG_CLASS, float(other.max(initial=0.0)) - support, row, NO_ROW
        if support:
            d = int((own * iou).argmax())
            yield Kind.BADLY_PLACED, float(own[d] * (1.0 - iou[d])), row, image.first_detection + d
        yield Kind.DUPLICATE, float(image.twins[g]), row, NO_ROW


def _losses_on(image: _Image) -> Iterator[Suspicion]:
    matched = (image.iou >= 0.5).any(axis=1)
    for d in np.flatnonzero(~matched).tolist():
        loss = -np.log(max(1.0 - float(image.scores[d]), _LEAST))
        yield Kind.MISSING, float(loss), NO_ROW, image.first_detection + d
    for g in np.flatnonzero(~image.crowd).tolist():
        row = image.first_object + g
        there, same = image.iou[:, g] >= 0.5, image.same[:, g]
        right = float((image.scores * (there & same)).max(initial=0.0))
        anything = float((image.scores * there).max(initial=0.0))
        yield Kind.SPURIOUS, -float(np.log(max(anything, _LEAST))), row, NO_ROW
        if there.any():
            yield Kind.WRONG_CLASS, -float(np.log(max(right, _LEAST))), row, NO_ROW
        yield Kind.BADLY_PLACED, 1.0 - float((image.iou[:, g] * same).max(initial=0.0)), row, NO_ROW
        yield Kind.DUPLICATE, float(image.twins[g]), row, NO_ROW


def _queue(dataset: Dataset, on: Callable[[_Image], Iterator[Suspicion]]) -> Suspects:
    found = [item for row in range(len(dataset.images)) for item in on(_image(dataset, row))]
    return _suspects(dataset, found)


def _image(dataset: Dataset, row: int) -> _Image:
    objects, detections = dataset.objects, dataset.detections
    there, seen = dataset.objects_of(row), dataset.detections_of(row)
    shape = seen.stop - seen.start, there.stop - there.start
    crowd, classes = objects.crowd[there], objects.classes[there]
    iou = np.array([overlaps(box, objects.boxes[there]) for box in detections.boxes[seen]]).reshape(shape)
    among = np.array([overlaps(box, objects.boxes[there]) for box in objects.boxes[there]])
    alike = (classes[:, None] == classes) & ~crowd & ~crowd[:, None] & ~np.eye(shape[1], dtype=np.bool_)
    return _Image(
        there.start,
        seen.start,
        crowd,
        detections.scores[seen],
        np.where(crowd, 0.0, iou),
        detections.classes[seen][:, None] == classes,
        (among.reshape(alike.shape) * alike).max(axis=1, initial=0.0),
    )


def _suspects(dataset: Dataset, found: list[Suspicion]) -> Suspects:
    found.sort(key=lambda item: -item[1])

    def rows(column: int) -> Rows:
        return np.array([item[column] for item in found], dtype=np.int32)

    objects, detections = rows(2), rows(3)
    images = [
        dataset.objects.images[g] if g != NO_ROW else dataset.detections.images[d]
        for g, d in zip(objects.tolist(), detections.tolist(), strict=True)
    ]
    return Suspects(
        np.array([KINDS.index(item[0]) for item in found], dtype=np.uint8),
        np.array([item[1] for item in found]),
        np.array(images, dtype=np.int32),
        objects,
        detections,
    )


def cleanlab_scores(dataset: Dataset, least_probability: float | None = None) -> Suspects:
    """cleanlab's scores of single boxes (overlooked, swapped, badly located), 1 minus each.

    `least_probability`: from which score on it believes a detection; None: its own default (0.95). It has no
    scores of spurious and duplicate labels. Raises ImportError where it is not installed.
    """
    from cleanlab.object_detection import rank

    labels, predictions, label_rows, detection_rows = _for_cleanlab(dataset)
    auxiliary = rank._get_valid_inputs_for_compute_scores(  # what its functions do first, once for all three
        rank.ALPHA, labels, predictions
    )
    believed = {} if least_probability is None else {"high_probability_threshold": least_probability}
    found: list[Suspicion] = []
    overlooked = rank.compute_overlooked_box_scores(auxiliary_inputs=auxiliary, **believed)
    for rows, scores in zip(detection_rows, overlooked, strict=True):
        found += [
            (Kind.MISSING, 1.0 - float(score), NO_ROW, row) for row, score in zip(rows, scores, strict=True)
        ]
    for kind, of_images in (
        (Kind.WRONG_CLASS, rank.compute_swap_box_scores(auxiliary_inputs=auxiliary, **believed)),
        (Kind.BADLY_PLACED, rank.compute_badloc_box_scores(auxiliary_inputs=auxiliary)),
    ):
        for rows, scores in zip(label_rows, of_images, strict=True):
            found += [
                (kind, 1.0 - float(score), row, NO_ROW) for row, score in zip(rows, scores, strict=True)
            ]
    return _suspects(dataset, [item for item in found if item[1] == item[1]])


def _for_cleanlab(
    dataset: Dataset,
) -> tuple[list[dict[str, object]], list[np.ndarray], list[list[int]], list[list[int]]]:
    """Its labels and predictions, and which rows they are; pictures without labels have no place in it."""
    objects, detections = dataset.objects, dataset.detections
    labels: list[dict[str, object]] = []
    predictions, label_rows, detection_rows = [], [], []
    for image in range(len(dataset.images)):
        there = dataset.objects_of(image)
        rows = there.start + np.flatnonzero(~objects.crowd[there])
        corners = _corners(objects.boxes[rows])
        labels.append({"bboxes": corners, "labels": objects.classes[rows]})
        seen = dataset.detections_of(image)
        boxes = np.column_stack([_corners(detections.boxes[seen]), detections.scores[seen]])
        by_class = np.empty(len(dataset.classes), dtype=object)
        for class_row in range(len(dataset.classes)):
            by_class[class_row] = boxes[detections.classes[seen] == class_row]
        predictions.append(by_class)
        label_rows.append(rows.tolist())
        detection_rows.append(list(range(seen.start, seen.stop)))
    return labels, predictions, label_rows, detection_rows


def _corners(boxes: Floats) -> Floats:
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
