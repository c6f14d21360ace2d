"""A box that is moved and resized within a page: pure geometry, in page pixels."""

from __future__ import annotations

from enum import IntFlag

from inspector.review.verdicts import Box

LEAST_SIDE = 1.0
"""Page pixels: a box never gets smaller."""

_SAME = 0.01
"""Page pixels."""

Size = tuple[float, float]


class Grip(IntFlag):
    """Which sides are held: two of them at a corner, all four within the box."""

    NONE = 0
    LEFT = 1
    TOP = 2
    RIGHT = 4
    BOTTOM = 8
    INSIDE = 15


def grip_at(box: Box, point: tuple[float, float], reach: float) -> Grip:
    """What a press at a point takes hold of; `reach` is how far from a side it may be."""
    x, y, width, height = box
    right, bottom = x + width, y + height
    if not (x - reach <= point[0] <= right + reach and y - reach <= point[1] <= bottom + reach):
        return Grip.NONE
    # In a small box the sides leave room within it to take it as a whole.
    within_x, within_y = min(reach, width / 4), min(reach, height / 4)
    grip = Grip.NONE
    if point[0] <= x + within_x:
        grip |= Grip.LEFT
    elif point[0] >= right - within_x:
        grip |= Grip.RIGHT
    if point[1] <= y + within_y:
        grip |= Grip.TOP
    elif point[1] >= bottom - within_y:
        grip |= Grip.BOTTOM
    return grip or Grip.INSIDE


def is_same(one: Box, other: Box) -> bool:
    """Whether two boxes lie at the same place, up to what a drag and back leaves."""
    return all(abs(a - b) < _SAME for a, b in zip(one, other, strict=True))


def clamped(box: Box, page: Size) -> Box:
    """Brought into the page, and not smaller than a pixel."""
    x, y, width, height = box
    left, top = min(max(0.0, x), page[0] - LEAST_SIDE), min(max(0.0, y), page[1] - LEAST_SIDE)
    right = max(left + LEAST_SIDE, min(x + width, page[0]))
    bottom = max(top + LEAST_SIDE, min(y + height, page[1]))
    return left, top, right - left, bottom - top


def moved(box: Box, grip: Grip, dx: float, dy: float, page: Size) -> Box:
    """The held sides moved: the whole box keeps its size, a side stops at the page's end and at the other."""
    x, y, width, height = box
    if grip == Grip.INSIDE:
        x = max(0.0, min(x + dx, page[0] - width))
        y = max(0.0, min(y + dy, page[1] - height))
        return x, y, width, height
    left, right = _side(x, x + width, dx, page[0], grip & Grip.LEFT, grip & Grip.RIGHT)
    top, bottom = _side(y, y + height, dy, page[1], grip & Grip.TOP, grip & Grip.BOTTOM)
    return left, top, right - left, bottom - top


def _side(
    low: float, high: float, by: float, end: float, holds_low: object, holds_high: object
) -> tuple[float, float]:
    if holds_low:
        low = max(0.0, min(low + by, high - LEAST_SIDE))
    elif holds_high:
        high = min(end, max(high + by, low + LEAST_SIDE))
    return low, high
