"""The line above the image: what is suspected of the selected box, and which keys answer."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.export.report import counted, one_line
from inspector.review.words import KINDS
from widgets.suspect_queue import SuspectQueue
from widgets.theme import Theme

_PAD, _APART = 10, 24
_HINTS = ("Enter agrees, 2 the model is wrong, E next", "Enter agrees, 2 model wrong", "Enter agrees")
"""What the keys do, the more the more room there is."""


class SuspectBar(QWidget):
    """Has its place also where there is nothing to say: the image does not jump."""

    def __init__(self, queue: SuspectQueue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue, self._theme = queue, theme
        self._head = self._rest = ""
        self._hints: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        queue.changed.connect(self._show)
        queue.current_changed.connect(self._show)
        queue.progress_changed.connect(self._show)
        theme.changed.connect(self.update)
        self._show()

    @property
    def text(self) -> str:
        """All that it would say if there were room."""
        return " · ".join(part for part in (self._head, self._rest, *self._hints[:1]) if part)

    def sizeHint(self) -> QSize:
        return QSize(400, self.fontMetrics().height() + 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours, metrics = self._theme.colours, self.fontMetrics()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.raised))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(colours.border))
        room = self.width() - 2 * _PAD
        said = metrics.horizontalAdvance(" · ".join(filter(None, (self._head, self._rest))))
        fits = [hint for hint in self._hints if said + _APART + metrics.horizontalAdvance(hint) <= room]
        if fits:  # the keys give way first
            painter.setPen(QColor(colours.muted))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect().adjusted(0, 0, -_PAD, 0), right, fits[0])
        left = _PAD
        for part, colour in ((self._head, colours.text), (self._rest, colours.muted)):
            between = " · " if left > _PAD and part else ""
            shown = metrics.elidedText(
                between + part, Qt.TextElideMode.ElideRight, max(0, room + _PAD - left)
            )
            painter.setPen(QColor(colour))
            baseline = (self.height() - metrics.height()) // 2 + metrics.ascent()
            painter.drawText(left, baseline, shown)
            left += metrics.horizontalAdvance(shown)

    def _show(self) -> None:
        before = self.text
        queue, row = self._queue, self._queue.current
        suspects = queue.suspects
        if suspects is None:
            self._head, self._hints = "", ()
            self._rest = "Looking for suspect labels…" if queue.is_running else ""
        elif row is None:
            left = queue.boxes - queue.judged
            self._head, self._hints = "", ()
            many = counted(left, "suspect label")
            self._rest = f"{many} without a verdict: E next, Q previous" if left else ""
        else:
            where = f"Suspect {queue.number(row):,} of {queue.boxes:,}"
            self._head = f"{where} · {KINDS[suspects.kind(row)]} {suspects.scores[row]:.2f}"
            self._rest, self._hints = one_line(queue.reason(row)), _HINTS
        if self.text != before:
            self.setAccessibleName(self.text)
            self.setToolTip(self.text)
            self.update()
