"""The elements of COCO's lists: as msgspec decodes them, and the tolerant way that says what is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar

import msgspec

from inspector.dataset import FileId
from inspector.errors import InputError
from inspector.pauses import Pauses
from inspector.readers.json_pieces import Piece, Value, elements

_STEP = 4096
"""Records handed on at once, where a small file is a single piece."""
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


class ImageRecord(msgspec.Struct, gc=False):
    """An element of `images`."""

    id: FileId
    file_name: str | int | None = None
    width: float | None = None
    height: float | None = None


class CategoryRecord(msgspec.Struct, gc=False):
    """An element of `categories`."""

    id: FileId
    name: str | int | None = None


class AnnotationRecord(msgspec.Struct, gc=False):
    """An element of the ground truth's `annotations`; None where it does not say."""

    image_id: FileId
    category_id: FileId
    id: FileId | None = None
    bbox: Box | None = None
    area: float | None = None
    iscrowd: bool | Literal[0, 1] | None = None


class DetectionRecord(msgspec.Struct, gc=False):
    """An element of the detections."""

    image_id: FileId
    category_id: FileId
    bbox: Box
    score: float


Record = TypeVar("Record", ImageRecord, CategoryRecord, AnnotationRecord, DetectionRecord)


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
            instead = ' (it has "segmentation": only boxes are read)' if "segmentation" in self.value else ""
            raise self.error("", f'has no "{key}"{instead}')
        value = self.value[key]
        if not isinstance(value, list):
            raise self.error(key, f"expected a list of 4 numbers, found {describe(value)}")
        if len(value) != 4:
            raise self.error(key, f"expected 4 numbers, found {len(value)}")
        numbers = []
        for index, item in enumerate(value):
            number = _float(item)
            if number is None:
                raise self.error(f"{key}[{index}]", f"expected a number, found {describe(item)}")
            numbers.append(number)
        return Box(*numbers)

    def optional_box(self, key: str) -> Box | None:
        """A box that may be missing, null or an empty list, as where there is only a mask."""
        return None if self.value.get(key) in (None, []) else self.box(key)

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


@dataclass(frozen=True, slots=True)
class RecordKind(Generic[Record]):
    """How one of the lists is decoded."""

    decode: Callable[[bytes], list[Record]]
    tolerate: Callable[[Element], Record]


def read_records(
    value: Value, prefix: str, kind: RecordKind[Record]
) -> Iterator[tuple[int, list[Record], float]]:
    """The records of a list, a few thousand at a time, with the position of their first and the part done.

    Raises InputError at the first element that cannot be used, as in `annotations[17].bbox`.
    """
    first = 0
    for piece, part in value.pieces():
        for at, records in records_of(value, piece, first, prefix, kind):
            yield at, records, part
            first = at + len(records)


def records_of(
    value: Value, piece: Piece, first: int, prefix: str, kind: RecordKind[Record]
) -> Iterator[tuple[int, list[Record]]]:
    """The records of one piece, whose first has the position `first`, a few thousand at a time."""
    pause = Pauses()
    records = _read_piece(value, piece, first, prefix, kind)
    for at in range(0, len(records), _STEP):
        pause()
        yield first + at, records[at : at + _STEP]


def _read_piece(
    value: Value, piece: Piece, first: int, prefix: str, kind: RecordKind[Record]
) -> list[Record]:
    try:
        records = kind.decode(piece.data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        records = []
    if records:
        return records
    # Nothing, or something that msgspec rejects: slowly, element by element.
    path = value.file.path
    try:
        for item in elements(value.file, piece):
            place = f"{prefix}[{first + len(records)}]"
            if not isinstance(item, dict):
                raise InputError(path, place, f"expected an object, found {describe(item)}")
            records.append(kind.tolerate(Element(path, place, item)))
    except InputError as error:
        if error.location:
            raise
        raise InputError(path, f"{prefix}[{first + len(records)}]", error.reason) from None
    return records


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


def _decoder(record: type[Record]) -> Callable[[bytes], list[Record]]:
    return msgspec.json.Decoder(list[record]).decode  # type: ignore[valid-type]


IMAGES = RecordKind(
    _decoder(ImageRecord),
    lambda item: ImageRecord(
        item.file_id("id"),
        item.name("file_name"),
        item.optional_number("width"),
        item.optional_number("height"),
    ),
)
CATEGORIES = RecordKind(
    _decoder(CategoryRecord), lambda item: CategoryRecord(item.file_id("id"), item.name("name"))
)
ANNOTATIONS = RecordKind(
    _decoder(AnnotationRecord),
    lambda item: AnnotationRecord(
        item.file_id("image_id"),
        item.file_id("category_id"),
        item.optional_id("id"),
        item.optional_box("bbox"),
        item.optional_number("area"),
        item.flag("iscrowd"),
    ),
)
DETECTIONS = RecordKind(
    _decoder(DetectionRecord),
    lambda item: DetectionRecord(
        item.file_id("image_id"), item.file_id("category_id"), item.box("bbox"), item.number("score")
    ),
)
