"""The table of the three cases."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from widgets.quiet_table import make_quiet
from widgets.what_if.model import RowsModel
from widgets.what_if.rows import ALL_CLASSES, HEADS, Rows

_PADDING: Final = 6
_SPARE: Final = 2
"""Pixels: letters have fractional widths, and what lacks half a pixel would be cut to "+0.…"."""


class RowsView(QTableView):
    """Quiet lines; the names take what the numbers leave."""

    def __init__(self, model: RowsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = model
        self.setObjectName("grid")
        self.setModel(model)
        make_quiet(self)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(self.fontMetrics().horizontalAdvance("0") * 4)
        header.sectionClicked.connect(self._sort)

    def show_rows(self, rows: Rows) -> None:
        """What is current and selected stays so, where the same thing is still shown."""
        chosen = self._keys()
        self._rows.show(rows)
        self._select(chosen)
        self._fit_columns()

    def _sort(self, column: int) -> None:
        chosen = self._keys()
        self._rows.next_order(column)
        self._select(chosen)
        self._fit_columns()

    def _keys(self) -> tuple[str | int | None, list[str | int]]:
        """What is current, and what is selected."""
        rows = self._rows.rows
        if rows is None:
            return None, []
        places = sorted({index.row() for index in self.selectedIndexes()})
        current = self.currentIndex()
        at = rows.keys[self._rows.row_of(current.row())] if current.isValid() else None
        return at, [rows.keys[self._rows.row_of(place)] for place in places]

    def _select(self, chosen: tuple[str | int | None, list[str | int]]) -> None:
        current, selected = chosen
        model, kinds = self.selectionModel(), type(self.selectionModel()).SelectionFlag
        place = None if current is None else self._rows.place_of(current)
        if place is not None:
            model.setCurrentIndex(self._rows.index(place, 0), kinds.NoUpdate)
        for key in selected:
            place = self._rows.place_of(key)
            if place is not None:
                model.select(self._rows.index(place, 0), kinds.Select | kinds.Rows)

    def _fit_columns(self) -> None:
        rows = self._rows.rows
        if rows is None:
            return
        width, bold, taken = self.fontMetrics().horizontalAdvance, QFont(self.font()), 0
        bold.setBold(True)
        widest = QFontMetrics(bold).horizontalAdvance  # the first row's
        for column in range(1, len(HEADS)):
            title = self._rows.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
            numbers = {rows.text(row, column) for row in range(len(rows))}
            wanted = max(width(title), *map(widest, numbers)) + 2 * _PADDING + _SPARE
            self.setColumnWidth(column, wanted)
            taken += wanted
        self.setColumnWidth(0, max(widest(ALL_CLASSES) + 2 * _PADDING, self.viewport().width() - taken))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
