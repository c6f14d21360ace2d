"""What the two COCO files share: the rows that ids stand for, boxes as arrays, and columns that grow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat
from operator import attrgetter
from typing import Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import FileId, Flags, Floats, Rows
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.coco.elements import Box, describe
from inspector.readers.coco.plain import IdTable
from inspector.readers.coco.records import AnnotationRecord, DetectionRecord
from inspector.readers.notes import NoteBook
from inspector.readers.ordering import reorder

_image_id = attrgetter("image_id")
_category_id = attrgetter("category_id")
_numbers = attrgetter("x", "y", "width", "height")
_BLOCK = 200_000
"""Rows that are looked at in one step: some milliseconds."""
Scalar = TypeVar("Scalar", bound=np.generic)
Records = Sequence[AnnotationRecord] | Sequence[DetectionRecord]


class IdRows:
    """The rows of images or of classes by the ids of the file."""

    def __init__(self, ids: Iterable[FileId], what: str) -> None:
        self.rows = {item: row for row, item in enumerate(ids)}
        self.what = what
        """How a note calls the id: "image id"."""

    def __len__(self) -> int:
        return len(self.rows)

    def find(self, records: Records, key: str) -> Rows:
        """int32 [records]: the row that each record's id stands for, -1 where it is unknown."""
        get = _image_id if key == "image_id" else _category_id
        return np.fromiter(map(self.rows.get, map(get, records), repeat(-1)), np.int32, len(records))

    def find_or_add(self, records: Records, key: str) -> Rows:
        """The same, where unknown ids get rows behind the known ones."""
        rows = self.find(records, key)
        for at in np.flatnonzero(rows < 0).tolist():
            rows[at] = self.rows.setdefault(getattr(records[at], key), len(self.rows))
        return rows

    def settled(self, rows: Rows, table: IdTable) -> Rows:
        """Rows that a kernel found in a table of these ids; numbers that the table added become ids."""
        used = np.zeros(table.known + len(table.spare), np.bool_)
        pause = Pauses()
        for start in range(0, len(rows), _BLOCK):
            used[rows[start : start + _BLOCK]] = True
            pause()
        added = np.flatnonzero(used[table.known :])
        if not len(added):
            return rows
        lookup = np.arange(len(used), dtype=np.int32)
        for at in added.tolist():
            lookup[table.known + at] = self.rows.setdefault(int(table.spare[at]), len(self.rows))
        return reorder(lookup, rows)

    def other_type(self, ids: Iterable[FileId]) -> FileId | None:
        """The first of some unknown ids that would be known as text instead of a number, or the reverse."""
        for item in ids:
            if isinstance(item, int):
                if str(item) in self.rows:
                    return item
            elif item.lstrip("-").isdecimal() and len(item) < 30 and int(item) in self.rows:
                return item
        return None


class UnknownIds:
    """Notes the records of one file whose image or class the ground truth does not list."""

    def __init__(self, known: IdRows, key: str, text: str, places: tuple[str, str], notes: NoteBook) -> None:
        self._known, self._key, self._text, self._notes = known, key, text, notes
        self._here, self._there = places

    def note(self, records: Records, rows: Sequence[int], place: Callable[[int], str]) -> None:
        """Note the records of these rows."""
        notes, text = self._notes, self._text
        ids = {row: getattr(records[row], self._key) for row in rows}
        notes.add_rows(
            text, rows, len(rows), lambda row: f"{place(row)}.{self._key}: {describe_id(ids[row])}"
        )
        if not notes.explained(text):
            item = self._known.other_type(set(ids.values()))
            if item is not None:
                kind, other = ("integers", "strings") if isinstance(item, int) else ("strings", "integers")
                what = f"{self._known.what}s"
                notes.explain(text, f"{what} are {kind} in {self._here} and {other} in {self._there}")


def describe_id(item: FileId) -> str:
    """An id for a note: text in quotes."""
    return f'"{item}"' if isinstance(item, str) else describe(item)


def boxes_of(boxes: Iterable[Box], count: int) -> Floats:
    """float64 [count, 4] from `count` boxes."""
    return np.fromiter(chain.from_iterable(map(_numbers, boxes)), np.float64, 4 * count).reshape(-1, 4)


def unusable(boxes: Floats, *others: Floats) -> tuple[Flags, Flags]:
    """bool [rows] twice: some number is not finite; else: the width or the height is negative."""
    finite = cast(Flags, np.isfinite(boxes).all(axis=1))
    for other in others:
        finite &= np.isfinite(other)
    negative = cast(Flags, (boxes[:, 2:] < 0).any(axis=1))
    return ~finite, finite & negative


def part_of(progress: Progress, low: float, high: float) -> Progress:
    """A progress whose 0 to 1 is `low` to `high` of another."""

    return lambda stage, fraction: progress(stage, low + (high - low) * fraction)


class Column(Generic[Scalar]):
    """An array that grows piece by piece."""

    def __init__(self, dtype: type[Scalar], *shape: int) -> None:
        self._parts: list[NDArray[Scalar]] = [np.empty((0, *shape), dtype)]

    def add(self, part: NDArray[Scalar]) -> None:
        """Append some rows."""
        self._parts.append(part)

    def take(self) -> NDArray[Scalar]:
        """All rows as one array; the column is empty afterwards, so that only one copy remains."""
        parts, self._parts = self._parts, self._parts[:1]
        if len(parts) == 2:
            return parts[1]
        joined = np.empty((sum(map(len, parts)), *parts[0].shape[1:]), parts[0].dtype)
        at, pause = 0, Pauses()
        for part in parts:  # np.concatenate would starve other threads while it copies thousands of parts
            joined[at : at + len(part)] = part
            at += len(part)
            pause()
        return joined
