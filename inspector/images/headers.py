"""Width and height from the first bytes of JPEG and PNG files without a turn: what nearly all images are.

Pillow needs a hundred microseconds for a JPEG's header, and decodes a PNG to be sure that it has no EXIF; a
hundred thousand images would take a minute. Whatever is unusual here is left to it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

_HEAD: Final = 4096
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG's markers of a frame header; the others in this range are tables."""
_APP1: Final = 0xE1
"""EXIF, or XMP: may tell of a turn."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS: Final = 100_000


def plain_size(path: Path, is_allowed: Callable[[int, int], bool]) -> tuple[int, int] | None:
    """Width and height of an image that is shown as it is stored; None: ask Pillow.

    Raises OSError where the file cannot be read.
    """
    with path.open("rb", buffering=0) as file:
        head = file.read(_HEAD)
        if head.startswith(b"\xff\xd8\xff"):
            size = _jpeg_size(head)
        elif head.startswith(_PNG) and head[12:16] == b"IHDR" and not _has_exif(file):
            width, height = struct.unpack_from(">II", head, 16)
            size = width, height
        else:
            return None
    return size if size is not None and min(size) > 0 and is_allowed(*size) else None


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker, length = head[at + 1], int.from_bytes(head[at + 2 : at + 4], "big")
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", head, at + 5)
            return width, height
        if marker == _APP1 or not 0xC0 <= marker <= 0xFE or 0xD0 <= marker <= 0xDA:
            return None
        at += 2 + length
    return None


def _has_exif(file: IO[bytes]) -> bool:
    """Whether a PNG has EXIF, which may stand behind the pixels, or is not whole."""
    at = len(_PNG)
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        header = file.read(8)
        if len(header) < 8 or header[4:] == b"eXIf":
            return True
        if header[4:] == b"IEND":
            return False
        at += 12 + int.from_bytes(header[:4], "big")
    return True
