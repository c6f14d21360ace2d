"""The labels of boxes: which of them there is room for, and their pictures."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from inspector.dataset import Flags
from widgets.canvas.boxes import Boxes
from widgets.strokes import Edges, Look
from widgets.theme import ink_on

_KEPT = 2048
_CELL = 4
_LIFT = 1
"""Device pixels by which a label overlaps the line of its box."""
_SPARED = 400
"""So many small errors at most are kept free of labels; more would cost a frame."""
_MOST = 300
"""Labels at most, for the same reason. Nobody reads as many."""
_LONGEST = 40
"""Characters of a class name that a label shows."""

Rect = tuple[int, int, int, int]
"""left, top, right, bottom in device pixels, the last two excluded."""


@dataclass(frozen=True, slots=True)
class Label:
    """A placed label."""

    index: int
    """The box's position in `Boxes`; -1 for a box that is not among them."""
    text: str
    colour: str
    rect: Rect


@dataclass(frozen=True, slots=True)
class NamedBox:
    """A box that is to have a label."""

    index: int
    """As in `Label`."""
    name: str
    score: float | None
    colour: str
    edges: Rect


def label_text(name: str, score: float | None) -> str:
    """The class, and the score where there is one."""
    name = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
    return name if score is None or score != score else f"{name} {score:.2f}"


def rect_meets(one: Rect) -> Callable[[Rect], bool]:
    """Whether another rectangle has pixels in common with this one, up to the width of a line."""
    left, top, right, bottom = one[0] + 2, one[1] + 2, one[2] - 2, one[3] - 2

    def meets(other: Rect) -> bool:
        return left < other[2] and other[0] < right and top < other[3] and other[1] < bottom

    return meets


