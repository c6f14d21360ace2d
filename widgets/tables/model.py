"""A grid as a model for a table view."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from widgets.tables.grid import Grid
from widgets.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_NAME = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class GridModel(QAbstractTableModel):
    """Rows in the order of the grid until somebody sorts them.

    They stay sorted while the numbers change, and by a column of the same title in another grid.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.grid: Grid | None = None
        self._rows: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self._wish: tuple[str, bool] | None = None

    def show(self, grid: Grid | None) -> None:
        """Other numbers of the same items keep the selection, which follows them where they are sorted."""
        before, self.grid = self.grid, grid
        if grid is not None and grid.is_like(before):
            self._reorder()
        else:
            self.beginResetModel()
            self._order()
            self.endResetModel()

    def row_of(self, index: Index) -> int:
        """The grid's row that is shown in a row of the view."""
        return int(self._rows[index.row()])

    def place_of(self, row: int) -> int:
        """The view's row that shows a row of the grid."""
        return int(np.flatnonzero(self._rows == row)[0])

    @property
    def sorted_by(self) -> tuple[int, bool] | None:
        """Column and whether it descends; None for the order of the data."""
        if self.grid is None or self._wish is None or self._wish[0] not in self.grid.heads:
            return None
        return self.grid.heads.index(self._wish[0]), self._wish[1]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.grid is None else self.grid.columns

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if self.grid is None or orientation is not Qt.Orientation.Horizontal or section >= self.grid.columns:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            arrow, by = "", self.sorted_by
            if by is not None and by[0] == section:
                arrow = " ▾" if by[1] else " ▴"
            return self.grid.heads[section] + arrow
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.grid.tips[section] or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NAME if self.grid.is_name(section) else _NUMBER
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        grid = self.grid
        if grid is None or not index.isValid():
            return None
        row, column = self.row_of(index), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return grid.text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NAME if grid.is_name(column) else _NUMBER
        if role == Qt.ItemDataRole.ToolTipRole:
            return grid.text(row, column) if grid.is_name(column) else grid.why_missing(row, column) or None
        if role == Qt.ItemDataRole.ForegroundRole and grid.text(row, column) in ("0", "n/a"):
            return QColor(self._theme.colours.muted)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """A column of -1 stands for the order of the data."""
        is_one = self.grid is not None and 0 <= column < self.grid.columns
        descends = order is Qt.SortOrder.DescendingOrder
        self._wish = (self.grid.heads[column], descends) if self.grid is not None and is_one else None
        self._reorder()
        if self.columnCount():
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def _reorder(self) -> None:
        """Sort again; what is current and selected goes where its row goes."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        rows = [self.row_of(index) for index in before]
        self._order()
        places = np.argsort(self._rows)
        after = [self.index(int(places[row]), old.column()) for row, old in zip(rows, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _order(self) -> None:
        if self.grid is None:
            self._rows = np.zeros(0, dtype=np.intp)
            return
        by = self.sorted_by
        self._rows = np.arange(self.grid.rows) if by is None else self.grid.order(*by)
