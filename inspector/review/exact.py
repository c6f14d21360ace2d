"""Finds the boxes that are exactly what they were, many at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Floats, Offsets
from inspector.pauses import Pauses
from inspector.review.verdicts import Place

NOT_EXACT: Final = -1
_BLOCK: Final = 100_000
"""Pairs of a place and a box of its image that are compared in one step: some milliseconds."""


def exact_rows(
    places: Sequence[Place],
    images: NDArray[np.int64],
    classes: NDArray[np.int64],
    ids: NDArray[np.int64] | None,
    boxes: Floats,
    box_classes: NDArray[np.int64],
    offsets: Offsets,
) -> NDArray[np.int64]:
    """int64 [places]: the only row on the place's image that has its class, box and id; else NOT_EXACT.

    `images` and `classes`: of each place, int64 [places]. `ids`: int64 [rows], None where rows have none.
    `boxes` float64 [rows, 4], `box_classes` [rows], `offsets` [images + 1]: those that are searched.
    """
    found = np.full(len(places), NOT_EXACT, dtype=np.int64)
    wanted = np.array([place.box or (np.nan,) * 4 for place in places]).reshape(-1, 4)
    wanted_ids = _integers(places) if ids is not None else None
    if ids is not None and wanted_ids is None:
        return found
    pause = Pauses()
    for part, rows, owners in _pairs(offsets[images], offsets[images + 1]):
        pause()
        same = (boxes[rows] == wanted[owners]).all(axis=1) & (box_classes[rows] == classes[owners])
        if ids is not None and wanted_ids is not None:
            same &= ids[rows] == wanted_ids[owners]
        hits = np.bincount(owners[same] - part.start, minlength=part.stop - part.start)
        alone = np.flatnonzero(same)[(hits == 1)[owners[same] - part.start]]
        found[owners[alone]] = rows[alone]
    return found


def _pairs(
    starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.int64]]]:
    """Stretches of places, with each row of their images and the place that it is for."""
    counts = ends - starts
    before = np.concatenate(([0], np.cumsum(counts)))
    place = 0
    while place < len(starts):
        stop = int(np.searchsorted(before, before[place] + _BLOCK, side="right")) - 1
        part = slice(place, min(max(stop, place + 1), len(starts)))
        owners = np.repeat(np.arange(part.start, part.stop), counts[part])
        within = np.arange(len(owners)) - (before[owners] - before[place])
        yield part, starts[owners] + within, owners
        place = part.stop


def _integers(places: Sequence[Place]) -> NDArray[np.int64] | None:
    """The object ids; None where one is text or too large."""
    ids = [place.object_id for place in places]
    if not all(isinstance(value, int) for value in ids):
        return None
    try:
        return np.array(ids, dtype=np.int64)
    except OverflowError:
        return None
