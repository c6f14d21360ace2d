"""The view of the list of verdicts: going through its rows goes to the boxes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from inspector.review.listing import Column, Row
from widgets.quiet_table import make_quiet
from widgets.theme import Theme
from widgets.verdicts.model import COLUMNS, VerdictsModel

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TAKING_BACK = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_0)
_GOING = (
    Qt.FocusReason.MouseFocusReason,
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_PADDING = 14
_WIDTHS = {
    Column.IMAGE: "…000547.jpg",
    Column.WHAT: "person, object",
    Column.VERDICT: "xx nothing wrong",
    Column.KIND: "wrong class: person",
    Column.NOTE: "a note of some words",
    Column.AUTHOR: "Ada Lovelace",
    Column.TIME: "2026-12-31 23:59",
}
"""What a column is made wide enough for at first."""


class VerdictsTable(QTableView):
    """The current row is what was gone to last."""

    pointed_at = Signal(object)
    """The Row that the person went to."""
    left = Signal()
    """The person went elsewhere with the mouse or the keys."""
    taken_back = Signal()
    """What is selected is to be withdrawn."""

    def __init__(self, model: VerdictsModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdicts, self._theme = model, theme
        self.empty_text = ""
        self.setModel(model)
        self.setObjectName("grid")
        self.setAccessibleName("Verdicts")
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # the ends of names tell them apart
        self.setFrameShape(QFrame.Shape.NoFrame)
        make_quiet(self)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setSectionsClickable(True)
        for section, column in enumerate(COLUMNS):
            self.setColumnWidth(section, self.fontMetrics().horizontalAdvance(_WIDTHS[column]) + _PADDING)
        # Of steps in quick succession, the last: each of them shows an image.
        self._step = QTimer(self, singleShot=True, interval=0)
        self._step.timeout.connect(self._point)
        self.clicked.connect(self._point)

    @property
    def current_row(self) -> Row | None:
        row = self.currentIndex().row()
        return self._verdicts.rows[row] if 0 <= row < len(self._verdicts.rows) else None

    def selected_rows(self) -> list[Row]:
        """From top to bottom."""
        ranges = self.selectionModel().selection().toList()
        rows = {row for part in ranges for row in range(part.top(), part.bottom() + 1)}
        return [self._verdicts.rows[row] for row in sorted(rows)]

    def make_current(self, row: int | None, *, in_view: bool) -> None:
        """Select a row, or none, without going there."""
        if row is None:
            self.selectionModel().clear()
            return
        flags = QItemSelectionModel.SelectionFlag
        index = self._verdicts.index(row, 0)
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        if in_view:
            self.scrollTo(index)

    def set_empty_text(self, text: str) -> None:
        """What is said where there is no row."""
        self.empty_text = text
        self.viewport().update()

    def _point(self) -> None:
        row = self.current_row
        if row is not None:
            self.pointed_at.emit(row)

    def keyboardSearch(self, search: str) -> None:
        """Letters are the program's keys."""

    def event(self, event: QEvent) -> bool:
        """Enter and what takes back are meant for the rows here, whatever they do elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and event.key() in (*_ENTER, *_TAKING_BACK) and self.currentIndex().isValid():
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex().row()
        if event.key() in _ENTER:
            self._point()
        elif event.key() in _TAKING_BACK:
            self.taken_back.emit()
        else:
            super().keyPressEvent(event)
            if self.currentIndex().row() != before:
                self._step.start()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in _GOING:
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._verdicts.rows and self.empty_text:
            painter = QPainter(self.viewport())
            painter.setPen(self._theme.colours.muted)
            room = self.viewport().rect().adjusted(20, 20, -20, -20)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, flags, self.empty_text)
