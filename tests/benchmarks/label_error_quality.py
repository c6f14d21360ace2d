"""How good a queue of suspect labels is, where the errors are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inspector.dataset import Dataset
from inspector.demo.boxes import iou
from inspector.review.suspects import KINDS, NO_ROW, Suspects
from inspector.review.verdicts import Kind
from tests.benchmarks.planting import Error

FOUND_IOU = 0.5
"""How far a detection has to overlap the object whose label is missing."""


@dataclass(frozen=True)
class Quality:
    """Of one queue, for errors of one kind or of all."""

    average_precision: float
    """The mean over all planted errors of the precision at the place where each is found; 0 if it is not."""
    first_n: float
    """Recall within the first n, n being the number planted."""
    first_part: float
    """Recall within the first `depth`."""
    listed: int
    """Suspicions of this kind."""


def qualities(
    dataset: Dataset, suspects: Suspects, errors: Sequence[Error], depth: int, seed: int
) -> dict[str, Quality]:
    """By kind, and of the one queue across kinds ("all").

    Suspicions of equal score are shuffled, so that no order of the files helps. An error is found by the
    first suspicion of its kind that names its label, of a duplicate pair either one; a missing label by the
    first one whose detection has its class and overlaps its box by FOUND_IOU. What names an error again is
    left out: it costs a person nothing to see that it was dealt with.
    """
    order = np.lexsort((np.random.default_rng(seed).random(len(suspects)), -suspects.scores))
    finds = _finds(dataset, suspects, errors)
    kinds = suspects.kinds[order]
    result = {}
    for position, kind in enumerate(KINDS):
        count = sum(error.kind is kind for error in errors)
        result[kind.value] = _quality(
            [finds.get(row, ()) for row in order[kinds == position].tolist()], count, depth
        )
    result["all"] = _quality([finds.get(row, ()) for row in order.tolist()], len(errors), depth)
    return result


def _quality(found: Sequence[Sequence[int]], planted: int, depth: int) -> Quality:
    """`found`: the errors that each place of the queue names."""
    seen: set[int] = set()
    precisions, places = [], []
    place = 0
    for errors in found:
        new = [error for error in errors if error not in seen]
        if errors and not new:
            continue  # named again
        place += 1
        if new:
            seen.add(new[0])
            precisions.append(len(seen) / place)
            places.append(place)
    total = max(planted, 1)
    return Quality(
        sum(precisions) / total,
        sum(place <= planted for place in places) / total,
        sum(place <= depth for place in places) / total,
        len(found),
    )


def _finds(dataset: Dataset, suspects: Suspects, errors: Sequence[Error]) -> dict[int, list[int]]:
    """The errors that a row of the queue names, if any."""
    named: dict[tuple[Kind, object], int] = {}
    missing: dict[tuple[object, object], list[int]] = {}
    for number, error in enumerate(errors):
        for object_id in error.object_ids:
            named[error.kind, object_id] = number
        if error.kind is Kind.MISSING:
            missing.setdefault((error.image_id, error.class_id), []).append(number)
    ids = dataset.objects.ids.tolist()
    finds: dict[int, list[int]] = {}
    for row, (kind, g, d) in enumerate(
        zip(suspects.kinds.tolist(), suspects.objects.tolist(), suspects.detections.tolist(), strict=True)
    ):
        if g != NO_ROW:
            number = named.get((KINDS[kind], ids[g]))
            if number is not None:
                finds[row] = [number]
        elif missing:
            key = (
                dataset.images.ids[int(dataset.detections.images[d])],
                dataset.classes.ids[int(dataset.detections.classes[d])],
            )
            box = tuple(dataset.detections.boxes[d].tolist())
            hits = [n for n in missing.get(key, ()) if iou(box, errors[n].box) >= FOUND_IOU]  # type: ignore[arg-type]
            if hits:
                finds[row] = hits
    return finds
