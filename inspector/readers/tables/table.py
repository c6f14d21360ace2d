"""Tables in text files: what separates the columns, and their rows in pieces."""

from __future__ import annotations

import csv
import io
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

from inspector.errors import InputError
from inspector.readers.folders import read_text

if TYPE_CHECKING:
    import _csv

_SEPARATORS: Final = ",;\t|"
_HEAD: Final = 1 << 16
_LONGEST: Final = 1 << 20
"""Characters of a line."""
_PIECE: Final = 4096
"""Rows that are taken at once: some milliseconds of work."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a table."""

    names: tuple[str, ...]
    separator: str
    line: int
    """Its number, from 1."""


Failure = tuple[int, int, str]
"""What is no row: its first line, how many lines it takes, and why."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a table; empty lines are left out."""

    rows: list[list[str]]
    lines: list[int]
    """The number of the line, from 1, that each row ends with."""
    failures: list[Failure]
    part: float
    """How much of the file has been read, 0 to 1."""


def header_of(path: Path) -> Header:
    """The first line that is not empty, cut by what gives the most columns. Raises InputError."""
    text = read_text(path, _HEAD)
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if line.strip() and not line.lower().startswith("sep="):  # the latter is Excel's
            cut = {separator: _fields(line, separator) for separator in _SEPARATORS}
            separator = max(cut, key=lambda one: len(cut[one]))
            return Header(tuple(cut[separator]), separator, number)
    raise InputError(path, "", "is empty")


def _fields(line: str, separator: str) -> list[str]:
    try:
        return [field.strip() for field in next(csv.reader([line], **_dialect(separator)))]
    except csv.Error:
        return []


class _Dialect(TypedDict):
    delimiter: str
    skipinitialspace: bool


def _dialect(separator: str) -> _Dialect:
    return _Dialect(delimiter=separator, skipinitialspace=separator != "\t")


def pieces_of(path: Path, header: Header) -> Generator[Piece]:
    """All rows behind the header. Raises InputError."""
    try:
        with path.open("rb") as raw:
            size = max(raw.seek(0, 2), 1)
            raw.seek(0)
            coding = "utf-16" if raw.read(2) in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
            raw.seek(0)
            text = io.TextIOWrapper(raw, coding, newline="")
            lines = _lines(path, text)
            for _ in islice(lines, header.line):
                pass
            reader = csv.reader(lines, **_dialect(header.separator))
            while (piece := _piece(reader, header.line)) is not None:
                yield Piece(*piece, min(raw.tell() / size, 1.0))
    except OSError as error:
        raise InputError(path, "", f"cannot be read: {error.strerror or error}") from None


def _piece(reader: _csv.Reader, before: int) -> tuple[list[list[str]], list[int], list[Failure]] | None:
    rows: list[list[str]] = []
    ends: list[int] = []
    failures: list[Failure] = []
    while len(rows) < _PIECE:
        known, start, reason = len(rows), before + reader.line_num, ""
        try:
            rows.extend(islice(reader, _PIECE - known))  # what came before an error stays
        except csv.Error as error:
            reason = str(error)
        ends.extend(_ends(rows[known:], start, before + reader.line_num))
        if reason:
            last = ends[-1] if len(rows) > known else start
            failures.append((last + 1, before + reader.line_num - last, reason))
        elif len(rows) < _PIECE:
            break
    if not rows and not failures:
        return None
    if [] in rows:
        ends = list(compress(ends, rows))
        rows = [row for row in rows if row]
    return rows, ends, failures


def _ends(rows: list[list[str]], start: int, end: int) -> Iterable[int]:
    """The number of the line that each row ends with, of rows behind line `start`."""
    if end - start == len(rows):
        return range(start + 1, end + 1)
    spans = (1 + sum(field.count("\n") for field in row) for row in rows)
    return islice(accumulate(spans, initial=start), 1, None)


def _lines(path: Path, stream: io.TextIOWrapper) -> Generator[str]:
    """The lines of a stream, none of them endless."""
    number = 1
    try:
        while line := stream.readline(_LONGEST):
            if len(line) == _LONGEST and line[-1] not in "\r\n":
                raise InputError(path, f"line {number}", "is longer than a million characters")
            yield line
            number += 1
    except UnicodeError:
        raise InputError(path, f"line {number}", "is not text in UTF-8") from None


def named(names: Sequence[str], most: int = 12) -> str:
    """Some columns for an error or a note."""
    shown = ", ".join(f'"{name[:40]}"' for name in names[:most])
    return f"{shown}, …" if len(names) > most else shown
