"""Words on a blank page: why there is no picture."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from widgets.canvas.viewport import Viewport
from widgets.theme import Colours

_WIDEST, _NARROWEST = 420, 120
_GAP = 12


def paint_reason(painter: QPainter, text: str, viewport: Viewport, font: QFont, colours: Colours) -> QRect:
    """Write on a plate below the page or at its lower end; returns the plate in widget pixels."""
    left, top = viewport.to_widget((0, 0))
    right, bottom = viewport.to_widget(viewport.page)
    widget = QRectF(0, 0, *viewport.widget)
    page = QRectF(left, top, right - left, bottom - top).intersected(widget)
    # On a page too small for the words, they may go beyond it, but not beyond the widget.
    width = max(_NARROWEST, min(round(page.width()) - 48, _WIDEST, round(widget.width()) - 64))
    metrics = QFontMetrics(font)
    # A path without spaces may be wider than the plate.
    whole = all(metrics.horizontalAdvance(word) <= width for word in text.split())
    wrap = Qt.TextFlag.TextWordWrap if whole else Qt.TextFlag.TextWrapAnywhere
    flags = Qt.AlignmentFlag.AlignCenter.value | wrap.value
    words = metrics.boundingRect(QRect(0, 0, width, 10_000), flags, text)
    plate = QRect(0, 0, words.width() + 32, words.height() + 24)
    plate.moveCenter(page.center().toPoint())
    # Below the boxes and masks rather than on them, where there is room.
    if plate.height() + 2 * _GAP < widget.bottom() - page.bottom():
        plate.moveTop(round(page.bottom()) + _GAP)
    elif plate.height() < page.height() / 3:
        plate.moveBottom(round(page.bottom()) - _GAP)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours.border), 1))
    painter.setBrush(QColor(colours.raised))
    painter.drawRoundedRect(QRectF(plate).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(font)
    painter.setPen(QColor(colours.text))
    painter.drawText(plate.adjusted(12, 8, -12, -8), flags, text)
    return plate
