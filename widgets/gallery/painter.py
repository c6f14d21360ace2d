"""Paints cells of the gallery: thousands of them may pass by in a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap

from inspector.dataset import Dataset
from inspector.images import Box, area_around
from inspector.refs import BoxRef
from inspector.review.verdicts import Verdict
from widgets.gallery.cells import Cell, Cells
from widgets.gallery.crop_loader import CropLoader, Form
from widgets.gallery.layout import GAP, Layout
from widgets.gallery.selection import Selection
from widgets.strokes import Look, ghost_stroke, paint_frames, strokes
from widgets.theme import Colours
from widgets.verdict_marks import MarkMaker

_VEIL: Final = 120
"""How opaque what lies over a judged crop is, of 255."""
_ROOM_FOR_REASON: Final = 72
"""Widget pixels of a crop from which the reason why there is no picture stands in it."""

Rect = tuple[int, int, int, int]
"""left, top, right, bottom in device pixels, the last two excluded."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What one paint of the grid shows."""

    dataset: Dataset
    cells: Cells
    positions: range
    layout: Layout
    top: int
    """Widget pixels that are scrolled out at the top."""
    selection: Selection
    form: Form
    verdict: Callable[[BoxRef], Verdict]
    is_focused: bool
    colours: Colours
    ratio: float
    """Device pixels per widget pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A cell and where its parts lie."""

    position: int
    cell: Cell
    whole: QRect
    """In widget pixels."""
    crop: Rect
    """Where the picture is, or would be."""
    area: Box
    """What it shows, in page pixels."""
    pixmap: QPixmap | None
    is_sharp: bool
    """Whether the pixmap has the pixels that are painted."""
    verdict: Verdict

    def edges(self, box: Box) -> Rect:
        """Where the lines of a box lie, brought onto the crop."""
        left, top, right, bottom = self.crop
        x, y, width, height = self.area
        across, down = (right - left) / width, (bottom - top) / height
        ends = (box[0] - x) * across, (box[1] - y) * down
        far = (box[0] + box[2] - x) * across, (box[1] + box[3] - y) * down
        return (
            round(min(max(left + ends[0], left), right)),
            round(min(max(top + ends[1], top), bottom)),
            round(min(max(left + far[0], left), right)),
            round(min(max(top + far[1], top), bottom)),
        )


