"""Masks as run lengths: by turns background and mask, down one column after the other.

Every result equals the COCO API's (maskApi.c), whose compressed code this reads and writes: each length is
written as its difference to the one before the last, in groups of five bits from the lowest, the sixth bit
saying that more follow, as characters from 48 on.
"""

from __future__ import annotations

import numpy as np

from inspector.dataset import Floats, Offsets, Rows
from inspector.kernels.jit import float64, int32, int64, kernel, reads, uint8, void, writes
from inspector.outcomes import Codes

_WRONG = -1
_FIRST, _LAST = 48, 111
_MOST_CHARACTERS = 7
"""Of one length: enough for every difference of numbers below 2**32."""
_UINT32 = 1 << 32
MOST_PIXELS = (1 << 31) - 1
"""Of a bitmap: beyond it the API's integers overflow."""


@kernel(int64(reads(uint8), writes(int64)))
def decode_runs(codes: Codes, runs: Offsets) -> int:
    """How many lengths a code holds, written to `runs` int64 [at least its bytes]; -1 if it is not one."""
    count, at, size = 0, 0, codes.shape[0]
    while at < size:
        value, shift = 0, 0
        while True:
            group = int(codes[at]) - _FIRST
            if group < 0 or group > _LAST - _FIRST or shift == 5 * _MOST_CHARACTERS:
                return _WRONG
            at += 1
            if group < 32:  # the last group: its fifth bit is the sign
                value += ((group ^ 16) - 16) << shift
                break
            value += (group & 31) << shift
            shift += 5
            if at == size:
                return _WRONG
        if count > 2:
            value += runs[count - 2]
        if value < 0 or value >= _UINT32:
            return _WRONG
        runs[count] = value
        count += 1
    return count


@kernel(int64(reads(int64), writes(uint8)))
def encode_runs(runs: Offsets, codes: Codes) -> int:
    """How many bytes the code of these lengths has, written to `codes` uint8 [at least 7 for each length]."""
    at = 0
    for i in range(runs.shape[0]):
        value = runs[i]
        if i > 2:
            value -= runs[i - 2]
        more = True
        while more:
            group = value & 31
            value >>= 5
            more = value != -1 if group & 16 != 0 else value != 0
            if more:
                group |= 32
            codes[at] = np.uint8(group + _FIRST)
            at += 1
    return at


@kernel(int64(reads(int64)))
def area_of(runs: Offsets) -> int:
    """How many pixels belong to the mask."""
    area = 0
    for i in range(1, runs.shape[0], 2):
        area += runs[i]
    return area


@kernel(void(reads(int64), int64, int64, writes(float64)))
def box_of(runs: Offsets, height: int, width: int, box: Floats) -> None:
    """The bounding box: x, y, width, height, written to `box` float64 [4].

    As `rleToBbox`, also where all lengths of the mask are 0: its width and height then wrap around.
    """
    box[:] = 0.0
    if runs.shape[0] < 2:
        return
    left, top, right, bottom = width, height, 0, 0
    column, row = 0, 0
    for i in range(runs.shape[0]):
        end = row + runs[i]  # counted from the top of the column
        if i % 2 == 1 and runs[i] > 0:
            left = min(left, column)
            if end <= height:
                right, top, bottom = max(right, column), min(top, row), max(bottom, end - 1)
            else:
                right, top, bottom = max(right, column + (end - 1) // height), 0, height - 1
        if end >= height:  # divided only where it has to be, which takes most of the time
            column += end // height
            end %= height
        row = end
    box[0], box[1] = left, top
    box[2], box[3] = (right - left + 1) % _UINT32, (bottom - top + 1) % _UINT32


@kernel(void(reads(uint8), reads(int64), reads(int32), writes(uint8), reads(int64), int64, int64))
def gather_codes(
    codes: Codes, offsets: Offsets, order: Rows, moved: Codes, new: Offsets, first: int, end: int
) -> None:
    """Copy the codes of the rows `order[first:end]` to where the `new` offsets want them."""
    for row in range(first, end):
        begin = offsets[order[row]]
        for i in range(new[row + 1] - new[row]):
            moved[new[row] + i] = codes[begin + i]
