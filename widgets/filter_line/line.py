"""The line in which the person says what to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from inspector.filtering import HELP, Filter, FilterError, parse_filter
from widgets.filter_line.completion import FilterCompleter

_PAUSE: Final = 200
"""Milliseconds without a key until what was typed counts."""


class FilterLine(QLineEdit):
    """Reads the text while it is typed. What cannot be understood is marked, and the last filter stays."""

    filter_changed = Signal(object)
    """The new `Filter`."""
    problem_changed = Signal(str)
    """Why the text cannot be understood; "" when it can again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = parse_filter("")
        self._problem = ""
        self.setPlaceholderText("fp>0 or fn>0")
        self.setAccessibleName("Filter the images")
        self.setClearButtonEnabled(True)
        self.setToolTip(HELP)
        self.setMinimumWidth(120)
        self._completer = FilterCompleter(self)
        self.setCompleter(self._completer)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.apply)
        self.textChanged.connect(self._on_text)
        self.returnPressed.connect(self._on_return)

    @property
    def filter(self) -> Filter:
        """The last text that could be understood."""
        return self._filter

    @property
    def problem(self) -> str:
        return self._problem

    def set_text(self, text: str) -> None:
        """Put a filter in, at once."""
        self.setText(text)
        self.apply()

    def set_class_names(self, names: Sequence[str]) -> None:
        """The classes that are offered behind `class:`."""
        self._completer.set_class_names(names)

    def apply(self) -> None:
        """Take what is typed now."""
        self._pause.stop()
        try:
            new = parse_filter(self.text())
        except FilterError as error:
            self._set_problem(f"{error.message} (character {error.position + 1})")
            return
        self._set_problem("")
        if new != self._filter:
            self._filter = new
            self.filter_changed.emit(new)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.set_text("")
        else:
            super().keyPressEvent(event)

    def _on_text(self) -> None:
        if self.text().strip():
            self._pause.start()
        else:
            self.apply()

    def _on_return(self) -> None:
        self.apply()
        if popup := self._completer.popup():
            popup.hide()
        if not self._problem:
            self._completer.remember(self.text())

    def _set_problem(self, problem: str) -> None:
        if problem == self._problem:
            return
        self._problem = problem
        self.setProperty("invalid", bool(problem))
        # a style sheet looks at properties only when it is put on again
        self.style().unpolish(self)
        self.style().polish(self)
        self.setToolTip(problem or HELP)
        self.problem_changed.emit(problem)
