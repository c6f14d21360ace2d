"""The short menu that asks how a label is wrong: one key for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from inspector.review.verdicts import Kind
from inspector.review.words import KINDS

NUMBERS: Final = {
    Kind.SPURIOUS: 2,
    Kind.WRONG_CLASS: 3,
    Kind.BADLY_PLACED: 4,
    Kind.DUPLICATE: 5,
    Kind.IGNORE: 6,
}
"""The same in every menu: 1 is for what is suspected, or for what a detection most often shows."""
LETTERS: Final = {
    Kind.MISSING: Qt.Key.Key_M,
    Kind.SPURIOUS: Qt.Key.Key_S,
    Kind.WRONG_CLASS: Qt.Key.Key_C,
    Kind.BADLY_PLACED: Qt.Key.Key_B,
    Kind.DUPLICATE: Qt.Key.Key_D,
    Kind.IGNORE: Qt.Key.Key_I,
}
_ASKS: Final = frozenset((Kind.WRONG_CLASS, Kind.BADLY_PLACED))


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry: a kind, or a suggestion with all that it says."""

    kind: Kind
    suggested: bool = False
    right_class: str = ""

    @property
    def number(self) -> int:
        return 1 if self.suggested else NUMBERS.get(self.kind, 1)

    @property
    def asks(self) -> bool:
        """Whether something else is asked for: the class, or the box."""
        return self.kind in _ASKS and not self.suggested

    @property
    def text(self) -> str:
        words = KINDS[self.kind]
        if self.suggested:
            return f"as suspected: {words}" + (f", {self.right_class}" if self.right_class else "")
        if self.kind is Kind.MISSING:
            return f"{words} (another object)"
        return f"{words} …" if self.asks else words


def choices_of(suggested: Choice | None) -> list[Choice | str]:
    """What can be said of an object, a suggestion first."""
    return ["1   nothing is suspected" if suggested is None else suggested, *map(Choice, NUMBERS)]


def choices_beside(label: str) -> list[Choice | str]:
    """What can be said of a detection at the place of a label, which is of this class."""
    of_label = (Kind.WRONG_CLASS, Kind.BADLY_PLACED, Kind.DUPLICATE)
    return [Choice(Kind.MISSING), f"or of the {label} that is labelled here:", *map(Choice, of_label)]


class KindMenu(QMenu):
    """Numbers, letters, arrows with Enter, or the mouse; Esc leaves everything as it was."""

    chosen = Signal(object)
    """A Choice."""

    def __init__(self, entries: Sequence[Choice | str], parent: QWidget) -> None:
        """A text among the entries is a line that cannot be chosen."""
        super().__init__(parent)
        self.setObjectName("kinds")
        self.setAccessibleName("How is the label wrong?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._by_key: dict[int, QAction] = {}
        for entry in entries:
            if isinstance(entry, str):
                self.addAction(entry.replace("&", "&&")).setEnabled(False)
            else:
                self._add(entry)
                if entry.suggested:
                    self.addSeparator()
        self.setActiveAction(next(iter(self._by_key.values())))

    def _add(self, choice: Choice) -> None:
        letter = LETTERS[choice.kind]
        keys = ["" if choice.suggested else chr(letter.value), "" if self._by_key else "Enter"]
        text = f"{choice.number}   {choice.text}\t{', '.join(filter(None, keys))}"
        action = self.addAction(text.replace("&", "&&"))
        action.triggered.connect(lambda: self.chosen.emit(choice))
        self._by_key[Qt.Key.Key_0.value + choice.number] = action
        if not choice.suggested:
            self._by_key[letter.value] = action

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._by_key.get(event.key())
        if action is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        self.close()
        action.trigger()
