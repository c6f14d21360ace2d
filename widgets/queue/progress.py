"""How far the review is, for the status bar."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from inspector.export.report import counted
from widgets.reviewing import Reviewing
from widgets.suspect_queue import SuspectQueue


class ReviewProgress(QLabel):
    """ "412 of 1,278 reviewed, 37 flags"; nothing where no label is suspect and nothing was said."""

    def __init__(self, queue: SuspectQueue, reviewing: Reviewing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue, self._reviewing = queue, reviewing
        self.setContentsMargins(6, 3, 8, 3)
        self.setToolTip("Suspect labels that have a verdict, and labels that were said to be wrong")
        queue.changed.connect(self._show)
        queue.progress_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        queue, flags = self._queue, self._reviewing.flags
        parts = [f"{queue.judged:,} of {queue.boxes:,} reviewed"] if queue.boxes else []
        parts += [counted(flags, "flag")] if flags or parts else []
        self.setText(", ".join(parts))
        self.setVisible(bool(parts))
