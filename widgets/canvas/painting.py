"""One frame of the canvas: picture, boxes, highlights, labels, and the reason where there is no picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen

from inspector.dataset import Dataset
from inspector.images import ImagePixels, ImageProblem
from widgets.canvas.boxes import Boxes, BoxRef, Layer, Look, Side
from widgets.canvas.facts import Facts
from widgets.canvas.labels import Label, LabelMaker, Placement, label_text
from widgets.canvas.picture import Backdrop
from widgets.canvas.strokes import (
    Edges,
    FramePainter,
    Stroke,
    device_edges,
    fill,
    ghost_stroke,
    in_view,
    strokes,
)
from widgets.canvas.viewport import Viewport
from widgets.theme import Colours


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Everything that one frame shows."""

    dataset: Dataset
    boxes: Boxes
    picture: ImagePixels | ImageProblem | None
    """None while the image is being decoded."""
    slow: bool
    """Decoding takes so long that the page should say so."""
    viewport: Viewport
    layers: frozenset[Layer]
    hovered: BoxRef | None
    selected: BoxRef | None
    facts: Facts | None
    """About the hovered box, or else the selected one."""
    colours: Colours
    font: QFont
    ratio: float
    """Device pixels per widget pixel."""


class CanvasPainter:
    """Paints frames and remembers what costs time to make again."""

    def __init__(self) -> None:
        self._backdrop = Backdrop()
        self._frames = FramePainter()
        self._labels = LabelMaker()

    def paint(self, painter: QPainter, frame: Frame) -> list[Label]:
        """Returns the labels, in device pixels, as they can be pointed at."""
        view = frame.viewport.on_device(frame.ratio)
        # From here on a unit is a device pixel: crisp lines on every screen, and Qt's quickest paths.
        painter.scale(1 / frame.ratio, 1 / frame.ratio)
        pixels = frame.picture if isinstance(frame.picture, ImagePixels) else None
        painter.drawImage(0, 0, self._backdrop.image(pixels, frame.viewport.page, view, frame.colours))
        self._labels.use(frame.font, frame.ratio)
        edges = device_edges(frame.boxes.rects, view)
        shown = frame.boxes.on(frame.layers) & in_view(edges, view)
        self._paint_boxes(painter, frame, edges, shown)
        top = round(view.y)
        placement = Placement(self._labels, (view.width, view.height), top)
        plate = self._paint_reason(painter, frame)
        if plate is not None:
            placement.keep_free(plate.getCoords())  # type: ignore[arg-type]
        self._paint_highlights(painter, frame, edges, placement)
        if Layer.LABELS in frame.layers:
            self._place_labels(frame, edges, shown, placement)
        for label in reversed(placement.placed):
            self._labels.paint(painter, label)
        return placement.placed

    def _paint_boxes(self, painter: QPainter, frame: Frame, edges: Edges, shown: NDArray[np.bool_]) -> None:
        view = frame.viewport.on_device(frame.ratio)
        for look, stroke in strokes(frame.colours).items():
            self._frames.paint(painter, edges[shown & (frame.boxes.looks == look)], stroke, view, frame.ratio)

    def _place_labels(
        self, frame: Frame, edges: Edges, shown: NDArray[np.bool_], placement: Placement
    ) -> None:
        wanted = shown.copy()
        if Layer.PREDICTIONS in frame.layers:
            wanted &= frame.boxes.looks != Look.MATCHED  # the detection says the same
        for ref in (frame.hovered, frame.selected):
            index = frame.boxes.find(ref)
            if index is not None:
                wanted[index] = False  # has its label already
        names = frame.dataset.classes.names
        placement.put_where_free(frame.boxes, edges, wanted, names, _label_colours(frame.colours))

    def _paint_highlights(self, painter: QPainter, frame: Frame, edges: Edges, placement: Placement) -> None:
        """The partner first, so that the box itself lies on top."""
        partner = None if frame.facts is None else frame.facts.partner
        speaker = frame.hovered or frame.selected
        if partner is not None and partner not in (frame.hovered, frame.selected):
            self._highlight(painter, frame, partner, edges, placement, 28)
        if frame.selected is not None and frame.selected != frame.hovered:
            self._highlight(painter, frame, frame.selected, edges, placement, 28)
        if speaker is not None and (speaker == frame.hovered or speaker == frame.selected):
            self._highlight(painter, frame, speaker, edges, placement, 56)

    def _highlight(
        self,
        painter: QPainter,
        frame: Frame,
        ref: BoxRef,
        edges: Edges,
        placement: Placement,
        opacity: int,
    ) -> None:
        view = frame.viewport.on_device(frame.ratio)
        index = frame.boxes.find(ref)
        if index is None:
            stroke = ghost_stroke(frame.colours)
            detections = ref.kind is Side.DETECTION
            columns = frame.dataset.detections if detections else frame.dataset.objects
            own = device_edges(columns.boxes[ref.row : ref.row + 1], view)
            class_row = int(columns.classes[ref.row])
            score = float(frame.dataset.detections.scores[ref.row]) if detections else None
            colour = frame.colours.accent
        else:
            look = Look(int(frame.boxes.looks[index]))
            stroke = strokes(frame.colours)[look].thicker(1)
            own = edges[index : index + 1]
            class_row, score = int(frame.boxes.classes[index]), float(frame.boxes.scores[index])
            colour = _label_colours(frame.colours)[look]
        if not in_view(own, view)[0]:
            return
        tint = QColor(stroke.colour)
        tint.setAlpha(opacity)
        fill(painter, own - np.array([0, 0, 1, 1], dtype=np.int32), QBrush(tint))
        if ref == frame.selected:
            self._ring(painter, frame, own, stroke)
        self._frames.paint(painter, own, stroke, view, frame.ratio)
        corners = (int(own[0, 0]), int(own[0, 1]), int(own[0, 2]), int(own[0, 3]))
        text = label_text(frame.dataset.classes.names[class_row], score)
        placement.put(max(-1, -1 if index is None else index), text, colour, corners, 1)

    def _ring(self, painter: QPainter, frame: Frame, own: Edges, stroke: Stroke) -> None:
        """White within black around the selected box: seen on every picture and page."""
        view = frame.viewport.on_device(frame.ratio)
        width = stroke.width
        for colour, extra in (("#000000", 6.0), ("#ffffff", 4.0)):
            self._frames.paint(painter, own, Stroke(colour, width + extra), view, frame.ratio)
        # The line itself may be dashed: nothing of the ring may shine through its gaps.
        self._frames.paint(painter, own, Stroke("#000000", width), view, frame.ratio)

    def _paint_reason(self, painter: QPainter, frame: Frame) -> QRect | None:
        """Why the page is blank, on a plate in its middle; the plate's rectangle."""
        if isinstance(frame.picture, ImageProblem):
            heading, reason = "No picture", frame.picture.reason
        elif frame.picture is None and frame.slow:
            heading, reason = "", "Loading the image …"
        else:
            return None
        ratio, viewport = frame.ratio, frame.viewport
        painter.save()
        painter.scale(ratio, ratio)
        painter.setFont(frame.font)
        left, top = viewport.to_widget((0, 0))
        right, bottom = viewport.to_widget(viewport.page)
        widget = QRectF(0, 0, *viewport.widget)
        page = QRectF(left, top, right - left, bottom - top).intersected(widget)
        # On a page too small for the words, they may go beyond it.
        room = widget.adjusted(16, 16, -16, -16).toRect()
        width = max(120, min(round(page.width()) - 48, 420, room.width() - 32))
        metrics = QFontMetrics(frame.font)
        text = f"{heading}\n{reason}" if heading else reason
        flags = (
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWrapAnywhere
            if _is_unbreakable(text, metrics, width)
            else Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        )
        words = metrics.boundingRect(QRect(0, 0, width, 10_000), int(flags), text)
        plate = QRect(0, 0, words.width() + 32, words.height() + 24)
        plate.moveCenter(page.center().toPoint())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(frame.colours.border), 1))
        painter.setBrush(QColor(frame.colours.raised))
        painter.drawRoundedRect(QRectF(plate).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(frame.colours.text))
        painter.drawText(plate.adjusted(12, 8, -12, -8), int(flags), text)
        painter.restore()
        return QRect(
            round(plate.x() * ratio),
            round(plate.y() * ratio),
            round(plate.width() * ratio),
            round(plate.height() * ratio),
        )


def _is_unbreakable(text: str, metrics: QFontMetrics, width: int) -> bool:
    """Whether a word, such as a path, is wider than the plate."""
    return any(metrics.horizontalAdvance(word) > width for word in text.split())


def _label_colours(colours: Colours) -> dict[Look, str]:
    return {
        Look.MATCHED: colours.tp,
        Look.IGNORED: colours.ignored,
        Look.OBJECT: colours.muted,
        Look.DETECTION: colours.accent,
        Look.TP: colours.tp,
        Look.FN: colours.fn,
        Look.FP: colours.fp,
    }
