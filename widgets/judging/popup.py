"""A small window over a box: it takes the keys while it is open, and gives them back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from widgets.judging.placing import beside

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Popup(QFrame):
    """Enter takes what it holds, Esc leaves everything as it was."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._room = parent.screen().availableGeometry()
        self.setObjectName("popup")
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(8, 8, 8, 8)
        self.column.setSpacing(6)

    def open_beside(self, box: QRect, field: QWidget) -> None:
        """Show it where it does not hide the box, with the focus in its field."""
        field.installEventFilter(self)
        self.adjustSize()
        self.move(beside(self.sizeHint(), box, self._room))
        self.show()
        field.setFocus(Qt.FocusReason.PopupFocusReason)

    def take(self) -> None:
        """What Enter does."""
        raise NotImplementedError

    def on_key(self, event: QKeyEvent) -> bool:
        """Whether a key in the field was dealt with."""
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.take()
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self.on_key(event)
        return super().eventFilter(watched, event)
