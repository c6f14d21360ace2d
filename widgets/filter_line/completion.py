"""Suggestions while a filter is typed: fields, class names, and the filters used before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit

from inspector.filtering import FIELDS, TEXT_FIELDS

_LAST_TERM = re.compile(r"""(?:[^\s()"-]|(?<=[^\s(])-|"[^"]*"?)*$""")
_MOST_REMEMBERED = 20


class FilterCompleter(QCompleter):
    """Completes the term at the end of the line, not the line as a whole."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self._class_names: Sequence[str] = ()
        self._history: list[str] = []
        self._words = QStringListModel(self)
        self.setModel(self._words)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(12)
        self._refresh()

    def set_class_names(self, names: Sequence[str]) -> None:
        self._class_names = names
        self._refresh()

    def remember(self, text: str) -> None:
        """Offer this line again."""
        text = text.strip()
        if text:
            self._history = [text, *(old for old in self._history if old != text)][:_MOST_REMEMBERED]
            self._refresh()

    def splitPath(self, path: str) -> list[str]:
        """What the suggestions have to begin with."""
        found = _LAST_TERM.search(path)
        return [found[0] if found else ""]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The whole line with the suggestion in it."""
        word = str(index.data())
        typed = self._line.text()[: self._line.cursorPosition()]
        found = _LAST_TERM.search(typed)
        kept = typed[: found.start()] if found else typed
        return word if word in self._history and not kept else kept + word

    def _refresh(self) -> None:
        classes = [
            f'class:"{name}"' if re.search(r"[\s(),]", name) else f"class:{name}"
            for name in self._class_names
        ]
        fields = [f"{name}:" for name in TEXT_FIELDS] + list(FIELDS)
        self._words.setStringList([*self._history, *fields, *classes])
