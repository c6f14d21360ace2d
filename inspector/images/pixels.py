"""From Pillow's images to arrays that a window can paint, in pieces that never hold the GIL for long.

Everywhere in here an image is worked on tile by tile: besides decoding, the calls that copy between Pillow
and numpy hold the GIL, so no single one may be given a whole image of 50 megapixels.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Bgrx = NDArray[np.uint8]
"""uint8 [height, width, 4], C-contiguous: blue, green, red, 255."""

_TILE_PIXELS = 1 << 18
_TILE_WIDTH = 1 << 14
_BACKDROP = (128, 128, 128, 255)
"""Behind transparent pixels: mid grey, on which black as well as white drawings can be seen."""


def is_scaled(mode: str) -> bool:
    """Whether values of this mode have no natural black and white and are stretched to min..max."""
    return mode in ("I", "F") or mode.startswith("I;16")


def value_range(image: Image.Image) -> tuple[float, float]:
    """The smallest and the largest finite value of an image of one number per pixel; (0, 0) without any."""
    low, high = np.inf, -np.inf
    for box in _tiles(image.size):
        values = np.asarray(image.crop(box))
        finite = values[np.isfinite(values)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return (low, high) if low <= high else (0.0, 0.0)


def to_bgrx(image: Image.Image, turn: int) -> Bgrx:
    """The pixels of an image of any mode, turned as EXIF orientation `turn` (1 to 8) says."""
    span = value_range(image) if is_scaled(image.mode) else (0.0, 0.0)
    out, target = _turned(image.size, turn)
    for box in _tiles(image.size):
        tile = _opaque(image.crop(box), span)
        _put(target, box, tile.tobytes("raw", "BGRA"))
    return out


def as_image(pixels: Bgrx) -> Image.Image:
    """A Pillow image that shares the memory; its bands are called RGBX but hold BGRX."""
    height, width = pixels.shape[:2]
    return Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)


def from_image(image: Image.Image, turn: int) -> Bgrx:
    """The opposite of `as_image`: a copy, turned as EXIF orientation `turn` says."""
    out, target = _turned(image.size, turn)
    for box in _tiles(image.size):
        _put(target, box, image.crop(box).tobytes("raw", "RGBX"))
    return out


def pyramid(full: Bgrx, longest: int) -> tuple[Bgrx, ...]:
    """`full` and its halves (rounded up, each pixel the mean of four) until no side exceeds `longest`.

    Read-only. A pixel of level k covers 2**k x 2**k pixels of level 0, counted from the top left corner.
    """
    levels = [full]
    while max(levels[-1].shape[:2]) > longest:
        levels.append(from_image(as_image(levels[-1]).reduce(2), 1))
    for level in levels:
        level.setflags(write=False)
    return tuple(levels)


def _tiles(size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    """Boxes (left, top, right, bottom) of at most `_TILE_PIXELS` pixels that cover an image."""
    width, height = size
    across = min(width, _TILE_WIDTH)
    down = max(1, _TILE_PIXELS // across)
    for top in range(0, height, down):
        for left in range(0, width, across):
            yield left, top, min(left + across, width), min(top + down, height)


def _opaque(tile: Image.Image, span: tuple[float, float]) -> Image.Image:
    """The tile as RGBA without transparency."""
    if is_scaled(tile.mode):
        return _stretched(tile, span).convert("RGBA")
    if tile.has_transparency_data:
        return Image.alpha_composite(Image.new("RGBA", tile.size, _BACKDROP), tile.convert("RGBA"))
    return tile.convert("RGB").convert("RGBA")


def _stretched(tile: Image.Image, span: tuple[float, float]) -> Image.Image:
    """Numbers as greys, `span` from black to white; not-a-number is black."""
    low, high = span
    values = np.asarray(tile).astype(np.float64)
    np.nan_to_num(values, copy=False, nan=low, posinf=high, neginf=low)
    values -= low
    if high > low:
        values *= 255 / (high - low)
    return Image.fromarray(np.rint(values.clip(0, 255)).astype(np.uint8))


def _turned(size: tuple[int, int], turn: int) -> tuple[Bgrx, NDArray[np.uint32]]:
    """An empty turned image, and a view of it whose [y, x] is the place of the unturned pixel (x, y).

    Writing through the view turns while copying: no second image of full size is ever needed.
    """
    width, height = size
    shape = (width, height) if turn >= 5 else (height, width)
    whole = np.empty(shape, np.uint32)
    view = whole.T if turn >= 5 else whole
    if turn in (3, 4, 6, 7):
        view = view[::-1]
    if turn in (2, 3, 7, 8):
        view = view[:, ::-1]
    return whole.view(np.uint8).reshape(*shape, 4), view


def _put(target: NDArray[np.uint32], box: tuple[int, int, int, int], data: bytes) -> None:
    left, top, right, bottom = box
    target[top:bottom, left:right] = np.frombuffer(data, np.uint32).reshape(bottom - top, right - left)
