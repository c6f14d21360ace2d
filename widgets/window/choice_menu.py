"""A menu to choose one of a few things from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget


class ChoiceMenu(QMenu):
    """Shows what is chosen; speaks only when the person chooses."""

    chosen = Signal(str)

    def __init__(self, title: str, values: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        group = QActionGroup(self)
        self._entries: dict[str, QAction] = {}
        for value in values:
            action = self.addAction(value.capitalize())
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, chosen=value: self.chosen.emit(chosen))
            group.addAction(action)
            self._entries[value] = action

    def show_chosen(self, value: str) -> None:
        self._entries[value].setChecked(True)
