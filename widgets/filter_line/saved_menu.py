"""The menu of the saved filters."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from widgets.filter_line.naming import NameDialog
from widgets.filter_line.saved import SavedFilters

_LONGEST = 50
"""Letters of a filter beside its name."""


class SavedMenu(QMenu):
    """Saves the filter that is there, and offers, renames and deletes those that were saved."""

    chosen = Signal(str)
    """The text of a saved filter."""
    deleted = Signal(str)
    """The text of a filter that has no name any more."""

    def __init__(self, saved: SavedFilters, parent: QWidget) -> None:
        super().__init__(parent)
        self._saved, self._text = saved, ""
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def set_text(self, text: str) -> None:
        """The filter that can be saved; empty where there is none."""
        self._text = text

    def _fill(self) -> None:
        for former in self.findChildren(QMenu):
            former.deleteLater()  # clearing lets go of their entries only
        self.clear()
        keys = QKeySequence("Ctrl+S").toString(QKeySequence.SequenceFormat.NativeText)
        # not as its shortcut: the line, or the window, takes the keys
        self.addAction(f"Save filter…\t{keys}", self.save).setEnabled(bool(self._text))
        self.addSeparator()
        texts = self._saved.texts
        for name, text in texts.items():
            action = self.addAction(
                f"{_plain(name)}\t{_plain(_shortened(text))}", partial(self.chosen.emit, text)
            )
            action.setToolTip(text)
        if not texts:
            self.addAction("No filter is saved yet").setEnabled(False)
            return
        self.addSeparator()
        for title, act in (("Rename", self._rename), ("Delete", self._delete)):
            menu = self.addMenu(title)
            for name in texts:
                menu.addAction(_plain(name), partial(act, name))

    def save(self) -> None:
        """Ask for the name."""
        text = self._text
        if not text:
            return
        known = next((name for name, saved in self._saved.texts.items() if saved == text), "")
        dialog = NameDialog(self._saved, "Save filter", known, text, self.parentWidget())
        dialog.named.connect(lambda name: self._saved.save(name, text))
        dialog.open()

    def _rename(self, name: str) -> None:
        dialog = NameDialog(self._saved, "Rename filter", name, self._saved.texts[name], self.parentWidget())
        dialog.named.connect(partial(self._saved.rename, name))
        dialog.open()

    def _delete(self, name: str) -> None:
        text = self._saved.texts[name]
        self._saved.remove(name)
        self.deleted.emit(text)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _plain(text: str) -> str:
    """As a menu has to be told: & underlines a letter there."""
    return text.replace("&", "&&")
