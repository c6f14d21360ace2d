"""How boxes look: the lines that they are drawn with, thousands per frame, in whole device pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter
from shiboken6 import Shiboken

from widgets.theme import Colours

Edges = NDArray[np.int32]
"""int32 [boxes, 4]: left, top, right, bottom in device pixels."""

Bars = NDArray[np.int32]
"""int32 [bars, 4]: left, top, right, bottom of rectangles to fill, the last two included."""

Point = tuple[float, float]


class Look(IntEnum):
    """How a box is drawn, in painting order: the errors come last and lie on top."""

    MATCHED = 0
    """An object that a shown detection matches."""
    IGNORED = 1
    OBJECT = 2
    """An object before there are results."""
    DETECTION = 3
    """A detection before there are results."""
    TP = 4
    FN = 5
    FP = 6


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
        Look.MATCHED: Stroke(colours.tp, 1, (2, 3)),
        Look.IGNORED: Stroke(colours.ignored, 2, (2, 3)),
        Look.OBJECT: Stroke(colours.muted, 1, (6, 4)),
        Look.DETECTION: Stroke(colours.accent, 1),
        Look.TP: Stroke(colours.tp, 2),
        Look.FN: Stroke(colours.fn, 2, (6, 4)),
        Look.FP: Stroke(colours.fp, 3),
    }


def ghost_stroke(colours: Colours) -> Stroke:
    """For a box that the operating point does not show but that explains another one."""
    return Stroke(colours.text, 1, (4, 3))


def corrected_stroke(colours: Colours) -> Stroke:
    """For where a badly placed label should be."""
    return Stroke(colours.verdict, 2, (6, 3))


def orphan_stroke(colours: Colours) -> Stroke:
    """For where a judged box was."""
    return Stroke(colours.verdict, 2, (2, 3))


def paint_frames(painter: QPainter, edges: Edges, stroke: Stroke, origin: Point, ratio: float) -> None:
    """Draw the outlines of boxes; `painter` has to work in device pixels, `ratio` to a widget pixel.

    Dashes are counted from `origin`, the corner of what the boxes lie on.

    Every side is a filled bar, every dash a shorter one: Qt fills rectangles in whole pixels some ten times
    as fast as it strokes them, dashed ones most of all.
    """
    if not len(edges):
        return
    horizontal, vertical = _bars(edges, max(1, round(stroke.width * ratio)))
    colour = QColor(stroke.colour)
    for bars in patterned(horizontal, vertical, stroke, origin, ratio):
        fill(painter, bars, colour)


def patterned(
    horizontal: Bars, vertical: Bars, stroke: Stroke, origin: Point, ratio: float
) -> tuple[Bars, Bars]:
    """Lines cut into the stroke's dashes; as they are where it is solid."""
    if stroke.pattern is None:
        return horizontal, vertical
    dash, gap = (max(1, round(length * ratio)) for length in stroke.pattern)
    # Dashes move with the picture instead of standing still behind it.
    return (
        _dashed(horizontal, 0, dash, gap, round(origin[0])),
        _dashed(vertical, 1, dash, gap, round(origin[1])),
    )


def fill(painter: QPainter, bars: Bars, colour: QColor) -> None:
    """Fill rectangles with one colour."""
    if not len(bars):
        return
    bars = np.ascontiguousarray(bars, dtype=np.int32)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    # A QRect is these four numbers in this order. Making thousands of objects per frame would cost more than
    # the painting; pyqtgraph hands its arrays to Qt in the same way.
    first = cast(QRect, Shiboken.wrapInstance(bars.ctypes.data, QRect))
    painter.drawRects(first, len(bars))


def _bars(edges: Edges, width: int) -> tuple[Bars, Bars]:
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


def _dashed(bars: Bars, axis: int, dash: int, gap: int, origin: int) -> Bars:
    """Cut bars along an axis (0: horizontally) into dashes, counted from `origin`."""
    period = dash + gap
    first = bars[:, axis] - (bars[:, axis] - origin) % period
    dashes = np.maximum((bars[:, axis + 2] - first) // period + 1, 0)
    bar = np.repeat(np.arange(len(bars)), dashes)
    place = np.arange(len(bar)) - np.repeat(np.cumsum(dashes) - dashes, dashes)
    cut = bars[bar]
    start = first[bar] + place * period
    cut[:, axis] = np.maximum(start, bars[bar, axis])
    cut[:, axis + 2] = np.minimum(start + dash - 1, bars[bar, axis + 2])
    return cut[cut[:, axis] <= cut[:, axis + 2]].astype(np.int32)