class Room:
    """Which parts of a widget are taken, in cells of a few pixels: one whole number of bits per row."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._rows = [0] * (height // _CELL + 1)

    def take(self, rect: Rect) -> None:
        rows, mask = self._cells(rect)
        for row in rows:
            self._rows[row] |= mask

    def is_free(self, rect: Rect) -> bool:
        rows, mask = self._cells(rect)
        taken = self._rows
        for row in rows:  # noqa: SIM110 - the quickest way, and it runs for thousands of labels per frame
            if taken[row] & mask:
                return False
        return True

    def _cells(self, rect: Rect) -> tuple[range, int]:
        left, top = max(0, rect[0]), max(0, rect[1])
        right, bottom = min(self._width, rect[2]), min(self._height, rect[3])
        if left >= right or top >= bottom:
            return range(0), 0
        first, end = left // _CELL, (right - 1) // _CELL + 1
        return range(top // _CELL, (bottom - 1) // _CELL + 1), (1 << end) - (1 << first)


class LabelMaker:
    """Measures labels and keeps their pictures, for one font and one density of pixels at a time."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._font = QFont()
        self._metrics = QFontMetricsF(self._font)
        self._pictures: OrderedDict[tuple[str, str, int], QImage] = OrderedDict()
        self._widths: dict[str, int] = {}
        self._ratio = 1.0

    def use(self, font: QFont, ratio: float) -> None:
        key = (font.toString(), ratio)
        if key == self._key:
            return
        self._key, self._ratio = key, ratio
        small = QFont(font)
        if font.pointSizeF() > 0:
            small.setPointSizeF(max(6.0, font.pointSizeF() * 0.85))
        self._font, self._metrics = small, QFontMetricsF(small)
        self._pictures.clear()
        self._widths.clear()

    @property
    def height(self) -> int:
        """Device pixels."""
        return round((self._metrics.height() + 1) * self._ratio)

    def width(self, text: str) -> int:
        """Device pixels."""
        found = self._widths.get(text)
        if found is None:
            if len(self._widths) > 20_000:
                self._widths.clear()
            found = round((self._metrics.horizontalAdvance(text) + 8) * self._ratio)
            self._widths[text] = found
        return found

    def label_width(self, name: str, has_score: bool) -> int:
        """Of a class's label, whatever the score: so a label does not change its place with the digits."""
        return self.width(label_text(name, 0.0 if has_score else None))

    def paint(self, painter: QPainter, label: Label) -> None:
        """`painter` has to work in device pixels."""
        left, top, right, _ = label.rect
        painter.drawImage(left, top, self._picture(label.text, label.colour, right - left))

    def _picture(self, text: str, colour: str, width: int) -> QImage:
        key = (text, colour, width)
        found = self._pictures.get(key)
        if found is not None:
            self._pictures.move_to_end(key)
            return found
        image = QImage(width, self.height, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        image.setDevicePixelRatio(self._ratio)
        painter = QPainter(image)
        painter.setFont(self._font)
        painter.setPen(QColor(ink_on(colour)))
        painter.drawText(QPointF(4, 0.5 + self._metrics.ascent()), text)
        painter.end()
        image.setDevicePixelRatio(1.0)
        self._pictures[key] = image
        if len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        return image


class Placement:
    """Finds room for labels, the most important first. One is made per frame."""

    def __init__(self, maker: LabelMaker, size: tuple[int, int], page_top: int) -> None:
        self._maker = maker
        self._size = size
        self._top = max(0, page_top)
        self._room = Room(*size)
        self.placed: list[Label] = []

    def keep_free(self, rect: Rect) -> None:
        """No label may cover this."""
        self._room.take(rect)

    def keep_small_boxes_free(self, boxes: Boxes, edges: Edges, shown: Flags) -> None:
        """No label may cover the errors that are too small to have one. `shown` is bool [boxes]."""
        width, height = (edges[:, 2:] - edges[:, :2]).T
        unlabelled = (width < self._widths(boxes)) | (height < self._maker.height)
        small = unlabelled & (np.maximum(width, height) < 4 * self._maker.height)
        errors = (boxes.looks == Look.FP) | (boxes.looks == Look.FN)
        chosen = np.flatnonzero(small & errors & shown)[:_SPARED]
        # A little less than the whole box: its neighbour's label may touch it.
        inner = edges[chosen] + np.array([_CELL, _CELL, -_CELL, -_CELL])
        for left, top, right, bottom in inner.tolist():
            self._room.take((left, top, max(right, left + 1), max(bottom, top + 1)))

    def put(self, box: NamedBox, must: bool, spare: Sequence[Rect]) -> None:
        """A label that is shown even if its box is small; only left out for lack of room unless it `must` be.

        Boxes to `spare` are not to be covered.
        """
        edges, text = box.edges, label_text(box.name, box.score)
        width, height = self._maker.width(text), self._maker.height
        above, below, left = edges[1] - _LIFT - height, edges[3] + _LIFT, edges[0] - _LIFT
        beside = (edges[0] - width - _LIFT, edges[2] + _LIFT)
        corners = (
            (left, above if above >= self._top else edges[1] - _LIFT),
            (left, below),
            (beside[1], edges[1]),
            (beside[0], edges[1]),
            (left, above - height),
            (left, below + height),
        )
        rects = [self._inside(*corner, width) for corner in corners]
        found = self._free(rects, spare)
        if found is not None or must:
            self._add(Label(box.index, text, box.colour, found or rects[0]))

    def take_free(self, rects: Iterable[Rect], spare: Sequence[Rect]) -> Rect | None:
        """Keep the first of these places that is free for something else, and return it."""
        found = self._free(rects, spare)
        if found is not None:
            self._room.take(found)
        return found

    def put_where_free(self, boxes: Boxes, edges: Edges, among: Flags, colours: dict[Look, str]) -> None:
        """Labels that give way: to each other, and where the box is smaller than its label.

        `among` is bool [boxes].
        """
        height = self._maker.height
        widths = self._widths(boxes)
        left, right = edges[:, 0].clip(0), edges[:, 2].clip(None, self._size[0])
        top = edges[:, 1] - _LIFT - height
        # No room above, at the picture's or the widget's upper end: within the box, if it is tall enough.
        within = top < self._top
        top = np.where(within, (edges[:, 1] - _LIFT).clip(self._top), top)
        tall = edges[:, 3] - np.where(within, top, edges[:, 1]) >= np.where(within, 2 * height, height)
        fits = among & tall & (right - left >= widths) & (top + height <= self._size[1])
        chosen = boxes.by_importance[fits[boxes.by_importance]]
        lefts = (left - _LIFT).clip(0)
        columns = (lefts[chosen], top[chosen], (lefts + widths)[chosen], (top + height)[chosen])
        for index, *corners in zip(chosen.tolist(), *(column.tolist() for column in columns), strict=True):
            rect = (corners[0], corners[1], corners[2], corners[3])
            if len(self.placed) >= _MOST:
                break
            if self._room.is_free(rect):
                text = label_text(boxes.names[boxes.classes[index]], float(boxes.scores[index]))
                self._add(Label(index, text, colours[Look(int(boxes.looks[index]))], rect))

    def _free(self, rects: Iterable[Rect], spare: Sequence[Rect]) -> Rect | None:
        free = (rect for rect in rects if self._room.is_free(rect) and not any(map(rect_meets(rect), spare)))
        return next(free, None)

    def _widths(self, boxes: Boxes) -> NDArray[np.int64]:
        """int64 [boxes]: of their labels."""
        width = self._maker.label_width
        by_class = [[width(name, scored) for name in boxes.names] for scored in (False, True)]
        return np.array(by_class, dtype=np.int64)[(~np.isnan(boxes.scores)).astype(np.intp), boxes.classes]

    def _inside(self, left: int, top: int, width: int) -> Rect:
        """Moved into the widget."""
        left = max(0, min(left, self._size[0] - width))
        top = max(0, min(top, self._size[1] - self._maker.height))
        return left, top, left + width, top + self._maker.height

    def _add(self, label: Label) -> None:
        self._room.take(label.rect)
        self.placed.append(label)
