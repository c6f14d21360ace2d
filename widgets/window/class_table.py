"""The classes with their counts and rates at the operating point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from inspector.dataset import Floats
from inspector.evaluation.operating_point import class_counts
from widgets.session import Session
from widgets.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_SORT_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    tip: str
    is_rate: bool


_COLUMNS = (
    _Column("Class", "Double click, or Enter, shows only this class; once more shows all again", False),
    _Column("Objects", "Ground-truth objects that count (crowd regions left out)", False),
    _Column("TP", "True positives at the operating point", False),
    _Column("FP", "False positives at the operating point", False),
    _Column("FN", "False negatives at the operating point", False),
    _Column("P", "Precision: TP / (TP + FP)", True),
    _Column("R", "Recall: TP / (TP + FN)", True),
    _Column("F1", "2 TP / (2 TP + FP + FN)", True),
    _Column("AP", "COCO's average precision over all IoU thresholds, whatever the confidence", True),
)
_F1 = 7


class ClassModel(QAbstractTableModel):
    """One row per class, in the dataset's order; float64 values, nan where nothing can be computed."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._names: Sequence[str] = ()
        self._values: Floats = np.empty((0, len(_COLUMNS)))
        session.dataset_changed.connect(self._reset)
        session.results_changed.connect(self._update)
        session.operating_point_changed.connect(self._update)
        self._reset()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _COLUMNS[section].title
            if role == Qt.ItemDataRole.ToolTipRole:
                return _COLUMNS[section].tip
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == _SORT_ROLE:
            return self._names[row].casefold() if column == 0 else float(self._values[row, column])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == 0:
                return f"{self._names[row]}: {_COLUMNS[0].tip}"
            return self._reason(row, column) if np.isnan(self._values[row, column]) else None
        return None

    def _text(self, row: int, column: int) -> str:
        if column == 0:
            return self._names[row]
        value = self._values[row, column]
        if np.isnan(value):
            return "n/a"
        return f"{value:.3f}" if _COLUMNS[column].is_rate else f"{int(value):,}"

    def _colour(self, row: int, column: int) -> QColor | None:
        colours = self._theme.colours
        value = self._values[row, column]
        if column > 0 and (np.isnan(value) or value == 0):
            return QColor(colours.muted)
        outcome = {"TP": colours.tp_text, "FP": colours.fp_text, "FN": colours.fn_text}
        colour = outcome.get(_COLUMNS[column].title)
        return QColor(colour) if colour else None

    def _reason(self, row: int, column: int) -> str:
        if self._session.results is None:
            return "Not evaluated yet"
        if _COLUMNS[column].title == "P":
            return "n/a: nothing of this class is detected at this confidence"
        return "n/a: no object of this class" + ("" if self._values[row, 3] == 0 else " to compute from")

    def _reset(self) -> None:
        self.beginResetModel()
        dataset = self._session.dataset
        self._names = dataset.classes.names if dataset else ()
        self._values = self._compute()
        self.endResetModel()

    def _update(self) -> None:
        if len(self._names):
            self._values = self._compute()
            self.dataChanged.emit(self.index(0, 1), self.index(len(self._names) - 1, len(_COLUMNS) - 1))

    def _compute(self) -> Floats:
        values = np.full((len(self._names), len(_COLUMNS)), np.nan)
        values[:, 0] = 0.0
        results = self._session.results
        if results is None or not len(self._names):
            return values
        counts = class_counts(results.at, self._session.point.confidence)
        tp, fp, fn = counts.T
        values[:, 1] = results.at.positives
        values[:, 2:5] = counts
        with np.errstate(invalid="ignore"):  # 0 / 0 is nan: nothing to compute from
            values[:, 5] = tp / (tp + fp)
            values[:, 6] = tp / (tp + fn)
            values[:, 7] = 2 * tp / (2 * tp + fp + fn)
        values[:, 8] = results.class_ap
        return values


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


class _MissingLast(QSortFilterProxyModel):
    """Sorts stably by the raw values, with "n/a" last in both directions."""

    def lessThan(self, left: Index, right: Index) -> bool:
        one, other = left.data(_SORT_ROLE), right.data(_SORT_ROLE)
        if one != one or other != other:  # nan
            last_wins = one == one
            return last_wins if self.sortOrder() is Qt.SortOrder.AscendingOrder else not last_wins
        return bool(one < other)


class _BarDelegate(QStyledItemDelegate):
    """A rate as a bar behind its number."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        rate = index.data(_SORT_ROLE)
        if rate == rate:
            cell: QRect = option.rect
            track = QRect(cell.left() + 6, cell.bottom() - 4, cell.width() - 12, 3)
            painter.fillRect(track, QColor(self._theme.colours.border))
            track.setWidth(round(track.width() * rate))
            painter.fillRect(track, QColor(self._theme.colours.tp))


class ClassTable(QTableView):
    """Sorted as the person likes; Enter or a double click shows one class alone, and all again."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        proxy = _MissingLast(self)
        proxy.setSortRole(_SORT_ROLE)
        # Sorted again when the person asks, not under the eyes of somebody who drags the threshold.
        proxy.setDynamicSortFilter(False)
        proxy.setSourceModel(ClassModel(session, theme, self))
        self.setModel(proxy)
        self.setItemDelegateForColumn(_F1, _BarDelegate(theme, self))
        self.setSortingEnabled(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 9)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(self.fontMetrics().horizontalAdvance("0") * 4)
        for column, title in enumerate(_COLUMNS[1:], start=1):
            widest = max("0.000" if title.is_rate else "0,000", title.title + " ▾", key=len)
            self.setColumnWidth(column, self.fontMetrics().horizontalAdvance(widest) + 14)
        self.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        self.doubleClicked.connect(self._show_alone)
        session.results_changed.connect(self._sort_again)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The names take what the numbers leave, but never less than a readable part of a name."""
        super().resizeEvent(event)
        numbers = sum(self.columnWidth(column) for column in range(1, len(_COLUMNS)))
        least = self.fontMetrics().horizontalAdvance("traffic light") + 12
        self.setColumnWidth(0, max(least, self.viewport().width() - numbers))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._show_alone(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _show_alone(self, index: QModelIndex) -> None:
        model = self.model()
        assert isinstance(model, QSortFilterProxyModel)
        alone = frozenset({model.mapToSource(index).row()})
        self._session.set_class_rows(None if self._session.wish.class_rows == alone else alone)

    def _sort_again(self) -> None:
        header = self.horizontalHeader()
        self.model().sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
