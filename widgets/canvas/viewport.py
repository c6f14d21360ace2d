"""Where a page lies in a widget: plain arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Floats
from widgets.strokes import Edges

Size = tuple[float, float]
Point = tuple[float, float]

MAX_ZOOM = 64.0
_MARGIN = 4.0
"""Widget pixels that fitting leaves free on each side."""
_BEYOND = 64
"""Edges farther than this outside the widget are moved to there: Qt counts in 32 bits."""

_FARTHEST = 1e15
"""Page pixels. Edges farther away are moved to there, so that nothing overflows on the way to the device."""


@dataclass(frozen=True, slots=True)
class DeviceView:
    """The same placement in device pixels, which is what is painted with."""

    scale: float
    """Device pixels per page pixel."""
    x: float
    y: float
    """The page's upper left corner."""
    width: int
    height: int
    """The widget's size."""

    @property
    def corner(self) -> Point:
        return self.x, self.y


@dataclass(frozen=True, slots=True)
class Viewport:
    """A page of `page` pixels, shown `zoom` times as large in a widget, its corner at (`x`, `y`).

    The middle of the widget always lies on the page, so the picture cannot be lost.
    """

    page: Size
    widget: Size
    zoom: float
    x: float
    y: float
    fits: bool
    """Whether the page is fitted, and stays so when sizes change."""
    full: float = 1.0
    """The zoom at which a page pixel is a device pixel."""

    @classmethod
    def fitted(cls, page: Size, widget: Size, full: float = 1.0) -> Viewport:
        """The whole page, centred."""
        page = (max(page[0], 1.0), max(page[1], 1.0))
        widget = (max(widget[0], 1.0), max(widget[1], 1.0))
        zoom = _fitting_zoom(page, widget)
        x, y = ((w - p * zoom) / 2 for w, p in zip(widget, page, strict=True))
        return cls(page, widget, zoom, x, y, True, full)

    @property
    def limits(self) -> tuple[float, float]:
        """The smallest and the largest zoom. Fitting and full size are always possible."""
        fit = _fitting_zoom(self.page, self.widget)
        return min(fit / 2, self.full), max(fit, self.full, MAX_ZOOM)

    @property
    def centre(self) -> Point:
        """The middle of the widget, in widget pixels."""
        return self.widget[0] / 2, self.widget[1] / 2

    def fit(self) -> Viewport:
        return Viewport.fitted(self.page, self.widget, self.full)

    def resized(self, widget: Size, full: float = 1.0) -> Viewport:
        """In a widget of another size: still fitted, or with the same page pixel in its middle."""
        if self.fits:
            return Viewport.fitted(self.page, widget, full)
        middle = self.to_page(self.centre)
        widget = (max(widget[0], 1.0), max(widget[1], 1.0))
        x, y = (w / 2 - m * self.zoom for w, m in zip(widget, middle, strict=True))
        return replace(self, widget=widget, x=x, y=y, full=full)._within_limits()

    def with_page(self, page: Size) -> Viewport:
        """The same view of a page whose size became known."""
        if self.fits:
            return Viewport.fitted(page, self.widget, self.full)
        return replace(self, page=(max(page[0], 1.0), max(page[1], 1.0)))._within_limits()

    def zoomed(self, factor: float, at: Point | None = None) -> Viewport:
        """`factor` times as large; the page pixel under `at` (the middle if None) stays where it is."""
        return self.zoomed_to(self.zoom * factor, at)

    def zoomed_to(self, zoom: float, at: Point | None = None) -> Viewport:
        """At this zoom, brought within the limits; the page pixel under `at` stays where it is."""
        at = at or self.centre
        low, high = self.limits
        zoom = min(high, max(low, zoom))
        grown = zoom / self.zoom
        x, y = at[0] - (at[0] - self.x) * grown, at[1] - (at[1] - self.y) * grown
        return replace(self, zoom=zoom, x=x, y=y, fits=False)._on_page()

    def panned(self, dx: float, dy: float) -> Viewport:
        """Moved by widget pixels."""
        return replace(self, x=self.x + dx, y=self.y + dy, fits=False)._on_page()

    def to_page(self, point: Point) -> Point:
        """From widget pixels to page pixels."""
        return (point[0] - self.x) / self.zoom, (point[1] - self.y) / self.zoom

    def to_widget(self, point: Point) -> Point:
        """From page pixels to widget pixels."""
        return point[0] * self.zoom + self.x, point[1] * self.zoom + self.y

    def on_device(self, ratio: float) -> DeviceView:
        """In device pixels, `ratio` to a widget pixel."""
        width, height = (max(1, round(side * ratio)) for side in self.widget)
        return DeviceView(self.zoom * ratio, self.x * ratio, self.y * ratio, width, height)

    def _within_limits(self) -> Viewport:
        low, high = self.limits
        if low <= self.zoom <= high:
            return self._on_page()
        return self.zoomed_to(self.zoom)

    def _on_page(self) -> Viewport:
        """Moved just so far that the widget's middle lies on the page."""
        x, y = (
            min(w / 2, max(w / 2 - p * self.zoom, at))
            for w, p, at in zip(self.widget, self.page, (self.x, self.y), strict=True)
        )
        return replace(self, x=x, y=y)


def _fitting_zoom(page: Size, widget: Size) -> float:
    return max(1e-6, min(max(1.0, w - 2 * _MARGIN) / p for w, p in zip(widget, page, strict=True)))


def device_edges(rects: Floats, view: DeviceView) -> Edges:
    """Boxes (float64 [boxes, 4]: x, y, width, height; finite) from page pixels to device pixels."""
    edges = np.empty_like(rects)
    edges[:, :2] = rects[:, :2]
    with np.errstate(over="ignore"):  # an infinite edge is brought back in the next line
        np.add(rects[:, :2], rects[:, 2:], out=edges[:, 2:])
    np.clip(edges, -_FARTHEST, _FARTHEST, out=edges)
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
