"""The view of a table: its columns fit, and what is current stays current."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from widgets.quiet_table import make_quiet
from widgets.tables.grid import Grid
from widgets.tables.model import GridModel

_WIDEST_NAME: Final = 200
_PADDING: Final = 6


class GridView(QTableView):
    """Quiet lines, and columns as wide as what they hold."""

    stepped = Signal(QModelIndex)
    """Keys moved the current row; of steps in quick succession, the last."""

    def __init__(self, model: GridModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._numbers = model
        self._step = QTimer(self, singleShot=True, interval=0)
        self._step.timeout.connect(lambda: self.stepped.emit(self.currentIndex()))
        self.setObjectName("grid")
        self.setModel(model)
        make_quiet(self)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(self.fontMetrics().horizontalAdvance("0") * 4)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        header.setSortIndicatorShown(False)  # the model puts it into the title, as in the other tables

    def show_grid(self, grid: Grid | None) -> None:
        """What is current stays so where the same table still has it.

        Columns fit anew, but for other numbers in the same cells: these only widen them, so that nothing
        jitters while somebody drags the threshold.
        """
        before, current = self._numbers.grid, self.currentIndex()
        item = (
            before.item(self._numbers.row_of(current)) if before is not None and current.isValid() else None
        )
        column = current.column()
        self._numbers.show(grid)
        if grid is None:
            return
        is_like = grid.is_like(before)
        self._fit_columns(grid, only_wider=is_like and before is not None and before.measure == grid.measure)
        if is_like:
            return
        self._tell_header()
        row = (
            grid.row_of(item)
            if before is not None and before.table.name == grid.table.name and item
            else None
        )
        if row is not None:
            self.setCurrentIndex(
                self._numbers.index(self._numbers.place_of(row), min(column, grid.columns - 1))
            )

    def unsort(self) -> None:
        """Back to the order of the data."""
        self._numbers.sort(-1)
        self._tell_header()

    def _tell_header(self) -> None:
        """By which column the next click would turn the order round."""
        column, descends = self._numbers.sorted_by or (-1, False)
        order = Qt.SortOrder.DescendingOrder if descends else Qt.SortOrder.AscendingOrder
        with QSignalBlocker(self.horizontalHeader()):  # they are sorted already
            self.horizontalHeader().setSortIndicator(column, order)

    def _fit_columns(self, grid: Grid, *, only_wider: bool) -> None:
        """As wide as the cells, and the title with the arrow that says how it is sorted."""
        width = self.fontMetrics().horizontalAdvance
        for column in range(grid.columns):
            texts = (grid.widest(column), f"{grid.heads[column]} ▾")
            wanted = min(max(map(width, texts)) + 2 * _PADDING + 2, _WIDEST_NAME)
            self.setColumnWidth(column, max(wanted, self.columnWidth(column)) if only_wider else wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex().row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
            if self.currentIndex().isValid() and self.currentIndex().row() != before:
                self._step.start()
