"""The image behind the boxes: painted once per view of it, and copied from there."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from inspector.images import ImagePixels
from widgets.canvas.viewport import DeviceView
from widgets.theme import Colours

_CRISP_FROM = 2.0
"""Device pixels per image pixel from which the pixels themselves are shown."""


class Picture:
    """Wraps the levels of one decoded image, without copying them."""

    def __init__(self, pixels: ImagePixels) -> None:
        # A QImage does not own the memory that it shows: keeping the arrays alive is up to this object.
        self._pixels = pixels
        self._levels = [
            QImage(level.data, level.shape[1], level.shape[0], level.strides[0], QImage.Format.Format_RGB32)
            for level in pixels.levels
        ]

    @property
    def pixels(self) -> ImagePixels:
        return self._pixels

    def paint(self, painter: QPainter, page: tuple[float, float], view: DeviceView) -> None:
        """Draw what is visible of the page; the image is stretched over it where its size differs."""
        width, height = self._pixels.size
        scale = max(view.scale * page[0] / width, view.scale * page[1] / height)
        # The quarter lets a level be enlarged a little rather than take one with twice the pixels.
        level = min(len(self._levels) - 1, max(0, math.floor(0.25 - math.log2(scale))))
        image = self._levels[level]
        # Device pixels per pixel of the level. The rounded-up halves end a little beyond the whole image.
        across = view.scale * page[0] / width * 2**level
        down = view.scale * page[1] / height * 2**level
        left, right = _visible(view.x, across, view.width, image.width())
        top, bottom = _visible(view.y, down, view.height, image.height())
        if left >= right or top >= bottom:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < _CRISP_FROM)
        target = QRectF(
            view.x + left * across, view.y + top * down, (right - left) * across, (bottom - top) * down
        )
        painter.drawImage(target, image, QRectF(left, top, right - left, bottom - top))


class Backdrop:
    """The canvas colour, the page and the picture on it, kept until one of them changes."""

    def __init__(self) -> None:
        self._picture: Picture | None = None
        self._kept: tuple[object, ...] = ()
        self._image = QImage()

    def image(
        self, pixels: ImagePixels | None, page: tuple[float, float], view: DeviceView, colours: Colours
    ) -> QImage:
        """As many device pixels as the widget has; a blank page where there are no `pixels`."""
        if pixels is None:
            self._picture = None
        elif self._picture is None or self._picture.pixels is not pixels:
            self._picture = Picture(pixels)
        wanted = (self._picture, page, view, colours)
        if wanted != self._kept:
            if (self._image.width(), self._image.height()) != (view.width, view.height):
                self._image = QImage(view.width, view.height, QImage.Format.Format_RGB32)
            self._draw(page, view, colours)
            self._kept = wanted
        return self._image

    def _draw(self, page: tuple[float, float], view: DeviceView, colours: Colours) -> None:
        self._image.fill(QColor(colours.canvas))
        painter = QPainter(self._image)
        area = QRectF(view.x, view.y, page[0] * view.scale, page[1] * view.scale)
        if self._picture is None:
            shown = area.intersected(QRectF(-2, -2, view.width + 4, view.height + 4))
            painter.setPen(QPen(QColor(colours.border), 1))
            painter.setBrush(QColor(colours.blank))
            painter.drawRect(shown.toRect())
        else:
            painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
            self._picture.paint(painter, page, view)
        painter.end()


def _visible(start: float, scale: float, room: int, pixels: int) -> tuple[int, int]:
    """The first and the end pixel of an axis that lie in the room, with one to spare for smoothing."""
    first = max(0, math.floor(-start / scale) - 1)
    end = min(pixels, math.ceil((room - start) / scale) + 1)
    return first, end
