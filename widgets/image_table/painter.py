"""Paints the rows of the image table in one go.

A delegate would be asked cell by cell, each time through a dozen calls from C++ to Python and back; here the
texts of the visible rows are at hand, and a full table takes about two milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from inspector.image_columns import NOT_AVAILABLE, Kind
from widgets.image_table.cells import BLOCK
from widgets.image_table.model import SECTIONS, ImageTableModel
from widgets.image_table.thumbnails import ThumbnailLoader
from widgets.theme import Colours

PADDING: Final = 5
_NOT_YET = "–"
_ELLIPSIS = "…"
_MOST_ELIDED = 5_000


@dataclass(frozen=True, slots=True)
class Visible:
    """What is to be painted: rows, and the sections with their left edge and width."""

    first: int
    last: int
    top: int
    """Of the first row, in the viewport."""
    row_height: int
    width: int
    sections: list[tuple[int, int, int]]
    selected: frozenset[int]
    current: int | None
    """The row of the current image."""


class RowPainter:
    """Holds what painting needs and what is worth keeping between two paints."""

    def __init__(self, model: ImageTableModel, thumbnails: ThumbnailLoader) -> None:
        self._model, self._thumbnails = model, thumbnails
        self._elided: dict[tuple[str, int], str] = {}
        self._widths: dict[str, int] = {}
        self._metrics = QFontMetrics(QFont())

    def set_font(self, font: QFont) -> None:
        self._metrics = QFontMetrics(font)
        self._elided.clear()
        self._widths.clear()

    def paint(self, painter: QPainter, visible: Visible, colours: Colours) -> None:
        self._paint_backgrounds(painter, visible, colours)
        baseline = (visible.row_height + self._metrics.ascent() - self._metrics.descent()) // 2
        for section, left, width in visible.sections:
            column = SECTIONS[section]
            if column is None:
                self._paint_thumbnails(painter, visible, QRect(left, 0, width, 0), colours)
            elif column.kind is Kind.TEXT:
                painter.setPen(QColor(colours.text))
                for row, y in _rows(visible):
                    name = self._model.block_of(row).names[row % BLOCK]
                    painter.drawText(left + PADDING, y + baseline, self._elide(name, width - 2 * PADDING))
            elif column.kind is Kind.SPLIT:
                painter.setPen(QColor(colours.muted))
                for row, y in _rows(visible):
                    splits = self._model.block_of(row).splits
                    text = self._elide(splits[row % BLOCK], width - 2 * PADDING) if splits else ""
                    painter.drawText(left + PADDING, y + baseline, text)
            elif column.kind is Kind.STATE:
                states, height = self._model.states, visible.row_height - 1
                for row, y in _rows(visible):
                    cell = QRect(left + PADDING, y, width - 2 * PADDING, height)
                    states.paint(painter, self._model.image_at(row), cell, colours)
            else:
                self._paint_numbers(painter, visible, (section, left, width), baseline, colours)

    def _paint_backgrounds(self, painter: QPainter, visible: Visible, colours: Colours) -> None:
        several = len(visible.selected) > 1
        line, selection = QColor(colours.border), QColor(colours.selection)
        height = visible.row_height
        for row, y in _rows(visible):
            if row in visible.selected or row == visible.current:
                painter.fillRect(0, y, visible.width, height, selection)
            if row == visible.current and several:  # which of the selected ones is on the canvas
                painter.fillRect(0, y, 3, height, QColor(colours.accent))
            painter.fillRect(0, y + height - 1, visible.width, 1, line)

    def _paint_numbers(
        self,
        painter: QPainter,
        visible: Visible,
        place: tuple[int, int, int],
        baseline: int,
        colours: Colours,
    ) -> None:
        section, left, width = place
        column = SECTIONS[section]
        assert column is not None
        evaluated = self._model.is_counted
        muted = QColor(colours.muted)
        usual = QColor({"fp": colours.fp_text, "fn": colours.fn_text}.get(column.key, colours.text))
        dim = (NOT_AVAILABLE, "0") if column.kind is Kind.COUNT else (NOT_AVAILABLE,)
        right, leftmost = left + width - PADDING, max(left, 0)
        is_cut = right > visible.width
        if is_cut:
            right = visible.width - PADDING
        for row, y in _rows(visible):
            text = self._model.block_of(row).texts[column.key][row % BLOCK] if evaluated else _NOT_YET
            advance = self._advance(text)
            if is_cut or right - advance < leftmost:  # a number cut in two would be another number
                text, advance = _ELLIPSIS, self._advance(_ELLIPSIS)
                if right - advance < leftmost:
                    continue
            painter.setPen(muted if text in dim or not evaluated else usual)
            painter.drawText(right - advance, y + baseline, text)

    def _paint_thumbnails(self, painter: QPainter, visible: Visible, column: QRect, colours: Colours) -> None:
        size = self._thumbnails.size / painter.device().devicePixelRatio()
        left = column.left() + (column.width() - size.width()) // 2
        for row, y in _rows(visible):
            image_row = self._model.image_at(row)
            box = QRect(left, y + (visible.row_height - 1 - size.height()) // 2, size.width(), size.height())
            pixmap = self._thumbnails.pixmap(image_row)
            if pixmap is not None:
                painter.drawPixmap(box, pixmap)
                continue
            painter.fillRect(box, QColor(colours.blank))
            if self._thumbnails.problem(image_row):
                painter.setPen(QColor(colours.muted))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "?")

    def _elide(self, name: str, width: int) -> str:
        key = (name, width)
        shown = self._elided.get(key)
        if shown is None:
            if len(self._elided) >= _MOST_ELIDED:
                self._elided.clear()
            name = " ".join(name.splitlines())
            # the end tells names apart: numbered images, or folders in front of the name
            shown = self._metrics.elidedText(name, Qt.TextElideMode.ElideLeft, width)
            self._elided[key] = shown
        return shown

    def _advance(self, text: str) -> int:
        advance = self._widths.get(text)
        if advance is None:
            if len(self._widths) >= _MOST_ELIDED:
                self._widths.clear()
            advance = self._widths[text] = self._metrics.horizontalAdvance(text)
        return advance


def _rows(visible: Visible) -> list[tuple[int, int]]:
    """Each row with its upper edge."""
    return [
        (row, visible.top + number * visible.row_height)
        for number, row in enumerate(range(visible.first, visible.last + 1))
    ]
