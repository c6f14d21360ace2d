"""The table of classes beside the curves."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from widgets.quiet_table import make_quiet
from widgets.session import Session
from widgets.theme import Theme
from widgets.window.class_model import COLUMNS, ClassModel, Index

_PADDING = 6
_REST = 150
"""Milliseconds without another operating point after which the rows are sorted again."""
_NAME = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _CellPainter(QStyledItemDelegate):
    """Asks the model directly: the usual way takes seven calls of `data` a cell, at each frame of a drag."""

    def __init__(self, model: ClassModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._theme = model, theme
        self._use_colours()
        theme.changed.connect(self._use_colours)

    def _use_colours(self) -> None:
        colours = self._theme.colours
        self._muted, self._text, self._tp = QColor(colours.muted), QColor(colours.text), QColor(colours.tp)
        self._track, self._selection = QColor(colours.border), QColor(colours.selection)
        outcomes = {"TP": colours.tp_text, "FP": colours.fp_text, "FN": colours.fn_text}
        self._colours = [QColor(outcomes.get(column.title, colours.text)) for column in COLUMNS]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, column = index.row(), index.column()
        cell: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell, self._selection)
        text = self._model.text(row, column)
        inner = cell.adjusted(_PADDING, 0, -_PADDING, 0)
        if column == 0:
            painter.setPen(self._text)
            shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, _NAME, shown)
            return
        painter.setPen(self._muted if text in ("0", "n/a") else self._colours[column])
        painter.drawText(inner, _NUMBER, text)
        if COLUMNS[column].title == "F1" and text != "n/a":
            track = QRect(inner.left(), cell.bottom() - 3, inner.width(), 3)
            painter.fillRect(track, self._track)
            track.setWidth(round(track.width() * self._model.value(row, column)))
            painter.fillRect(track, self._tp)


class ClassTable(QTableView):
    """Sorted as the person likes; Enter or a double click shows one class alone, and all again."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._model = ClassModel(session, self)
        self.setModel(self._model)
        self.setItemDelegate(_CellPainter(self._model, theme, self))
        self.setSortingEnabled(True)
        make_quiet(self)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(self.fontMetrics().horizontalAdvance("0") * 4)
        self.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        header.setSortIndicatorShown(False)  # the model puts it into the title, as in the image table
        self.doubleClicked.connect(self._show_alone)
        # Rows must not move under the eyes of somebody who drags the threshold, only when it rests.
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._sort_again)
        session.operating_point_changed.connect(self._rest.start)
        session.results_changed.connect(self._sort_again)
        session.results_changed.connect(self._fit_columns)
        session.dataset_changed.connect(self._fit_columns)
        self._fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_names()

    def copy_selection(self) -> None:
        """Put the selected rows on the clipboard as tab-separated text with a header."""
        rows = sorted({index.row() for index in self.selectedIndexes()})
        lines = [[self._model.column(number).title for number in range(len(COLUMNS))]]
        lines += [[self._model.text(row, column) for column in range(len(COLUMNS))] for row in rows]
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))

    def _fit_columns(self) -> None:
        """As wide as the largest number that any threshold can bring: a cut number is another number."""
        metrics = self.fontMetrics()
        for column, widest in enumerate(self._model.widest_texts()[1:], start=1):
            title = metrics.horizontalAdvance(self._model.column(column).title + " ▾")
            self.setColumnWidth(column, max(metrics.horizontalAdvance(widest), title) + 2 * _PADDING + 2)
        self._fit_names()

    def _fit_names(self) -> None:
        """The names take what the numbers leave, but never less than a readable part of a name."""
        numbers = sum(self.columnWidth(column) for column in range(1, len(COLUMNS)))
        least = self.fontMetrics().horizontalAdvance("traffic light") + 2 * _PADDING
        self.setColumnWidth(0, max(least, self.viewport().width() - numbers))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._show_alone(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _show_alone(self, index: QModelIndex) -> None:
        alone = frozenset({self._model.class_row(index.row())})
        self._session.set_class_rows(None if self._session.wish.class_rows == alone else alone)

    def _sort_again(self) -> None:
        header = self.horizontalHeader()
        self._model.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