class CellPainter:
    """Keeps what costs time to make again."""

    def __init__(self, loader: CropLoader) -> None:
        self._loader = loader
        self._marks = MarkMaker()
        self._font = QFont()
        self._metrics = QFontMetrics(self._font)
        self._base = QFont()

    def set_font(self, font: QFont) -> None:
        self._base = QFont(font)
        self._font = QFont(font)
        if font.pointSizeF() > 0:
            self._font.setPointSizeF(max(6.0, font.pointSizeF() * 0.85))
        self._metrics = QFontMetrics(self._font)

    @property
    def caption(self) -> int:
        """Widget pixels of the two lines below a crop."""
        return 2 * self._metrics.height() + 2

    def paint(self, painter: QPainter, shown: Shown) -> None:
        shown.cells.prepare(shown.positions)
        placed = [self._place(shown, position) for position in shown.positions]
        ratio, colours = shown.ratio, shown.colours
        self._marks.use(self._base, ratio, colours)
        for one in placed:
            if one.position in shown.selection:
                painter.fillRect(one.whole.adjusted(1, 1, -1, -1), QColor(colours.selection))
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for one in placed:
            _paint_picture(painter, one, QColor(colours.blank))
        _paint_boxes(painter, placed, shown)
        for one in placed:
            if not one.verdict.is_empty:
                self._paint_verdict(painter, one, colours)
        painter.restore()
        self._write(painter, placed, shown)
        for one in placed:
            if one.position == shown.selection.cursor:
                painter.setPen(QColor(colours.accent if shown.is_focused else colours.muted))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                for inset in (1, 2) if shown.is_focused else (1,):
                    painter.drawRect(one.whole.adjusted(inset, inset, -inset - 1, -inset - 1))

    def _place(self, shown: Shown, position: int) -> _Placed:
        layout, ratio, cell = shown.layout, shown.ratio, shown.cells[position]
        x, y = layout.corner(position)
        whole = QRect(x, y - shown.top, layout.cell_width, layout.cell_height)
        picture = self._loader.picture(cell.wanted)
        if picture is None:
            area = area_around(cell.wanted.box, shown.form.context, _page(shown.dataset, cell))
        else:
            area = picture.area
        side = shown.form.side
        longer = max(area[2:])
        width, height = (max(1, round(side * length / longer)) for length in area[2:])
        left = round((whole.x() + (whole.width() - layout.side) / 2) * ratio) + (side - width) // 2
        top = round((whole.y() + GAP) * ratio) + (side - height) // 2
        return _Placed(
            position=position,
            cell=cell,
            whole=whole,
            crop=(left, top, left + width, top + height),
            area=area,
            pixmap=None if picture is None else picture.pixmap,
            is_sharp=picture is not None and picture.form.side == side,
            verdict=shown.verdict(cell.ref),
        )

    def _paint_verdict(self, painter: QPainter, one: _Placed, colours: Colours) -> None:
        """What is judged steps back, and says what was said."""
        left, top, right, bottom = one.crop
        if one.verdict.judgement is not None:
            veil = QColor(colours.panel)
            veil.setAlpha(_VEIL)
            painter.fillRect(left, top, right - left, bottom - top, veil)
        mark = self._marks.picture(one.verdict, word=True)
        if mark.width() > right - left:
            mark = self._marks.picture(one.verdict, word=False)
        painter.drawImage(left, top, mark)

    def _write(self, painter: QPainter, placed: list[_Placed], shown: Shown) -> None:
        """The captions, and why there is no picture."""
        metrics, layout, side = self._metrics, shown.layout, shown.layout.side
        inset = (layout.cell_width - side) // 2
        room, right = layout.cell_width - inset - 3, Qt.TextElideMode.ElideRight
        below = side + 2 * GAP - 2 + metrics.ascent()
        without = [one for one in placed if one.pixmap is None and side >= _ROOM_FOR_REASON]
        painter.setFont(self._font)
        painter.setPen(QColor(shown.colours.text))
        for one in placed:
            text = metrics.elidedText(one.cell.name, right, room)
            painter.drawText(one.whole.x() + inset, one.whole.y() + below, text)
        below += metrics.height()
        painter.setPen(QColor(shown.colours.muted))
        for one in placed:
            text = metrics.elidedText(one.cell.figures, right, room)
            painter.drawText(one.whole.x() + inset, one.whole.y() + below, text)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        for one in without:
            if problem := self._loader.problem(one.cell.wanted.image_row):
                left, top = one.whole.x() + inset + 4, one.whole.y() + GAP + 4
                painter.drawText(left, top, side - 8, side - 8, flags, f"No picture: {problem}")


def _paint_picture(painter: QPainter, one: _Placed, blank: QColor) -> None:
    left, top, right, bottom = one.crop
    if one.pixmap is None:
        painter.fillRect(left, top, right - left, bottom - top, blank)
    elif one.is_sharp:
        painter.drawPixmap(left, top, one.pixmap)
    else:  # of another size, until its own arrives
        painter.drawPixmap(QRect(left, top, right - left, bottom - top), one.pixmap)


def _paint_boxes(painter: QPainter, placed: list[_Placed], shown: Shown) -> None:
    """All boxes of a look at once, above the detections that speak against labels."""
    origin, ratio = (0.0, -shown.top * shown.ratio), shown.ratio
    others = [one.edges(one.cell.other) for one in placed if one.cell.other is not None]
    if others:
        paint_frames(painter, np.array(others, dtype=np.int32), ghost_stroke(shown.colours), origin, ratio)
    by_look: dict[Look, list[Rect]] = {}
    for one in placed:
        by_look.setdefault(one.cell.look, []).append(one.edges(one.cell.box))
    styles = strokes(shown.colours)
    for look, edges in by_look.items():
        paint_frames(painter, np.array(edges, dtype=np.int32), styles[look], origin, ratio)


def _page(dataset: Dataset, cell: Cell) -> tuple[float, float] | None:
    width, height = dataset.images.sizes[cell.wanted.image_row].tolist()
    return (float(width), float(height)) if width > 0 and height > 0 else None
