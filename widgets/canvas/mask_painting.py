"""Paints masks: pixels in one picture of the page's resolution, edges as bars of whole device pixels.

Filling and stroking paths with Qt takes a tenth of a second for some hundred masks. Here the pixels are put
together once for each choice of masks, whatever the view, and edges are filled rectangles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from inspector.dataset import Flags
from widgets.canvas.boxes import Boxes
from widgets.canvas.mask_shapes import ImageMasks, MaskShape, MaskStyle, Segments
from widgets.canvas.viewport import DeviceView
from widgets.strokes import Bars, Look, Stroke, fill, patterned, strokes
from widgets.theme import Colours

_OPACITY = {Look.MATCHED: 48, Look.IGNORED: 64}
"""Of 255, where it is not the usual one."""
_USUAL_OPACITY = 96
_MOST_PIXELS = 8_000_000
"""Of the picture that masks are put together in; of larger pages only every second pixel, or third."""
_FILLED_EDGE, _OUTLINE = 1.0, 2.0
"""Widget pixels."""
_HIDDEN = 255

Looks = NDArray[np.uint8]
Region = tuple[int, int, int, int]
"""left, top, right, bottom in page pixels, the last two excluded."""


@dataclass(frozen=True, slots=True, eq=False)
class ShownMasks:
    """The masks that one frame shows."""

    masks: ImageMasks
    looks: Looks
    """uint8 [masks of the image]: how each is drawn, or _HIDDEN."""
    style: MaskStyle
    page: tuple[float, float]


def shown_masks(
    masks: ImageMasks, boxes: Boxes, on: Flags, style: MaskStyle, page: tuple[float, float]
) -> ShownMasks:
    """`on` is bool [boxes]: which of them are switched on."""
    looks = np.full(len(masks), _HIDDEN, dtype=np.uint8)
    looks[masks.positions(boxes)[on]] = boxes.looks[on]
    return ShownMasks(masks, looks, style, page)


class MaskPainter:
    """Keeps what costs time: the picture of the filled masks, and where all edges lie in the present view."""

    def __init__(self) -> None:
        self._shown: ShownMasks | None = None
        self._colours: Colours | None = None
        self._pixels: NDArray[np.uint32] = np.zeros((1, 1), dtype=np.uint32)
        self._step = 1
        self._bars_of: tuple[object, ...] = ()
        self._bars: Bars = np.zeros((0, 4), dtype=np.int32)
        self._in_view: Flags = np.zeros(0, dtype=np.bool_)

    def paint(
        self, painter: QPainter, shown: ShownMasks, view: DeviceView, colours: Colours, ratio: float
    ) -> None:
        """`painter` has to work in device pixels, `ratio` to a widget pixel."""
        if shown.style is MaskStyle.FILLED:
            self._compose(shown, colours)
            _draw(painter, self._pixels, (0, 0), self._step, view)
        width = max(1, round((_OUTLINE if shown.style is MaskStyle.OUTLINED else _FILLED_EDGE) * ratio))
        if self._bars_of != (shown.masks, view, width):
            self._bars, self._in_view = edge_bars(shown.masks.edges, width, view)
            self._bars_of = (shown.masks, view, width)
        looks = np.where(self._in_view, np.repeat(shown.looks, shown.masks.counts), _HIDDEN)
        for look, stroke in strokes(colours).items():
            rows = np.flatnonzero(looks == look)
            if look is Look.MATCHED and shown.style is MaskStyle.OUTLINED:
                # As its box: else it would look the same as its detection, beside it in the same colour
                for bars in _drawn_as(stroke, shown.masks.edges.take(rows, axis=0), view, ratio):
                    fill(painter, bars, QColor(stroke.colour))
            else:  # `take` is ten times as fast as an index in brackets
                fill(painter, self._bars.take(rows, axis=0), QColor(stroke.colour))

    def _compose(self, shown: ShownMasks, colours: Colours) -> None:
        """Put the picture together, or only what changed in it, as a step of a dragged threshold does."""
        before, self._shown = self._shown, shown
        columns, rows = (max(1, math.ceil(side)) for side in shown.page)
        region = (0, 0, columns, rows)
        if (
            before is not None
            and before.masks is shown.masks
            and before.page == shown.page
            and colours is self._colours
        ):
            changed = shown.masks.bounds[before.looks != shown.looks]
            if not len(changed):
                return
            left, top = changed[:, :2].min(axis=0).tolist()
            right, bottom = changed[:, 2:].max(axis=0).tolist()
            region = (left, top, min(right, columns), min(bottom, rows))
        else:
            self._colours = colours
            self._step = step = max(1, math.ceil(math.sqrt(columns * rows / _MOST_PIXELS)))
            self._pixels = np.zeros((-(-rows // step), -(-columns // step)), dtype=np.uint32)
        self._put_all(shown, colours, region)

    def _put_all(self, shown: ShownMasks, colours: Colours, region: Region) -> None:
        """Where masks overlap, the errors lie on top, and nothing becomes darker."""
        left, top, right, bottom = region
        step, bounds = self._step, shown.masks.bounds
        self._pixels[-(-top // step) : -(-bottom // step), -(-left // step) : -(-right // step)] = 0
        meets = (
            (bounds[:, 0] < right) & (bounds[:, 2] > left) & (bounds[:, 1] < bottom) & (bounds[:, 3] > top)
        )
        for look, stroke in strokes(colours).items():
            value = premultiplied(stroke.colour, _OPACITY.get(look, _USUAL_OPACITY))
            for position in np.flatnonzero(meets & (shown.looks == look)).tolist():
                shape = shown.masks.shape_at(position)
                if shape is not None:
                    _put(self._pixels, shape, step, region, value)


def paint_shape(
    painter: QPainter, shape: MaskShape, colour: str, opacity: int, width: int, view: DeviceView
) -> None:
    """One mask alone, `width` device pixels its edge."""
    pixels = np.where(shape.pixels, premultiplied(colour, opacity), np.uint32(0))
    if pixels.size:
        _draw(painter, np.ascontiguousarray(pixels), (shape.left, shape.top), 1, view)
    bars, inside = edge_bars(shape.edges, width, view)
    fill(painter, bars[inside], QColor(colour))


def edge_bars(edges: Segments, width: int, view: DeviceView) -> tuple[Bars, Flags]:
    """Bars as `fill` takes them, and bool [segments]: which of them are seen.

    Edges follow the pixels, so they are level or upright.
    """
    device = np.ascontiguousarray(edges.T, dtype=np.float32)  # by columns, which numpy goes through faster
    device *= np.float32(view.scale)
    device[0::2] += np.float32(view.x)
    device[1::2] += np.float32(view.y)
    np.rint(device, out=device)
    beyond = max(view.width, view.height) + width + 1
    left, top, right, bottom = np.clip(device, -width - 1, beyond, out=device).astype(np.int32)
    inside = (
        (right >= -width)
        & (bottom >= -width)
        & (left <= view.width + width)
        & (top <= view.height + width)
        & ((left < right) | (top < bottom))
    )
    bars = np.empty((len(edges), 4), dtype=np.int32)
    before, after = width // 2, width - 1 - width // 2
    for place, values in enumerate((left - before, top - before, right + after, bottom + after)):
        bars[:, place] = values
    return bars, inside


def _drawn_as(stroke: Stroke, edges: Segments, view: DeviceView, ratio: float) -> tuple[Bars, Bars]:
    """The level and the upright edges in the width and the dashes of a stroke."""
    bars, _ = edge_bars(edges, max(1, round(stroke.width * ratio)), view)
    level = edges[:, 1] == edges[:, 3]
    return patterned(bars[level], bars[~level], stroke, view.corner, ratio)


def premultiplied(colour: str, opacity: int) -> np.uint32:
    """A colour as the pixels of ARGB32_Premultiplied hold it; `opacity` of 255."""
    parsed = QColor(colour)
    red, green, blue = (channel * opacity // 255 for channel in (parsed.red(), parsed.green(), parsed.blue()))
    return np.uint32(opacity << 24 | red << 16 | green << 8 | blue)


def _put(pixels: NDArray[np.uint32], shape: MaskShape, step: int, region: Region, value: np.uint32) -> None:
    """Those pixels of the mask that lie in the region, every `step`th of them."""
    own, spans = shape.bounds, []
    for axis in (1, 0):
        start, end = max(own[axis], region[axis]), min(own[axis + 2], region[axis + 2])
        first = -(-start // step)  # the first pixel of the picture that lies in the span
        spans.append((first * step - own[axis], end - own[axis], first))
    (top, bottom, row), (left, right, column) = spans
    if top >= bottom or left >= right:
        return
    mask = shape.pixels[top:bottom:step, left:right:step]
    part = pixels[row : row + mask.shape[0], column : column + mask.shape[1]]
    np.copyto(part, value, where=mask)


def _draw(
    painter: QPainter, pixels: NDArray[np.uint32], corner: tuple[int, int], step: int, view: DeviceView
) -> None:
    """Stretch the pixels, `step` page pixels large, over the page from `corner` on."""
    rows, columns = pixels.shape
    image = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_ARGB32_Premultiplied)
    scale = view.scale * step
    x, y = view.x + corner[0] * view.scale, view.y + corner[1] * view.scale
    # Only what is seen of them; Qt would go through the rest, too.
    left, top = max(0, math.floor(-x / scale)), max(0, math.floor(-y / scale))
    right = min(columns, math.ceil((view.width - x) / scale))
    bottom = min(rows, math.ceil((view.height - y) / scale))
    if left >= right or top >= bottom:
        return
    source = QRectF(left, top, right - left, bottom - top)
    target = QRectF(x + left * scale, y + top * scale, (right - left) * scale, (bottom - top) * scale)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
    painter.drawImage(target, image, source)
