"""What was said of each image and its boxes, in short: looked through, flags, other verdicts, notes."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from inspector.dataset import Flags, Floats, Rows
from inspector.export.report import counted
from inspector.review.verdicts import Judgement
from inspector.review.words import JUDGEMENTS
from widgets.reviewing import Reviewing
from widgets.theme import Colours
from widgets.verdict_marks import paint_symbol

_SYMBOL: Final = 12
"""Pixels."""
_APART: Final = 2
_OTHERS: Final = (Judgement.MODEL, Judgement.AMBIGUOUS, Judgement.FINE, None)
"""What is shown behind the flags; None stands for notes."""


class ImageStates:
    """A change of verdicts makes another one."""

    def __init__(self, reviewing: Reviewing) -> None:
        self._reviewing = reviewing
        self.reviewed: Flags = reviewing.reviewed()
        self.flags: Rows = reviewing.flag_counts()
        self.sort_keys: Floats = 2.0 * self.flags.astype(np.float64) + self.reviewed
        """float64 [images]: by flags; of as many, what was reviewed is more."""

    def text(self, image_row: int) -> str:
        """For other programs, and for those who hear it: "reviewed, 2 flags, 1 model wrong, 1 note"."""
        parts = ["reviewed"] if self.reviewed[image_row] else []
        if flags := int(self.flags[image_row]):
            parts.append(counted(flags, "flag"))
        for judgement, count in self._others(image_row):
            parts.append(
                counted(count, "note") if judgement is None else f"{count:,} {JUDGEMENTS[judgement]}"
            )
        return ", ".join(parts)

    def paint(self, painter: QPainter, image_row: int, cell: QRect, colours: Colours) -> None:
        """A ticked square, a flag, and the symbols of what else was said, each with its number if there are
        several; where there is no room the numbers give way, and then the last symbols to an ellipsis."""
        metrics = painter.fontMetrics()
        middle = cell.top() + (cell.height() - _SYMBOL) / 2
        baseline = cell.top() + (cell.height() + metrics.ascent() - metrics.descent()) // 2
        if self.reviewed[image_row]:
            square = _square(cell.left(), middle)
            painter.setPen(QPen(QColor(colours.muted), 1))
            painter.setBrush(QColor(0, 0, 0, 0))
            painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))
            paint_symbol(painter, Judgement.FINE, square, QColor(colours.text))
        at = cell.left() + _SYMBOL + _APART
        if flags := int(self.flags[image_row]):
            ink = QColor(colours.verdict_text)
            paint_symbol(painter, Judgement.LABEL, _square(at, middle), ink)
            at += _SYMBOL
            if flags > 1:
                text = _number(flags)
                painter.setPen(ink)
                painter.drawText(at, baseline, text)
                at += metrics.horizontalAdvance(text)
            at += _APART
        self._paint_others(painter, image_row, cell.adjusted(at - cell.left(), 0, 0, 0), colours)

    def _paint_others(self, painter: QPainter, image_row: int, cell: QRect, colours: Colours) -> None:
        metrics, at = painter.fontMetrics(), cell.left()
        middle = cell.top() + (cell.height() - _SYMBOL) / 2
        baseline = cell.top() + (cell.height() + metrics.ascent() - metrics.descent()) // 2
        others = self._others(image_row)
        texts = ["" if count == 1 else _number(count) for _, count in others]
        if _width(texts, metrics) > cell.width():
            texts = [""] * len(texts)
        fitting = len(texts)
        if _width(texts, metrics) > cell.width():
            room = cell.width() - metrics.horizontalAdvance("…")
            fitting = max(n for n in range(len(texts)) if n == 0 or _width(texts[:n], metrics) <= room)
        painter.setPen(QColor(colours.text))
        for (judgement, _), text in list(zip(others, texts, strict=True))[:fitting]:
            paint_symbol(painter, judgement, _square(at, middle), QColor(colours.text))
            painter.drawText(at + _SYMBOL, baseline, text)
            at += _width([text], metrics)
        if fitting < len(texts) and at + metrics.horizontalAdvance("…") <= cell.right() + 1:
            painter.drawText(at, baseline, "…")

    def _others(self, image_row: int) -> list[tuple[Judgement | None, int]]:
        """What was said but flags, and how often."""
        said: Counter[Judgement | None] = Counter()
        for entry in self._reviewing.on_image(image_row).values():
            verdict = entry.verdict
            if verdict.judgement is not None:
                said[verdict.judgement] += 1
            if verdict.note:
                said[None] += 1
        return [(judgement, said[judgement]) for judgement in _OTHERS if said[judgement]]


def state_width(metrics: QFontMetrics) -> int:
    """Pixels that a cell needs: the tick, flags and two other symbols, one of them with a number."""
    return 4 * (_SYMBOL + _APART) + metrics.horizontalAdvance("99")


def _square(left: float, top: float) -> QRectF:
    return QRectF(left, top, _SYMBOL, _SYMBOL)


def _width(numbers: list[str], metrics: QFontMetrics) -> int:
    """Of symbols with these numbers."""
    return sum(_SYMBOL + metrics.horizontalAdvance(number) + _APART for number in numbers)


def _number(count: int) -> str:
    return f"{count}" if count < 100 else "99+"
