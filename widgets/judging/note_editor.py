"""A few words on a box or an image."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from widgets.judging.popup import Popup

_SIZE = QSize(300, 84)


class NoteEditor(Popup):
    """A click elsewhere takes what was written, too: only Esc throws it away, and what is new with a second
    Esc."""

    taken = Signal(str)

    def __init__(self, title: str, note: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._is_left = self._is_warned = False
        self._before = note
        self._text = QPlainTextEdit(note)
        self._text.setAccessibleName(title)
        self._text.setPlaceholderText("Note")
        self._text.setTabChangesFocus(True)
        self._text.setFixedSize(_SIZE)
        self._text.selectAll()
        heading = QLabel(title)
        self._hint = QLabel("Enter takes it · Shift+Enter begins a line · Esc leaves it")
        self._hint.setObjectName("muted")
        for part in (heading, self._text, self._hint):
            self.column.addWidget(part)

    @property
    def field(self) -> QPlainTextEdit:
        return self._text

    def take(self) -> None:
        self.close()

    def on_key(self, event: QKeyEvent) -> bool:
        escapes = event.key() == Qt.Key.Key_Escape
        if escapes and not self._is_warned and self._text.toPlainText() != self._before:
            self._is_warned = True
            self._hint.setText("Esc again throws away what you wrote · Enter takes it")
            return True
        self._is_left, self._is_warned = escapes, False
        return super().on_key(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if not self._is_left:
            self.taken.emit(self._text.toPlainText())
