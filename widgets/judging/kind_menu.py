"""The short menu that asks how a label is wrong: one key for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from inspector.review.verdicts import Kind
from inspector.review.words import KINDS

LETTERS = {
    Kind.SPURIOUS: Qt.Key.Key_S,
    Kind.WRONG_CLASS: Qt.Key.Key_C,
    Kind.BADLY_PLACED: Qt.Key.Key_B,
    Kind.DUPLICATE: Qt.Key.Key_D,
    Kind.IGNORE: Qt.Key.Key_I,
}
"""These keep their key where a suggestion takes the first number."""
_ASKS = frozenset((Kind.WRONG_CLASS, Kind.BADLY_PLACED))


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry: a kind, or a suggestion with all that it says."""

    kind: Kind
    suggested: bool = False
    right_class: str = ""

    @property
    def asks(self) -> bool:
        """Whether something else is asked for: the class, or the box."""
        return self.kind in _ASKS and not self.suggested

    @property
    def text(self) -> str:
        words = KINDS[self.kind]
        if self.suggested:
            return f"{words}: {self.right_class} (suggested)" if self.right_class else f"{words} (suggested)"
        return f"{words} …" if self.asks else words


def choices_of(suggested: Choice | None) -> list[Choice]:
    """What can be said of an object, a suggestion first."""
    plain = [Choice(kind) for kind in LETTERS]
    if suggested is None:
        return plain
    # What asks for more stays beside its suggestion: another class may be the right one.
    return [suggested, *(choice for choice in plain if choice.asks or choice.kind is not suggested.kind)]


class KindMenu(QMenu):
    """Numbers, letters, arrows with Enter, or the mouse; Esc leaves everything as it was."""

    chosen = Signal(object)
    """A Choice."""

    def __init__(self, choices: Sequence[Choice], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("kinds")
        self.setAccessibleName("How is the label wrong?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._by_key: dict[int, QAction] = {}
        for number, choice in enumerate(choices, start=1):
            letter = LETTERS[choice.kind]
            alone = sum(choice.kind is other.kind for other in choices) == 1
            has_letter = alone or not choice.suggested
            right = chr(letter.value) if has_letter else ""
            action = self.addAction(f"{number}   {choice.text}\t{right}".replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, choice=choice: self.chosen.emit(choice))
            self._by_key[Qt.Key.Key_0.value + number] = action
            if has_letter:
                self._by_key[letter.value] = action
            if choice.suggested:
                self.addSeparator()
        self.setActiveAction(self.actions()[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._by_key.get(event.key())
        if action is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        self.close()
        action.trigger()
