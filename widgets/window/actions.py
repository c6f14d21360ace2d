"""Everything the menus and keys can do: one table, from which the menus and the key map are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QMenu, QVBoxLayout, QWidget

_COLUMNS = 3
"""Of the key map: as high as it is now, with two it would not fit on a small screen."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a person can do."""

    menu: str
    text: str
    keys: tuple[str, ...]
    run: Callable[[], object] | Callable[[bool], object]
    tip: str = ""
    checked: bool | None = None
    """Whether it is switched on at first; None where it is no switch."""
    separated: bool = False
    """Whether a line stands above it in the menu."""
    needs_data: bool = False
    """Whether it is greyed out while nothing is open."""


def make_action(command: Command, parent: QWidget) -> QAction:
    """An action with the command's keys, active in the whole window."""
    action = QAction(command.text, parent)
    action.setShortcuts([QKeySequence(key) for key in command.keys])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    if command.tip:
        action.setStatusTip(command.tip)
        action.setToolTip(command.tip)
    if command.checked is None:
        action.triggered.connect(lambda: command.run())  # type: ignore[call-arg]
    else:
        action.setCheckable(True)
        action.setChecked(command.checked)
        action.toggled.connect(command.run)
    action.setEnabled(not command.needs_data)
    return action


def fill_menus(
    menus: Mapping[str, QMenu], commands: Sequence[Command], parent: QWidget
) -> dict[str, QAction]:
    """Put every command into its menu; returns the actions by text."""
    actions: dict[str, QAction] = {}
    for command in commands:
        action = make_action(command, parent)
        if command.separated:
            menus[command.menu].addSeparator()
        menus[command.menu].addAction(action)
        actions[command.text] = action
    return actions


class KeyMap(QDialog):
    """All keys on one page."""

    def __init__(self, commands: Sequence[Command], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        extra = [
            ("Canvas", "Zoom at the cursor", "Wheel"),
            ("Canvas", "Move the image", "Drag"),
            ("Canvas", "Fit, or full size", "Double click"),
            ("Table", "Next and previous row", "Down, Up"),
            ("Gallery", "Select several", "Shift or Ctrl and an arrow, or a click"),
            ("Gallery", "Size of the crops", "+, -, Ctrl and the wheel"),
            ("Curves", "Move the threshold", "Press or drag"),
        ]
        rows = [
            (command.menu, command.text.rstrip("…"), ", ".join(_shown(key) for key in command.keys))
            for command in commands
            if command.keys
        ] + extra
        height = -(-len(rows) // _COLUMNS)
        for number, (group, text, keys) in enumerate(rows):
            column = 3 * (number // height)
            for offset, part in enumerate((group, text, keys)):
                label = QLabel(part)
                if offset == 0:
                    label.setObjectName("muted")
                grid.addWidget(label, number % height, column + offset)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(grid)
        layout.addWidget(close)


def _shown(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
