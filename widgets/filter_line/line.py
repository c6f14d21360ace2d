"""The line in which the person says what to show."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFocusEvent,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import Shiboken

from inspector.dataset import Dataset
from inspector.filtering import HELP, Filter, FilterError, is_begun, parse_filter
from inspector.refs import Ref
from inspector.review.verdicts import Entry
from widgets.filter_line.completion import FilterCompleter
from widgets.filter_line.history import History
from widgets.filter_line.problem import ProblemNote
from widgets.filter_line.saved import SavedFilters
from widgets.filter_line.saved_menu import SavedMenu
from widgets.theme import Theme

_PAUSE: Final = 200
"""Milliseconds without a key until what was typed counts."""
_KEYS = (
    "Tab completes it, Enter applies it, Esc clears it and then leaves, "
    "Up and Down bring back earlier ones, Ctrl+S saves it under a name."
)
_ICON = 16
_ONLY_AWAY: Final = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class FilterLine(QLineEdit):
    """Reads the text while it is typed. What cannot be understood is marked, and the last filter stays."""

    filter_changed = Signal(object)
    """The new `Filter`."""
    problem_changed = Signal(str)
    """Why the text cannot be understood; "" when it can again."""

    def __init__(
        self, theme: Theme, saved: SavedFilters, what: str = "images", parent: QWidget | None = None
    ) -> None:
        """`what` it filters, in the plural."""
        super().__init__(parent)
        self._theme = theme
        self._filter = parse_filter("")
        self._error: FilterError | None = None
        self._help = f"Which {what} to show.\n{HELP}\n{_KEYS}"
        self._history = History()
        self._note = ProblemNote(self)
        self.setPlaceholderText("fp>0 or fn>0")
        self.setAccessibleName(f"Filter the {what}")
        self.setClearButtonEnabled(True)
        self.setToolTip(self._help)
        self.setMinimumWidth(120)
        self._set_up_completer(saved)
        self._set_up_menu(saved)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._on_pause)
        self.textChanged.connect(self._on_text)
        self.returnPressed.connect(self._on_return)
        self._home: QWidget | None = None
        self._former: QWidget | None = None
        """Where the keys went before they came here."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_moved)

    def _set_up_completer(self, saved: SavedFilters) -> None:
        self._completer = FilterCompleter(self)
        self.setCompleter(self._completer)
        self._completer.toggled.connect(self._tell)
        self._completer.set_saved(saved.texts)
        saved.changed.connect(lambda: self._completer.set_saved(saved.texts))

    def _set_up_menu(self, saved: SavedFilters) -> None:
        self._menu = SavedMenu(saved, self)
        self._menu.chosen.connect(self._choose)
        self._menu.deleted.connect(self._remember)
        self._button = QAction("Saved filters", self)
        self._button.setToolTip("Saved filters")
        self._button.triggered.connect(self.show_saved)
        self.addAction(self._button, QLineEdit.ActionPosition.LeadingPosition)
        self._theme.changed.connect(self._draw_button)
        self._draw_button()

    @property
    def filter(self) -> Filter:
        """The last text that could be understood."""
        return self._filter

    @property
    def problem(self) -> str:
        """Why what stands in the line is not the filter, and where."""
        return "" if self._error is None else f"{self._error.message} (character {self._error.position + 1})"

    def set_text(self, text: str) -> None:
        """Put a filter in, at once."""
        self.setText(text)
        self.apply()

    def set_names(self, dataset: Dataset | None) -> None:
        """Whose classes and splits are offered behind `class:` and `split:`."""
        self._completer.set_names(dataset)

    def set_said(self, said: Callable[[], Mapping[Ref, Entry]]) -> None:
        """Where to ask for the names that are offered behind `author:`."""
        self._completer.set_said(said)

    def set_home(self, home: QWidget) -> None:
        """What it filters: there, the keys go on once a filter was entered."""
        self._home = home

    def begin(self) -> None:
        """Typing begins here, in place of what stands there."""
        self.setFocus()
        self.selectAll()

    def save(self) -> None:
        """Ask for the name under which the filter is kept; nothing where there is none."""
        self.apply()
        self._menu.save()

    def show_saved(self) -> None:
        """Open the menu of the saved filters below the line."""
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def apply(self) -> None:
        """Take what is typed now."""
        self._pause.stop()
        new = self._read()
        if new is not None and new != self._filter:
            self._filter = new
            self.filter_changed.emit(new)

    def _read(self) -> Filter | None:
        """What is typed, if it can be understood; else the mistake is marked."""
        try:
            new = parse_filter(self.text())
        except FilterError as error:
            self._set_error(error)
            self._menu.set_text("")
            return None
        self._set_error(None)
        self._menu.set_text(new.text)
        return new

    def escape(self) -> None:
        """Close the suggestions, else clear the text; where there is neither, go back where the keys were."""
        if self._completer.is_open:
            self._completer.close()
        elif self.text():
            self.set_text("")
        else:
            former = self._former
            there = former is not None and Shiboken.isValid(former) and former.isVisible()
            self._go_to(former if there else self._home)

    def _go_to(self, widget: QWidget | None) -> None:
        if widget is not None:
            widget.setFocus()

    def _on_focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        if now is self and before is not None and before.window() is self.window():
            self._former = before

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self.escape()
        elif event.matches(QKeySequence.StandardKey.Save):  # where there is no window around the line
            self.save()
        elif event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.show_saved()
        elif steps is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.setText(self._history.step(steps, self.text()))
        else:
            super().keyPressEvent(event)

    def _on_text(self) -> None:
        if not self.text().strip():
            self.apply()
            return
        if self._error is not None:  # a mark goes at once, but comes only with the pause: half a word is none
            self._read()
        self._pause.start()

    def _on_pause(self) -> None:
        """Half a word is no filter yet: as a part of file names it would mostly leave nothing."""
        if not (self.hasFocus() and self.cursorPosition() == len(self.text()) and is_begun(self.text())):
            self.apply()

    def _on_return(self) -> None:
        self.apply()
        self._completer.close()
        if self._error is None:
            self._remember(self.text())
            self._go_to(self._home)

    def _choose(self, text: str) -> None:
        self.set_text(text)
        self._remember(text)
        self.setFocus()

    def _remember(self, text: str) -> None:
        self._history.remember(text)
        self._completer.set_history(self._history.texts)

    # --- what is wrong ---

    def _set_error(self, error: FilterError | None) -> None:
        before, self._error = self.problem, error
        problem = self.problem
        if problem == before:
            return
        self.setProperty("invalid", bool(problem))
        # a style sheet looks at properties only when it is put on again
        self.style().unpolish(self)
        self.style().polish(self)
        self.setToolTip(problem or self._help)
        self._tell()
        self.update()
        self.problem_changed.emit(problem)

    def _tell(self) -> None:
        """Say what is wrong where the person looks, but not over the suggestions."""
        busy = self._completer.is_open or not self.hasFocus()
        self._note.tell("" if self._error is None or busy else self._error.message)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._note.isVisible():
            return True  # it would lie over the note, and say the same
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _ONLY_AWAY and self.text().strip() != self._filter.text:
            self.apply()
        self._tell()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._error is not None:
            self._underline(self._error.position)

    def _underline(self, position: int) -> None:
        """A wave below the word that the error is about, or behind the end."""
        text, metrics = self.text(), self.fontMetrics()
        word = re.compile(r"\S+").match(text, position)
        cursor = self.cursorRect()
        start = cursor.center().x() - metrics.horizontalAdvance(text[: self.cursorPosition()])
        left = start + metrics.horizontalAdvance(text[:position])
        right = start + metrics.horizontalAdvance(text[: word.end()]) if word else left
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.rect().adjusted(6, 0, -6, 0))
        painter.setPen(QColor(self._theme.colours.fp_text))
        steps = range(left, max(right, left + 8) + 1, 2)
        points = [QPointF(x, cursor.bottom() - (at % 2) * 2) for at, x in enumerate(steps)]
        painter.drawPolyline(QPolygonF(points))
        painter.end()

    def _draw_button(self) -> None:
        """A funnel, in the theme's colour."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(_ICON * ratio), round(_ICON * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colours.muted))
        corners = [(2, 3), (14, 3), (9.4, 8.6), (9.4, 13.4), (6.6, 12), (6.6, 8.6)]
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        painter.end()
        self._button.setIcon(QIcon(pixmap))
