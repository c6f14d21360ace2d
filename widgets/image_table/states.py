"""What was said of each image, in short: whether it was looked through, and how many labels are flagged."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from inspector.dataset import Flags, Floats, Rows
from inspector.export.report import counted
from inspector.review.verdicts import Judgement
from widgets.reviewing import Reviewing
from widgets.theme import Colours
from widgets.verdict_marks import paint_symbol

_SYMBOL: Final = 12
"""Pixels."""
_APART: Final = 2


class ImageStates:
    """As they were when it was made; a change of verdicts makes another one."""

    def __init__(self, reviewing: Reviewing) -> None:
        self.reviewed: Flags = reviewing.reviewed()
        self.flags: Rows = reviewing.flag_counts()
        self.sort_keys: Floats = 2.0 * self.flags.astype(np.float64) + self.reviewed
        """float64 [images]: by flags; of as many, what was reviewed is more."""

    def text(self, image_row: int) -> str:
        """For other programs, and for those who hear it: "reviewed, 2 flags"; "" where nothing was said."""
        flags = int(self.flags[image_row])
        parts = ["reviewed"] if self.reviewed[image_row] else []
        return ", ".join(parts + ([counted(flags, "flag")] if flags else []))

    def paint(self, painter: QPainter, image_row: int, row: tuple[int, int, int], colours: Colours) -> None:
        """A tick, and a flag with its number; `row` is the left edge, the top and the height of the cell."""
        left, top, height = row
        middle = top + (height - _SYMBOL) / 2
        if self.reviewed[image_row]:
            paint_symbol(painter, Judgement.FINE, _square(left, middle), QColor(colours.text))
        if flags := int(self.flags[image_row]):
            ink, at = QColor(colours.verdict_text), left + _SYMBOL + _APART
            paint_symbol(painter, Judgement.LABEL, _square(at, middle), ink)
            if flags > 1:
                painter.setPen(ink)
                metrics = painter.fontMetrics()
                baseline = top + (height + metrics.ascent() - metrics.descent()) // 2
                painter.drawText(at + _SYMBOL, baseline, f"{flags}" if flags < 100 else "99+")


def state_width(metrics: QFontMetrics) -> int:
    """Pixels that a cell needs."""
    return 2 * _SYMBOL + _APART + metrics.horizontalAdvance("99+")


def _square(left: float, top: float) -> QRectF:
    return QRectF(left, top, _SYMBOL, _SYMBOL)
