"""OpenImages' tables of boxes: one CSV file, or a folder with one for each split.

Other tables with a header are read as well if their columns are called so, or "filename" and "class".
"""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import compress
from operator import itemgetter
from pathlib import Path
from typing import Final

import numpy as np

from inspector.conventions import looks_relative, to_pixels
from inspector.dataset import Flags, Floats, Rows
from inspector.errors import InputError
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.coco.columns import part_of
from inspector.readers.folders import read_text, some_files
from inspector.readers.many_files import files_of, parts_of
from inspector.readers.notes import NoteBook
from inspector.readers.numbers import is_true, number, whole_size
from inspector.readers.parts import Context, GroundTruth
from inspector.readers.split_names import split_of
from inspector.readers.tables.columns import only_labels
from inspector.readers.tables.table import Header, Piece, header_of, named, pieces_of
from inspector.readers.truth_rows import STAGE, TruthRows
from inspector.reading import Convention

_IMAGES: Final = ("imageid", "filename", "imagename", "image")
_CLASSES: Final = ("labelname", "class", "classname", "label")
_CORNERS: Final = ("xmin", "ymin", "xmax", "ymax")
_SAMPLE: Final = 1000
_STEP: Final = 20_000
_JUDGED: Final = 50_000
"""Rows that show whether corners are parts of the image."""
_MOST: Final = 64 << 20
_MISSING: Final = "columns for image, class and corners (ImageID, LabelName, XMin, XMax, YMin, YMax)"
_UNREADABLE: Final = "line{s} left out: cannot be read"
_COMMAS: Final = "line{s} with decimal commas, read as points"
_NO_SIZE: Final = "image{s} left out: boxes are parts of the image, and its size is not known"
_ABSOLUTE: Final = "corners are pixels, not parts of the image"


@dataclass(frozen=True, slots=True)
class _Columns:
    """Positions in the header."""

    image: int
    label: int
    corners: tuple[int, ...]
    group: int | None
    score: int | None
    size: tuple[int, int] | None


def _columns(header: Header) -> _Columns | None:
    there: dict[str, int] = {}
    for position, name in enumerate(header.names):
        there.setdefault(re.sub("[^a-z0-9]", "", name.casefold()), position)
    image = next((there[name] for name in _IMAGES if name in there), None)
    label = next((there[name] for name in _CLASSES if name in there), None)
    if image is None or label is None or not all(name in there for name in _CORNERS):
        return None
    score = next((there[name] for name in ("confidence", "score") if name in there), None)
    size = (there["width"], there["height"]) if "width" in there and "height" in there else None
    corners = tuple(there[name] for name in _CORNERS)
    return _Columns(image, label, corners, there.get("isgroupof"), score, size)


def looks_like_truth(path: Path) -> bool:
    """A table with the columns of labels, whose confidence, if any, is always 1."""
    if path.is_dir():
        return any(_is_truth(path / name) for name in some_files(path, (".csv",)))
    return path.suffix.lower() in (".csv", ".txt", ".tsv") and _is_truth(path)


def _is_truth(path: Path) -> bool:
    try:
        header = header_of(path)
        columns = _columns(header)
        if columns is None or columns.score is None or only_labels(header.names):
            return columns is not None
        with closing(pieces_of(path, header)) as pieces:
            rows = next(pieces, Piece([], [], [], 1.0)).rows[:_SAMPLE]
    except InputError:
        return False
    scores = {row[columns.score].strip() for row in rows if len(row) > columns.score}
    return scores <= {"", "1", "1.0"}


def read_truth(path: Path, context: Context, notes: NoteBook, progress: Progress) -> GroundTruth:
    """Raises InputError, and what `progress` raises."""
    notes.declare(_UNREADABLE, _COMMAS, _NO_SIZE)
    root, names = files_of(path, ".csv", progress)
    if path.is_dir():
        names = [name for name in names if _is_truth(root / name)]
        if not names:
            raise InputError(path, "", f"holds no table with {_MISSING}")
    table = _Table(notes, several=len(names) > 1)

    def read(file: Path, step: Progress) -> None:
        table.read(file, file.relative_to(root).as_posix(), step)

    parts_of(root, names, read, notes, part_of(progress, 0.0, 0.7))
    if not table.images:
        raise table.first_failure or InputError(path, "", "holds no boxes")
    described = _descriptions([(root / name).parent for name in names], table.labels, notes)
    return _Placing(table, described, context, notes).ground_truth(path, part_of(progress, 0.7, 1.0))


