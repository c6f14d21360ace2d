"""The linked views around the canvas. This is the one place that knows them all and wires them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QVBoxLayout, QWidget

from inspector.refs import ImageRef, Ref
from widgets.canvas import CanvasPanel, ImageLoader
from widgets.curves import CurvePanel
from widgets.doctor import AlertBar, DoctorPanel
from widgets.examination import Examination
from widgets.filter_line import FilterLine, SavedFilters
from widgets.gallery import GalleryPanel
from widgets.hand_off import HandOff
from widgets.image_table import ImageTablePanel, ThumbnailLoader
from widgets.judging import Judging, KeyGuard
from widgets.missing_side import MissingBar
from widgets.queue import ReviewProgress, SuspectBar
from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.suspect_queue import SuspectQueue
from widgets.tables import TablesPanel
from widgets.theme import Theme
from widgets.verdicts import VerdictsPanel
from widgets.what_if import WhatIfPanel
from widgets.window.class_table import ClassTable

_PREFETCH = 2
"""Images decoded ahead in each direction."""
_LEAST_CANVAS = 300
"""Pixels."""
_TOLD = 4000
"""Milliseconds that the status bar says why a key did nothing."""
_TURN = 15
"""Milliseconds between the first paints of two views."""


class Workspace(QObject):
    """Built when something is opened, so that the first page does not wait for it.

    Building takes some 80 ms, so it is done in steps, between which the window answers. Everything is hidden
    until `show`.
    """

    canvas: CanvasPanel
    images: ImageTablePanel
    curves: CurvePanel
    classes: ClassTable
    tables: TablesPanel
    doctor: DoctorPanel
    verdicts: VerdictsPanel
    queue: SuspectQueue
    centre: QWidget
    """The canvas with the suspect above it."""
    judging: Judging
    what_if: WhatIfPanel
    hand_off: HandOff
    gallery: GalleryPanel

    def __init__(
        self,
        session: Session,
        reviewing: Reviewing,
        examination: Examination,
        theme: Theme,
        window: QMainWindow,
        built: threading.Event,
    ) -> None:
        """`built` is set when everything is built: a worker may wait for it."""
        super().__init__(window)
        self.built = built
        self._session, self._reviewing, self._theme, self._window = session, reviewing, theme, window
        self.examination = examination
        self.loader = ImageLoader(session)
        self.thumbnails = ThumbnailLoader()
        self.saved_filters = SavedFilters()
        self.docks: dict[str, QDockWidget] = {}
        self._steps = [
            self._make_canvas,
            self._make_images,
            self._make_curves,
            self._make_classes,
            self._make_tables,
            self._make_doctor,
            self._make_queue,
            self._make_gallery,
            self._make_verdicts,
            self._make_judging,
            self._make_what_if,
        ]
        QTimer.singleShot(0, self._build_next)

    def finish(self) -> None:
        """Build what is not built yet."""
        while self._steps:
            self._steps.pop(0)()
        self.built.set()

    def _build_next(self) -> None:
        if self._steps:
            self._steps.pop(0)()
            QTimer.singleShot(0, self._build_next)
        else:
            self.built.set()

    def _make_canvas(self) -> None:
        self.canvas = CanvasPanel(self._session, self._reviewing, self._theme, self.loader)
        self.canvas.setMinimumWidth(_LEAST_CANVAS)  # a smaller window takes room from the sides as well
        self.canvas.hide()

    def _make_images(self) -> None:
        self.images = ImageTablePanel(
            self._session, self._reviewing, self._theme, self.thumbnails, self.saved_filters
        )
        self._add_dock("Images", self.images, Qt.DockWidgetArea.LeftDockWidgetArea)
        self._session.image_changed.connect(self._prefetch)
        self.images.order_changed.connect(self._prefetch)

    def _make_curves(self) -> None:
        self.curves = CurvePanel(self._session, self._theme)
        self._add_dock("Curves", self.curves, Qt.DockWidgetArea.RightDockWidgetArea)

    def _make_classes(self) -> None:
        self.classes = ClassTable(self._session, self._theme)
        self._add_dock("Classes", self.classes, Qt.DockWidgetArea.RightDockWidgetArea)

    def _make_tables(self) -> None:
        self.tables = TablesPanel(self._session, self._theme)
        self._add_dock("Tables", self.tables, Qt.DockWidgetArea.RightDockWidgetArea)
        # Behind another tab it is "visible", but far outside the window: only its dock knows.
        self.docks["Tables"].visibilityChanged.connect(self.tables.set_seen)
        self._window.tabifyDockWidget(self.docks["Classes"], self.docks["Tables"])

    def _make_doctor(self) -> None:
        self.doctor = DoctorPanel(self._session, self.examination, self._theme)
        self.doctor.reached.connect(self.canvas.look_at_reached)
        self.doctor.told.connect(self._tell)
        self._add_dock("Doctor", self.doctor, Qt.DockWidgetArea.BottomDockWidgetArea)

    def _make_queue(self) -> None:
        self.queue = SuspectQueue(self._session, self._reviewing, self.images.image_rows, self)
        self.images.order_changed.connect(self.queue.follow_listed)
        self.queue.reached.connect(self.canvas.look_at_reached)
        self.queue.told.connect(self._tell)
        self.queue.failed.connect(self._tell)
        progress = ReviewProgress(self.queue, self._reviewing, self._theme)
        progress.filter_wished.connect(self.images.set_filter)
        progress.orphans_wished.connect(self.show_verdicts)
        self._window.statusBar().addPermanentWidget(progress)
        self.centre = QWidget()
        column = QVBoxLayout(self.centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        alert = AlertBar(self._session, self.examination, self._theme, self.centre)
        alert.details_wished.connect(self.show_doctor)
        column.addWidget(alert)
        column.addWidget(MissingBar(self._session, self.centre))
        bar = SuspectBar(self.queue, self._theme)
        column.addWidget(bar)
        self._session.dataset_changed.connect(lambda: bar.setVisible(self._session.missing is None))
        column.addWidget(self.canvas, 1)
        self.centre.setFocusProxy(self.canvas)
        self.canvas.show()

    def _make_verdicts(self) -> None:
        self.verdicts = VerdictsPanel(self._session, self._reviewing, self._theme)
        self._add_dock("Verdicts", self.verdicts, Qt.DockWidgetArea.RightDockWidgetArea)
        self.docks["Verdicts"].visibilityChanged.connect(self.verdicts.set_seen)
        self.verdicts.reached.connect(self.canvas.look_at_reached)
        self.verdicts.orphan_changed.connect(self.canvas.point_out)
        self._window.tabifyDockWidget(self.docks["Tables"], self.docks["Verdicts"])

    def _make_gallery(self) -> None:
        listed, saved = self.images.image_rows, self.saved_filters
        self.gallery = GalleryPanel(self._session, self._reviewing, self._theme, self.queue, saved, listed)
        self._add_dock("Gallery", self.gallery, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.docks["Gallery"].visibilityChanged.connect(self.gallery.set_seen)
        self._window.tabifyDockWidget(self.docks["Gallery"], self.docks["Doctor"])
        self.gallery.opened.connect(self.canvas.setFocus)
        self.images.order_changed.connect(self.gallery.follow_listed)

    def _make_judging(self) -> None:
        self.judging = Judging(
            self._session, self._reviewing, self.queue, self._judged, self.canvas, self._window
        )
        self.judging.told.connect(self._tell)
        KeyGuard(self.judging)

    def _tell(self, text: str) -> None:
        self._window.statusBar().showMessage(text, _TOLD)

    def _make_what_if(self) -> None:
        self.what_if = WhatIfPanel(self._session, self._reviewing, self._theme)
        self._add_dock("What if", self.what_if, Qt.DockWidgetArea.RightDockWidgetArea)
        self.docks["What if"].visibilityChanged.connect(self.what_if.set_seen)
        self._window.tabifyDockWidget(self.docks["Verdicts"], self.docks["What if"])
        self.hand_off = HandOff(self._session, self._reviewing, self._window)

    def _judged(self) -> Sequence[Ref]:
        """What the keys speak of: what is marked in a list, the selected box, or the image on the canvas."""
        if self._has_focus(self.gallery) and (refs := self.gallery.selected_refs()):
            return refs
        if self._has_focus(self.verdicts) and (marked := self.verdicts.selected_refs()) is not None:
            return marked
        if self._session.selected is not None:
            return (self._session.selected,)
        return () if self._session.image_row is None else (ImageRef(self._session.image_row),)

    def show_in_turns(self) -> None:
        """Let the views paint for the first time one after the other: together they take too long.

        The focus begins in the table of images: on a button it would take some keys.
        """
        self.images.setFocus()
        for turn, view in enumerate((self.curves, self.classes), start=1):
            view.setUpdatesEnabled(False)
            QTimer.singleShot(_TURN * turn, partial(view.setUpdatesEnabled, True))

    def arrange(self) -> None:
        """The layout of a first start."""
        images, curves, classes, tables, verdicts, what_if, doctor = (
            self.docks[title]
            for title in ("Images", "Curves", "Classes", "Tables", "Verdicts", "What if", "Doctor")
        )
        for dock in (images, curves, classes, tables, verdicts, what_if):
            dock.setFloating(False)
            dock.show()
        self._window.tabifyDockWidget(classes, tables)
        self._window.tabifyDockWidget(tables, verdicts)
        self._window.tabifyDockWidget(verdicts, what_if)
        classes.raise_()
        gallery = self.docks["Gallery"]
        gallery.setFloating(False)
        self._window.tabifyDockWidget(gallery, doctor)
        for dock in (gallery, doctor):
            dock.hide()
        width, height = self._window.width(), self._window.height()
        sides = [int(width * 0.31), int(width * 0.31)]
        self._window.resizeDocks([images, curves], sides, Qt.Orientation.Horizontal)
        self._window.resizeDocks([curves, classes], [height // 2, height // 2], Qt.Orientation.Vertical)

    def show_doctor(self, code: str = "") -> None:
        """Bring it to the front, with a finding."""
        self.show_dock("Doctor")
        self.doctor.choose(code)
        self.doctor.setFocus()

    def show_dock(self, title: str) -> None:
        """Bring a dock to the front, wherever it is."""
        self.docks[title].show()
        self.docks[title].raise_()

    def toggle_gallery(self) -> None:
        """Show it and give it the focus; from within, hide it."""
        if self._has_focus(self.gallery):
            self.docks["Gallery"].hide()
            self.canvas.setFocus()
        else:
            self.show_dock("Gallery")
            self.gallery.activateWindow()  # it may float
            self.gallery.setFocus()

    def show_what_if(self) -> None:
        self.show_dock("What if")
        self.what_if.setFocus()

    def show_tables(self) -> None:
        self.show_dock("Tables")
        self.tables.setFocus()

    def show_verdicts(self) -> None:
        self.show_dock("Verdicts")
        self.verdicts.setFocus()

    def copy(self) -> None:
        """The rows or the text selected where the focus is, else the picture that is on the canvas."""
        if self._has_focus(self.doctor):
            self.doctor.copy()
        elif self._has_focus(self.images):
            self.images.copy_selection()
        elif self._has_focus(self.tables):
            self.tables.copy()
        elif self._has_focus(self.verdicts):
            self.verdicts.copy_selection()
        elif self._has_focus(self.what_if):
            self.what_if.copy()
        elif self._has_focus(self.classes):
            self.classes.copy_selection()
        elif self._has_focus(self.gallery):
            self.gallery.copy()
        else:
            QGuiApplication.clipboard().setImage(self.canvas.copy_image())

    def escape(self) -> None:
        """Select nothing; or clear the filter, where the focus is in its line, or in what it filters."""
        line = self.filter_line
        if self.gallery.escape() or self.verdicts.escape():
            return
        in_view = self._has_focus(self.images) or self._has_focus(self.gallery)
        if self._window.focusWidget() is line:
            line.escape()
        elif in_view and self._session.selected is None:
            line.set_text("")
        else:
            self._session.select(None)

    @property
    def filter_line(self) -> FilterLine:
        """The gallery's where that has the focus, else the image table's."""
        return self.gallery.filter_line if self._has_focus(self.gallery) else self.images.filter_line

    def clear_filters(self) -> None:
        """What they were made for is not open any more."""
        self.images.clear_filter()
        self.gallery.filter_line.set_text("")

    def is_idle(self) -> bool:
        """Whether everything visible is painted with its final pixels."""
        parts = (
            self.loader,
            self.thumbnails,
            self.canvas,
            self.tables,
            self.verdicts,
            self.what_if,
            self.gallery,
        )
        busy = self.queue.is_running or self.examination.is_busy
        return not busy and not any(part.is_busy for part in parts)

    def close(self) -> None:
        """Wait for the workers."""
        self.finish()  # a window can be closed while it is built
        for view in (
            self.examination,
            self.doctor,
            self.queue,
            self.images,
            self.canvas,
            self.tables,
            self.verdicts,
            self.what_if,
            self.hand_off,
            self.gallery,
        ):
            view.close_jobs()
        self.loader.close()
        self.thumbnails.close()

    @staticmethod
    def _has_focus(view: QWidget) -> bool:
        """Also where it floats, and so is another window."""
        focused = QApplication.focusWidget()
        return focused is not None and (focused is view or view.isAncestorOf(focused))

    def _prefetch(self) -> None:
        self.loader.prefetch(self.images.neighbours(_PREFETCH))

    def _add_dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> None:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(title.lower())  # under which its place is remembered
        dock.setWidget(widget)
        dock.hide()
        self._window.addDockWidget(area, dock)
        self.docks[title] = dock
