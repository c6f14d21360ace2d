"""The grid that a person goes through: keys and mouse move and select."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent

from widgets.gallery.view import ItemView

_Key = Qt.Key
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_MOVES: Final = frozenset(
    (
        _Key.Key_Left,
        _Key.Key_Right,
        _Key.Key_Up,
        _Key.Key_Down,
        _Key.Key_PageUp,
        _Key.Key_PageDown,
        _Key.Key_Home,
        _Key.Key_End,
    )
)
_LARGER: Final = frozenset((_Key.Key_Plus, _Key.Key_Equal))
_DIGITS: Final = (_Key.Key_1, _Key.Key_2, _Key.Key_3, _Key.Key_4, _Key.Key_5)
_NOTCH: Final = 120
_SIZES: Final = frozenset((*_LARGER, _Key.Key_Minus))


class GridView(ItemView):
    """What a person does is told by signals."""

    opened = Signal()
    """Enter, or a double click: the person wants to see the image of the current box."""
    mode_wished = Signal(int)
    """Ctrl and a digit: which of the modes, from 0."""
    size_wished = Signal(int)
    """Larger crops, by so many steps; negative: smaller ones."""

    # --- keys and mouse ---

    _turned = 0
    """What the wheel was turned and was no whole notch."""

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._takes(event)
        ):
            event.accept()  # here these keys do not go through images or zoom the canvas
            return True
        return super().event(event)

    def _takes(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _MOVES:
            return not held & ~(_SHIFT | _CTRL)
        if event.key() in _SIZES:
            return not held & ~(_SHIFT | _CTRL)
        if event.key() == _Key.Key_Escape:
            return self._selection.count > 1
        return held == _CTRL and event.key() in (_Key.Key_A, _Key.Key_Space, *_DIGITS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, current = event.key(), self._selection.current
        if key in _MOVES:
            self._move(key, event.modifiers())
        elif key in _DIGITS and event.modifiers() & _CTRL:
            self.mode_wished.emit(_DIGITS.index(_Key(key)))
        elif key in _SIZES:
            self.size_wished.emit(1 if key in _LARGER else -1)
        elif key in (_Key.Key_Return, _Key.Key_Enter) and self._selection.cursor is not None:
            self.opened.emit()
        elif key == _Key.Key_Escape and self._selection.count > 1 and current is not None:
            self._selection.choose(current)
            self._tell_selection()
        elif key == _Key.Key_A and event.modifiers() == _CTRL:
            self._selection.choose_all()
            self._tell_selection()
        elif key == _Key.Key_Space and event.modifiers() == _CTRL and current is not None:
            self._selection.toggle(current)
            self._tell_selection()
        else:
            super().keyPressEvent(event)

    def _move(self, key: int, held: Qt.KeyboardModifier) -> None:
        count, columns = len(self._items), self._layout.columns
        if not count:
            return
        current = self._selection.current
        if current is None:
            ends = {_Key.Key_Home: 0, _Key.Key_End: count - 1}
            self._go(ends.get(_Key(key), min(self.visible().start, count - 1)), held)
            return
        page = max(1, self.viewport().height() // self._layout.cell_height) * columns
        steps = {
            _Key.Key_Left: -1,
            _Key.Key_Right: 1,
            _Key.Key_Up: -columns,
            _Key.Key_Down: columns,
            _Key.Key_PageUp: -page,
            _Key.Key_PageDown: page,
            _Key.Key_Home: -count,
            _Key.Key_End: count,
        }
        wanted = current + steps[_Key(key)]
        if key == _Key.Key_Up and wanted < 0:
            wanted = current
        if key == _Key.Key_Down and current // columns == (count - 1) // columns:
            wanted = current  # there is no line below
        self._go(min(max(wanted, 0), count - 1), held)

    def _go(self, position: int, held: Qt.KeyboardModifier) -> None:
        """As lists do: Shift selects up to there, Ctrl only moves."""
        if held & _SHIFT:
            self._selection.extend(position, add=bool(held & _CTRL))
        elif held & _CTRL:
            self._selection.move(position)
        else:
            self._selection.choose(position)
        self._bring_into_view(position)
        self._tell_selection()
        self.current_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self._at(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or position is None:
            return
        held = event.modifiers()
        if held & _SHIFT:
            self._selection.extend(position, add=bool(held & _CTRL))
        elif held & _CTRL:
            self._selection.toggle(position)
        else:
            self._selection.choose(position)
        self._tell_selection()
        self.current_changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drawn over with the button held, cells are selected."""
        position = self._at(event.position().toPoint())
        if event.buttons() & Qt.MouseButton.LeftButton and position not in (None, self._selection.current):
            assert position is not None
            self._selection.extend(position, add=bool(event.modifiers() & _CTRL))
            self._bring_into_view(position)
            self._tell_selection()
            self.current_changed.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._at(event.position().toPoint()) is not None:
            self.opened.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & _CTRL:
            self._turned += event.angleDelta().y()  # a touchpad turns in small parts of a notch
            steps = int(self._turned / _NOTCH)
            if steps:
                self._turned -= steps * _NOTCH
                self.size_wished.emit(steps)
            event.accept()
        else:
            super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
