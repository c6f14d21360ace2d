"""Where the mark of a verdict finds room beside its box."""

from __future__ import annotations

from PySide6.QtGui import QImage

from inspector.review.verdicts import Verdict
from widgets.canvas.labels import Placement, Rect
from widgets.verdict_marks import MarkMaker

_APART = 2
"""Device pixels between a box and its mark."""


def place_mark(
    placement: Placement, maker: MarkMaker, verdict: Verdict, edges: Rect, size: tuple[int, int]
) -> tuple[QImage, Rect]:
    """The picture of a mark and its place: with its word where there is room, else the symbol alone."""
    for word in (True, False):
        picture = maker.picture(verdict, word=word)
        rects = [_inside(rect, size) for rect in _corners(edges, picture.width(), picture.height())]
        found = placement.take_free(rects, [edges])
        if found is not None:
            return picture, found
    placement.keep_free(rects[0])
    return picture, rects[0]


def _corners(edges: Rect, width: int, height: int) -> list[Rect]:
    """Outside the box, where labels seldom are; within it only where it is large."""
    left, top, right, bottom = edges
    starts = [
        (right - width, top - height - _APART),
        (right - width, bottom + _APART),
        (right + _APART, top),
        (left, bottom + _APART),
        (left - width - _APART, top),
        (left, top - height - _APART),
    ]
    return [(x, y, x + width, y + height) for x, y in starts]


def _inside(rect: Rect, size: tuple[int, int]) -> Rect:
    """Moved into the widget."""
    left = max(0, min(rect[0], size[0] - (rect[2] - rect[0])))
    top = max(0, min(rect[1], size[1] - (rect[3] - rect[1])))
    return left, top, left + rect[2] - rect[0], top + rect[3] - rect[1]
