"""One line of a text file as a word and numbers, whatever separates them."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

DECIMAL_COMMAS: Final = "line{s} with decimal commas, read as points"
_DECIMAL: Final = re.compile(rb"[+-]?\d*,\d+([eE][+-]?\d+)?")
_FEWEST: Final = 5
"""Fields of a line: with fewer, commas between digits stand between fields."""
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Fields:
    """What a line says."""

    word: bytes
    """What stands first, UTF-8: a class or an image."""
    numbers: list[float]
    decimal_commas: bool


def fields_of(line: bytes) -> Fields | str:
    """The fields of a line that is not empty, or why it cannot be read."""
    text, decimal_commas = _separated(line)
    parts = text.split()
    if not parts:
        return "there is nothing but separators"
    end = 1
    if _number(parts[0]) is None:
        while end < len(parts) and _number(parts[end]) is None:
            end += 1
    numbers = [_number(part) for part in parts[end:]]
    if None in numbers:
        return f'"{_shown(parts[end + numbers.index(None)])}" is not a number'
    word = b" ".join(parts[:end])
    if len(word) > 1 and word[:1] == word[-1:] and word[:1] in (b'"', b"'"):
        word = word[1:-1]
    return Fields(word, [number for number in numbers if number is not None], decimal_commas)


def _separated(line: bytes) -> tuple[bytes, bool]:
    """The line with blanks as separators and points in numbers, and whether it has decimal commas."""
    if b";" in line:
        decimal = line.replace(b",", b".")
        return decimal.replace(b";", b" "), decimal != line
    if b"," not in line:
        return line, False
    first, *others = line.split()
    if (
        len(others) + 1 >= _FEWEST
        and b"," not in first
        and not any(b"." in part for part in others)
        and all(_DECIMAL.fullmatch(part) for part in others if b"," in part)
    ):
        return line.replace(b",", b"."), True
    return line.replace(b",", b" "), False


def _number(part: bytes) -> float | None:
    if b"_" in part:  # Python's own way to write long numbers, nobody else's
        return None
    try:
        return float(part)
    except ValueError:
        return None


def _shown(part: bytes) -> str:
    text = part.decode("utf-8", "replace")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def coding_of(head: bytes) -> str | None:
    """How the text that begins so is written; None where it is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" not in head:
        return "utf-8-sig"
    # Without a mark, digits and separators still show which of their two bytes comes first.
    for first, coding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if not any(head[first::2]) and all(head[1 - first :: 2]):
            return coding
    return None


def plain_text(data: bytes) -> bytes | None:
    """The text of a whole file in UTF-8, lines ended by "\\n"; None where it is no text."""
    if b"\0" in data or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        coding = coding_of(data)
        if coding is None:
            return None
        data = data.decode(coding, "replace").encode("utf-8", "replace")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data
