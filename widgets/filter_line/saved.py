"""Filters that were given a name."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal


class SavedFilters(QObject):
    """The one owner of saved filters: every filter line offers the same ones."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts: dict[str, str] = {}

    @property
    def texts(self) -> Mapping[str, str]:
        """What each name stands for, by name."""
        return self._texts

    def restore(self, texts: Mapping[str, str]) -> None:
        """Take these in place of all others."""
        self._set(dict(texts))

    def save(self, name: str, text: str) -> None:
        """Under a name that is taken, the former filter is replaced."""
        self._set({**self._texts, name: text})

    def rename(self, old: str, new: str) -> None:
        """Whatever had the new name is replaced."""
        kept = {name: text for name, text in self._texts.items() if name != old}
        self._set({**kept, new: self._texts[old]})

    def remove(self, name: str) -> None:
        self._set({kept: text for kept, text in self._texts.items() if kept != name})

    def _set(self, texts: dict[str, str]) -> None:
        ordered = dict(sorted(texts.items(), key=lambda item: (item[0].casefold(), item[0])))
        if list(ordered.items()) != list(self._texts.items()):
            self._texts = ordered
            self.changed.emit()
