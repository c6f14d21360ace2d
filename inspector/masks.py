"""One mask of a dataset, for painting: its run lengths and its outline."""

from __future__ import annotations

import numpy as np

from inspector.dataset import Floats, Masks, Offsets
from inspector.kernels.ready import make_ready
from inspector.progress import Progress

_LARGEST = 1 << 26
"""Of larger bounding boxes, in pixels, only the box is outlined."""


def make_outlines_ready(progress: Progress) -> None:
    """Compile, if needed, and load what the other functions use, so that a window may call them.

    Raises CancelledError when `progress` does.
    """
    make_ready(progress, ["mask_outline", "run_lengths"])


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
    from inspector.kernels.mask_outline import fill_bitmap, trace
    from inspector.kernels.run_lengths import box_of

    lengths, (height, width) = runs(masks, row), masks.sizes[row].tolist()
    if not lengths[1::2].any():
        return []
    box = np.empty(4)
    box_of(lengths, height, width, box)
    left, top, columns, rows = (int(value) for value in box)
    if columns * rows > _LARGEST:
        right, bottom = left + columns, top + rows
        return [np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64)]
    bitmap = np.zeros((rows + 2, columns + 2), dtype=np.uint8)
    fill_bitmap(lengths, height, left, top, bitmap)
    corners = trace(bitmap)
    points = corners[:, :2] + np.array([left - 1.0, top - 1.0])
    return np.split(points, np.flatnonzero(np.diff(corners[:, 2])) + 1)
