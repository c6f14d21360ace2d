"""The box that a person drags to where a label should be."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from inspector.review.verdicts import Box
from inspector.review.words import box_words
from widgets.canvas.box_editing import Grip, clamped, grip_at, is_same, moved
from widgets.canvas.viewport import Viewport
from widgets.theme import Colours

_REACH = 7.0
"""Widget pixels around a side within which it is taken hold of."""
_HANDLE = 7.0
_FAR = 10.0
"""Page pixels for Shift and an arrow key."""
_ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KNOWN = frozenset((*_ARROWS, *_ENTER, Qt.Key.Key_Escape))
_RESIZING = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
_HINT = "Enter takes it · Esc leaves it · arrows move, Ctrl resizes, Shift 10 px"
_CURSORS = {
    Grip.LEFT: Qt.CursorShape.SizeHorCursor,
    Grip.RIGHT: Qt.CursorShape.SizeHorCursor,
    Grip.TOP: Qt.CursorShape.SizeVerCursor,
    Grip.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Grip.LEFT | Grip.TOP: Qt.CursorShape.SizeFDiagCursor,
    Grip.RIGHT | Grip.BOTTOM: Qt.CursorShape.SizeFDiagCursor,
    Grip.RIGHT | Grip.TOP: Qt.CursorShape.SizeBDiagCursor,
    Grip.LEFT | Grip.BOTTOM: Qt.CursorShape.SizeBDiagCursor,
    Grip.INSIDE: Qt.CursorShape.SizeAllCursor,
}


class Correction(QWidget):
    """Lies over the canvas while a box is moved. What it has no use for (zooming, panning) falls through."""

    taken = Signal(object)
    """The Box, in page pixels."""
    unmoved = Signal()
    """Enter was pressed while it lies where the label is: that corrects nothing."""
    left = Signal()
    """Esc was pressed."""
    abandoned = Signal()
    """The person went elsewhere."""

    def __init__(
        self,
        canvas: QWidget,
        viewport: Callable[[], Viewport],
        colours: Colours,
        old: Box,
        start: Box,
    ) -> None:
        """`old` is where the label is; `start` is what the person begins with."""
        super().__init__(canvas)
        self._viewport, self._colours = viewport, colours
        self._old, self._page = old, viewport().page
        self._box = self._start = clamped(start, self._page)
        self._grip = Grip.NONE
        self._held: tuple[QPointF, Box] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setGeometry(canvas.rect())
        canvas.installEventFilter(self)
        self._tell()

    @property
    def box(self) -> Box:
        """As it is now."""
        return self._box

    @property
    def is_changed(self) -> bool:
        """Whether the person moved it, and not to where the label is."""
        return not is_same(self._box, self._start) and not self._is_unmoved

    @property
    def _is_unmoved(self) -> bool:
        return is_same(self._box, clamped(self._old, self._page))

    def _set_box(self, box: Box) -> None:
        if box != self._box:
            self._box = box
            self._tell()
            self.update()

    def _tell(self) -> None:
        self.setAccessibleName(f"Corrected box: {box_words(self._box)}. {_HINT}")

    def _rect(self, box: Box) -> QRectF:
        """In widget pixels."""
        viewport = self._viewport()
        (left, top), (right, bottom) = (
            viewport.to_widget(corner) for corner in ((box[0], box[1]), (box[0] + box[2], box[1] + box[3]))
        )
        return QRectF(QPointF(left, top), QPointF(right, bottom))

    def _point(self, at: QPointF) -> tuple[float, float]:
        return self._viewport().to_page((at.x(), at.y()))

    # --- painting ---

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for colour, pattern in (("#000000", None), ("#ffffff", [2.0, 3.0])):  # dotted on every picture
            pen = QPen(QColor(colour), 1)
            if pattern:
                pen.setDashPattern(pattern)
            painter.setPen(pen)
            painter.drawRect(self._rect(self._old))
        rect = self._rect(self._box)
        for colour, width in (("#000000", 4), ("#ffffff", 3)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawRect(rect)
        pen = QPen(QColor(self._colours.verdict), 2)
        pen.setDashPattern([3.0, 1.5])
        painter.setPen(pen)
        painter.drawRect(rect)
        self._paint_handles(painter, rect)
        self._paint_hint(painter, rect)

    def _paint_handles(self, painter: QPainter, rect: QRectF) -> None:
        painter.setPen(QPen(QColor("#000000"), 1))
        painter.setBrush(QColor("#ffffff"))
        middle = rect.center()
        for x in (rect.left(), middle.x(), rect.right()):
            for y in (rect.top(), middle.y(), rect.bottom()):
                crowded = (x == middle.x() and rect.width() < 4 * _HANDLE) or (
                    y == middle.y() and rect.height() < 4 * _HANDLE
                )
                if (x, y) != (middle.x(), middle.y()) and not crowded:
                    painter.drawRect(QRectF(x - _HANDLE / 2, y - _HANDLE / 2, _HANDLE, _HANDLE))

    def _paint_hint(self, painter: QPainter, rect: QRectF) -> None:
        """At the upper end, or at the lower one, where the card may be, if the box is there."""
        text, metrics = f"{box_words(self._box)}   {_HINT}", self.fontMetrics()
        if metrics.horizontalAdvance(text) + 20 > self.width():
            text = f"{box_words(self._box)}   Enter takes it · Esc leaves it"
        plate = QRectF(0, 0, metrics.horizontalAdvance(text) + 20, metrics.height() + 10)
        plate.moveCenter(QPointF(self.width() / 2, plate.height() / 2 + 10))
        if plate.intersects(rect):
            plate.moveBottom(self.height() - 10)
        painter.setPen(QPen(QColor(self._colours.border), 1))
        painter.setBrush(QColor(self._colours.raised))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setPen(QColor(self._colours.text))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return super().eventFilter(watched, event)

    # --- keys ---

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undoes = event.matches(QKeySequence.StandardKey.Undo) and self._box != self._start
            if undoes or event.key() in _KNOWN:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            if self._is_unmoved:
                self.unmoved.emit()
            else:
                self.taken.emit(self._box)
        elif event.matches(QKeySequence.StandardKey.Undo):
            self._set_box(self._start)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif (arrow := _ARROWS.get(Qt.Key(event.key()))) is not None:
            step = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            # With Ctrl the lower right corner moves instead of the box.
            resizes = event.modifiers() & _RESIZING
            grip = Grip.RIGHT | Grip.BOTTOM if resizes else Grip.INSIDE
            self._set_box(moved(self._box, grip, arrow[0] * step, arrow[1] * step, self._page))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        lasting = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        menu = Qt.FocusReason.MenuBarFocusReason
        if event.reason() not in (*lasting, menu):  # the person went elsewhere
            self.abandoned.emit()

    # --- mouse ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        grip = self._grip_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or grip is Grip.NONE:
            event.ignore()
            return
        self._grip, self._held = grip, (event.position(), self._box)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            start, box = self._held
            (x, y), (from_x, from_y) = self._point(event.position()), self._point(start)
            self._set_box(moved(box, self._grip, x - from_x, y - from_y, self._page))
            return
        grip = self._grip_at(event.position())
        self.setCursor(QCursor(_CURSORS.get(grip, Qt.CursorShape.ArrowCursor)))
        if event.buttons():
            event.ignore()  # the canvas moves the picture

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            event.ignore()
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def _grip_at(self, at: QPointF) -> Grip:
        return grip_at(self._box, self._point(at), _REACH / self._viewport().zoom)
