"""Sorting rows in linear time, or nearly: by a small whole number, and within images by class and score."""

from __future__ import annotations

import numpy as np

from inspector.dataset import Floats, Offsets, Rows
from inspector.kernels.jit import boolean, float64, int32, int64, kernel, reads, void, writes

_SHORT = 12
"""Runs of this length are sorted by insertion before they are merged."""


@kernel(void(reads(int32), int64, writes(int64), writes(int32)))
def rows_by_key(keys: Rows, n_keys: int, offsets: Offsets, rows: Rows) -> None:
    """A stable counting sort: `rows` int32 [keys] by ascending key; `offsets` int64 [n_keys + 1] into it."""
    offsets[:] = 0
    for k in keys:
        offsets[k + 1] += 1
    for k in range(n_keys):
        offsets[k + 1] += offsets[k]
    at = offsets[:n_keys].copy()
    for row in range(keys.shape[0]):
        k = keys[row]
        rows[at[k]] = row
        at[k] += 1


@kernel(boolean(reads(int32), reads(float64), int64, int64))
def comes_before(classes: Rows, scores: Floats, one: int, other: int) -> bool:
    """By class, then by descending score."""
    if classes[one] != classes[other]:
        return bool(classes[one] < classes[other])
    return bool(scores[one] > scores[other])


@kernel(int64(int64, int64, reads(int64), reads(int32), reads(float64), writes(int32)))
def sort_within_images(
    first: int, end: int, offsets: Offsets, classes: Rows, scores: Floats, rows: Rows
) -> int:
    """Sort the rows of each image from `first` to `end` by class and descending score, stably (merge sort).

    `rows` int32: the rows of image i stand from offsets[i] to offsets[i + 1].
    """
    longest = 0
    for image in range(first, end):
        longest = max(longest, offsets[image + 1] - offsets[image])
    scratch = np.empty(longest, dtype=np.int32)
    for image in range(first, end):
        part = rows[offsets[image] : offsets[image + 1]]
        n = part.shape[0]
        for start in range(0, n, _SHORT):
            for i in range(start + 1, min(start + _SHORT, n)):
                row, j = part[i], i
                while j > start and comes_before(classes, scores, row, part[j - 1]):
                    part[j] = part[j - 1]
                    j -= 1
                part[j] = row
        width = _SHORT
        while width < n:
            for left in range(0, n, 2 * width):
                middle, right = min(left + width, n), min(left + 2 * width, n)
                i, j = left, middle
                for k in range(left, right):
                    # from the right only what comes before: equal rows keep their order
                    take_right = j < right and (
                        i >= middle or comes_before(classes, scores, part[j], part[i])
                    )
                    if take_right:
                        scratch[k] = part[j]
                        j += 1
                    else:
                        scratch[k] = part[i]
                        i += 1
            for k in range(n):
                part[k] = scratch[k]
            width *= 2
    return end
