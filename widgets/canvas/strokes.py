"""The lines that boxes are drawn with: thousands per frame, in whole device pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter
from shiboken6 import Shiboken

from inspector.dataset import Floats
from widgets.canvas.boxes import Look
from widgets.canvas.viewport import DeviceView
from widgets.theme import Colours

Edges = NDArray[np.int32]
"""int32 [boxes, 4]: left, top, right, bottom in device pixels."""

_BEYOND = 64
"""Edges farther than this outside the widget are moved to there: Qt counts in 32 bits."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line style. Lengths are widget pixels, whatever the zoom."""

    colour: str
    width: float
    pattern: tuple[float, float] | None = None
    """Lengths of dash and gap; None for a solid line."""

    def thicker(self, by: float) -> Stroke:
        return replace(self, width=self.width + by)


def strokes(colours: Colours) -> dict[Look, Stroke]:
    """How each look is drawn. Never told by colour alone."""
    return {
        Look.MATCHED: Stroke(colours.tp, 1, (1, 2)),
        Look.IGNORED: Stroke(colours.ignored, 2, (2, 3)),
        Look.OBJECT: Stroke(colours.muted, 1, (6, 4)),
        Look.DETECTION: Stroke(colours.accent, 1),
        Look.TP: Stroke(colours.tp, 2),
        Look.FN: Stroke(colours.fn, 2, (6, 4)),
        Look.FP: Stroke(colours.fp, 3),
    }


def ghost_stroke(colours: Colours) -> Stroke:
    """For a box that the operating point does not show but that explains another one."""
    return Stroke(colours.accent, 1, (4, 3))


def device_edges(rects: Floats, view: DeviceView) -> Edges:
    """Boxes (float64 [boxes, 4]: x, y, width, height) from page pixels to device pixels."""
    edges = np.empty_like(rects)
    edges[:, :2] = rects[:, :2]
    np.add(rects[:, :2], rects[:, 2:], out=edges[:, 2:])
    edges *= view.scale
    edges += (view.x, view.y, view.x, view.y)
    np.rint(edges, out=edges)
    limits = (view.width + _BEYOND, view.height + _BEYOND)
    return edges.clip(-_BEYOND, (*limits, *limits)).astype(np.int32)


def in_view(edges: Edges, view: DeviceView, reach: int = 8) -> NDArray[np.bool_]:
    """bool [boxes]: which of them touch the widget, with lines of up to `reach` device pixels."""
    return np.asarray(
        (edges[:, 2] >= -reach)
        & (edges[:, 3] >= -reach)
        & (edges[:, 0] <= view.width + reach)
        & (edges[:, 1] <= view.height + reach)
    )


class FramePainter:
    """Draws the outlines of boxes as filled bars.

    Qt fills rectangles in whole pixels some ten times as fast as it strokes them, dashed ones most of all, so
    each side is a bar and a dash is a repeated texture.
    """

    def __init__(self) -> None:
        self._brushes: dict[tuple[Stroke, float], tuple[QBrush, QBrush]] = {}

    def paint(self, painter: QPainter, edges: Edges, stroke: Stroke, view: DeviceView, ratio: float) -> None:
        """`painter` has to work in device pixels, `ratio` of them to a widget pixel."""
        if not len(edges):
            return
        across, down = self._brushes_for(stroke, ratio)
        horizontal, vertical = _bars(edges, max(1, round(stroke.width * ratio)))
        # Dashes move with the picture instead of standing still behind it.
        painter.setBrushOrigin(QPoint(round(view.x), round(view.y)))
        fill(painter, horizontal, across)
        fill(painter, vertical, down)

    def _brushes_for(self, stroke: Stroke, ratio: float) -> tuple[QBrush, QBrush]:
        """For the horizontal and for the vertical sides."""
        key = (stroke, ratio)
        if key not in self._brushes:
            if len(self._brushes) > 64:  # themes and screens come and go
                self._brushes.clear()
            self._brushes[key] = _make_brushes(stroke, ratio)
        return self._brushes[key]


def fill(painter: QPainter, bars: NDArray[np.int32], brush: QBrush) -> None:
    """Fill rectangles given as int32 [bars, 4]: left, top, right, bottom, the last two included."""
    if not len(bars):
        return
    bars = np.ascontiguousarray(bars, dtype=np.int32)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    # A QRect is these four numbers in this order. Making thousands of objects per frame would cost more than
    # the painting; pyqtgraph hands its arrays to Qt in the same way.
    first = cast(QRect, Shiboken.wrapInstance(bars.ctypes.data, QRect))
    painter.drawRects(first, len(bars))


def _bars(edges: Edges, width: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The horizontal and the vertical sides, centred on the edges, as `fill` takes them."""
    out = width // 2
    left, top = edges[:, 0] - out, edges[:, 1] - out
    right, bottom = edges[:, 2] + (width - out), edges[:, 3] + (width - out)
    boxes = len(edges)
    horizontal = np.empty((2 * boxes, 4), dtype=np.int32)
    horizontal[:, 0], horizontal[:, 2] = np.tile(left, 2), np.tile(right, 2) - 1
    horizontal[:boxes, 1], horizontal[boxes:, 1] = top, bottom - width
    horizontal[:, 3] = horizontal[:, 1] + width - 1
    vertical = np.empty((2 * boxes, 4), dtype=np.int32)
    vertical[:, 1], vertical[:, 3] = np.tile(top + width, 2), np.tile(bottom - width, 2) - 1
    vertical[:boxes, 0], vertical[boxes:, 0] = left, right - width
    vertical[:, 2] = vertical[:, 0] + width - 1
    return horizontal, vertical[vertical[:, 3] >= vertical[:, 1]]


def _make_brushes(stroke: Stroke, ratio: float) -> tuple[QBrush, QBrush]:
    if stroke.pattern is None:
        solid = QBrush(QColor(stroke.colour))
        return solid, solid
    dash, gap = (max(1, round(length * ratio)) for length in stroke.pattern)
    brushes = []
    for size in ((dash + gap, 1), (1, dash + gap)):
        texture = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
        texture.fill(Qt.GlobalColor.transparent)
        for at in range(dash):
            texture.setPixelColor(*((at, 0) if size[1] == 1 else (0, at)), QColor(stroke.colour))
        brush = QBrush()
        brush.setTextureImage(texture)
        brushes.append(brush)
    return brushes[0], brushes[1]
