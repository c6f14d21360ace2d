"""Boxes as tuples x, y, width, height in pixels: small sums for a few thousand of them."""

from __future__ import annotations

from inspector.demo.dice import Dice

FloatBox = tuple[float, float, float, float]
"""x, y, width, height in pixels."""


def iou(one: FloatBox, other: FloatBox) -> float:
    """Intersection over union."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def within(box: FloatBox, size: tuple[int, int]) -> FloatBox:
    """The part of a box within a picture, at least one pixel wide and high, rounded to 1/100 pixel."""
    left = round(min(max(box[0], 0.0), size[0] - 1.0), 2)
    top = round(min(max(box[1], 0.0), size[1] - 1.0), 2)
    right = min(max(box[0] + box[2], left + 1.0), float(size[0]))
    bottom = min(max(box[1] + box[3], top + 1.0), float(size[1]))
    return left, top, round(right - left, 2), round(bottom - top, 2)


def shaken(box: FloatBox, size: tuple[int, int], strength: float, dice: Dice) -> FloatBox:
    """A box whose four edges moved by normal errors; `strength` is a share of its width and height."""
    x, y, width, height = box
    left, right = (strength * width * dice.normal() for _ in range(2))
    top, bottom = (strength * height * dice.normal() for _ in range(2))
    moved = (x + left, y + top, max(1.0, width + right - left), max(1.0, height + bottom - top))
    return within(moved, size)


def displaced(box: FloatBox, size: tuple[int, int], low: float, high: float, dice: Dice) -> FloatBox | None:
    """A shifted, shrunken or stretched box whose IoU with the given one lies from low to high."""
    x, y, width, height = box
    for _ in range(60):
        wide, high_by = width * dice.between(0.6, 1.7), height * dice.between(0.6, 1.7)
        centre_x = x + width * dice.between(0.2, 0.8)
        centre_y = y + height * dice.between(0.2, 0.8)
        candidate = within((centre_x - wide / 2, centre_y - high_by / 2, wide, high_by), size)
        if low <= iou(box, candidate) <= high:
            return candidate
    return None
