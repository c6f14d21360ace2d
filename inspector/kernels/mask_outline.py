"""The outline of a mask: the edges of its pixels as closed paths, for painting."""

from __future__ import annotations

import numpy as np

from inspector.dataset import Offsets, Rows
from inspector.kernels.jit import boolean, inner, int32, int64, kernel, reads, types, uint8, void, writes
from inspector.outcomes import Codes

_RIGHT, _DOWN, _LEFT = range(3)
_SEEN = 2


@kernel(void(reads(int64), int64, int64, int64, writes(uint8, 2)))
def fill_bitmap(runs: Offsets, height: int, left: int, top: int, bitmap: Codes) -> None:
    """Set the mask's pixels in `bitmap` uint8 [rows, columns]: row 1 is `top`, column 1 is `left`."""
    end = 0
    for i in range(runs.shape[0]):
        start = end
        end += int(runs[i])
        if i % 2 == 1:
            for position in range(start, end):
                column = position // height
                bitmap[position - column * height - top + 1, column - left + 1] = 1


@inner(boolean(writes(uint8, 2), int64, int64, int64, int64))
def is_ahead(bitmap: Codes, x: int, y: int, direction: int, left: int) -> bool:
    """Whether the pixel ahead of a corner is in the mask: the one to the right, or to the `left` (1)."""
    if direction == _RIGHT:
        return bool(bitmap[y - left, x] != 0)
    if direction == _DOWN:
        return bool(bitmap[y, x - 1 + left] != 0)
    if direction == _LEFT:
        return bool(bitmap[y - 1 + left, x - 1] != 0)
    return bool(bitmap[y - 1, x - left] != 0)


@kernel(types.Array(int32, 2, "C")(writes(uint8, 2)))
def trace(bitmap: Codes) -> Rows:
    """Go around everything in `bitmap`, which has a margin of one pixel, with the mask on the right hand.

    Returns int32 [corners, 3]: x, y and the number of the path, holes counterclockwise. Pixels that only meet
    at a corner are parted. Marks the pixels whose upper edge was passed.
    """
    corners = np.empty((256, 3), dtype=np.int32)
    count, path = 0, 0
    for row in range(1, bitmap.shape[0] - 1):
        for column in range(1, bitmap.shape[1] - 1):
            if bitmap[row, column] != 1 or bitmap[row - 1, column] != 0:
                continue
            x, y, direction = column, row, _RIGHT
            while direction != _RIGHT or bitmap[y, x] != _SEEN:
                if direction == _RIGHT:
                    bitmap[y, x] = _SEEN
                x += (direction == _RIGHT) - (direction == _LEFT)
                y += (direction == _DOWN) - (direction > _LEFT)
                if not is_ahead(bitmap, x, y, direction, 0):
                    turn = 1
                elif is_ahead(bitmap, x, y, direction, 1):
                    turn = 3
                else:
                    continue
                direction = (direction + turn) % 4
                if count == corners.shape[0]:
                    larger = np.empty((2 * count, 3), dtype=np.int32)
                    for i in range(count):
                        for k in range(3):
                            larger[i, k] = corners[i, k]
                    corners = larger
                corners[count, 0], corners[count, 1], corners[count, 2] = x, y, path
                count += 1
            path += 1
    return corners[:count].copy()
