"""The line above the image: which image it is, and what the lines on it mean."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from inspector.images import ImagePixels
from inspector.refs import Side
from inspector.review.words import image_words
from widgets.canvas.boxes import Boxes, Layer, page_size
from widgets.canvas.loader import ImageLoader
from widgets.canvas.scene import Scene
from widgets.strokes import Look, Stroke, strokes
from widgets.theme import Colours, Theme

_PAD, _GAP, _SWATCH = 10, 14, 14
_SAID = 240
"""Pixels that a verdict on the image may take from the legend."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the legend."""

    text: str
    colour: str
    stroke: Stroke


class CanvasHeader(QWidget):
    """Painted, as it changes with every step of a dragged threshold."""

    def __init__(
        self, scene: Scene, theme: Theme, loader: ImageLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._scene, self._theme, self._loader = scene, theme, loader
        self._name = self._said = self._size = self._remark = ""
        self._legend: list[_Entry] = []
        self._remark_area = QRectF()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        scene.changed.connect(self.refresh)
        loader.loaded.connect(self.refresh)
        theme.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say what is true now; the accessible name holds it as text."""
        session, boxes = self._scene.session, self._scene.boxes
        self._name = self._said = self._size = self._remark = ""
        self._legend = []
        if session.dataset is not None and boxes is not None:
            picture = self._loader.picture(boxes.image_row)
            pixels = picture if isinstance(picture, ImagePixels) else None
            decoded = None if pixels is None else pixels.size
            width, height = page_size(session.dataset, boxes.image_row, decoded)
            self._name = session.dataset.images.file_names[boxes.image_row].replace("\\", "/").split("/")[-1]
            entry = self._scene.image_entry
            self._said = "" if entry is None else image_words(entry)
            self._size = f"{width:,.0f} × {height:,.0f}"
            self._remark = "" if pixels is None else pixels.remark
            self._legend = _legend(boxes, self._scene.layers, self._theme.colours, session.missing)
        legend = "  ".join(entry.text for entry in self._legend)
        self.setAccessibleName(
            "  ".join(filter(None, (self._name, self._said, self._size, self._remark, legend)))
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, self.fontMetrics().height() + 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tip(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours, metrics = self._theme.colours, self.fontMetrics()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.raised))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(colours.border))
        end = self._paint_legend(painter, self.width() - _PAD)
        room = max(0, end - _GAP - _PAD)
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, room)
        left = self._write(painter, _PAD, name, colours.text) + _GAP
        self._remark_area = QRectF()
        texts = (
            (self._said, colours.verdict_text),
            (self._size, colours.muted),
            (self._remark, colours.fp_text),
        )
        for text, colour in texts:
            shown = text
            if text != self._size:  # a number cut in two would be another number
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, end - _GAP - left))
            width = metrics.horizontalAdvance(shown)
            if not shown or left + width > end - _GAP:
                continue
            if text == self._remark:
                self._remark_area = QRectF(left, 0, width, self.height())
            left = self._write(painter, left, shown, colour) + _GAP

    def _paint_legend(self, painter: QPainter, right: int) -> int:
        """From the right, leaving out the last entries where there is no room; where it begins."""
        metrics = self.fontMetrics()
        least = min(metrics.horizontalAdvance(self._name), 48) + _PAD + _GAP
        if self._said:  # what was said goes before what lines mean
            least += min(metrics.horizontalAdvance(self._said), _SAID) + _GAP
        entries = list(self._legend)

        def width(entry: _Entry) -> int:
            return _SWATCH + 5 + metrics.horizontalAdvance(entry.text) + _GAP

        while entries and right - sum(map(width, entries)) < least:
            entries.pop()
        left = begin = right - sum(map(width, entries)) + (_GAP if entries else 0)
        for entry in entries:
            stroke = entry.stroke
            pen = QPen(QColor(stroke.colour), stroke.width)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if stroke.pattern is not None:
                pen.setDashPattern([length / stroke.width for length in stroke.pattern])
            painter.setPen(pen)
            middle = self.height() // 2
            painter.drawLine(left, middle, left + _SWATCH, middle)
            self._write(painter, left + _SWATCH + 5, entry.text, entry.colour)
            left += width(entry)
        return begin

    def _write(self, painter: QPainter, left: int, text: str, colour: str) -> int:
        """Where the text ends."""
        metrics = self.fontMetrics()
        painter.setPen(QColor(colour))
        painter.drawText(left, (self.height() - metrics.height()) // 2 + metrics.ascent(), text)
        return left + metrics.horizontalAdvance(text)

    def _show_tip(self, at: QPoint, on_screen: QPoint) -> None:
        session, boxes = self._scene.session, self._scene.boxes
        if session.dataset is None or boxes is None:
            return
        on_remark = self._remark_area.contains(at.toPointF())
        tip = self._remark if on_remark else session.dataset.images.file_names[boxes.image_row]
        if self._said and not on_remark:
            tip = f"{tip}\n{self._said}"
        if not on_remark and self._remark and self._remark_area.isEmpty():
            tip = f"{tip}\n{self._remark}"  # there was no room for it
        QToolTip.showText(on_screen, tip, self)


def _legend(boxes: Boxes, layers: frozenset[Layer], colours: Colours, missing: Side | None) -> list[_Entry]:
    """What is drawn, with counts; what is switched off is muted."""
    lines = strokes(colours)
    objects, detections = Layer.GROUND_TRUTH in layers, Layer.PREDICTIONS in layers

    def entry(text: str, look: Look, colour: str, shown: bool) -> _Entry:
        return _Entry(text, colour if shown else colours.muted, lines[look])

    if not boxes.evaluated:
        found = entry(f"detections {boxes.count(Look.DETECTION):,}", Look.DETECTION, colours.text, detections)
        there = entry(f"objects {boxes.count(Look.OBJECT):,}", Look.OBJECT, colours.text, objects)
        if missing is not None:
            return [there if missing is Side.DETECTION else found]
        return [found, there, _Entry("not evaluated yet", colours.muted, Stroke(colours.raised, 1))]
    entries = [
        entry(f"TP {boxes.count(Look.TP):,}", Look.TP, colours.tp_text, detections),
        entry(f"FP {boxes.count(Look.FP):,}", Look.FP, colours.fp_text, detections),
        entry(f"FN {boxes.count(Look.FN):,}", Look.FN, colours.fn_text, objects),
    ]
    if ignored := boxes.count(Look.IGNORED):
        entries.append(entry(f"ignored {ignored:,}", Look.IGNORED, colours.muted, True))
    return [*entries, entry("matched object", Look.MATCHED, colours.muted, True)]
