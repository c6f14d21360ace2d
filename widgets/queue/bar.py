"""The line above the image: what is suspected of the selected box, and which keys answer."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.export.report import counted, one_line
from inspector.review.words import KINDS
from widgets.suspect_queue import SuspectQueue
from widgets.theme import Theme

_PAD, _APART = 10, 24
_HINTS = ("Enter agrees, 2 the model is wrong, E next", "Enter agrees, 2 model wrong", "Enter agrees")
"""What the keys do, the more the more room there is."""
_LONG = (
    "Suspect 1,000 of 1,000 · wrong class 0.50 · 0.50 motorcycle overlaps this motorcycle by 0.50;"
    " no motorcycle is detected here above 0.50"
)
"""What there are lines for. Their number depends on the width alone."""
_MOST_LINES = 3


class SuspectBar(QWidget):
    """As high as for the longest, also where there is nothing to say: the image does not jump."""

    def __init__(self, queue: SuspectQueue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue, self._theme = queue, theme
        self._head = self._rest = ""
        self._lines = 1
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
        return QSize(400, self._lines * self.fontMetrics().height() + 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        metrics = self.fontMetrics()
        needed = metrics.horizontalAdvance(_LONG) + _APART + metrics.horizontalAdvance(_HINTS[-1])
        lines = min(_MOST_LINES, math.ceil(needed / max(1, self.width() - 2 * _PAD)))
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        colours, metrics = self._theme.colours, self.fontMetrics()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.raised))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(colours.border))
        lines = self.shown_lines
        top = (self.height() - len(lines) * metrics.height()) // 2 + metrics.ascent()
        left, room = float(_PAD), self.width() - 2 * _PAD
        head = len(self._head)
        for number, line in enumerate(lines):
            baseline = top + number * metrics.height()
            painter.setPen(QColor(colours.text))
            painter.drawText(round(left), baseline, line[:head])
            painter.setPen(QColor(colours.muted))
            painter.drawText(round(left) + metrics.horizontalAdvance(line[:head]), baseline, line[head:])
            head = max(0, head - len(line) - 1)
        last = metrics.horizontalAdvance(lines[-1])
        fits = [hint for hint in self._hints if last + _APART + metrics.horizontalAdvance(hint) <= room]
        if fits:  # the keys give way first, but for the last of them
            at = self.width() - _PAD - metrics.horizontalAdvance(fits[0])
            painter.drawText(at, top + (len(lines) - 1) * metrics.height(), fits[0])

    @property
    def shown_lines(self) -> list[str]:
        """What is said, broken between words, the last line cut where even so there is no room."""
        metrics, room = self.fontMetrics(), max(1, self.width() - 2 * _PAD)
        kept = _APART + metrics.horizontalAdvance(self._hints[-1]) if self._hints else 0
        words = " · ".join(filter(None, (self._head, self._rest))).split(" ")
        lines: list[str] = []
        while words and len(lines) < self._lines:
            width = room - kept if len(lines) == self._lines - 1 else room
            line = words.pop(0)
            while words and metrics.horizontalAdvance(f"{line} {words[0]}") <= width:
                line = f"{line} {words.pop(0)}"
            lines.append(line)
        if words or metrics.horizontalAdvance(lines[-1]) > room:
            rest = " ".join((lines[-1], *words))
            lines[-1] = metrics.elidedText(rest, Qt.TextElideMode.ElideMiddle, max(0, room - kept))
        if len(lines) < self._lines and metrics.horizontalAdvance(lines[-1]) + kept > room:
            lines.append("")  # for the keys
        return lines

    def _show(self) -> None:
        before = self.text
        queue, row = self._queue, self._queue.current
        suspects = queue.suspects
        if suspects is None:
            self._head, self._hints = "", ()
            self._rest = "Looking for suspect labels…" if queue.is_running else ""
        elif row is None:
            self._head, self._hints = "", ()
            self._rest = self._invitation()
        else:
            where = f"Suspect {queue.number(row):,} of {queue.boxes:,}"
            if queue.where:
                where += f", {queue.left_here:,} left {queue.where}"
            self._head = f"{where} · {KINDS[suspects.kind(row)]} {suspects.scores[row]:.2f}"
            self._rest, self._hints = one_line(queue.reason(row)), _HINTS
        if self.text != before:
            self.setAccessibleName(self.text)
            self.setToolTip(self.text)
            self.update()

    def _invitation(self) -> str:
        """How many are left for the keys, and elsewhere."""
        queue = self._queue
        left, elsewhere = queue.left_here, queue.boxes - queue.judged - queue.left_here
        if not elsewhere:
            return f"{counted(left, 'suspect label')} without a verdict: E next, Q previous" if left else ""
        here = f"{counted(left, 'suspect label')} without a verdict {queue.where}"
        return f"{here}, {elsewhere:,} elsewhere" + (": E next, Q previous" if left else "")
