"""Small pictures of single boxes: one image is decoded once for all of its boxes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, JpegImagePlugin

from inspector.images.decode import MAX_PIXELS, Size, averageable, known_size, load
from inspector.images.opening import opened
from inspector.images.pixels import Bgrx, from_image, to_bgrx

LEAST_SIDE = 32.0
"""Page pixels that a crop shows at least in each direction: of less nobody could tell what it is."""

_FARTHEST = float(2**31)
"""Page pixels. A box may be larger than can be shown."""

Box = tuple[float, float, float, float]
"""x, y, width, height in page pixels: those of the size that the ground truth declares, else the image's."""


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A part of an image."""

    pixels: Bgrx
    """Read-only uint8 [height, width, 4], C-contiguous BGRX; the longer side is as long as was asked for."""
    area: Box
    """What it shows."""


def area_around(box: Box, context: float, page: tuple[float, float] | None) -> Box:
    """The square around a box with `context` of its longer side on each side, moved onto the page.

    Where the page is smaller than the square, as much of the page as there is. `page` is None where its
    size is not known.
    """
    left, top, right, bottom = _onto(box, page or (_FARTHEST, _FARTHEST))
    side = max(LEAST_SIDE, max(right - left, bottom - top) * (1 + 2 * context))
    x, y = (left + right - side) / 2, (top + bottom - side) / 2
    if page is None:
        return x, y, side, side
    width, height = min(side, page[0]), min(side, page[1])
    return min(max(x, 0.0), page[0] - width), min(max(y, 0.0), page[1] - height), width, height


def decode_crops(
    path: Path, declared: Size | None, boxes: Sequence[Box], context: float, side: int
) -> list[Crop]:
    """One crop per box, upright, its longer side `side` pixels long.

    Of a large JPEG only as many pixels are decoded as the crops need. Which way up, and what transparent
    pixels and other values look like, is as in `decode`. Raises `ImageProblem` for what cannot be shown.
    """
    with opened(path, MAX_PIXELS) as source:
        page = known_size(declared)
        is_jpeg = isinstance(source.image, JpegImagePlugin.JpegImageFile)
        if is_jpeg:
            scale = _needed_scale(source.stored, page, boxes, context, side)
            if scale < 1:
                width, height = (math.ceil(length * scale) for length in source.stored)
                source.image.draft(None, (width, height))
        turn = load(source, page).turn
        if page is None:
            size = source.stored if is_jpeg else source.image.size  # others may be turned by loading
            page = size[::-1] if turn >= 5 else size
        image, as_stored = averageable(source.image)
        areas = [area_around(box, context, page) for box in boxes]
        pixels = [_cut(image, turn, page, area, side, as_stored) for area in areas]
        return [Crop(*pair) for pair in zip(pixels, areas, strict=True)]


def _onto(box: Box, page: tuple[float, float]) -> Box:
    """Left, top, right, bottom of what of a box lies on the page; a box beside it is at its edge."""
    x, y, width, height = (value if math.isfinite(value) else _FARTHEST for value in box)
    spans = ((x, x + width, page[0]), (y, y + height, page[1]))
    (left, right), (top, bottom) = (
        (min(max(low, 0.0), most), min(max(high, 0.0), most)) for low, high, most in spans
    )
    return left, top, max(left, right), max(top, bottom)


def _needed_scale(stored: Size, page: Size | None, boxes: Sequence[Box], context: float, side: int) -> float:
    """The least scale at which the image has the pixels for every crop."""
    shown = min(max(area_around(box, context, page or stored)[2:]) for box in boxes)
    per_page_pixel = max(stored) / max(page or stored)
    return side / (shown * per_page_pixel)


def _cut(image: Image.Image, turn: int, page: Size, area: Box, side: int, as_stored: bool) -> Bgrx:
    """The pixels of an area, scaled and turned; `image` holds Pillow's bands, or else BGRX."""
    longer = max(area[2:])
    width, height = (max(1, round(side * length / longer)) for length in area[2:])
    left, top, right, bottom = _on_stored(image.size, turn, page, area)
    size = (height, width) if turn >= 5 else (width, height)
    small = image.resize(size, Image.Resampling.BILINEAR, (left, top, right, bottom), reducing_gap=2.0)
    pixels = to_bgrx(small, turn) if as_stored else from_image(small, turn)
    pixels.setflags(write=False)
    return pixels


def _on_stored(size: Size, turn: int, page: Size, area: Box) -> Box:
    """Left, top, right, bottom of an area of the upright page on the pixels as they are stored."""
    x, y, width, height = area
    across, down = (x / page[0], (x + width) / page[0]), (y / page[1], (y + height) / page[1])
    if turn >= 5:
        across, down = down, across
    if turn in (2, 3, 7, 8):
        across = 1 - across[1], 1 - across[0]
    if turn in (3, 4, 6, 7):
        down = 1 - down[1], 1 - down[0]
    left, right = (min(max(part, 0.0), 1.0) * size[0] for part in across)
    top, bottom = (min(max(part, 0.0), 1.0) * size[1] for part in down)
    return left, top, right, bottom
