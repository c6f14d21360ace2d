"""An element of COCO's lists as Python's decoder gives it, read in a way that names every mistake."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import msgspec

from inspector.dataset import FileId
from inspector.errors import InputError

_EXACT_WHOLE = 2.0**53
"""Beyond it a float no longer holds every whole number, so it cannot be an id."""


class Box(msgspec.Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    """A list of four numbers.

    No tuple: tuples are tracked by the garbage collector, and millions of them make it search everything that
    the program holds, which stops every thread for some 25 ms each time.
    """

    x: float
    y: float
    width: float
    height: float


class BitmapSize(msgspec.Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    """Height and width of a bitmap in pixels."""

    height: float
    width: float


class RunLengths(msgspec.Struct, gc=False):
    """A mask as run lengths: compressed to text, or as they are."""

    size: BitmapSize
    counts: str | list[float]


Polygons = list[list[float]]
"""The outlines of a mask's parts: x and y by turns, in pixels."""
Segmentation = Polygons | RunLengths


@dataclass(frozen=True, slots=True)
class Element:
    """An element as Python's decoder gives it, and where it stands."""

    path: Path
    place: str
    value: dict[str, object]

    def error(self, key: str, reason: str) -> InputError:
        """An error at a key of this element, or at the element."""
        return InputError(self.path, f"{self.place}.{key}" if key else self.place, reason)

    def file_id(self, key: str) -> FileId:
        """A required id: a whole number of any size, or text."""
        if key not in self.value:
            raise self.error("", f'has no "{key}"')
        value = self.value[key]
        if isinstance(value, str):
            return self._text(key, value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_WHOLE:
            return int(value)
        raise self.error(key, f"expected a whole number or text, found {describe(value)}")

    def optional_id(self, key: str) -> FileId | None:
        """An id that may be missing or null."""
        return None if self.value.get(key) is None else self.file_id(key)

    def number(self, key: str) -> float:
        """A required number; too large for a float: infinite."""
        if key not in self.value:
            raise self.error("", f'has no "{key}"')
        value = _float(self.value[key])
        if value is None:
            raise self.error(key, f"expected a number, found {describe(self.value[key])}")
        return value

    def optional_number(self, key: str) -> float | None:
        """A number that may be missing or null."""
        return None if self.value.get(key) is None else self.number(key)

    def name(self, key: str) -> str | int | None:
        """Text that may be missing or null; a whole number stands for its digits."""
        value = self.value.get(key)
        if isinstance(value, str):
            return self._text(key, value)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise self.error(key, f"expected text, found {describe(value)}")

    def box(self, key: str) -> Box:
        """Four numbers: x, y, width, height."""
        if key not in self.value:
            raise self.error("", f'has no "{key}"')
        return Box(*self._numbers(key, self.value[key], 4))

    def _numbers(self, key: str, value: object, count: int | None = None) -> list[float]:
        if not isinstance(value, list):
            kind = "numbers" if count is None else f"{count} numbers"
            raise self.error(key, f"expected a list of {kind}, found {describe(value)}")
        if count is not None and len(value) != count:
            raise self.error(key, f"expected {count} numbers, found {len(value)}")
        numbers = []
        for index, item in enumerate(value):
            number = _float(item)
            if number is None:
                raise self.error(f"{key}[{index}]", f"expected a number, found {describe(item)}")
            numbers.append(number)
        return numbers

    def optional_box(self, key: str) -> Box | None:
        """A box that may be missing, null or an empty list, as where there is only a mask."""
        return None if self.value.get(key) in (None, []) else self.box(key)

    def segmentation(self, key: str) -> Segmentation | None:
        """Polygons or run lengths; None where it is missing, null or an empty list."""
        value = self.value.get(key)
        if value is None or value == []:
            return None
        if isinstance(value, dict):
            return self._run_lengths(key, value)
        if not isinstance(value, list):
            raise self.error(key, f"expected polygons or run lengths, found {describe(value)}")
        return [self._numbers(f"{key}[{index}]", part) for index, part in enumerate(value)]

    def _run_lengths(self, key: str, value: dict[str, object]) -> RunLengths:
        for name in ("size", "counts"):
            if name not in value:
                raise self.error(key, f'has no "{name}"')
        counts = value["counts"]
        if not isinstance(counts, (str, list)):
            reason = f"expected text or a list of numbers, found {describe(counts)}"
            raise self.error(f"{key}.counts", reason)
        lengths = counts if isinstance(counts, str) else self._numbers(f"{key}.counts", counts)
        return RunLengths(BitmapSize(*self._numbers(f"{key}.size", value["size"], 2)), lengths)

    def flag(self, key: str) -> bool | None:
        """0, 1, true or false; None where it is missing or null."""
        value = self.value.get(key)
        if value is None:
            return None
        if isinstance(value, (bool, int, float)) and value in (0, 1):
            return bool(value)
        raise self.error(key, f"expected 0 or 1, found {describe(value)}")

    def _text(self, key: str, value: str) -> str:
        try:
            value.encode()
        except UnicodeEncodeError:  # "\ud800": half a character, which no window or file can show
            raise self.error(key, "the text holds half a character (an unpaired \\u escape)") from None
        return value


def describe(value: object) -> str:
    """A value of a JSON file in a few words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, str):
        short = value if len(value) <= 40 else value[:39] + "…"
        return f'the text "{short.encode(errors="replace").decode()}"'
    if isinstance(value, int) and abs(value) >= 10**40:
        return "a number with more than 40 digits"
    return str(value)


def _float(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
