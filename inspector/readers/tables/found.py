"""Detections as a table in a text file with a header: CSV, with whatever separates its columns."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from itertools import compress, repeat
from pathlib import Path
from typing import Final

import numpy as np

from inspector.conventions import looks_relative
from inspector.dataset import Rows
from inspector.errors import InputError
from inspector.progress import Progress
from inspector.readers.found_keys import class_keys, image_keys, listed_names, whole_number
from inspector.readers.found_sizes import sizes_of
from inspector.readers.notes import EXAMPLES, NoteBook
from inspector.readers.parts import Context, Found, GroundTruth, Keys
from inspector.readers.tables.columns import Columns, columns_of, only_labels
from inspector.readers.tables.table import Piece, header_of, named, pieces_of
from inspector.reading import Convention

STAGE: Final = "Reading detections"
_UNREADABLE: Final = "line{s} left out: cannot be read"
_DECIMAL_COMMAS: Final = "line{s} with decimal commas, read as points"
_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".tab")

Cells = Sequence[str]
Called = tuple[str | None, str | None]
"""What stands in the columns of the id and of the name."""


def looks_like_detections(path: Path) -> bool:
    """A file whose first line names columns for an image, a class, a score and a box."""
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return False
    try:
        header = header_of(path)
    except InputError:
        return False
    return isinstance(columns_of(header.names), Columns) and not only_labels(header.names)


def read_found(
    path: Path, truth: GroundTruth | None, context: Context, notes: NoteBook, progress: Progress
) -> Found:
    """Raises InputError, and what `progress` raises."""
    header = header_of(path)
    columns = columns_of(header.names)
    if isinstance(columns, str):
        raise InputError(path, f"line {header.line}", f"{columns} in the header: {named(header.names)}")
    if columns.unused:
        notes.add("column{s} of the table not used", *columns.unused, count=len(columns.unused))
    rows = _Rows(columns, len(header.names), notes)
    with closing(pieces_of(path, header)) as pieces:
        for piece in pieces:
            progress(STAGE, piece.part)
            rows.add(piece)
    if not len(rows):
        _nothing(path, rows, notes)
    found = rows.found(path, context)
    if found.sizes is None:
        found.sizes = sizes_of(found.images, found.convention, truth, context, progress)
    return found


def _nothing(path: Path, rows: _Rows, notes: NoteBook) -> None:
    if rows.first_failure:
        raise InputError(path, *rows.first_failure)
    notes.add("the detections file holds no detections", count=0)


class _Rows:
    """The detections that were read so far."""

    def __init__(self, columns: Columns, width: int, notes: NoteBook) -> None:
        self._columns, self._width, self._notes = columns, width, notes
        notes.declare(_UNREADABLE, _DECIMAL_COMMAS)
        self._images: dict[Called, int] = {}
        self._classes: dict[Called, int] = {}
        self._image_rows, self._class_rows, self._lines = array("i"), array("i"), array("i")
        self._numbers = tuple(array("d") for _ in range(5))
        self._sizes: dict[int, tuple[int, int]] = {}
        self.first_failure: tuple[str, str] | None = None
        """The place and the reason."""

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, piece: Piece) -> None:
        """Take the rows of a piece; what cannot be read is noted."""
        for line, count, reason in piece.failures:
            self._fail(line, reason, count)
        rows, lines = piece.rows, piece.lines
        if any(len(row) != self._width for row in rows) or (rows and lines[-1] - lines[0] >= len(rows)):
            rows, lines = self._fitting(rows, lines)
        if not rows:
            return
        if self._columns.listed is not None:
            rows = [[*row, *_four(row[self._columns.listed])] for row in rows]
        columns = list(zip(*rows, strict=True))
        cells = [columns[at] for at in (*self._columns.box, self._columns.score)]
        if not self._take_numbers(cells) and not self._take_commas(cells, lines):
            fine = self._one_by_one(cells, lines)
            columns = [tuple(compress(column, fine)) for column in columns]
            lines = list(compress(lines, fine))
        self._lines.extend(lines)
        self._take_names(columns, len(lines))

    def _fitting(self, rows: list[list[str]], lines: list[int]) -> tuple[list[list[str]], list[int]]:
        """The rows that have the header's number of fields, but for empty ones at their end.

        What goes over several lines is a quote that is not closed, unless it is in a column that is not used.
        """
        fine, used = [], self._columns.used
        for row, line in zip(rows, lines, strict=True):
            while len(row) > self._width and not row[-1].strip():
                row.pop()
            fits = used[-1] < len(row) <= self._width
            broken = sum(field.count("\n") for field in row)
            fine.append(fits and not (broken and any("\n" in row[column] for column in used)))
            if fine[-1]:
                row.extend([""] * (self._width - len(row)))
            if fine[-1] or not any(field.strip() for field in row):
                continue
            reason = (
                "a quote is not closed" if broken else f"{len(row)} fields, and {self._width} in the header"
            )
            self._fail(line - broken, reason, 1 + broken)
        return list(compress(rows, fine)), list(compress(lines, fine))

    def _take_numbers(self, columns: Sequence[Cells]) -> bool:
        """Take the numbers of some rows if all can be read."""
        numbers = [_floats(column) for column in columns]
        if any(column is None for column in numbers):
            return False
        for column, values in zip(self._numbers, numbers, strict=True):
            column.extend(values or ())
        return True

    def _take_commas(self, columns: Sequence[Cells], lines: list[int]) -> bool:
        """The same with commas for points."""
        if not self._take_numbers([[cell.replace(",", ".") for cell in column] for column in columns]):
            return False
        rows = zip(lines, *columns, strict=True)
        commas = [line for line, *cells in rows if any("," in cell for cell in cells)]
        places = (f"line {line}" for line in commas[:EXAMPLES])
        self._notes.add(_DECIMAL_COMMAS, *places, count=len(commas))
        return True

    def _one_by_one(self, columns: Sequence[Cells], lines: list[int]) -> list[bool]:
        """Take the numbers of the rows in which all can be read, with points or commas; says in which."""
        fine = []
        for line, cells in zip(lines, zip(*columns, strict=True), strict=True):
            values = _floats(cells)
            if values is None:
                values = _floats([cell.replace(",", ".") for cell in cells])
                if values is not None:
                    self._notes.add(_DECIMAL_COMMAS, f"line {line}")
            fine.append(values is not None)
            if values is None:
                self._fail(line, _not_a_number(cells))
            else:
                for column, value in zip(self._numbers, values, strict=True):
                    column.append(value)
        return fine

    def _fail(self, line: int, reason: str, count: int = 1) -> None:
        self.first_failure = self.first_failure or (f"line {line}", reason)
        self._notes.add(_UNREADABLE, f"line {line}: {reason}", count=count)

    def _take_names(self, columns: Sequence[Cells], count: int) -> None:
        def numbered(item: int | None, name: int | None, known: dict[Called, int]) -> list[int]:
            none = repeat(None, count)
            called = zip(
                none if item is None else columns[item], none if name is None else columns[name], strict=True
            )
            return [known.setdefault(one, len(known)) for one in called]

        mine, before = self._columns, len(self._images)
        images = numbered(mine.image_id, mine.image_name, self._images)
        self._image_rows.extend(images)
        self._class_rows.extend(numbered(mine.class_id, mine.class_name, self._classes))
        if mine.image_size is not None and len(self._images) > before:
            for image, width, height in zip(images, *(columns[at] for at in mine.image_size), strict=True):
                self._sizes.setdefault(image, _size(width, height))

    def found(self, path: Path, context: Context) -> Found:
        """Everything in the order of the file."""
        *box, scores = (np.frombuffer(column, np.float64) for column in self._numbers)
        boxes = np.stack(box, axis=1)
        columns = self._columns
        relative = looks_relative(boxes)
        convention = context.reading.detection_boxes or Convention(columns.corners, relative)
        lines = self._lines
        return Found(
            images=image_keys(self._images),
            classes=self._class_keys(path, context),
            image_rows=np.array(self._image_rows, np.int32),
            class_rows=np.array(self._class_rows, np.int32),
            boxes=boxes,
            scores=scores,
            place=lambda row: f"line {lines[row]}",
            convention=convention,
            candidates=tuple(replace(one, relative=relative) for one in columns.candidates),
            sizes=self._image_sizes(),
        )

    def _class_keys(self, path: Path, context: Context) -> Keys:
        """Classes; where the table gives numbers alone, a list may have their names."""
        numbers_alone = any(name is None or whole_number(name) is not None for _, name in self._classes)
        return class_keys(self._classes, listed_names(path, context, self._notes) if numbers_alone else {})

    def _image_sizes(self) -> Rows | None:
        if not self._sizes:
            return None
        return np.array([self._sizes[image] for image in range(len(self._images))], np.int32)


def _floats(cells: Sequence[str]) -> array[float] | None:
    """The numbers of some cells; None where one of them is none."""
    try:
        numbers = array("d", map(float, cells))
    except ValueError:
        return None
    return None if "_" in "".join(cells) else numbers  # Python's own way to write numbers


def _four(cell: str) -> Sequence[str]:
    """The four numbers of a cell; empty ones where there are not four."""
    numbers = cell.strip("[](){} ").replace(",", " ").split()
    return numbers if len(numbers) == 4 else ("", "", "", "")


def _not_a_number(cells: Sequence[str]) -> str:
    odd = next((cell for cell in cells if _floats([cell.replace(",", ".")]) is None), "")
    return f'"{odd[:40]}" is not a number' if odd.strip() else "a number is missing"


def _size(*cells: str) -> tuple[int, int]:
    """Width and height of the image; 0 where they are not told."""
    width, height = (whole_number(cell.strip()) or 0 for cell in cells)
    return (width, height) if 0 < width < 1 << 31 and 0 < height < 1 << 31 else (0, 0)
