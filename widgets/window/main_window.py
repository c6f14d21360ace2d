"""The window: menus, tool bar, docks, and what is remembered of them. No logic."""

from __future__ import annotations

import importlib
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QIcon, QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QMessageBox,
    QStackedWidget,
    QToolBar,
    QWidget,
)

import resources
from inspector.one_side import why_not
from inspector.progress import Progress
from inspector.sources import Find, Sources
from widgets.examination import Examination
from widgets.opening import Opener
from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.theme import Mode, Theme
from widgets.window.actions import KeyMap, fill_menus
from widgets.window.choice_menu import ChoiceMenu
from widgets.window.class_filter import ClassFilter
from widgets.window.commands import commands_of
from widgets.window.memory import Memory
from widgets.window.protocol_button import ProtocolButton
from widgets.window.protocol_dialog import ProtocolDialog
from widgets.window.queue_commands import ENLARGE, GO_ON
from widgets.window.review_commands import AGREE
from widgets.window.review_place import ReviewPlace
from widgets.window.settings import MASK_STYLES, Settings
from widgets.window.split_commands import NEXT_SPLIT
from widgets.window.split_field import SplitField, SplitMenu
from widgets.window.status_bar import StatusBar
from widgets.window.tool_bar import ConfidenceField, IouField, least_width
from widgets.window.welcome import WelcomePage, recent_files, recent_title

if TYPE_CHECKING:
    from widgets.canvas import CanvasPanel
    from widgets.window.workspace import Workspace

_LONGEST_BUILD = 0.5
"""Seconds that a worker waits for the workspace."""
_TOLD = 4000
"""Milliseconds that the status bar says why a key did nothing."""
_MENUS = ("File", "Edit", "View", "Go", "Review", "Tune", "Evaluate", "Help")


