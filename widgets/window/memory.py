"""What the window remembers from one start to the next, and puts back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

from widgets.subject import nearest_iou
from widgets.window.queue_commands import ENLARGE, GO_ON
from widgets.window.settings import Settings

if TYPE_CHECKING:
    from widgets.window.main_window import MainWindow
    from widgets.window.workspace import Workspace

_LAYOUT_VERSION = 2
_SWITCHES = ("Ground truth", "Predictions", "Labels", GO_ON, ENLARGE)
"""The commands that are switches, by their text: what the canvas shows, and where a verdict leads."""


class Memory:
    """Between the window and the settings."""

    def __init__(self, settings: Settings, window: MainWindow) -> None:
        self._settings, self._window = settings, window
        self._filters: dict[str, str] = {}
        """The saved filters as they were last stored or read."""
        window.session.dataset_changed.connect(self._keep_split)

    def restore(self) -> None:
        """What can be put back before anything is open."""
        window, session, settings = self._window, self._window.session, self._settings
        window.resize(QSize(1600, 1000).boundedTo(window.screen().availableSize() * 0.9))
        window.restoreGeometry(settings.bytes("geometry"))
        session.set_confidence(settings.number("confidence", 0.5))
        session.set_options(settings.options)
        thresholds = session.options.iou_thresholds
        session.set_iou_index(nearest_iou(thresholds, settings.number("iou", thresholds[0])))
        for text in _SWITCHES:
            shown = settings.number(f"layers/{text}", 1) != 0
            window.actions_by_text[text].setChecked(shown)

    def restore_layout(self, workspace: Workspace) -> None:
        """The docks as they were, or as at a first start."""
        settings = self._settings
        if not self._window.restoreState(settings.bytes("layout"), _LAYOUT_VERSION):
            workspace.arrange()
        workspace.images.restore_state(settings.group("table"))
        workspace.gallery.restore_state(settings.group("gallery"))
        self._filters = settings.filters
        workspace.saved_filters.restore(self._filters)
        workspace.saved_filters.changed.connect(self._keep_filters)
        workspace.hand_off.set_folder(settings.hand_off_folder)
        workspace.hand_off.folder_changed.connect(
            lambda: settings.set_hand_off_folder(workspace.hand_off.folder)
        )
        workspace.curves.set_tab(int(settings.number("curve_tab", 0)))

    def _keep_split(self) -> None:
        session = self._window.session
        if session.sources is not None:
            self._settings.set_split(session.sources.first, session.split)

    def _keep_filters(self) -> None:
        """At once: another window may save some as well, which come with it."""
        if self._window.workspace is not None:
            saved = self._window.workspace.saved_filters
            before, self._filters = self._filters, dict(saved.texts)
            saved.restore(self._settings.update_filters(before, saved.texts))

    def remember(self) -> None:
        """All of it, when the window closes."""
        window, session, settings = self._window, self._window.session, self._settings
        settings.set_bytes("geometry", window.saveGeometry())
        settings.set_number("confidence", session.wish.confidence)
        settings.set_options(session.chosen_options)
        settings.set_number("iou", session.wished_iou)
        for text in _SWITCHES:
            shown = window.actions_by_text[text].isChecked()
            settings.set_number(f"layers/{text}", int(shown))
        workspace = window.workspace
        if workspace and not window.is_at_welcome():
            settings.set_bytes("layout", window.saveState(_LAYOUT_VERSION))
            settings.set_group("table", workspace.images.state())
            settings.set_group("gallery", workspace.gallery.state())
            settings.set_number("curve_tab", workspace.curves.tab)
