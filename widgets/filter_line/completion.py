"""Suggestions while a filter is typed: fields, their values, class names, and whole filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

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
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit

from inspector.dataset import Dataset
from inspector.filtering import FIELDS, TEXT_FIELDS, VALUES
from inspector.refs import Ref
from inspector.review.verdicts import Entry
from inspector.selection import split_sizes

_LAST_TERM = re.compile(r"""(?:[^\s()"-]|(?<=[^\s(])-|"[^"]*"?)*$""")

_AUTHOR: Final = "author:"
_SPLIT: Final = "split:"
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
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
        self._split_names: Sequence[str] = ()
        self._history: Sequence[str] = ()
        self._saved: dict[str, str] = {}
        self._authors: Sequence[str] = ()
        self._said: Callable[[], Mapping[Ref, Entry]] = dict
        self._kept = self._tail = ""
        self._begun = 0
        self._words = QStringListModel(self)
        self.setModel(self._words)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(12)
        line.textChanged.connect(self._look_for_authors)
        self._refresh()

    def set_names(self, dataset: Dataset | None) -> None:
        """Whose classes and splits are offered."""
        self._class_names = dataset.classes.names if dataset else ()
        self._split_names = tuple(split_sizes(dataset)) if dataset else ()
        self._refresh()

    def set_history(self, texts: Sequence[str]) -> None:
        """Whole lines, the latest first."""
        self._history = texts
        self._refresh()

    def set_saved(self, texts: Mapping[str, str]) -> None:
        """Filters by name: the name is completed to the filter."""
        self._saved = {f"{name} → {text}": text for name, text in texts.items()}
        self._refresh()

    def set_said(self, said: Callable[[], Mapping[Ref, Entry]]) -> None:
        """Where to ask who has said something, once that is being typed."""
        self._said = said

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
        elif (
            watched is self.popup() and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        ):
            if event.key() == Qt.Key.Key_Tab:
                self._take(self._chosen(typed_counts=False))
                return True
            if event.key() in _ENTER and (chosen := self._chosen(typed_counts=True)) is not None:
                self._take(chosen)
                return True
        return super().eventFilter(watched, event)

    def _chosen(self, *, typed_counts: bool) -> QModelIndex | None:
        """The suggestion that is highlighted, else the first one.

        Where nothing is highlighted, a term comes before a whole line. If what was typed counts, too, None is
        chosen where it is a term itself, or where only whole lines begin with it.
        """
        popup = self.popup()
        if popup is not None and popup.currentIndex().isValid():
            return popup.currentIndex()
        model = self.completionModel()
        found = [model.index(row, 0) for row in range(model.rowCount())]
        typed = self.splitPath(self._line.text())[0].casefold()
        terms = [index for index in found if not self._is_line(str(index.data()))]
        others = [index for index in terms if str(index.data()).casefold() != typed]
        if typed_counts:
            return terms[0] if terms and len(others) == len(terms) else None
        return next(iter(others or found), None)

    def _is_line(self, word: str) -> bool:
        return word in self._history or word in self._saved

    def _take(self, index: QModelIndex | None) -> None:
        """Put a suggestion into the line; behind a field, its values are offered next."""
        self.close()
        if index is None:
            return
        text, tail = self.pathFromIndex(index), self._tail
        self._line.setText(text)
        self._line.setCursorPosition(len(text) - len(tail))
        if text.endswith(":"):
            self.setCompletionPrefix(text)
            self.complete()

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

    def _look_for_authors(self, text: str) -> None:
        """Only where one is being named: there may be a million verdicts."""
        if _AUTHOR not in text.casefold():
            return
        authors = sorted({entry.author for entry in self._said().values()}, key=str.casefold)
        if authors != self._authors:
            self._authors = authors
            self._refresh()

    def _refresh(self) -> None:
        classes = [f"class:{_quoted(name)}" for name in self._class_names]
        splits = [f"{_SPLIT}{_quoted(name)}" for name in self._split_names]
        authors = [f"{_AUTHOR}{_quoted(name)}" for name in self._authors]
        fields = [f"{name}:" for name in TEXT_FIELDS] + list(FIELDS)
        if not splits:
            fields.remove(_SPLIT)
        values = [f"{field}:{value}" for field, words in VALUES.items() for value in words]
        self._words.setStringList(
            [*self._history, *self._saved, *fields, *values, *splits, *classes, *authors]
        )


def _quoted(name: str) -> str:
    return f'"{name}"' if re.search(r"[\s(),]", name) else name
