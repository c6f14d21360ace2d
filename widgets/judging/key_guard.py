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
_TABS = frozenset((Qt.Key.Key_Tab, Qt.Key.Key_Backtab))
_TEXTS = (QLineEdit, QPlainTextEdit, QTextEdit)
_TYPED_IN = (*_TEXTS, QAbstractSpinBox)
_PRESSED = (QAbstractButton, QComboBox)


class KeyGuard(QObject):
    """Listens to whatever has the focus; Qt asks it before a key is taken as a shortcut.

    A button takes Enter and Space only where Tab led to it: after a click on it, the keys are the program's.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._last_key: int | None = None
        self._tab_led_here = False
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)
        self._on_focus(None, application.focusWidget())

    def _on_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        clicked = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        self._tab_led_here, self._last_key = self._last_key in _TABS and not clicked, None
        if before is not None:
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self._last_key = event.key()
            pressed = self._tab_led_here and isinstance(watched, _PRESSED)
            if event.key() in _ENTER:
                kept = pressed or _is_typed_in(watched)
            else:
                kept = pressed and event.key() == Qt.Key.Key_Space
            if kept:
                event.accept()
                return True
        return False


def _is_typed_in(widget: QObject) -> bool:
    return isinstance(widget, _TYPED_IN) and not (isinstance(widget, _TEXTS) and widget.isReadOnly())
