"""The review file: every verdict that was ever given, in a SQLite database."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from inspector.dataset import FileId
from inspector.errors import InputError
from inspector.reading_text import reading_of, text_of
from inspector.review.database import clear_errors, connect, copy, make, snapshot, transaction
from inspector.review.location import both_ways, find_again, parts_of
from inspector.review.verdicts import Box, Entry, Judgement, Kind, Place, Target, Verdict
from inspector.sources import Sources

_PLACE: Final = "target, image, object_id, class_name, x, y, width, height, number, image_number"
_VERDICT: Final = (
    "judgement, kind, right_class, right_x, right_y, right_width, right_height, reviewed, note, author, time"
)
_ENTRIES: Final = f"SELECT {_PLACE}, {_VERDICT} FROM verdict JOIN place ON place.id = verdict.place"
_FIND: Final = """
    SELECT id FROM place WHERE target = ? AND image = ? AND ifnull(object_id, '') = ifnull(?, '')
    AND class_name = ? AND ifnull(x, '') = ifnull(?, '') AND ifnull(y, '') = ifnull(?, '')
    AND ifnull(width, '') = ifnull(?, '') AND ifnull(height, '') = ifnull(?, '') AND number = ?
    AND image_number = ?
"""
_PLACE_COLUMNS: Final = 10


@dataclass(frozen=True, slots=True)
class Position:
    """Where a person was."""

    image: str
    """The file name."""
    place: Place | None = None
    """The selected box."""


class ReviewFile:
    """An append-only log of verdicts. The last one of a place is what is said of it now; an empty one there
    takes back what was said before. Several connections and processes may write to the same file.

    Every method raises InputError where the file cannot be used; nothing is changed then. Of one file object
    only one thread at a time may make use.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, *, is_kept: bool = True) -> None:
        """For `open`, `read` and `create`."""
        self.path: Final = path
        self._connection, self._is_kept = connection, is_kept
        self._is = path.stat()
        self._data_version = self._pragma("data_version")
        self._seen = self._last()
        self._unread: list[Entry] = []

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an existing file, and bring it up to date if an older program made it."""
        connection = connect(path)
        try:
            with clear_errors(path):
                return cls(path, connection)
        except BaseException:
            connection.close()
            raise

    @classmethod
    def read(cls, path: Path) -> Self:
        """What an existing file holds now. Whatever is done with it, the file itself stays as it is."""
        connection = snapshot(path)
        try:
            with clear_errors(path, is_kept=False):
                return cls(path, connection, is_kept=False)
        except BaseException:
            connection.close()
            raise

    @classmethod
    def create(cls, path: Path, sources: Sources) -> Self:
        """Make a file for what is open; where there is one already, open that."""
        with clear_errors(path):
            is_there = path.exists()
        if not is_there:
            make(path, lambda connection: _put_sources(connection, path, sources))
        return cls.open(path)

    def write(self, changes: Sequence[tuple[Place, Verdict]], author: str) -> tuple[Entry, ...]:
        """Append verdicts, all or none; on disk when this returns."""
        now = datetime.now(UTC)
        entries = tuple(Entry(place, verdict, author, now) for place, verdict in changes)
        with self._clear_errors():
            self._check_is_there()
            with transaction(self._connection):
                before = self._after(self._seen)
                for entry in entries:
                    row = (self._place_id(entry.place), *_verdict_row(entry))
                    self._connection.execute(
                        f"INSERT INTO verdict (place, {_VERDICT}) VALUES ({', '.join('?' * len(row))})", row
                    )
                last = self._last()
        written = {entry.place for entry in entries}
        self._unread = [entry for entry in (*self._unread, *before) if entry.place not in written]
        self._seen = last
        # So that the file alone, moved or copied while it is open, holds all: the log beside it is on disk
        # already, and if this fails it still has everything.
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return entries

    def entries(self) -> list[Entry]:
        """What is said now of every place of which anything is said, in the order of the log."""
        with self._clear_errors():
            last = self._last()
            rows = self._connection.execute(
                f"{_ENTRIES} WHERE verdict.id IN (SELECT max(id) FROM verdict WHERE id <= ? GROUP BY place)"
                " ORDER BY verdict.id",
                (last,),
            )
            entries = [_entry(row) for row in rows]
        self._seen, self._unread = last, []
        return [entry for entry in entries if not entry.verdict.is_empty]

    def newer(self) -> list[Entry]:
        """What others wrote since this file was opened or this was asked last, withdrawals included.

        Cheap where nobody wrote.
        """
        with self._clear_errors():
            data_version = self._pragma("data_version")
            if data_version != self._data_version:
                last = self._last()
                self._unread += self._after(self._seen, last)
                self._data_version, self._seen = data_version, last
        unread, self._unread = self._unread, []
        return unread

    @property
    def sources(self) -> Sources | None:
        """What was judged last; None where that was never said. Moved files are found beside this one."""
        with self._clear_errors():
            rows = self._connection.execute("SELECT part, absolute, relative FROM source").fetchall()
            how = self._connection.execute("SELECT text FROM reading").fetchone()
            places = {part: (_text(absolute), _text(relative)) for part, absolute, relative in rows}
        found = {part: find_again(*place, self.path) for part, place in places.items()}
        truth, detections = found.get("ground_truth"), found.get("detections")
        if truth is None and detections is None:
            return None
        reading = replace(reading_of(_text(how[0]) if how else ""), class_names=found.get("class_names"))
        return Sources(truth, detections, found.get("images"), reading)

    def set_sources(self, sources: Sources) -> None:
        """Say what is judged from now on."""
        with self._clear_errors():
            self._check_is_there()
            with transaction(self._connection):
                _put_sources(self._connection, self.path, sources)

    def position(self, author: str) -> Position | None:
        """Where a person was last."""
        with self._clear_errors():
            row = self._connection.execute(
                f"SELECT position.image, {_PLACE.replace(' image', ' place.image')} FROM position "
                "LEFT JOIN place ON place.id = position.place WHERE author = ?",
                (author,),
            ).fetchone()
            if row is None:
                return None
            return Position(_text(row[0]), None if row[1] is None else _place(row[1:]))

    def set_position(self, author: str, position: Position) -> None:
        with self._clear_errors():
            self._check_is_there()
            with transaction(self._connection):
                place = None if position.place is None else self._place_id(position.place)
                self._connection.execute(
                    "INSERT INTO position VALUES (?, ?, ?) ON CONFLICT (author) "
                    "DO UPDATE SET image = excluded.image, place = excluded.place",
                    (author, position.image, place),
                )

    def copy_to(self, path: Path) -> None:
        """Write all of it, history included, to a new file; an existing one is refused, not overwritten."""
        if path.exists():
            raise InputError(path, "", "not overwritten: there is such a file already")
        copy(self._connection, path)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _clear_errors(self) -> AbstractContextManager[None]:
        return clear_errors(self.path, is_kept=self._is_kept)

    def _check_is_there(self) -> None:
        """On Linux and macOS an open file can be deleted or replaced: what is written then is lost."""
        try:
            same = os.path.samestat(self._is, self.path.stat())
        except FileNotFoundError:
            same = False
        if not same:
            reason = (
                "was moved, deleted or replaced while it was open: open it again, or choose another place"
            )
            raise InputError(self.path, "", reason)

    def _after(self, first: int, last: int | None = None) -> list[Entry]:
        until = self._last() if last is None else last
        rows = self._connection.execute(
            f"{_ENTRIES} WHERE verdict.id > ? AND verdict.id <= ? ORDER BY verdict.id", (first, until)
        )
        return [_entry(row) for row in rows]

    def _last(self) -> int:
        return int(self._connection.execute("SELECT ifnull(max(id), 0) FROM verdict").fetchone()[0])

    def _pragma(self, name: str) -> int:
        return int(self._connection.execute(f"PRAGMA {name}").fetchone()[0])

    def _place_id(self, place: Place) -> int:
        row = _place_row(place)
        found = self._connection.execute(_FIND, row).fetchone()
        if found is not None:
            return int(found[0])
        marks = ", ".join("?" * len(row))
        made = self._connection.execute(f"INSERT INTO place ({_PLACE}) VALUES ({marks})", row)
        assert made.lastrowid is not None
        return made.lastrowid


def _put_sources(connection: sqlite3.Connection, path: Path, sources: Sources) -> None:
    connection.execute("DELETE FROM source")
    for part, found in parts_of(sources).items():
        connection.execute("INSERT INTO source VALUES (?, ?, ?)", (part, *both_ways(found, path)))
    how = text_of(replace(sources.reading, class_names=None))
    connection.execute("INSERT OR REPLACE INTO reading VALUES (1, ?)", (how,))


def _place_row(place: Place) -> tuple[Any, ...]:
    object_id = None if place.object_id is None else json.dumps(place.object_id)
    box = place.box or (None,) * 4
    numbers = place.number, place.image_number
    return place.target.value, place.image, object_id, place.class_name, *box, *numbers


def _verdict_row(entry: Entry) -> tuple[Any, ...]:
    verdict = entry.verdict
    return (
        verdict.judgement and verdict.judgement.value,
        verdict.kind and verdict.kind.value,
        verdict.right_class,
        *(verdict.right_box or (None,) * 4),
        int(verdict.reviewed),
        verdict.note,
        entry.author,
        entry.time.isoformat(),
    )


# What is read back. Whatever cannot have been written is damage: ValueError.


def _place(row: Sequence[Any]) -> Place:
    target, image, object_id, class_name, *box, number, image_number = row
    return Place(
        Target(target),
        _text(image),
        None if object_id is None else _file_id(object_id),
        _text(class_name),
        _box(box),
        _whole(number),
        _whole(image_number),
    )


def _entry(row: Sequence[Any]) -> Entry:
    judgement, kind, right_class, *right_box, reviewed, note, author, time = row[_PLACE_COLUMNS:]
    verdict = Verdict(
        None if judgement is None else Judgement(judgement),
        None if kind is None else Kind(kind),
        _text(right_class),
        _box(right_box),
        bool(_whole(reviewed)),
        _text(note),
    )
    when = datetime.fromisoformat(_text(time))
    if when.tzinfo is None:
        raise ValueError(f"{time!r} is a time of nowhere")
    return Entry(_place(row[:_PLACE_COLUMNS]), verdict, _text(author), when)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} is no text")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError(f"{value!r:.40} is no whole number")
    return value


def _file_id(text: object) -> FileId:
    found = json.loads(_text(text))
    if not isinstance(found, int | str):
        raise ValueError(f"{found!r:.40} is no id")
    return found


def _box(values: Sequence[object]) -> Box | None:
    """None also where a number was none: SQLite keeps NaN as NULL."""
    numbers = []
    for value in values:
        if value is None:
            return None
        if not isinstance(value, int | float):
            raise ValueError(f"{value!r:.40} is no number")
        numbers.append(float(value))
    x, y, width, height = numbers
    return x, y, width, height
