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
    """Rows in the order of the grid until somebody sorts them; that order stays while the numbers change."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.grid: Grid | None = None
        self._rows: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self._sorted: tuple[int, bool] | None = None

    def show(self, grid: Grid | None) -> None:
        """Other numbers of the same table keep the selection and the sorting; another table begins anew."""
        before, self.grid = self.grid, grid
        if before is None or grid is None or (before.names, before.heads) != (grid.names, grid.heads):
            self.beginResetModel()
            if before is None or grid is None or before.heads != grid.heads:
                self._sorted = None
            self._order()
            self.endResetModel()
        else:
            self.layoutAboutToBeChanged.emit()
            self._order()
            self.layoutChanged.emit()

    def row_of(self, index: Index) -> int:
        """The grid's row that is shown in a row of the view."""
        return int(self._rows[index.row()])

    @property
    def sorted_by(self) -> tuple[int, bool] | None:
        """Column and whether it descends; None for the order of the data."""
        return self._sorted

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.grid is None else self.grid.columns

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if self.grid is None or orientation is not Qt.Orientation.Horizontal or section >= self.grid.columns:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            arrow = ""
            if self._sorted is not None and self._sorted[0] == section:
                arrow = " ▾" if self._sorted[1] else " ▴"
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
        self._sorted = (column, order is Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        rows = [self.row_of(index) for index in before]
        self._order()
        places = np.argsort(self._rows)
        after = [self.index(int(places[row]), old.column()) for row, old in zip(rows, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
        if self.columnCount():
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def _order(self) -> None:
        if self.grid is None:
            self._rows = np.zeros(0, dtype=np.intp)
        elif self._sorted is None:
            self._rows = np.arange(self.grid.rows)
        else:
            self._rows = self.grid.order(*self._sorted)
