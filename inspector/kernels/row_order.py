"""Sorting rows in linear time: by a small whole number, and by score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Floats, Offsets, Rows
from inspector.kernels.jit import float64, int32, int64, kernel, reads, uint64, void, writes

Keys = NDArray[np.uint64]

_DIGIT = 11
"""Bits sorted by in one pass of the radix sort: 2,048 counters stay in the processor's nearest cache."""


def sort_by_score(scores: Floats, rows: Rows) -> None:
    """Sort `rows` (int32, positions in `scores`) by descending score, stably.

    The scratch is made here: compiling `np.empty` takes longer than all its calls.
    """
    keys, other_keys = np.empty(len(rows), dtype=np.uint64), np.empty(len(rows), dtype=np.uint64)
    counts = np.empty(1 << _DIGIT, dtype=np.int64)
    radix_sort(scores, rows, keys, other_keys, np.empty_like(rows), counts)


@kernel(void(reads(float64), writes(int32), writes(uint64), writes(uint64), writes(int32), writes(int64)))
def radix_sort(
    scores: Floats, rows: Rows, keys: Keys, other_keys: Keys, other_rows: Rows, counts: Offsets
) -> None:
    """Sort `rows` by the bits of their scores; the other arrays are scratch.

    Bits of positive floating-point numbers order as the numbers do; those of negative ones in reverse.
    """
    n = rows.shape[0]
    for i in range(n):
        # + 0.0 makes -0.0 the same as 0.0
        keys[i] = np.float64(scores[rows[i]] + 0.0).view(np.uint64)
    top = np.uint64(1) << np.uint64(63)
    for i in range(n):
        # negative: as it is (its top bit makes it come last, its size counts the right way round)
        if keys[i] & top == np.uint64(0):
            keys[i] = ~keys[i] & ~top
    mask = np.uint64((1 << _DIGIT) - 1)
    source_keys, source_rows, target_keys, target_rows = keys, rows, other_keys, other_rows
    passes = 0
    for shift in range(0, 64, _DIGIT):
        for digit in range(1 << _DIGIT):
            counts[digit] = 0
        for i in range(n):
            counts[(source_keys[i] >> np.uint64(shift)) & mask] += 1
        if n == 0 or counts[(source_keys[0] >> np.uint64(shift)) & mask] == n:
            continue  # all have the same digit
        total = 0
        for digit in range(1 << _DIGIT):
            count = counts[digit]
            counts[digit] = total
            total += count
        for i in range(n):
            digit = (source_keys[i] >> np.uint64(shift)) & mask
            place = counts[digit]
            counts[digit] = place + 1
            target_keys[place] = source_keys[i]
            target_rows[place] = source_rows[i]
        source_keys, target_keys = target_keys, source_keys
        source_rows, target_rows = target_rows, source_rows
        passes += 1
    if passes % 2:
        for i in range(n):
            rows[i] = source_rows[i]


@kernel(void(reads(int32), int64, writes(int64), writes(int32)))
def rows_by_key(keys: Rows, n_keys: int, offsets: Offsets, rows: Rows) -> None:
    """A stable counting sort: `rows` int32 [keys] by ascending key; `offsets` int64 [n_keys + 1] into it."""
    for k in range(n_keys + 1):
        offsets[k] = 0
    for row in range(keys.shape[0]):
        offsets[keys[row] + 1] += 1
    for k in range(n_keys):
        offsets[k + 1] += offsets[k]
    for row in range(keys.shape[0]):
        k = keys[row]
        rows[offsets[k]] = row
        offsets[k] += 1
    for k in range(n_keys, 0, -1):  # each of them stands at the end of its key now
        offsets[k] = offsets[k - 1]
    offsets[0] = 0
