"""Which box the cursor means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Floats


def box_at(
    rects: Floats,
    among: NDArray[np.bool_],
    point: tuple[float, float],
    tolerance: float,
    masked: NDArray[np.bool_] | None = None,
) -> int | None:
    """The smallest box whose edge is within `tolerance` of the point, or else the smallest around it.

    `rects` is float64 [boxes, 4] (x, y, width, height); the position of one for which `among` holds, or None.
    `masked` bool [boxes]: whose mask holds the point; they go before boxes that are merely around it.
    """
    if not among.any():
        return None
    # How far the point lies inside each of the four sides; negative is outside.
    left, top = point[0] - rects[:, 0], point[1] - rects[:, 1]
    with np.errstate(over="ignore"):  # infinite is far inside, or very large
        depth = np.minimum(np.minimum(left, rects[:, 2] - left), np.minimum(top, rects[:, 3] - top))
        areas = rects[:, 2] * rects[:, 3]
    hits = [np.abs(depth) <= tolerance, depth >= 0]
    if masked is not None:
        hits.insert(1, masked)
    for hit in hits:
        candidates = np.flatnonzero(hit & among)
        if len(candidates):
            # Of equals the later one, which is painted on top of the others.
            smallest = np.flatnonzero(areas[candidates] == areas[candidates].min())
            return int(candidates[smallest[-1]])
    return None
