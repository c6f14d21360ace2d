"""The line above the image table: how many images are shown, and why not all."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.filtering import Filter
from widgets.theme import Theme

_MARGIN = 8


class SummaryLine(QWidget):
    """Left the reason, which gives way, right the count."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._reason = self._count = self._problem = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """What is written, reason and count."""
        return " - ".join(filter(None, (self._problem or self._reason, self._count)))

    def set_problem(self, problem: str) -> None:
        """Why the filter line cannot be understood; "" when it can."""
        if problem != self._problem:
            self._problem = problem
            self._changed()

    def describe(self, shown: int, total: int, chosen: Filter, *, lacks: str, unknown: Sequence[str]) -> None:
        """`lacks`: why it cannot be answered, if so; `unknown`: what names nothing, and so keeps nothing."""
        images = "image" if total == 1 else "images"
        count = f"{total:,} {images}" if chosen.is_empty else f"{shown:,} of {total:,} {images}"
        reason = f"Filter: {chosen.text}" if not chosen.is_empty else ""
        if lacks:
            reason += f" ({lacks})"
        elif unknown:
            reason = "; ".join(unknown)
        if (reason, count) != (self._reason, self._count):
            self._reason, self._count = reason, count
            self._changed()

    def sizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height() + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        colours, metrics = self._theme.colours, self.fontMetrics()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.raised))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(colours.border))
        room = self.rect().adjusted(_MARGIN, 0, -_MARGIN, -1)
        painter.setPen(QColor(colours.muted))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._count)
        room.setRight(room.right() - metrics.horizontalAdvance(self._count) - _MARGIN)
        painter.setPen(QColor(colours.fp_text if self._problem else colours.muted))
        reason = metrics.elidedText(
            self._problem or self._reason, Qt.TextElideMode.ElideRight, max(0, room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, reason)
        painter.end()

    def _changed(self) -> None:
        self.setToolTip(self._problem or self._reason)
        self.setAccessibleName(self.text)
        self.update()
