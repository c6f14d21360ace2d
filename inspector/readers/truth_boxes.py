"""What the four numbers of a ground-truth box mean, in formats that say it and in files that do otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from inspector.conventions import to_pixels
from inspector.reading import Convention, Reading

Four = tuple[float, float, float, float]
ToBox = Callable[[Four, tuple[int, int]], Four]
"""From the numbers of a file, and the width and height of the image, to x, y, width, height in pixels."""

CORNERS = Convention("xyxy")


def box_reader(reading: Reading) -> ToBox:
    """For formats that write left, top, right, bottom; `reading` may know better."""
    convention = reading.ground_truth_boxes
    if convention is None or convention == CORNERS:
        return _from_corners

    def converted(numbers: Four, size: tuple[int, int]) -> Four:
        x, y, width, height = to_pixels(np.array([numbers]), convention, np.array([size], np.int32))[
            0
        ].tolist()
        return x, y, width, height

    return converted


def _from_corners(numbers: Four, _size: tuple[int, int]) -> Four:
    left, top, right, bottom = numbers
    return left, top, right - left, bottom - top


def are_swapped(corners: Four) -> bool:
    """Whether left and right, or top and bottom, of finite numbers are the wrong way round."""
    left, top, right, bottom = corners
    return (left > right or top > bottom) and all(map(math.isfinite, corners))


def put_right(corners: Four) -> Four:
    """Left, top, right, bottom of two opposite corners."""
    left, top, right, bottom = corners
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)
