"""From what files mean by four numbers to x, y, width, height in pixels."""

from __future__ import annotations

import numpy as np

from inspector.dataset import Floats, Rows
from inspector.reading import Convention


def to_pixels(numbers: Floats, convention: Convention, sizes: Rows) -> Floats:
    """float64 [boxes, 4]: x, y, width, height in pixels.

    `numbers`: float64 [boxes, 4] as the file has them; `sizes`: int32 [boxes, 2], width and height of the
    image that each box lies on. Returns `numbers` itself where nothing is to be changed.
    """
    if convention == Convention():
        return numbers
    boxes = numbers.astype(np.float64)
    if convention.relative:
        boxes *= np.tile(sizes, 2)
    if convention.one_based:
        boxes[:, :2] -= 1.0
    if convention.corners == "xyxy":
        boxes[:, 2:] -= boxes[:, :2]
    elif convention.corners == "cxcywh":
        boxes[:, :2] -= boxes[:, 2:] / 2
    return boxes
