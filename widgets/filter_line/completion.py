"""Suggestions while a filter is typed: fields, their values, class names, and whole filters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QStringListModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import QCompleter, QLineEdit

from inspector.filtering import FIELDS, TEXT_FIELDS, VALUES

_LAST_TERM = re.compile(r"""(?:[^\s()"-]|(?<=[^\s(])-|"[^"]*"?)*$""")

_NOTHING = "\0"
"""What no suggestion begins with."""


class FilterCompleter(QCompleter):
    """Completes the term at the cursor, not the line as a whole."""

    toggled = Signal()
    """The list of suggestions came or went."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self._class_names: Sequence[str] = ()
        self._history: Sequence[str] = ()
        self._saved: dict[str, str] = {}
        self._kept = self._tail = ""
        self._begun = 0
        self._words = QStringListModel(self)
        self.setModel(self._words)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(12)
        self._refresh()

    def set_class_names(self, names: Sequence[str]) -> None:
        self._class_names = names
        self._refresh()

    def set_history(self, texts: Sequence[str]) -> None:
        """Whole lines, the latest first."""
        self._history = texts
        self._refresh()

    def set_saved(self, texts: Mapping[str, str]) -> None:
        """Filters by name: the name is completed to the filter."""
        self._saved = {f"{name} → {text}": text for name, text in texts.items()}
        self._refresh()

    @property
    def is_open(self) -> bool:
        """Whether the list of suggestions is there."""
        popup = self.popup()
        return popup is not None and popup.isVisible()

    def close(self) -> None:
        if popup := self.popup():
            popup.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.popup() and event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            QTimer.singleShot(0, self, self.toggled.emit)
        return super().eventFilter(watched, event)

    def splitPath(self, path: str) -> list[str]:
        """What the suggestions have to begin with."""
        at = self._line.cursorPosition() if path == self._line.text() else len(path)
        typed, self._tail = path[:at], path[at:]
        found = _LAST_TERM.search(typed)
        term = found[0] if found else ""
        self._kept, self._begun = typed[: len(typed) - len(term)], 0
        field, colon, values = term.partition(":")
        before, comma, last = values.rpartition(",")
        if colon and comma:  # the second of several classes
            self._kept += f"{field}:{before},"
            self._begun = len(field) + 1
            term = f"{field}:{last}"
        return [_NOTHING if self._is_whole(term) else term]

    def _is_whole(self, term: str) -> bool:
        """Whether there is nothing to complete: the only suggestion is what was typed."""
        begun = [word for word in self._words.stringList() if word.casefold().startswith(term.casefold())]
        return len(begun) == 1 and len(begun[0]) == len(term)

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The whole line with the suggestion in it."""
        # What was typed is remembered: the line shows each suggestion that is gone through.
        word = str(index.data())
        if word in self._saved:
            word = f"({self._saved[word]})" if self._kept or self._tail else self._saved[word]
        elif word in self._history and not self._kept:
            return word
        return self._kept + word[self._begun :] + self._tail

    def _refresh(self) -> None:
        classes = [
            f'class:"{name}"' if re.search(r"[\s(),]", name) else f"class:{name}"
            for name in self._class_names
        ]
        fields = [f"{name}:" for name in TEXT_FIELDS] + list(FIELDS)
        values = [f"{field}:{value}" for field, words in VALUES.items() for value in words]
        self._words.setStringList([*self._history, *self._saved, *fields, *values, *classes])
