"""Text in pictures, in fonts that have its letters. Made with Pillow alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from PIL import ImageDraw, ImageFont

_SYSTEM_FONTS: Final = (
    *("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf"),
    *("segoeui.ttf", "arial.ttf", "Arial.ttf", "Arial Unicode.ttf"),
    *("NotoSansCJK-Regular.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf"),
    *("msyh.ttc", "YuGothM.ttc", "malgun.ttf", "PingFang.ttc", "Hiragino Sans GB.ttc"),
)
"""What Linux, Windows and macOS come with, for Latin, Greek and Cyrillic and then for Chinese, Japanese and
Korean. Pillow looks for these names where each system keeps its fonts."""
_NO_LETTER: Final = "\uffff"
"""Which stands for nothing in Unicode, so a font draws it as every letter that it does not have."""


def draw_text(
    draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, colour: str, size: int
) -> None:
    """One line, whose top left corner is at the place. Letters that no font has are written as Python's
    escapes: never as empty boxes, which all look the same."""
    x, y = place
    line = y + _own(size).getmetrics()[0]
    for font, part in _parts(text, size):
        draw.text((x, line), part, colour, font, anchor="ls")
        x += font.getlength(part)


def text_width(text: str, size: int) -> float:
    """In pixels."""
    return sum(font.getlength(part) for font, part in _parts(text, size))


def wrapped(text: str, size: int, width: float) -> Sequence[str]:
    """The text in lines of at most this width, each with a letter at least; broken at spaces where it can."""
    lines = []
    while len(text) > 1 and text_width(text, size) > width:
        fitting = bisect_right(range(2, len(text)), width, key=lambda end: text_width(text[:end], size)) + 1
        space = text.rfind(" ", 1, fitting + 1)
        end = space if space > 0 else fitting
        lines.append(text[:end])
        text = text[end:].lstrip(" ")
    return [*lines, text]


def _parts(text: str, size: int) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
    """The text in pieces, each with a font that has its letters: all in one font where one has them all."""
    fonts: Sequence[ImageFont.FreeTypeFont] = (_own(size),)
    if not text.isascii():
        fonts = (*fonts, *_of_system(size))
        best = max(fonts, key=lambda font: sum(_has(font, letter) for letter in text))
        fonts = (best, *fonts)
    known = [next((font for font in fonts if _has(font, letter)), None) for letter in text]
    written = (
        (font or fonts[0], letter if font else letter.encode("ascii", "backslashreplace").decode())
        for font, letter in zip(known, text, strict=True)
    )
    for font, pieces in groupby(written, lambda item: item[0]):
        yield font, "".join(piece for _, piece in pieces)


@lru_cache
def _own(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's, which is there on every system, and has the letters of ASCII and few more."""
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


@lru_cache
def _of_system(size: int) -> Sequence[ImageFont.FreeTypeFont]:
    """Those that are there."""
    found = []
    for name in _SYSTEM_FONTS:
        try:
            found.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    return found


@lru_cache(1 << 14)
def _has(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    return letter.isascii() or _drawn(font, letter) != _drawn(font, _NO_LETTER)


@lru_cache(1 << 10)
def _drawn(font: ImageFont.FreeTypeFont, letter: str) -> tuple[object, ...]:
    mask = font.getmask(letter)
    return mask.size, font.getlength(letter), bytes(mask)
