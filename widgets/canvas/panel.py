"""The canvas with its header and its hints: the middle of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from shiboken6 import Shiboken

from inspector.refs import BoxRef, Ref
from inspector.review.verdicts import Box, Place
from widgets.canvas.boxes import Layer
from widgets.canvas.correction import Correction
from widgets.canvas.header import CanvasHeader
from widgets.canvas.hint_bar import HintBar
from widgets.canvas.image_canvas import ImageCanvas
from widgets.canvas.loader import ImageLoader
from widgets.canvas.mask_loader import MaskLoader
from widgets.canvas.mask_shapes import MaskStyle
from widgets.canvas.scene import Scene
from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.theme import Theme


class CanvasPanel(QWidget):
    """Shows the session's current image. The window puts actions and shortcuts on its methods."""

    layers_changed = Signal()
    mask_style_changed = Signal(str)

    def __init__(
        self,
        session: Session,
        reviewing: Reviewing,
        theme: Theme,
        loader: ImageLoader,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._correction: Correction | None = None
        self._focused: QWidget | None = None
        self._scene = Scene(session, reviewing, self)
        self._enlarges = True
        self._header = CanvasHeader(self._scene, theme, loader)
        self._mask_loader = MaskLoader(session, self)
        self._canvas = ImageCanvas(self._scene, theme, loader, self._mask_loader)
        self.setFocusProxy(self._canvas)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header)
        layout.addWidget(self._canvas, 1)
        hints = HintBar(theme)
        layout.addWidget(hints)
        session.dataset_changed.connect(lambda: hints.show_for(session.missing))
        session.dataset_changed.connect(self.stop_correcting)  # what was corrected is not open any more
        for changed in (session.selected_changed, session.image_changed):
            changed.connect(self.finish_correcting)

    @property
    def canvas(self) -> ImageCanvas:
        """The picture without the lines above and below it."""
        return self._canvas

    @property
    def layers(self) -> frozenset[Layer]:
        """The layers that are switched on."""
        return self._scene.layers

    def set_layer(self, layer: Layer, shown: bool) -> None:
        before = self._scene.layers
        self._scene.set_layer(layer, shown)
        if self._scene.layers != before:
            self.layers_changed.emit()

    @property
    def mask_style(self) -> MaskStyle:
        return self._scene.mask_style

    def set_mask_style(self, style: MaskStyle) -> None:
        before = self._scene.mask_style
        self._scene.set_mask_style(style)
        if style != before:
            self.mask_style_changed.emit(style.value)

    def next_mask_style(self) -> None:
        """Filled, outlined, off, and filled again."""
        self.set_mask_style(self.mask_style.following)

    @property
    def is_busy(self) -> bool:
        """Whether masks are being decoded."""
        return self._mask_loader.is_busy

    def close_jobs(self) -> None:
        """Wait for the worker. The images' loader is closed by who made it."""
        self._mask_loader.close()

    def select_next_box(self, step: int = 1) -> None:
        """The next box, or with -1 the one before: errors first, and round again from the end."""
        if not self._canvas.step_selection(step):
            self._scene.session.select(None)
            self._canvas.step_selection(step)

    def place_of(self, ref: Ref) -> QRect:
        """Where a box lies on the screen, or the canvas for what is not on it."""
        session = self._scene.session
        area = self._canvas.rect()
        if isinstance(ref, BoxRef) and session.dataset is not None and ref == session.selected:
            area = self._canvas.rect_of(ref)
        return area.translated(self._canvas.mapToGlobal(QPoint(0, 0)))

    def correct_box(
        self, ref: BoxRef, start: Box, taken: Callable[[Box], None], unmoved: Callable[[], None]
    ) -> None:
        """Let the person drag the box of an object, from `start` on; `taken` gets it unless Esc leaves it.

        `unmoved` is called where Enter would take the very box of the label.
        """
        self.finish_correcting()
        session = self._scene.session
        if session.dataset is None:
            return
        session.select(ref)
        self._scene.hover(None)
        label, colours = self._canvas.box_of(ref), self._theme.colours
        correction = Correction(self._canvas, lambda: self._canvas.viewport, colours, label, start)

        def take(box: Box) -> None:
            self.stop_correcting()
            taken(box)

        correction.taken.connect(take)
        correction.unmoved.connect(unmoved)
        correction.left.connect(self.stop_correcting)
        correction.abandoned.connect(self.finish_correcting)
        self._correction, self._focused = correction, QApplication.focusWidget()
        correction.show()
        correction.setFocus()

    def finish_correcting(self) -> bool:
        """Take the box that is being dragged, if the person moved it; True where that was so."""
        correction = self._correction
        if correction is None or not correction.is_changed:
            self.stop_correcting()
            return False
        correction.taken.emit(correction.box)
        return True

    def stop_correcting(self) -> None:
        """Leave the box as it was, where one is being dragged."""
        correction, self._correction = self._correction, None
        if correction is None:
            return
        if correction.hasFocus() and self._focused is not None and Shiboken.isValid(self._focused):
            self._focused.setFocus()
        correction.hide()
        correction.deleteLater()

    def fit(self) -> None:
        """Show the whole image."""
        self._canvas.fit()

    def look_at_selected(self) -> None:
        """Show the selected box large enough to be judged."""
        selected = self._scene.selected
        if selected is not None:
            self._canvas.look_at(self._canvas.box_of(selected))

    def set_enlarging(self, on: bool) -> None:
        """Whether a step to a box that is small zooms in on it."""
        self._enlarges = on

    def look_at_reached(self) -> None:
        """A step led to the selected box."""
        if self._enlarges:
            self.look_at_selected()

    def point_out(self, orphan: Place | None) -> None:
        """Show where a judged box was that is not there any more, until another is pointed out, or None."""
        self._scene.point_out(orphan)
        shown = self._scene.orphan
        if shown is not None and shown.box is not None and self._enlarges:
            self._canvas.look_at(shown.box)

    def full_size(self) -> None:
        """Show one image pixel as one pixel of the screen."""
        self._canvas.full_size()

    def zoom_in(self) -> None:
        self._canvas.zoom(1)

    def zoom_out(self) -> None:
        self._canvas.zoom(-1)

    def copy_image(self) -> QImage:
        """What the canvas shows now, as it shows it."""
        return self._canvas.grab().toImage()
