"""How far the review is, for the status bar."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from inspector.export.report import counted
from widgets.doors import door
from widgets.reviewing import Reviewing
from widgets.suspect_queue import SuspectQueue
from widgets.theme import Theme


class ReviewProgress(QLabel):
    """ "412 of 1,278 reviewed, 37 flags"; nothing where no label is suspect and nothing was said.

    A press on either leads to the images that have them.
    """

    filter_wished = Signal(str)

    def __init__(
        self, queue: SuspectQueue, reviewing: Reviewing, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._queue, self._reviewing, self._theme = queue, reviewing, theme
        self.setContentsMargins(6, 3, 8, 3)
        self.setToolTip(
            "Suspect labels that have a verdict, and labels that were said to be wrong;"
            " a press lists the images with verdicts, or with flags"
        )
        self.linkActivated.connect(self.filter_wished)
        theme.changed.connect(self._show)
        queue.changed.connect(self._show)
        queue.progress_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        queue, flags, colour = self._queue, self._reviewing.flags, self._theme.colours.text
        parts = []
        if queue.boxes:
            parts.append(door("verdict:any", f"{queue.judged:,} of {queue.boxes:,} reviewed", colour))
        if flags or parts:
            parts.append(door("verdict:label", counted(flags, "flag"), colour))
        self.setText(", ".join(parts))
        self.setVisible(bool(parts))
