"""The linked views around the canvas. This is the one place that knows them all and wires them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from widgets.canvas import CanvasPanel, ImageLoader
from widgets.curves import CurvePanel
from widgets.image_table import ImageTablePanel, ThumbnailLoader
from widgets.session import Session
from widgets.theme import Theme
from widgets.window.class_table import ClassTable
from widgets.window.notes_list import NotesList

_PREFETCH = 2
"""Images decoded ahead in each direction."""


class Workspace(QObject):
    """Built when the first dataset opens, so that the first page does not wait for it."""

    def __init__(self, session: Session, theme: Theme, window: QMainWindow) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self.loader = ImageLoader(session)
        self.thumbnails = ThumbnailLoader()
        self.canvas = CanvasPanel(session, theme, self.loader)
        self.images = ImageTablePanel(session, theme, self.thumbnails)
        self.curves = CurvePanel(session, theme)
        self.classes = ClassTable(session, theme)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self.docks = [
            self._dock("Images", self.images, left),
            self._dock("Curves", self.curves, right),
            self._dock("Classes", self.classes, right),
            self._dock("Remarks", NotesList(session), Qt.DockWidgetArea.BottomDockWidgetArea),
        ]
        session.image_changed.connect(self._prefetch)
        self.images.order_changed.connect(self._prefetch)

    def arrange(self) -> None:
        """The layout of a first start."""
        images, curves, classes, remarks = self.docks
        for dock in (images, curves, classes):
            dock.setFloating(False)
            dock.show()
        remarks.hide()
        width, height = self._window.width(), self._window.height()
        sides = [int(width * 0.31), int(width * 0.31)]
        self._window.resizeDocks([images, curves], sides, Qt.Orientation.Horizontal)
        self._window.resizeDocks([curves, classes], [height // 2, height // 2], Qt.Orientation.Vertical)

    def show_notes(self) -> None:
        self.docks[-1].show()
        self.docks[-1].raise_()

    def copy(self) -> None:
        """The selected rows where the table has the focus, else the picture that is on the canvas."""
        if self.images.isAncestorOf(self._window.focusWidget() or self._window):
            self.images.copy_selection()
        else:
            QGuiApplication.clipboard().setImage(self.canvas.copy_image())

    def is_idle(self) -> bool:
        """Whether everything visible is painted with its final pixels."""
        return not (self.loader.is_busy or self.thumbnails.is_busy)

    def close(self) -> None:
        """Wait for the decoding workers."""
        self.images.close_jobs()
        self.loader.close()
        self.thumbnails.close()

    def _prefetch(self) -> None:
        self.loader.prefetch(self.images.neighbours(_PREFETCH))

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(title.lower())  # under which its place is remembered
        dock.setWidget(widget)
        self._window.addDockWidget(area, dock)
        return dock
