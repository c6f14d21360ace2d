"""The line below the image: keys and what they do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.refs import Side
from widgets.theme import Theme

_TRUTH, _FOUND = frozenset({Side.OBJECT}), frozenset({Side.DETECTION})
_HINTS: tuple[tuple[tuple[str, ...], str, frozenset[Side]], ...] = (
    (("A", "D"), "image", frozenset()),
    (("Q", "E"), "suspect", _TRUTH | _FOUND),
    (("Enter",), "agree", _TRUTH | _FOUND),
    (("1",), "label wrong", frozenset()),
    (("2",), "model wrong", _FOUND),
    (("Space",), "reviewed", frozenset()),
    (("[", "]"), "threshold", _FOUND),
    (("?",), "all keys", frozenset()),
    (("F",), "fit", frozenset()),
    (("G",), "ground truth", _TRUTH),
    (("P",), "predictions", _FOUND),
    (("L",), "labels", frozenset()),
    (("M",), "masks", frozenset()),
)
"""Keys, what they do, and the sides that it takes."""
_PAD, _CAP_PAD, _CLOSE, _APART = 10, 5, 4, 14


class HintBar(QWidget):
    """Shows as many hints as there is room for, none of them cut."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_for(None)
        theme.changed.connect(self.update)

    def show_for(self, missing: Side | None) -> None:
        """Offer what there is something for."""
        self._hints = [
            ([QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys], words)
            for keys, words, sides in _HINTS
            if missing not in sides
        ]
        self.setAccessibleName(", ".join(f"{' '.join(keys)}: {words}" for keys, words in self._hints))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, self.fontMetrics().height() + 14)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours, metrics = self._theme.colours, self.fontMetrics()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.raised))
        painter.fillRect(0, 0, self.width(), 1, QColor(colours.border))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        baseline = (self.height() - metrics.height()) // 2 + metrics.ascent()
        left = float(_PAD)
        for keys, words in self._hints:
            caps = [max(metrics.horizontalAdvance(key) + 2 * _CAP_PAD, metrics.height()) for key in keys]
            width = sum(caps) + _CLOSE * len(caps) + 3 + metrics.horizontalAdvance(words)
            if left + width > self.width() - _PAD:
                break
            for key, cap in zip(keys, caps, strict=True):
                area = QRectF(
                    left + 0.5, (self.height() - metrics.height()) / 2 - 1.5, cap, metrics.height() + 3
                )
                painter.setPen(QPen(QColor(colours.border), 1))
                painter.setBrush(QColor(colours.panel))
                painter.drawRoundedRect(area, 3, 3)
                painter.setPen(QColor(colours.text))
                painter.drawText(round(left + (cap - metrics.horizontalAdvance(key)) / 2) + 1, baseline, key)
                left += cap + _CLOSE
            painter.setPen(QColor(colours.muted))
            painter.drawText(round(left) + 3, baseline, words)
            left += 3 + metrics.horizontalAdvance(words) + _APART