class _Table:
    """The rows of all files, as they are written."""

    def __init__(self, notes: NoteBook, *, several: bool) -> None:
        self._notes, self._several = notes, several
        self.images: dict[str, int] = {}
        self.labels: dict[str, int] = {}
        self.splits: list[str] = []
        """Of each image."""
        self.sizes: dict[int, tuple[int, int]] = {}
        self.image_rows, self.label_rows, self._lines = array("i"), array("i"), array("i")
        self.corners = tuple(array("d") for _ in _CORNERS)
        self.groups = bytearray()
        self._files: list[tuple[int, str]] = []
        """The first row of each file, and its name."""
        self.first_failure: InputError | None = None

    def read(self, path: Path, name: str, progress: Progress) -> None:
        """Add the rows of a file. Raises InputError, and what `progress` raises."""
        header = header_of(path)
        columns = _columns(header)
        if columns is None:
            raise InputError(path, f"line {header.line}", f"has no {_MISSING}: {named(header.names)}")
        self._files.append((len(self._lines), name))
        pause = Pauses()
        with closing(pieces_of(path, header)) as pieces:
            for piece in pieces:
                progress(STAGE, piece.part)
                for line, count, reason in piece.failures:
                    self._fail(path, line, reason, count)
                self._add(path, piece, columns)
                self.splits.extend([split_of(name)] * (len(self.images) - len(self.splits)))
                pause()

    def place(self, row: int) -> str:
        """How a note names a row."""
        file = next(name for first, name in reversed(self._files) if first <= row)
        line = f"line {self._lines[row]}"
        return f"{file}, {line}" if self._several else line

    def _add(self, path: Path, piece: Piece, columns: _Columns) -> None:
        rows, lines = piece.rows, piece.lines
        needed = max(columns.image, columns.label, *columns.corners) + 1
        if any(len(row) < needed for row in rows):
            fine = [len(row) >= needed for row in rows]
            for row, line, fits in zip(rows, lines, fine, strict=True):
                if not fits and any(field.strip() for field in row):
                    self._fail(path, line, f"{len(row)} fields, of which {needed} are needed")
            rows, lines = list(compress(rows, fine)), list(compress(lines, fine))
        numbers = [_floats(list(map(itemgetter(column), rows))) for column in columns.corners]
        if any(column is None for column in numbers):
            rows, lines, numbers = self._one_by_one(path, rows, lines, columns)
        for target, values in zip(self.corners, numbers, strict=True):
            target.extend(values or ())
        self._lines.extend(lines)
        images, labels = self.images, self.labels
        first = len(self.image_rows)
        self.image_rows.extend(images.setdefault(row[columns.image].strip(), len(images)) for row in rows)
        self.label_rows.extend(labels.setdefault(row[columns.label].strip(), len(labels)) for row in rows)
        group = columns.group
        if group is None:
            self.groups.extend(bytes(len(rows)))
        else:
            self.groups.extend(len(row) > group and is_true(row[group]) for row in rows)
        if columns.size is not None:
            for image, row in zip(self.image_rows[first:], rows, strict=True):
                if image not in self.sizes:
                    self.sizes[image] = _size(row, columns.size)

    def _one_by_one(
        self, path: Path, rows: list[list[str]], lines: list[int], columns: _Columns
    ) -> tuple[list[list[str]], list[int], list[array[float] | None]]:
        """The rows whose numbers can be read, with points or commas."""
        numbers = [array("d") for _ in columns.corners]
        fine = []
        for row, line in zip(rows, lines, strict=True):
            cells = [row[column] for column in columns.corners]
            values = [value for cell in cells if (value := number(cell, decimal_comma=True)) is not None]
            fine.append(len(values) == len(cells))
            if not fine[-1]:
                odd = next(cell for cell in cells if number(cell, decimal_comma=True) is None)
                self._fail(path, line, f'"{odd[:40]}" is not a number' if odd else "a number is missing")
                continue
            if any("," in cell for cell in cells):
                self._notes.add(_COMMAS, f"line {line}")
            for column, value in zip(numbers, values, strict=True):
                column.append(value)
        return list(compress(rows, fine)), list(compress(lines, fine)), list(numbers)

    def _fail(self, path: Path, line: int, reason: str, count: int = 1) -> None:
        self.first_failure = self.first_failure or InputError(path, f"line {line}", reason)
        place = f"{path.name}, line {line}" if self._several else f"line {line}"
        self._notes.add(_UNREADABLE, f"{place}: {reason}", count=count)


