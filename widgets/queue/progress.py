"""How far the review is, for the status bar."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from inspector.export.report import counted
from widgets.doors import door
from widgets.reviewing import Reviewing
from widgets.suspect_queue import SuspectQueue
from widgets.theme import Theme

_ORPHANS = "orphans"
_TIP = (
    "Suspect labels and images that were gone through, labels that were said to be wrong, and verdicts that"
    " hang on nothing that is open; a press lists them"
)
_ROOMY = 1500
"""Pixels of the window from which everything is said in words."""


class ReviewProgress(QLabel):
    """ "412 of 1,278 suspects, 3 of 128 images reviewed, 37 flags", in short in a small window; nothing where
    no label is suspect and nothing was said.

    A press on a number leads to the images that it speaks of.
    """

    filter_wished = Signal(str)
    orphans_wished = Signal()

    def __init__(
        self, queue: SuspectQueue, reviewing: Reviewing, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._queue, self._reviewing, self._theme = queue, reviewing, theme
        self._window: QWidget | None = None
        self.setContentsMargins(6, 3, 8, 3)
        self.linkActivated.connect(self._open)
        theme.changed.connect(self._show)
        queue.changed.connect(self._show)
        queue.progress_changed.connect(self._show)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """How much room there is depends on the window."""
        super().showEvent(event)
        if self._window is not self.window():
            self._window = self.window()
            self._window.installEventFilter(self)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self._show()
        return super().eventFilter(watched, event)

    def _open(self, link: str) -> None:
        if link == _ORPHANS:
            self.orphans_wished.emit()
        else:
            self.filter_wished.emit(link)

    def _show(self) -> None:
        queue, reviewing = self._queue, self._reviewing
        reviewed, flags, orphans = reviewing.reviewed(), reviewing.flags, len(reviewing.orphans)
        seen, images = int(np.count_nonzero(reviewed)), len(reviewed)
        said = {}
        if queue.boxes:
            said["verdict:any"] = f"{queue.judged:,} of {queue.boxes:,} suspects"
        if seen or said:
            said["reviewed:yes"] = f"{seen:,} of {images:,} images reviewed"
        if flags or said:
            said["verdict:label"] = counted(flags, "flag")
        if orphans:
            said[_ORPHANS] = counted(orphans, "orphan")
        words = ", ".join(said.values())
        if self.window().width() < _ROOMY:
            said = {link: text.replace(" of ", "/").replace(" reviewed", "") for link, text in said.items()}
        colour = self._theme.colours.text
        text = ", ".join(door(link, short, colour) for link, short in said.items())
        if text != self.text():
            self.setText(text)
            self.setToolTip(f"{words}.\n{_TIP}")
        self.setVisible(bool(said))