class MainWindow(QMainWindow):
    """Opens with the welcome page; the workspace is built when the first dataset is read."""

    _imported = Signal()
    """From the worker: what the workspace needs is imported."""

    def __init__(
        self, session: Session, reviewing: Reviewing, theme: Theme, settings: Settings, demo: Find
    ) -> None:
        super().__init__()
        self.session, self.reviewing = session, reviewing
        self._theme, self._settings, self._demo = theme, settings, demo
        self.workspace: Workspace | None = None
        self._built = threading.Event()
        self._filtered: Sources | None = None
        self._is_closed = False
        self.setWindowTitle("Detection Inspector")
        self.setWindowIcon(_icon("application"))
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self._opener = Opener(session, self.open_found, self)
        self._welcome = WelcomePage(session)
        self._welcome.open_wanted.connect(self.ask_for_files)
        self._welcome.demo_wanted.connect(self.open_demo)
        self._welcome.recent_wanted.connect(self.open_sources)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._welcome)
        self.setCentralWidget(self._pages)
        self.review_place = ReviewPlace(reviewing, self)
        self._commands = commands_of(self)
        self._menus = {name: self.menuBar().addMenu(f"&{name}") for name in _MENUS}
        self.actions_by_text = fill_menus(self._menus, self._commands, self)
        self._recent_menu = QMenu("Open recent", self)
        self._recent_menu.setToolTipsVisible(True)
        self._menus["File"].insertMenu(self.actions_by_text["Open the demo"], self._recent_menu)
        self._mask_menu = self._add_mask_menu()
        self._add_theme_menu()
        self._menus["Evaluate"].insertMenu(self.actions_by_text[NEXT_SPLIT], SplitMenu(session, self))
        self._bar = self._make_tool_bar()
        self._examination = Examination(session, self)
        status = StatusBar(session, self._examination, theme)
        status.findings_wanted.connect(self._show_doctor)
        status.filter_wished.connect(self._list_images)
        self._opener.formats_changed.connect(status.show_formats)
        self.setStatusBar(status)
        status.hide()  # the welcome page shows the progress of the first opening
        self._imported.connect(self._begin_workspace, Qt.ConnectionType.QueuedConnection)
        session.dataset_changed.connect(self._on_dataset)
        session.failed.connect(self._on_failed)
        session.files_wished.connect(self.ask_for_files)
        self._memory = Memory(settings, self)
        self._memory.restore()
        self._show_recent()

    # what the commands do

    def ask_for_files(self) -> None:
        self._opener.ask()

    def open_sources(self, sources: Sources) -> None:
        self._opener.open(sources)

    def ask_for_images(self) -> None:
        """Look for the images of the open files in another folder."""
        sources = self.session.sources
        if sources is None:
            return
        start = str(sources.images or sources.first.parent)
        folder = QFileDialog.getExistingDirectory(self, "Image folder", start)
        if folder:
            self.open_sources(replace(sources, images=Path(folder)))

    def open_demo(self) -> None:
        self.open_found(self._demo)

    def reload(self) -> None:
        """Read the open files again."""
        if self.session.sources is not None:
            self.open_sources(self.session.sources)

    def copy(self) -> None:
        if self.workspace:
            self.workspace.copy()

    def escape(self) -> None:
        if self.workspace:
            self.workspace.escape()

    def choose_classes(self) -> None:
        self._class_filter.open_list()

    def step(self, step: int) -> None:
        if self.workspace:
            self.workspace.images.step(step)

    def change_confidence(self, step: float) -> None:
        self.session.set_confidence(round(self.session.wish.confidence + step, 6))

    def change_iou(self, step: int) -> None:
        results, missing = self.session.results, self.session.missing
        if results is not None:
            last = len(results.evaluation.protocol.iou_thresholds) - 1
            self.session.set_iou_index(min(last, max(0, self.session.wish.iou_index + step)))
        elif missing is not None:
            self.statusBar().showMessage(why_not(missing, "nothing is matched"), _TOLD)

    def choose_protocol(self) -> None:
        """Open the dialog, or bring it to the front."""
        for dialog in self.findChildren(ProtocolDialog):
            if dialog.isVisible():
                dialog.raise_()
                dialog.activateWindow()
                return
        ProtocolDialog(self.session, self._theme, self).show()

    def evaluate_listed(self) -> None:
        """Only the images that the filter leaves."""
        if self.workspace:
            self.session.restrict(np.array(self.workspace.images.image_rows(), dtype=np.int64))

    def show_tables(self) -> None:
        if self.workspace:
            self.workspace.show_tables()

    def reset_layout(self) -> None:
        if self.workspace:
            self.workspace.arrange()

    def show_keys(self) -> None:
        KeyMap(self._commands, self).open()

    def show_about(self) -> None:
        QMessageBox.about(
            self,
            "Detection Inspector",
            "See where an object detector fails, choose its confidence threshold, find bad labels.\n\n"
            "Numbers follow the COCO API's protocol, or VOC's. Nothing leaves this computer.",
        )

    # how it follows the session

    def open_found(self, find: Find, split: str | None = None) -> None:
        """Open what `find` names, or makes first, on a worker; `split` of it, or the one looked at last."""
        known, asking = self._settings.splits, self._opener.asking(find)

        def work(progress: Progress) -> Sources:
            # Half a second of imports that the workspace needs; here, because the window must not wait.
            for module in ("pyqtgraph", "PIL.JpegImagePlugin", "widgets.window.workspace"):
                progress("Opening", 0.0)
                importlib.import_module(module)
            self._imported.emit()
            # Reading would only slow down the building, which holds the window.
            self._built.wait(_LONGEST_BUILD)
            return asking(progress)

        self.session.open(work, lambda sources: split or known.get(str(sources.first.absolute())))

    def _on_dataset(self) -> None:
        sources = self.session.sources
        assert sources is not None
        self._begin_workspace()
        assert self.workspace is not None
        self.workspace.finish()
        if self.is_at_welcome():
            self._show_workspace(self.workspace)
        self._bar.setMinimumWidth(least_width(self._bar))  # what does not fit would leave the tool bar
        self.setWindowTitle(f"{recent_title(sources)} – Detection Inspector")
        if not sources.shares(self._filtered):  # a filter is made for the images at hand
            self.workspace.clear_filters()
        self._filtered = sources
        self._settings.add_recent(sources)
        self._show_recent()

    def _on_failed(self, text: str) -> None:
        if not self._opener.tell_failure(text) and self.session.dataset is not None:  # or the welcome page
            box = QMessageBox(QMessageBox.Icon.Warning, "Detection Inspector", text, parent=self)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()

    def _list_images(self, filter_text: str) -> None:
        if self.workspace:
            self.workspace.images.set_filter(filter_text)

    def _show_doctor(self) -> None:
        if self.workspace:
            self.workspace.show_doctor()

    # putting it together

    def _begin_workspace(self) -> None:
        """Build the workspace while the worker reads."""
        if self.workspace is None and not self._is_closed:
            from widgets.window.workspace import Workspace

            parts = self.session, self.reviewing, self._examination, self._theme
            self.workspace = Workspace(*parts, self, self._built)

    def is_at_welcome(self) -> bool:
        return self._pages.currentWidget() is self._welcome

    def _show_workspace(self, workspace: Workspace) -> None:
        from widgets.canvas import Layer

        self._pages.addWidget(workspace.centre)
        self._pages.setCurrentWidget(workspace.centre)
        # A hidden page would still keep the canvas from being narrower than itself.
        self._pages.removeWidget(self._welcome)
        self._welcome.hide()
        workspace.images.filter_line.setMaximumWidth(320)
        self._bar.addWidget(workspace.images.filter_line).setVisible(True)
        self._bar.show()
        self.statusBar().show()
        for dock in workspace.docks.values():
            self._menus["View"].addAction(dock.toggleViewAction())
        for command in self._commands:
            self.actions_by_text[command.text].setEnabled(True)
        for layer in Layer:
            switch = partial(workspace.canvas.set_layer, layer)
            action = self.actions_by_text[layer.value.capitalize()]
            action.toggled.connect(switch)
            switch(action.isChecked())
        agree = self.actions_by_text[AGREE]
        agree.setEnabled(workspace.judging.can_agree)
        workspace.judging.can_agree_changed.connect(agree.setEnabled)
        workspace.queue.set_going_on(self.actions_by_text[GO_ON].isChecked())
        workspace.canvas.set_enlarging(self.actions_by_text[ENLARGE].isChecked())
        self._set_up_masks(workspace.canvas)
        self._memory.restore_layout(workspace)
        workspace.show_in_turns()

    def _make_tool_bar(self) -> QToolBar:
        bar = QToolBar("Operating point")
        bar.setObjectName("operating_point")
        bar.setMovable(False)
        self._class_filter, split = ClassFilter(self.session), SplitField(self.session)
        protocol = ProtocolButton(self.session)
        protocol.clicked.connect(self.choose_protocol)
        rest = QWidget()  # of the bar: what the protocol's words do not need of it stays empty
        row = QHBoxLayout(rest)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(protocol, 1000)
        row.addStretch(1)
        split.place = bar.addWidget(split)
        for part in (self._class_filter, IouField(self.session), ConfidenceField(self.session), rest):
            bar.addWidget(part)
        self.addToolBar(bar)
        bar.hide()
        return bar

    def _add_theme_menu(self) -> None:
        menu = ChoiceMenu("Theme", [mode.value for mode in Mode], self)
        menu.show_chosen(self._theme.mode.value)
        menu.chosen.connect(self._set_theme)
        self._menus["View"].addMenu(menu)
        self._menus["View"].addSeparator()

    def _add_mask_menu(self) -> ChoiceMenu:
        menu = ChoiceMenu("Masks", MASK_STYLES, self)
        menu.show_chosen(self._settings.mask_style)
        menu.setEnabled(False)
        self._menus["View"].insertMenu(self.actions_by_text["Next mask style"], menu)
        return menu

    def _set_theme(self, mode: str) -> None:
        self._theme.set_mode(Mode(mode))
        self._settings.set_theme(Mode(mode))

    def _set_up_masks(self, canvas: CanvasPanel) -> None:
        """The menu and the key choose the same style, which is remembered."""
        from widgets.canvas import MaskStyle

        self._mask_menu.setEnabled(True)
        self._mask_menu.chosen.connect(lambda style: canvas.set_mask_style(MaskStyle(style)))
        canvas.set_mask_style(MaskStyle(self._settings.mask_style))
        canvas.mask_style_changed.connect(self._mask_menu.show_chosen)
        canvas.mask_style_changed.connect(self._settings.set_mask_style)

    def _show_recent(self) -> None:
        recent = self._settings.recent
        self._welcome.show_recent(recent)
        self._recent_menu.clear()
        self._recent_menu.setEnabled(bool(recent))
        for sources in recent:
            action = self._recent_menu.addAction(recent_title(sources))
            action.setToolTip(recent_files(sources))
            action.triggered.connect(lambda _checked=False, chosen=sources: self.open_sources(chosen))

    # Qt's events

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._is_closed and not self.reviewing.flush():
            event.ignore()  # something could not be kept, and the person is just told
            return
        self.reviewing.close()
        self._memory.remember()
        self._is_closed = True
        self._opener.close()
        self.session.close()
        if self.workspace:
            self.workspace.close()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self._opener.drop(paths)


def _icon(name: str) -> QIcon:
    pixmap = QPixmap()
    pixmap.loadFromData(resources.icon(name))
    return QIcon(pixmap)
