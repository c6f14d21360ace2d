"""Opening image files that nobody vouches for: which format, how large, which way up, what went wrong."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from inspector.images.problem import ImageProblem

try:
    from PIL import AvifImagePlugin
except ImportError:  # came with Pillow 11.3
    _AVIF = None
else:
    _AVIF = AvifImagePlugin.AvifImageFile

_Factory = Callable[[IO[bytes], str], ImageFile.ImageFile]

_ORIENTATION_TAG, _WIDTH_TAG, _HEIGHT_TAG = 274, 256, 257
_UNREADABLE = "not an image that can be read"

# By their first bytes, as names lie. Only these: some of Pillow's other readers start external programs.
# JPEG goes to the plain reader and not to the one that also looks for further pictures (MPO), because the
# first picture is the one that is shown.
_FORMATS: tuple[tuple[tuple[bytes, ...], _Factory], ...] = (
    ((b"\xff\xd8\xff",), JpegImagePlugin.JpegImageFile),
    ((b"\x89PNG\r\n\x1a\n",), PngImagePlugin.PngImageFile),
    ((b"GIF87a", b"GIF89a"), GifImagePlugin.GifImageFile),
    ((b"BM",), BmpImagePlugin.BmpImageFile),
    ((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), TiffImagePlugin.TiffImageFile),
    ((b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"Pf"), PpmImagePlugin.PpmImageFile),
    ((b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  \r\n\x87\n"), Jpeg2KImagePlugin.Jpeg2KImageFile),
)


@dataclass(slots=True)
class Source:
    """An open image file, its pixels not yet decoded."""

    image: ImageFile.ImageFile
    stored: tuple[int, int]
    """Width and height of the pixels as the file stores them, before any turn."""

    def load(self) -> None:
        """Decode the pixels. Errors are Pillow's, see `as_problem`."""
        image = self.image
        size = self.stored if isinstance(image, TiffImagePlugin.TiffImageFile) else image.size
        if image.mode in ("RGB", "RGBA", "CMYK", "YCbCr", "I", "F"):
            # Pillow would clear this memory while it holds the GIL: 60 ms for 50 megapixels. Memory with
            # a given colour is filled without the GIL. (The TIFF reader then also leaves out its own size
            # check, which warns: ours was made.)
            image.im = Image.new(image.mode, size, 0).im
        image.load()


@contextmanager
def opened(path: Path, max_pixels: int) -> Iterator[Source]:
    """Open an image and check its size before anything is decoded; every error becomes an `ImageProblem`."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ImageProblem("not a regular file")
        with path.open("rb") as file:
            yield _source(file, max_pixels)
    except ImageProblem:
        raise
    # Whatever a damaged file makes a decoder raise: besides OSError and SyntaxError, also ValueError,
    # struct.error, zlib.error, KeyError, OverflowError, MemoryError ... A broken image is a fact to show.
    except Exception as error:
        raise as_problem(error, path) from error


def _source(file: IO[bytes], max_pixels: int) -> Source:
    head = file.read(16)
    if not head:
        raise ImageProblem("the file is empty")
    file.seek(0)
    # The plugin is called directly: Image.open would compare with Pillow's own process-wide limit and emit
    # a Python warning, which cannot be silenced per thread. No name is passed, so that nothing is mapped
    # into memory: a mapped file that shrinks while it is shown would end the program.
    image = _factory(head)(file, "")
    stored = image.size
    if isinstance(image, TiffImagePlugin.TiffImageFile):  # its `size` is already turned
        stored = (int(image.tag_v2[_WIDTH_TAG]), int(image.tag_v2[_HEIGHT_TAG]))
    width, height = stored
    if width < 1 or height < 1:
        raise ImageProblem(f"the image declares an impossible size, {width} x {height}")
    if width * height > max_pixels:
        raise ImageProblem(
            f"too large: {width:,} x {height:,} pixels, the limit is {max_pixels / 1e6:,.0f} megapixels"
        )
    return Source(image, stored)


def _factory(head: bytes) -> _Factory:
    for prefixes, factory in _FORMATS:
        if head.startswith(prefixes):
            return factory
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WebPImagePlugin.WebPImageFile
    if _AVIF is not None and head[4:12] in (b"ftypavif", b"ftypavis", b"ftypmif1", b"ftypmsf1"):
        return _AVIF
    raise ImageProblem(_UNREADABLE)


def stored_orientation(image: ImageFile.ImageFile) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none or it makes no sense.

    Ask before loading a TIFF (loading turns it and removes the tag), and after loading anything else (a
    PNG may keep it behind its pixels).
    """
    try:
        if isinstance(image, TiffImagePlugin.TiffImageFile):
            value = image.tag_v2.get(_ORIENTATION_TAG, 1)
        else:
            value = image.getexif().get(_ORIENTATION_TAG, 1)
    except Exception:  # damaged metadata is no reason to hide the image
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def as_problem(error: Exception, path: Path) -> ImageProblem:
    """What an exception of the system or of a decoder means for the person, in one line."""
    text = " ".join(str(error).split())
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ImageProblem(f"not found in {path.parent}")
    if isinstance(error, PermissionError):
        return ImageProblem("may not be read: permission denied")
    if isinstance(error, MemoryError):
        return ImageProblem("not enough memory to decode it")
    if isinstance(error, Image.DecompressionBombError):
        return ImageProblem("too large: more pixels than can be decoded safely")
    if isinstance(error, EOFError) or "truncated" in text.lower():
        return ImageProblem("truncated: the file ends before the image does")
    if isinstance(error, OSError) and error.errno is not None:
        return ImageProblem(f"cannot be read: {error.strerror or text}")
    return ImageProblem(f"damaged, cannot be decoded: {text[:100]}" if text else _UNREADABLE)
