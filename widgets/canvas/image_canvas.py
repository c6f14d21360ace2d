"""The widget that shows one image with its boxes, and that is zoomed, panned and clicked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, QTimer
from PySide6.QtGui import (
    QCursor,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from inspector.dataset import Dataset
from inspector.images import ImagePixels
from inspector.refs import BoxRef, Side
from inspector.review.verdicts import Box
from widgets.canvas.boxes import page_size
from widgets.canvas.card import InfoCard, place_card
from widgets.canvas.labels import Label
from widgets.canvas.loader import ImageLoader
from widgets.canvas.mask_loader import MaskLoader
from widgets.canvas.mask_shapes import ImageMasks, MaskStyle
from widgets.canvas.painting import CanvasPainter, Frame
from widgets.canvas.pointing import box_at
from widgets.canvas.scene import Scene
from widgets.canvas.viewport import Viewport
from widgets.subject import same_images
from widgets.theme import Theme

_NOTCH = 120
_FACTOR_PER_NOTCH = 1.2
_STEP = 1.25
_LINE = 4
"""Widget pixels by which the line of a box that is looked at goes beyond it, and nearly so."""
_NEAR_EDGE = 5.0
"""Widget pixels."""
_TOO_SMALL, _ENLARGED = 48.0, 120.0
"""Widget pixels of the longer side of a box: what cannot be judged, and how large it is shown then."""
_SLOW = 400
"""Milliseconds after which a page that is still blank says that it is being loaded."""


class ImageCanvas(QWidget):
    """Paints itself; everything that it shows comes from the scene and the loader."""

    def __init__(
        self,
        scene: Scene,
        theme: Theme,
        loader: ImageLoader,
        mask_loader: MaskLoader,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._scene, self._theme, self._loader, self._mask_loader = scene, theme, loader, mask_loader
        self._painter = CanvasPainter()
        self._viewport = Viewport.fitted((1, 1), (1, 1))
        self._shown: tuple[Dataset, int] | None = None
        self._labels: list[Label] = []
        self._cursor: QPoint | None = None
        self._pressed: QPointF | None = None
        self._pressed_button = Qt.MouseButton.NoButton
        self._panned_to: QPointF | None = None
        self._card = InfoCard(self)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW)
        self._slow.timeout.connect(self.update)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(120, 120)
        scene.changed.connect(self._refresh)
        scene.session.selected_changed.connect(self._on_selected)
        scene.session.image_changed.connect(self._ask_for_image)
        loader.loaded.connect(self._on_loaded)
        mask_loader.loaded.connect(self._on_masks)
        theme.changed.connect(self._on_theme)
        self._on_theme()
        self._ask_for_image()

    @property
    def viewport(self) -> Viewport:
        """Where the page lies now."""
        self._follow_page()
        return self._viewport

    def sizeHint(self) -> QSize:
        return QSize(700, 600)

    def fit(self) -> None:
        """Show the whole page."""
        self._look_from(self.viewport.fit())

    def full_size(self, at: QPointF | None = None) -> None:
        """Show a page pixel as a device pixel; the one under `at` (the middle if None) stays in place."""
        point = None if at is None else (at.x(), at.y())
        self._look_from(self.viewport.zoomed_to(self.viewport.full, point))

    def zoom(self, steps: int) -> None:
        """In by some steps, or out where negative."""
        self._look_from(self.viewport.zoomed(_STEP**steps))

    def look_at(self, box: Box) -> None:
        """Show the whole page, or what is around a box that would be too small to be judged on it."""
        fitted = self.viewport.fit()
        left, top, right, bottom = _corners(box, fitted)
        longer = max(right - left, bottom - top, 1.0)
        if longer < _TOO_SMALL:
            middle = (left + right) / 2, (top + bottom) / 2
            fitted = fitted.panned(fitted.centre[0] - middle[0], fitted.centre[1] - middle[1])
            fitted = fitted.zoomed(_ENLARGED / longer)
        self._look_from(fitted)

    def step_selection(self, step: int) -> bool:
        """Select the next box, or the one before, errors first, and bring it into view; False at the end."""
        ref = self._scene.neighbour(step)
        if ref is not None:
            self._scene.hover(None)
            self._scene.session.select(ref)
        return ref is not None

    def _ask_for_image(self) -> None:
        image_row = self._scene.session.image_row
        if image_row is not None and self._scene.boxes is not None:
            self._loader.request(image_row)
            self._slow.start()
        self._follow_page()
        self.update()

    def _on_loaded(self, image_row: int) -> None:
        if image_row == self._scene.session.image_row:
            self._slow.stop()
            self._refresh()

    def _on_selected(self) -> None:
        selected = self._scene.selected
        if selected is not None:
            self._follow_page()
            self._bring_into_view(selected)
            if self._cursor is not None and self._box_under(self._cursor) != selected:
                self._cursor = None  # a key led here: what the mouse rests on is not spoken of until it moves
                self._scene.hover(None)
        self._refresh()

    def _on_masks(self, image_row: int) -> None:
        if image_row == self._scene.session.image_row:
            self._refresh()

    def _masks(self) -> ImageMasks | None:
        """Those to be painted, once they are there."""
        boxes = self._scene.boxes
        if boxes is None or self._scene.mask_style is MaskStyle.OFF:
            return None
        return self._mask_loader.masks(boxes.image_row)

    def _on_theme(self) -> None:
        self._card.dress(self._theme.colours)
        self._refresh()

    def _refresh(self) -> None:
        """Something was changed from outside: the box under the cursor may be another one now."""
        self._follow_page()
        if self._cursor is not None and self._panned_to is None:
            self._scene.hover(self._box_under(self._cursor))
        self._update_card()
        self.update()

    def _follow_page(self) -> None:
        """Fit another image; keep the view where only the size of the page became known."""
        session, boxes = self._scene.session, self._scene.boxes
        if session.dataset is None or boxes is None:
            self._shown = None
            return
        picture = self._loader.picture(boxes.image_row)
        decoded = picture.size if isinstance(picture, ImagePixels) else None
        page = page_size(session.dataset, boxes.image_row, decoded)
        size, full = (self.width(), self.height()), 1 / self.devicePixelRatioF()
        before, self._shown = self._shown, (session.dataset, boxes.image_row)
        if before is None or before[1] != boxes.image_row or not same_images(before[0], session.dataset):
            self._viewport = Viewport.fitted(page, size, full)
            self._labels = []
            return
        if page != self._viewport.page:
            self._viewport = self._viewport.with_page(page)
        if size != self._viewport.widget or full != self._viewport.full:
            self._viewport = self._viewport.resized(size, full)

    def _look_from(self, viewport: Viewport) -> None:
        if viewport != self._viewport:
            self._viewport = viewport
            self._refresh()

    def _bring_into_view(self, ref: BoxRef) -> None:
        rect = self.rect_of(ref)
        if not rect.intersects(self.rect()):
            middle = QPointF(self.rect().center()) - QPointF(rect.center())
            self._look_from(self._viewport.panned(middle.x(), middle.y()))

    def rect_of(self, ref: BoxRef) -> QRect:
        """In widget pixels."""
        left, top, right, bottom = _corners(self.box_of(ref), self._viewport)
        far = 1e6  # Qt's rectangles end at 32 bits
        return QRect(
            QPoint(round(max(-far, left)), round(max(-far, top))),
            QPoint(round(min(far, right)), round(min(far, bottom))),
        )

    def box_of(self, ref: BoxRef) -> Box:
        """In page pixels."""
        dataset = self._scene.session.dataset
        assert dataset is not None
        columns = dataset.detections if ref.kind is Side.DETECTION else dataset.objects
        x, y, width, height = columns.boxes[ref.row].tolist()
        return x, y, width, height

    def _box_under(self, cursor: QPoint) -> BoxRef | None:
        boxes = self._scene.boxes
        if boxes is None:
            return None
        ratio = self.devicePixelRatioF()
        x, y = cursor.x() * ratio, cursor.y() * ratio
        for label in self._labels:
            left, top, right, bottom = label.rect
            if left <= x < right and top <= y < bottom and 0 <= label.index < len(boxes):
                return boxes.ref(label.index)
        point = self._viewport.to_page((cursor.x(), cursor.y()))
        among, masks = boxes.on(self._scene.layers), self._masks()
        masked = None if masks is None else masks.holding(boxes, point)
        index = box_at(boxes.rects, among, point, _NEAR_EDGE / self._viewport.zoom, masked)
        return None if index is None else boxes.ref(index)

    def _update_card(self) -> None:
        ref = self._scene.hovered or self._scene.selected
        facts = None if ref is None else self._scene.facts(ref)
        if ref is None or facts is None:
            self._card.hide()
            return
        selected = self._scene.selected
        told = facts if selected is None or selected == ref else self._scene.facts(selected)
        looked_at = {ref, facts.partner, selected, None if told is None else told.partner} - {None}
        spared = [self.rect_of(box).adjusted(-_LINE, -_LINE, _LINE, _LINE) for box in looked_at if box]
        cursor = None if self._scene.hovered is None else self._cursor
        at = None
        for briefly in (False, True):
            if at is None:
                self._card.tell(facts, self._theme.colours, briefly=briefly)
                at = place_card(self._card.size(), self.rect(), spared, cursor)
        self._card.move(at or QPoint())
        self._card.setVisible(at is not None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._follow_page()
        scene, session = self._scene, self._scene.session
        boxes = scene.boxes
        if boxes is None or session.dataset is None:
            painter.fillRect(event.rect(), self._theme.colours.canvas)
            return
        spoken_of = scene.hovered or scene.selected
        frame = Frame(
            dataset=session.dataset,
            boxes=boxes,
            picture=self._loader.picture(boxes.image_row),
            slow=not self._slow.isActive(),
            viewport=self._viewport,
            layers=scene.layers,
            masks=self._masks(),
            mask_style=scene.mask_style,
            hovered=scene.hovered,
            selected=scene.selected,
            facts=None if spoken_of is None else scene.facts(spoken_of),
            judged=scene.judged,
            orphan=scene.orphan,
            colours=self._theme.colours,
            font=self.font(),
            ratio=self.devicePixelRatioF(),
        )
        self._labels = self._painter.paint(painter, frame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        moved, turned = event.pixelDelta(), event.angleDelta()
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        touched = event.phase() != Qt.ScrollPhase.NoScrollPhase and not moved.isNull()
        if touched and not zooms:  # two fingers on a touchpad move the picture
            self._look_from(self.viewport.panned(moved.x(), moved.y()))
        elif turned.y():
            at = event.position()
            factor = _FACTOR_PER_NOTCH ** (turned.y() / _NOTCH)
            self._look_from(self.viewport.zoomed(factor, (at.x(), at.y())))

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            at = event.position()
            self._look_from(self.viewport.zoomed(max(0.1, 1 + event.value()), (at.x(), at.y())))
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            super().mousePressEvent(event)
            return
        self._pressed, self._pressed_button = event.position(), event.button()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is None:
            self._point_at(at.toPoint())
            return
        if self._panned_to is None:
            if (at - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return
            self._panned_to = self._pressed
            self._point_at(None)
            self.setCursor(QCursor(Qt.CursorShape.ClosedHandCursor))
        moved, self._panned_to = at - self._panned_to, at
        self._look_from(self.viewport.panned(moved.x(), moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != self._pressed_button or self._pressed is None:
            super().mouseReleaseEvent(event)
            return
        was_click = self._panned_to is None
        self._pressed = self._panned_to = None
        self._pressed_button = Qt.MouseButton.NoButton
        self.unsetCursor()
        if was_click and event.button() == Qt.MouseButton.LeftButton:
            self._scene.session.select(self._box_under(event.position().toPoint()))
        self._point_at(event.position().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseDoubleClickEvent(event)
        elif self.viewport.fits:
            self.full_size(event.position())
        else:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(1)
            case Qt.Key.Key_Minus:
                self.zoom(-1)
            case Qt.Key.Key_Escape if self._scene.selected is not None:
                self._scene.session.select(None)
            case _:
                super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from box to box, and after the last one to the next widget."""
        if self.step_selection(1 if forward else -1):
            return True
        self._scene.session.select(None)
        return super().focusNextPrevChild(forward)

    def _point_at(self, cursor: QPoint | None) -> None:
        self._cursor = cursor
        self._scene.hover(None if cursor is None else self._box_under(cursor))
        self._update_card()


def _corners(box: Box, viewport: Viewport) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in widget pixels."""
    x, y, width, height = box
    return *viewport.to_widget((x, y)), *viewport.to_widget((x + width, y + height))
