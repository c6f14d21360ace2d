"""Fewer points for the same picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Floats


def keep_for_drawing(x: Floats, y: Floats, columns: int = 600) -> NDArray[np.int64]:
    """Ascending indices of the points that a plot `columns` pixels wide can tell apart.

    `x` (float64 [points], ascending, in [0, 1]) is cut into columns, and of each the first, the last, the
    lowest and the highest point stay; so peaks are never lost, whatever the number of points.
    """
    if len(x) <= 4 * columns:
        return np.arange(len(x))
    column = np.minimum((x * columns).astype(np.int64), columns - 1)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    ends = np.append(starts[1:], len(x))
    order = np.lexsort((y, column))  # by height within each column
    return np.unique(np.concatenate((starts, ends - 1, order[starts], order[ends - 1])))
