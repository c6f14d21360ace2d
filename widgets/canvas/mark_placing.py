"""Where the mark of a verdict finds room beside its box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtGui import QImage

from inspector.review.verdicts import Verdict
from widgets.canvas.labels import Placement, Rect, rect_meets
from widgets.verdict_marks import MarkMaker

_APART = 2
"""Device pixels between a box and its mark."""


def place_mark(
    placement: Placement,
    maker: MarkMaker,
    verdict: Verdict,
    edges: Rect,
    size: tuple[int, int],
    *,
    told: bool,
    spared: Sequence[Rect],
) -> tuple[QImage, Rect] | None:
    """The picture of a mark and its place: with its word where there is room, else the symbol alone.

    What is `told` has its word before other labels have theirs, and so has a box so large that the mark hides
    little of it. A mark lies neither on a smaller box of its own nor on those that are to be `spared`: None
    where it finds no other place.
    """
    is_large = _is_large(edges, maker.picture(verdict, word=True))
    others = [box for box in spared if box != edges]
    for word in (True, False):
        picture = maker.picture(verdict, word=word)
        places = list(_places(edges, picture, size))
        found = placement.take_free(places, [edges, *others])
        if found is None and (told or is_large or not word):  # on other labels and boxes then
            kept_free = others if is_large else [edges, *others]
            beside = (place for place in places if not any(map(rect_meets(place), kept_free)))
            found = next(beside, None)
            if found is not None:
                placement.keep_free(found)
        if found is not None:
            return picture, found
    return None


def _is_large(edges: Rect, mark: QImage) -> bool:
    left, top, right, bottom = edges
    return right - left > 3 * mark.width() and bottom - top > 6 * mark.height()


def _places(edges: Rect, mark: QImage, size: tuple[int, int]) -> Iterator[Rect]:
    """Outside the box, where labels seldom are, but within the widget."""
    left, top, right, bottom = edges
    width, height = mark.width(), mark.height()
    above, below = top - height - _APART, bottom + _APART
    starts = (
        (right - width, above),
        (right - width, below),
        (right + _APART, top),
        (left, below),
        (left - width - _APART, top),
        (left, above),
    )
    for x, y in starts:
        x, y = max(0, min(x, size[0] - width)), max(0, min(y, size[1] - height))
        yield x, y, x + width, y + height
