"""Where words on a plot cover the least of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from inspector.dataset import Floats

_SAMPLES = 400
_MARGIN, _REACH = 6.0, 10.0
"""Pixels: from the plot's edge, and around a handle."""
Place = tuple[float, float]
"""How far from the left and from the top of the plot, from 0 to 1."""

LOWER_LEFT: Place = (0, 1)
UPPER_RIGHT: Place = (1, 0)
_PLACES: tuple[Place, ...] = (
    *(LOWER_LEFT, UPPER_RIGHT, (1, 1), (0, 0)),
    *((0.5, 1), (0, 0.5), (1, 0.5), (0.5, 0), (0.5, 0.5)),
)


def along(x: Floats, y: Floats) -> Floats:
    """float64 [places, 2]: evenly spread along the line through the points; empty where there is none."""
    if not len(x):
        return np.empty((0, 2))
    lengths = np.append(0.0, np.cumsum(np.hypot(np.diff(x), np.diff(y))))
    places = np.linspace(0.0, lengths[-1], _SAMPLES)
    return np.column_stack((np.interp(places, lengths, x), np.interp(places, lengths, y)))


def free_places(
    sizes: Sequence[QSizeF], usual: Sequence[Place], room: QSizeF, points: Floats, handle: QPointF | None
) -> list[QRectF]:
    """Where in `room` boxes cover neither the handle nor one another, and the fewest points.

    Pixels from the room's top left corner; `points` is float64 [points, 2]. Of places that cover equally
    little a box has its usual one.
    """
    choices = []
    for size, place in zip(sizes, usual, strict=True):
        boxes = [_box(size, room, any_place) for any_place in (place, *_PLACES)]
        choices.append([(box, _covered(box, handle), _inside(box, points)) for box in boxes])

    def cost(chosen: Sequence[tuple[QRectF, bool, int]]) -> tuple[bool, bool, int]:
        boxes, covered, inside = zip(*chosen, strict=True)
        meeting = any(one.intersects(other) for one, other in combinations(boxes, 2))
        return any(covered), meeting, sum(inside)

    return [box for box, _, _ in min(product(*choices), key=cost)]


def _box(size: QSizeF, room: QSizeF, place: Place) -> QRectF:
    free_x = max(0.0, room.width() - size.width() - 2 * _MARGIN)
    free_y = max(0.0, room.height() - size.height() - 2 * _MARGIN)
    return QRectF(QPointF(_MARGIN + place[0] * free_x, _MARGIN + place[1] * free_y), size)


def _covered(box: QRectF, handle: QPointF | None) -> bool:
    return handle is not None and box.adjusted(-_REACH, -_REACH, _REACH, _REACH).contains(handle)


def _inside(box: QRectF, points: Floats) -> int:
    x, y = points[:, 0], points[:, 1]
    inside = (x >= box.left()) & (x <= box.right()) & (y >= box.top()) & (y <= box.bottom())
    return int(np.count_nonzero(inside))
