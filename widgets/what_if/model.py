"""The rows as a model for a table view."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from widgets.theme import Theme
from widgets.what_if.rows import HEADS, TIPS, Rows

Index = QModelIndex | QPersistentModelIndex
_NAME = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RowsModel(QAbstractTableModel):
    """Classes that change most come first until somebody sorts them; a third click brings that back."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: Rows | None = None
        self._order: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self._column, self._descending = -1, False

    def show(self, rows: Rows | None) -> None:
        self.beginResetModel()
        self.rows = rows
        self._sort()
        self.endResetModel()

    def row_of(self, place: int) -> int:
        """The row of `rows` that stands at a place of the view."""
        return int(self._order[place])

    def place_of(self, key: str | int) -> int | None:
        """Where the view shows what is known by a key."""
        if self.rows is None or key not in self.rows.keys:
            return None
        return int(np.flatnonzero(self._order == self.rows.keys.index(key))[0])

    def next_order(self, column: int) -> None:
        """Sort by a column: downwards first (names upwards), then the other way, then by none."""
        first = column != 0
        if self._column != column:
            self._column, self._descending = column, first
        elif self._descending == first:
            self._descending = not first
        else:
            self._column = -1
        self.beginResetModel()
        self._sort()
        self.endResetModel()

    def _sort(self) -> None:
        rows = self.rows
        self._order = (
            np.zeros(0, dtype=np.intp) if rows is None else rows.order(self._column, self._descending)
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal or self.rows is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            arrow = (" ▾" if self._descending else " ▴") if section == self._column else ""
            return (HEADS[section] or self.rows.head) + arrow
        if role == Qt.ItemDataRole.ToolTipRole:
            return TIPS[section] or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NUMBER if section else _NAME
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        rows = self.rows
        if rows is None or not index.isValid():
            return None
        row, column = self.row_of(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return rows.text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NUMBER if column else _NAME
        if role == Qt.ItemDataRole.ToolTipRole:
            return rows.why_missing(row, column) or (None if column else rows.names[row])
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(rows, row, column)
        if role == Qt.ItemDataRole.FontRole and rows.keys[row] == "":
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _colour(self, rows: Rows, row: int, column: int) -> QColor | None:
        colours, gain = self._theme.colours, rows.gain(row, column)
        if gain:
            return QColor(colours.tp_text if gain > 0 else colours.fp_text)
        return QColor(colours.muted) if rows.text(row, column) in ("0", "n/a") else None
