"""The masks of a dataset: some of them, and of one for painting its run lengths, outline and pixels."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from inspector.dataset import Flags, Floats, Masks, Offsets, Rows
from inspector.kernels.ready import make_ready
from inspector.outcomes import Codes
from inspector.parallel import in_order
from inspector.progress import Progress

_COPIED_ROWS = 20_000
_LARGEST = 1 << 26
"""Of larger bounding boxes, in pixels, only the box is outlined."""


def make_outlines_ready(progress: Progress) -> None:
    """Compile, if needed, and load what the other functions use, so that a window may call them.

    Raises CancelledError when `progress` does.
    """
    make_ready(progress, ["mask_outline", "run_lengths"])


def rows_of(masks: Masks, rows: Rows) -> Masks:
    """The masks of some rows, in this order, copied on all processors."""
    from inspector.kernels.run_lengths import gather_codes

    offsets = offsets_of(np.diff(masks.offsets)[rows])
    codes = np.empty(int(offsets[-1]), dtype=np.uint8)

    def copy(part: tuple[int, int]) -> None:
        gather_codes(masks.codes, masks.offsets, rows, codes, offsets, *part)

    for _ in in_order(copy, list(pairwise([*range(0, len(rows), _COPIED_ROWS), len(rows)]))):
        pass
    return Masks(masks.sizes[rows], offsets, codes)


def offsets_of(lengths: Offsets) -> Offsets:
    """int64 [rows + 1]: where the codes of each row begin, which have these lengths in bytes."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def runs(masks: Masks, row: int) -> Offsets:
    """int64 [runs]: lengths of background and mask by turns, down column after column; empty: no mask."""
    from inspector.kernels.run_lengths import decode_runs

    code = masks.codes[masks.offsets[row] : masks.offsets[row + 1]]
    lengths = np.empty(len(code), dtype=np.int64)
    return lengths[: decode_runs(code, lengths)]


def outline(masks: Masks, row: int) -> list[Floats]:
    """Closed paths along the edges of the mask's pixels, each float64 [corners, 2]: x and y in pixels.

    The first corner is not repeated at the end. Holes are paths of their own, the other way around.
    """
    from inspector.kernels.mask_outline import trace

    lengths = runs(masks, row)
    if not lengths[1::2].any():
        return []
    left, top, columns, rows = _box(masks, row, lengths)
    if columns * rows > _LARGEST:
        right, bottom = left + columns, top + rows
        return [np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64)]
    corners = trace(_with_margin(masks, row, lengths))
    points = corners[:, :2] + np.array([left - 1.0, top - 1.0])
    return np.split(points, np.flatnonzero(np.diff(corners[:, 2])) + 1)


def bitmap(masks: Masks, row: int) -> tuple[int, int, Flags]:
    """x and y of the upper left pixel of the mask's bounding box, and bool [rows, columns]: its pixels.

    Without a mask, or where the box is too large, there are no rows and columns.
    """
    lengths = runs(masks, row)
    if lengths[1::2].any():
        left, top, columns, rows = _box(masks, row, lengths)
        if columns * rows <= _LARGEST:
            return left, top, _with_margin(masks, row, lengths)[1:-1, 1:-1].astype(np.bool_)
    return 0, 0, np.zeros((0, 0), dtype=np.bool_)


def _box(masks: Masks, row: int, lengths: Offsets) -> tuple[int, int, int, int]:
    """x, y, width and height of what the mask covers."""
    from inspector.kernels.run_lengths import box_of

    height, width = masks.sizes[row].tolist()
    box = np.empty(4)
    box_of(lengths, height, width, box)
    left, top, columns, rows = (int(value) for value in box)
    return left, top, columns, rows


def _with_margin(masks: Masks, row: int, lengths: Offsets) -> Codes:
    """uint8 [rows + 2, columns + 2]: the mask within its bounding box, and one pixel around it."""
    from inspector.kernels.mask_outline import fill_bitmap

    left, top, columns, rows = _box(masks, row, lengths)
    pixels = np.zeros((rows + 2, columns + 2), dtype=np.uint8)
    fill_bitmap(lengths, int(masks.sizes[row, 0]), left, top, pixels)
    return pixels
