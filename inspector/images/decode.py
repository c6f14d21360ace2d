"""Image files as pixels to paint: upright, of every mode, in several sizes, or a reason why not.

Decoding runs on worker threads, several at once, while a window must stay responsive.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, JpegImagePlugin, TiffImagePlugin

from inspector.images.opening import Source, opened, stored_orientation
from inspector.images.pixels import (
    Bgrx,
    as_image,
    from_image,
    is_scaled,
    pyramid,
    to_bgrx,
    value_range,
)

MAX_PIXELS = 250_000_000
"""Larger images are refused from their header: this many take 1.3 GB, and 1 GB more while decoding."""

_SMALLEST_LEVEL = 512
_WIDEST = 1.5
"""A thumbnail's greatest width, in heights."""

_REDUCIBLE = ("L", "RGB", "CMYK", "YCbCr")
"""Modes whose stored values may be averaged; palette entries, masks and transparent pixels may not."""

Size = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class ImagePixels:
    """One decoded image."""

    levels: tuple[Bgrx, ...]
    """Read-only uint8 [height, width, 4], C-contiguous BGRX (the fourth byte is 255), which is
    QImage.Format_RGB32 on little-endian machines. Level 0 is the whole image; each next one halves width
    and height, rounded up, until the longer side is at most 512."""
    remark: str
    """What the person should know about how the image is shown; "" where nothing is unusual."""

    @property
    def size(self) -> Size:
        """Width and height of level 0 in pixels."""
        height, width = self.levels[0].shape[:2]
        return width, height

    @property
    def nbytes(self) -> int:
        """Bytes of all levels."""
        return sum(level.nbytes for level in self.levels)


@dataclass(frozen=True, slots=True)
class _Placement:
    """How the loaded pixels have to be turned, and what to say about it."""

    turn: int
    remark: str


def decode(path: Path, declared: Size | None, *, max_pixels: int = MAX_PIXELS) -> ImagePixels:
    """The first frame of an image file, upright as its EXIF orientation says.

    `declared` is the width and height that the ground truth gives, None or zeros where it gives none. Where
    it fits only the stored, unturned pixels, the labels were drawn on those: the image stays unturned, and
    the remark says so. Transparent pixels are shown on mid grey, 16-bit and float images from their smallest
    value (black) to their largest (white).

    Raises `ImageProblem` for whatever cannot be shown. The GIL is released, except that libwebp, OpenJPEG
    and libavif are bound such that they hold it while they decode.
    """
    with opened(path, max_pixels) as source:
        placement = load(source, known_size(declared))
        remarks = [placement.remark]
        image = source.image
        if is_scaled(image.mode):
            low, high = value_range(image)
            remarks.append(f"values {low:,.6g} to {high:,.6g} shown from black to white")
        full = to_bgrx(image, placement.turn)
        height, width = full.shape[:2]
        remarks.append(_mismatch((width, height), known_size(declared)))
        return ImagePixels(pyramid(full, _SMALLEST_LEVEL), "; ".join(filter(None, remarks)))


def decode_thumbnail(path: Path, declared: Size | None, height: int) -> Bgrx:
    """A small copy that fits in `height` x 1.5 `height` pixels (never enlarged), quickly where JPEG allows.

    uint8 [h, w, 4] BGRX, read-only, C-contiguous; turned by the same rule as in `decode`.
    Raises `ImageProblem` for whatever cannot be shown.
    """
    if height < 1:
        raise ValueError(f"a thumbnail needs a height of at least one pixel: {height}")
    with opened(path, MAX_PIXELS) as source:
        if isinstance(source.image, JpegImagePlugin.JpegImageFile):
            # Whether it lies on its side is not known yet: the larger of both sizes serves either way.
            sizes = (_fitted(source.stored, height), _fitted(source.stored[::-1], height)[::-1])
            source.image.draft(None, (max(size[0] for size in sizes), max(size[1] for size in sizes)))
        turn = load(source, known_size(declared)).turn
        image, as_stored = averageable(source.image)
        size = _fitted(image.size[::-1], height)[::-1] if turn >= 5 else _fitted(image.size, height)
        small = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        pixels = to_bgrx(small, turn) if as_stored else from_image(small, turn)
        pixels.setflags(write=False)
        return pixels


def load(source: Source, declared: Size | None) -> _Placement:
    """Decode the pixels and decide which way up they are shown."""
    image = source.image
    # Pillow itself turns a TIFF while loading, so there "unturned" means turning it back.
    turned_by_loading = isinstance(image, TiffImagePlugin.TiffImageFile)
    orientation = stored_orientation(image) if turned_by_loading else 1
    source.load()
    if not turned_by_loading:
        orientation = stored_orientation(image)
    if not _fits_only_stored(source.stored, orientation, declared):
        return _Placement(1 if turned_by_loading else orientation, "")
    remark = (
        f"EXIF orientation {orientation} ignored: "
        "the size that the ground truth declares fits only the unturned image"
    )
    back = {6: 8, 8: 6}.get(orientation, orientation)
    return _Placement(back if turned_by_loading else 1, remark)


def averageable(image: Image.Image) -> tuple[Image.Image, bool]:
    """The pixels in a form in which several may be averaged; False where they had to be made BGRX for it."""
    if image.mode in _REDUCIBLE and "transparency" not in image.info:
        return image, True
    return as_image(to_bgrx(image, 1)), False


def _fits_only_stored(stored: Size, orientation: int, declared: Size | None) -> bool:
    """Whether the labels can only have been drawn on the image as stored, before the turn to upright."""
    if orientation < 5 or declared is None:
        return False
    upright = stored[::-1]
    if declared in (upright, stored):
        return declared != upright
    return _same_shape(declared, stored) and not _same_shape(declared, upright)


def _same_shape(one: Size, other: Size) -> bool:
    """Whether one is a scaled copy of the other, up to the rounding of a side to whole pixels."""
    return abs(one[0] * other[1] - one[1] * other[0]) <= max(other)


def known_size(declared: Size | None) -> Size | None:
    if declared is None or min(declared) < 1:
        return None
    return int(declared[0]), int(declared[1])


def _mismatch(size: Size, declared: Size | None) -> str:
    if declared is None or declared == size:
        return ""
    return (
        f"decoded {size[0]} x {size[1]}, "
        f"the ground truth declares {declared[0]} x {declared[1]}: shown scaled"
    )


def _fitted(size: Size, height: int) -> Size:
    """The size of a thumbnail of an image of this size."""
    scale = min(1.0, height / size[1], _WIDEST * height / size[0])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
