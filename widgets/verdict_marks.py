"""What was said of boxes, as small marks: a drawn symbol and a word, never a colour alone."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from inspector.review.verdicts import Judgement, Verdict
from inspector.review.words import short_words
from widgets.theme import Colours, ink_on

_KEPT = 512
_LONGEST = 32
"""Characters of a mark."""
_PAD = 3.0


class MarkMaker:
    """Keeps the pictures of marks, for one font, one density of pixels and one theme at a time."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._font = QFont()
        self._metrics = QFontMetricsF(self._font)
        self._colours: Colours | None = None
        self._ratio = 1.0
        self._pictures: OrderedDict[tuple[Judgement | None, str], QImage] = OrderedDict()

    def use(self, font: QFont, ratio: float, colours: Colours) -> None:
        key = (font.toString(), ratio, colours)
        if key == self._key:
            return
        self._key, self._ratio, self._colours = key, ratio, colours
        small = QFont(font)
        if font.pointSizeF() > 0:
            small.setPointSizeF(max(6.0, font.pointSizeF() * 0.85))
        self._font, self._metrics = small, QFontMetricsF(small)
        self._pictures.clear()

    def picture(self, verdict: Verdict, *, word: bool) -> QImage:
        """In device pixels; the symbol alone unless a `word` is wanted."""
        text = short_words(verdict) if word else ""
        text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
        key = (verdict.judgement, text)
        found = self._pictures.get(key)
        if found is None:
            found = self._pictures[key] = self._paint(verdict.judgement, text)
            if len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
        return found

    def _paint(self, judgement: Judgement | None, text: str) -> QImage:
        assert self._colours is not None
        colours, height = self._colours, round(self._metrics.height() + 1)
        width = height + (round(self._metrics.horizontalAdvance(text) + 1 + _PAD) if text else 0)
        image = QImage(round(width * self._ratio), round(height * self._ratio), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self._ratio)
        flag = judgement is Judgement.LABEL
        image.fill(QColor(colours.verdict if flag else colours.panel))
        painter = QPainter(image)
        ink = QColor(ink_on(colours.verdict) if flag else colours.text)
        if not flag:  # a quieter plate: nothing has to be fixed
            painter.setPen(QPen(QColor(colours.verdict), 1))
            painter.drawRect(QRectF(0.5, 0.5, width - 1, height - 1))
        paint_symbol(painter, judgement, QRectF(0, 0, height, height), ink)
        painter.setFont(self._font)
        painter.setPen(ink)
        painter.drawText(QPointF(height, 0.5 + self._metrics.ascent()), text)
        painter.end()
        image.setDevicePixelRatio(1.0)
        return image


def paint_symbol(painter: QPainter, judgement: Judgement | None, room: QRectF, ink: QColor) -> None:
    """A flag, a cross, a question mark, a tick, or the lines of a note, drawn: fonts may lack them."""
    unit = room.width() / 12
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(room.topLeft())
    painter.scale(unit, unit)
    pen = QPen(ink, 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    match judgement:
        case Judgement.LABEL:
            painter.drawLine(QPointF(4, 2.5), QPointF(4, 10))
            painter.setBrush(ink)
            painter.drawPolygon(QPolygonF([QPointF(4, 2.5), QPointF(9, 4.5), QPointF(4, 6.5)]))
        case Judgement.MODEL:
            painter.drawLine(QPointF(3.5, 3.5), QPointF(8.5, 8.5))
            painter.drawLine(QPointF(8.5, 3.5), QPointF(3.5, 8.5))
        case Judgement.AMBIGUOUS:
            painter.drawArc(QRectF(4, 2.2, 4, 4), -60 * 16, 240 * 16)
            painter.drawLine(QPointF(6.9, 5.9), QPointF(6, 7.4))
            painter.drawPoint(QPointF(6, 9.8))
        case Judgement.FINE:
            painter.drawPolyline(QPolygonF([QPointF(3, 6.4), QPointF(5.2, 8.8), QPointF(9.2, 3.4)]))
        case None:
            for y in (4.0, 6.2, 8.4):
                painter.drawLine(QPointF(3, y), QPointF(9 if y < 8 else 6.5, y))
    painter.restore()