class _Placing:
    """Puts the rows on their images."""

    def __init__(self, table: _Table, described: dict[str, str], context: Context, notes: NoteBook) -> None:
        self._table, self._described, self._context, self._notes = table, described, context, notes
        self._rows = TruthRows(notes)
        self._numbers = np.stack([np.frombuffer(column, np.float64) for column in table.corners], axis=1)
        wished = context.reading.ground_truth_boxes
        sample = self._numbers[:: len(self._numbers) // _JUDGED + 1]
        self._convention = wished or Convention("xyxy", relative=looks_relative(sample))

    def ground_truth(self, path: Path, progress: Progress) -> GroundTruth:
        """Everything in the dataset's order. Raises InputError, and what `progress` raises."""
        table, notes = self._table, self._notes
        names = self._names(progress)
        sizes = self._sizes(names, progress)
        left_out = np.zeros(len(names), np.bool_)
        if self._convention.relative:
            left_out = (sizes == 0).any(axis=1)
            if left_out.all():
                raise InputError(path, "", "gives boxes in parts of images: the folder of images is needed")
            rows = np.flatnonzero(left_out)
            notes.add_rows(_NO_SIZE, rows, len(rows), lambda row: names[row])
        elif not self._context.reading.ground_truth_boxes:
            notes.add(_ABSOLUTE, count=0)
        image_numbers = np.full(len(names), -1, np.int32)
        for row in np.flatnonzero(~left_out).tolist():
            if row % _STEP == 0:
                progress(STAGE, row / len(names))
            width, height = sizes[row].tolist()
            image_numbers[row] = self._rows.image(names[row], (width, height), table.splits[row])
        labels = [self._rows.class_of(label, self._described.get(label)) for label in table.labels]
        self._add(sizes, image_numbers, np.array(labels, np.int32), progress)
        return self._rows.ground_truth(progress, self._context.sizes.folder)

    def _add(self, sizes: Rows, image_numbers: Rows, labels: Rows, progress: Progress) -> None:
        table, pause = self._table, Pauses()
        image_rows, label_rows = np.array(table.image_rows), np.array(table.label_rows)
        groups: Flags = np.frombuffer(table.groups, np.bool_)
        for first in range(0, len(image_rows), _STEP):
            progress("Placing boxes", first / len(image_rows))
            step = first + np.flatnonzero(image_numbers[image_rows[first : first + _STEP]] >= 0)
            images = image_rows[step]
            boxes: Floats = to_pixels(self._numbers[step], self._convention, sizes[images])
            self._rows.add_boxes(
                image_numbers[images],
                labels[label_rows[step]],
                boxes,
                lambda row, at=step: table.place(int(at[row])),  # type: ignore[misc]
                groups[step],
            )
            pause()

    def _names(self, progress: Progress) -> list[str]:
        """File names: those of the images that the ids mean, or else the ids."""
        called = list(self._table.images)
        found = self._context.sizes.find(called, progress)
        names = [name or item for item, name in zip(called, found, strict=True)]
        return names if len(set(names)) == len(names) else called

    def _sizes(self, names: Sequence[str], progress: Progress) -> Rows:
        """int32 [images, 2]: of the table, or else of the images; 0 where neither says it."""
        told = self._table.sizes
        sizes = np.array([told.get(row, (0, 0)) for row in range(len(names))], np.int32).reshape(-1, 2)
        missing = np.flatnonzero((sizes == 0).any(axis=1))
        if len(missing):
            sizes[missing] = self._context.sizes.sizes([names[row] for row in missing.tolist()], progress)
        return sizes


def _floats(cells: Sequence[str]) -> array[float] | None:
    """The numbers of some cells; None where one of them is none, or not written as usual."""
    try:
        return None if "_" in "".join(cells) else array("d", map(float, cells))
    except ValueError:
        return None


def _size(row: Sequence[str], columns: tuple[int, int]) -> tuple[int, int]:
    width, height = (number(row[column]) if column < len(row) else None for column in columns)
    return whole_size(width, height) or (0, 0)


def _descriptions(folders: Sequence[Path], labels: dict[str, int], notes: NoteBook) -> dict[str, str]:
    """What labels such as "/m/01g317" are called, by a table beside the files or in a folder above."""
    for folder in dict.fromkeys([*folders, *(folder.parent for folder in folders)]):
        for path in sorted(folder.glob("*class-descriptions*.csv")):
            try:
                rows = [row for row in csv.reader(read_text(path, _MOST).splitlines()) if len(row) >= 2]
            except (InputError, csv.Error):
                continue
            found = {
                row[0].strip(): row[1].strip() for row in rows if row[0].strip() in labels and row[1].strip()
            }
            if found:
                notes.add(f"class names taken from {path.name}", count=0)
                return found
    return {}
