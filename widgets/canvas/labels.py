"""The labels of boxes: which of them there is room for, and their pictures."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from inspector.dataset import Flags
from widgets.canvas.boxes import Boxes, Look
from widgets.canvas.strokes import Edges

_KEPT = 2048
_CELL = 4
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


def label_text(name: str, score: float | None) -> str:
    """The class, and the score where there is one."""
    name = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
    return name if score is None or score != score else f"{name} {score:.2f}"


def ink_on(colour: str) -> str:
    """White, or black where white would be hard to read."""
    parsed = QColor(colour)
    channels = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (parsed.redF(), parsed.greenF(), parsed.blueF())
    ]
    luminance = 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    return "#ffffff" if luminance < 0.3 else "#000000"


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
        return not any(self._rows[row] & mask for row in rows)

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
        self._pictures: OrderedDict[tuple[str, str], QImage] = OrderedDict()
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

    def paint(self, painter: QPainter, label: Label) -> None:
        """`painter` has to work in device pixels."""
        painter.drawImage(QPointF(label.rect[0], label.rect[1]), self._picture(label.text, label.colour))

    def _picture(self, text: str, colour: str) -> QImage:
        key = (text, colour)
        found = self._pictures.get(key)
        if found is not None:
            self._pictures.move_to_end(key)
            return found
        image = QImage(self.width(text), self.height, QImage.Format.Format_RGB32)
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

    def put(self, index: int, text: str, colour: str, edges: tuple[int, int, int, int], lift: int) -> None:
        """A label that has to be shown, even if its box is small; `lift` is the line's half width."""
        width = self._maker.width(text)
        rect = self._beside(edges, width, lift)
        for dy in (0, self._maker.height, -self._maker.height):
            moved = (rect[0], rect[1] + dy, rect[2], rect[3] + dy)
            if self._room.is_free(moved) and moved[1] >= 0 and moved[3] <= self._size[1]:
                rect = moved
                break
        self._add(Label(index, text, colour, rect))

    def put_where_free(
        self, boxes: Boxes, edges: Edges, among: Flags, names: tuple[str, ...], colours: dict[Look, str]
    ) -> None:
        """Labels that give way: to each other, and where the box is smaller than its label.

        `among` is bool [boxes].
        """
        maker, height = self._maker, self._maker.height
        classes = np.array([maker.width(label_text(name, None)) for name in names] or [0])
        needed = classes[boxes.classes] + np.where(np.isnan(boxes.scores), 0, maker.width("0.00") // 2)
        left = edges[:, 0].clip(0)
        fits = (edges[:, 2].clip(None, self._size[0]) - left >= needed) & (
            edges[:, 3] - edges[:, 1] >= height
        )
        wanted = boxes.by_importance[(among & fits)[boxes.by_importance]]
        columns = (edges[wanted], boxes.looks[wanted], boxes.classes[wanted], boxes.scores[wanted])
        for index, corners, look, class_row, score in zip(
            wanted.tolist(), *(column.tolist() for column in columns), strict=True
        ):
            text = label_text(names[class_row], score)
            width = maker.width(text)
            if min(corners[2], self._size[0]) - max(corners[0], 0) < width:
                continue
            rect = self._beside(corners, width, 1)
            inside = rect[1] >= corners[1]
            if (inside and rect[3] - rect[1] > (corners[3] - rect[1]) // 2) or not self._room.is_free(rect):
                continue
            self._add(Label(index, text, colours[look], rect))

    def _beside(self, edges: tuple[int, int, int, int], width: int, lift: int) -> Rect:
        """On the box's upper edge, or below it where the picture or the widget ends above."""
        height = self._maker.height
        left = max(0, min(edges[0] - lift, self._size[0] - width))
        top = edges[1] - lift - height
        if top < self._top:
            top = max(self._top, edges[1] - lift)
        top = min(top, self._size[1] - height)
        return left, top, left + width, top + height

    def _add(self, label: Label) -> None:
        self._room.take(label.rect)
        self.placed.append(label)
