"""A few words on a box or an image."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from widgets.judging.popup import Popup

_SIZE = QSize(300, 84)


class NoteEditor(Popup):
    """A click elsewhere takes what was written, too: only Esc throws it away."""

    taken = Signal(str)

    def __init__(self, title: str, note: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._is_left = False
        self._text = QPlainTextEdit(note)
        self._text.setAccessibleName(title)
        self._text.setPlaceholderText("Note")
        self._text.setTabChangesFocus(True)
        self._text.setFixedSize(_SIZE)
        self._text.selectAll()
        heading, hint = QLabel(title), QLabel("Enter takes it · Shift+Enter begins a line · Esc leaves it")
        hint.setObjectName("muted")
        for part in (heading, self._text, hint):
            self.column.addWidget(part)

    @property
    def field(self) -> QPlainTextEdit:
        return self._text

    def take(self) -> None:
        self.close()

    def on_key(self, event: QKeyEvent) -> bool:
        self._is_left = event.key() == Qt.Key.Key_Escape
        return super().on_key(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if not self._is_left:
            self.taken.emit(self._text.toPlainText())
