"""Leaves Enter and Space to what needs them more: to a field, or a button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_ENTER = frozenset((Qt.Key.Key_Return, Qt.Key.Key_Enter))
_TYPED_IN = (QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
_PRESSED = (QAbstractButton, QComboBox)


class KeyGuard(QObject):
    """Listens to whatever has the focus; Qt asks it before a key is taken as a shortcut."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)
        self._on_focus(None, application.focusWidget())

    def _on_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            pressed = isinstance(watched, _PRESSED)
            if event.key() in _ENTER:
                kept = pressed or isinstance(watched, _TYPED_IN)
            else:
                kept = pressed and event.key() == Qt.Key.Key_Space
            if kept:
                event.accept()
                return True
        return False
