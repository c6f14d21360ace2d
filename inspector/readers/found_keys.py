"""What files of detections call images and classes, as keys: whole numbers are ids, other text is a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from inspector.dataset import FileId
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context, Keys
from inspector.readers.text.class_lists import class_names_for


def image_keys(called: Iterable[tuple[str | None, str | None]]) -> Keys:
    """Keys of images by what stands in the columns of their id and their name.

    A name that is a number is an id as well, and an id is a name as well: "000123" may be either.
    """
    ids: list[FileId | None] = []
    names: list[str] = []
    for item, name in _stripped(called):
        number = whole_number(item or name or "")
        ids.append(item if number is None else number)
        names.append(name or item or "")
    return Keys(tuple(ids), tuple(names))


def class_keys(called: Iterable[tuple[str | None, str | None]], listed: Mapping[int, str]) -> Keys:
    """The same for classes; numbers get the name that `listed` (a list of class names) has for them."""
    ids: list[FileId | None] = []
    names: list[str | None] = []
    for item, name in _stripped(called):
        number = whole_number(item or name or "")
        ids.append(item if number is None else number)
        if number is None:
            names.append(name or item)
        else:  # a number alone is no name
            names.append((name if item else None) or listed.get(number))
    return Keys(tuple(ids), tuple(names))


def _stripped(called: Iterable[tuple[str | None, str | None]]) -> Iterator[tuple[str | None, str | None]]:
    return ((item and item.strip(), name and name.strip()) for item, name in called)


def listed_names(path: Path, context: Context, notes: NoteBook) -> Mapping[int, str]:
    """The names that a list around the detections gives to classes that are numbers, noted.

    Raises InputError where a list that was chosen cannot be used.
    """
    found = class_names_for(path, context)
    if found is None:
        return {}
    found.note(notes)
    return found.names


def whole_number(text: str) -> int | None:
    """The number that a text stands for ("7", "007", "7.0", "7.0e+00"); None where it is none."""
    if text.isdecimal() and text.isascii() and len(text) < 19:
        return int(text)
    if not text or text[0] not in "+-.0123456789" or "_" in text:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else None
