"""The rows of the list of verdicts. Texts are made for the cells that are seen."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QRectF, Qt
from PySide6.QtCore import QPersistentModelIndex as PersistentIndex
from PySide6.QtGui import QColor, QPainter, QPixmap

from inspector.review.listing import Column, Row, Rows, cell_text
from inspector.review.verdicts import Judgement
from inspector.review.words import box_words
from widgets.theme import Theme
from widgets.verdict_marks import paint_symbol

COLUMNS: Final = tuple(Column)
_SYMBOL: Final = 14
"""Pixels."""
_Index = QModelIndex | PersistentIndex
_NO_INDEX = QModelIndex()


class VerdictsModel(QAbstractTableModel):
    """Shows rows in the order in which they are given."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: Rows = Rows([], [])
        self._sorted = (Column.TIME, True)
        self._symbols: dict[Judgement, QPixmap] = {}
        theme.changed.connect(self._symbols.clear)

    @property
    def rows(self) -> Rows:
        return self._rows

    def show(self, rows: Rows, column: Column, descending: bool) -> None:
        """Rows, and by what they are sorted."""
        self.beginResetModel()
        self._rows, self._sorted = rows, (column, descending)
        self.endResetModel()

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        column, (by, descending) = COLUMNS[section], self._sorted
        return f"{column} {'▾' if descending else '▴'}" if column is by else str(column)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(row.entry, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(row, column)
        judgement = row.entry.verdict.judgement
        if column is Column.VERDICT and judgement is not None:
            if role == Qt.ItemDataRole.DecorationRole:
                return self._symbol(judgement)
            if role == Qt.ItemDataRole.ForegroundRole and judgement is Judgement.LABEL:
                return QColor(self._theme.colours.verdict_text)
        if role == Qt.ItemDataRole.ForegroundRole and row.ref is None:
            return QColor(self._theme.colours.muted)
        return None

    def _symbol(self, judgement: Judgement) -> QPixmap:
        found = self._symbols.get(judgement)
        if found is None:
            found = QPixmap(_SYMBOL, _SYMBOL)
            found.fill(Qt.GlobalColor.transparent)
            painter, colours = QPainter(found), self._theme.colours
            ink = colours.verdict_text if judgement is Judgement.LABEL else colours.text
            paint_symbol(painter, judgement, QRectF(0, 0, _SYMBOL, _SYMBOL), QColor(ink))
            painter.end()
            self._symbols[judgement] = found
        return found


def _tip(row: Row, column: Column) -> str | None:
    """What the cell has no room for."""
    place = row.entry.place
    if column is Column.WHAT and place.box is not None:
        known = "" if place.object_id is None else f", id {place.object_id}"
        return f"{place.class_name} at {box_words(place.box)}{known}"
    if column is Column.NOTE:
        return row.entry.verdict.note or None
    if column is Column.TIME:
        return row.entry.time.astimezone().strftime("%A, %d %B %Y, %H:%M:%S")
    return cell_text(row.entry, column) or None
