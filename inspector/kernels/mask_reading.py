"""The masks of a file's records as codes, checked, with their areas and boxes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inspector.dataset import Floats, Offsets
from inspector.kernels.jit import float64, inner, int64, kernel, reads, types, uint8, writes
from inspector.kernels.polygons import polygons_to_runs
from inspector.kernels.run_lengths import MOST_PIXELS, area_of, box_of, decode_runs, encode_runs
from inspector.outcomes import Codes

NOTHING, POLYGONS, LENGTHS, CODE = range(4)
"""How a record gives its mask."""
NO_MASK, GOOD, NO_IMAGE_SIZE, WRONG_SIZE, WRONG_LENGTHS, WRONG_POLYGON = range(6)
"""What became of it."""
_BYTES_PER_RUN = 7


class Given(NamedTuple):
    """The masks of some rows as the file gives them: numbers and codes lie behind one another."""

    kinds: Codes
    """uint8 [rows]: NOTHING, POLYGONS, LENGTHS or CODE."""
    sizes: Floats
    """float64 [rows, 2]: height and width of the bitmap; for polygons those of the image, 0 if unknown."""
    parts: Offsets
    """int64 [rows]: how many of `lengths` belong to the row."""
    lengths: Offsets
    """int64 [parts]: how many numbers, or bytes of a code, a part has."""
    numbers: Floats
    """float64 [any]: the coordinates of polygons and the lengths of runs."""
    codes: Codes
    """uint8 [any]: compressed run lengths."""


_GIVEN = types.NamedTuple(
    (reads(uint8), reads(float64, 2), reads(int64), reads(int64), reads(float64), reads(uint8)), Given
)


@inner(int64(reads(float64), int64, int64, writes(int64)))
def whole_numbers(numbers: Floats, first: int, end: int, runs: Offsets) -> int:
    """Run lengths as whole numbers, written to `runs`: how many; 0 if any is not one, or negative."""
    for i in range(first, end):
        number = numbers[i]
        if not (0 <= number <= MOST_PIXELS) or number != np.floor(number):
            return 0
        runs[i - first] = int(number)
    return end - first


@inner(int64(uint8, float64, float64))
def check_size(kind: int, height: float, width: float) -> int:
    """GOOD, or what is wrong with the size of a bitmap."""
    if kind == POLYGONS and (height == 0 or width == 0):
        return NO_IMAGE_SIZE
    whole = height == np.floor(height) and width == np.floor(width)
    return GOOD if whole and min(height, width) >= 1 and height * width <= MOST_PIXELS else WRONG_SIZE


@kernel(types.Array(uint8, 1, "C")(_GIVEN, writes(uint8), writes(int64), writes(float64), writes(float64, 2)))
def read_masks(given: Given, states: Codes, lengths: Offsets, areas: Floats, boxes: Floats) -> Codes:
    """The codes of all rows behind one another, and of each row in `lengths` int64 [rows] how many bytes.

    Writes `states` uint8 [rows], what became of the mask, and for good ones `areas` float64 [rows] in pixels
    and the bounding `boxes` float64 [rows, 4]; all of them 0 for the others.
    """
    codes = np.empty(max(given.codes.shape[0], 1), dtype=np.uint8)
    scratch = np.empty(1024, dtype=np.int64)
    end, part, number, byte = 0, 0, 0, 0
    lengths[:] = 0
    areas[:] = 0.0
    boxes[:] = 0.0
    states[:] = NO_MASK
    for row in range(given.kinds.shape[0]):
        kind = given.kinds[row]
        if kind == NOTHING:
            continue
        own = given.lengths[part : part + given.parts[row]]
        part += given.parts[row]
        first_number, first_byte = number, byte
        if kind == CODE:
            byte += own[0]
        else:
            number += own.sum()
        states[row] = check_size(kind, given.sizes[row, 0], given.sizes[row, 1])
        if states[row] != GOOD:
            continue
        height, width = int(given.sizes[row, 0]), int(given.sizes[row, 1])
        if kind == POLYGONS:
            runs = polygons_to_runs(given.numbers[first_number:number], own, height, width)
        else:
            if own[0] > scratch.shape[0]:
                scratch = np.empty(2 * own[0], dtype=np.int64)
            if kind == LENGTHS:
                count = whole_numbers(given.numbers, first_number, number, scratch)
            else:
                count = max(decode_runs(given.codes[first_byte:byte], scratch), 0)
            runs = scratch[:count]
        if runs.sum() != height * width:
            states[row] = WRONG_POLYGON if kind == POLYGONS else WRONG_LENGTHS
            continue
        room = byte - first_byte if kind == CODE else _BYTES_PER_RUN * runs.shape[0]
        if end + room > codes.shape[0]:
            larger = np.empty(2 * (end + room), dtype=np.uint8)
            for i in range(end):
                larger[i] = codes[i]
            codes = larger
        if kind == CODE:
            for i in range(room):
                codes[end + i] = given.codes[first_byte + i]
            lengths[row] = room
        else:
            lengths[row] = encode_runs(runs, codes[end:])
        end += lengths[row]
        areas[row] = area_of(runs)
        if areas[row] > 0:
            box_of(runs, height, width, boxes[row])
    return codes[:end].copy()
