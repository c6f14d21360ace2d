"""Where something that pops up hides as little as possible of what it asks about."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize

_GAP = 8


def beside(size: QSize, box: QRect, room: QRect) -> QPoint:
    """The upper left corner: right of the box, left of it, below or above, where there is room."""
    right, bottom = room.right() + 1 - size.width(), room.bottom() + 1 - size.height()
    seen = box & room
    if not seen.isValid():
        seen = QRect(room.center(), QSize(1, 1))

    def inside(x: int, y: int) -> QPoint:
        return QPoint(max(room.left(), min(x, right)), max(room.top(), min(y, bottom)))

    choices = [
        inside(seen.right() + 1 + _GAP, seen.top()),
        inside(seen.left() - _GAP - size.width(), seen.top()),
        inside(seen.left(), seen.bottom() + 1 + _GAP),
        inside(seen.left(), seen.top() - _GAP - size.height()),
    ]

    def hidden(at: QPoint) -> int:
        shared = QRect(at, size) & seen
        return shared.width() * shared.height() if shared.isValid() else 0

    return min(choices, key=hidden)
