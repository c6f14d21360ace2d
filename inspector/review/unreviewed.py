"""What comes next of what nobody has judged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Rows
from inspector.evaluation.image_outcomes import outcomes_of
from inspector.evaluation.matching import MatchTable
from inspector.evaluation.operating_point import OperatingPoint, image_counts
from inspector.outcomes import FALSE_NEGATIVE, FALSE_POSITIVE, NO_MATCH
from inspector.refs import BoxRef, Side


def errors_of(dataset: Dataset, table: MatchTable, point: OperatingPoint, image_row: int) -> list[BoxRef]:
    """The errors of an image at the operating point, in the order in which the canvas steps through them:
    false positives by descending score, then missed objects."""
    found = outcomes_of(dataset, table, point, image_row)
    wrong = found.detections[found.detection_codes == FALSE_POSITIVE]
    missed = found.objects[found.object_codes == FALSE_NEGATIVE]
    wrong = wrong[np.argsort(-dataset.detections.scores[wrong], kind="stable")]
    refs = [BoxRef(Side.DETECTION, row) for row in wrong.tolist()]
    return refs + [BoxRef(Side.OBJECT, row) for row in missed.tolist()]


def next_error(
    dataset: Dataset,
    table: MatchTable,
    point: OperatingPoint,
    judged: Mapping[Side, Flags],
    order: NDArray[np.int64],
    at: int,
    selected: BoxRef | None,
    step: int,
) -> BoxRef | None:
    """The next error (step 1) or the one before (-1) without a judgement: from the selected box of image `at`
    on, image by image in this order; from its beginning or end where `at` is not in it. None where there is
    none.

    `judged`: bool [objects] and [detections].
    """
    here = errors_of(dataset, table, point, at) if at in order else []
    start = here.index(selected) if selected in here else None
    if start is not None:
        rest = here[start + 1 :] if step > 0 else here[:start][::-1]
    else:
        rest = here if step > 0 else []
    for ref in rest:
        if not judged[ref.kind][ref.row]:
            return ref
    left = errors_left(dataset, table, point, judged)
    image_row = next_image(left > 0, order, at, step)
    if image_row is None:
        return None
    errors = [ref for ref in errors_of(dataset, table, point, image_row) if not judged[ref.kind][ref.row]]
    return errors[0 if step > 0 else -1]


def next_image(wanted: Flags, order: NDArray[np.int64], at: int, step: int) -> int | None:
    """The next wanted image (step 1) or the one before (-1) in this order; from its beginning or end where
    `at` is not in it. `wanted`: bool [images]. None where there is none."""
    places = np.flatnonzero(order == at)
    if len(places):
        place = int(places[0])
        rest = order[place + 1 :] if step > 0 else order[:place][::-1]
    else:
        rest = order if step > 0 else order[::-1]
    found = np.flatnonzero(wanted[rest])
    return int(rest[found[0]]) if len(found) else None


def errors_left(
    dataset: Dataset, table: MatchTable, point: OperatingPoint, judged: Mapping[Side, Flags]
) -> Rows:
    """int32 [images]: how many errors have no judgement (`judged` as in `next_error`)."""
    counts = image_counts(dataset, table, point)
    chosen, images = point.chosen(len(dataset.classes)), len(dataset.images)
    objects, detections = dataset.objects, dataset.detections
    rows = np.flatnonzero(judged[Side.DETECTION])
    rows = rows[(detections.scores[rows] >= point.confidence) & chosen[detections.classes[rows]]]
    wrong = rows[table.outcomes[rows] == FALSE_POSITIVE]
    rows = np.flatnonzero(judged[Side.OBJECT])
    rows = rows[chosen[objects.classes[rows]] & ~table.object_ignored[rows]]
    match = table.object_matches[rows]
    hit = match != NO_MATCH
    hit[hit] = detections.scores[match[hit]] >= point.confidence
    done = np.bincount(detections.images[wrong], minlength=images)
    done += np.bincount(objects.images[rows[~hit]], minlength=images)
    left: Rows = (counts.fp + counts.fn - done).astype(np.int32)
    return left
