"""The lines of many small text files, or of a few large ones: a word, and the numbers behind it."""

from __future__ import annotations

import os
import stat
from array import array
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path
from typing import Final, TextIO

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Floats, Offsets, Rows
from inspector.errors import InputError
from inspector.parallel import in_order
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.notes import NoteBook
from inspector.readers.text.line_fields import DECIMAL_COMMAS, Fields, coding_of, fields_of, plain_text

UNREADABLE: Final = "line{s} left out: cannot be read"
_NO_FILE: Final = "text file{s} left out: cannot be read"
_FILES: Final = 256
"""Read by one thread at a time."""
_PIECE: Final = 1 << 18
"""Bytes of a large file that are taken at once: some milliseconds of work."""
_LONGEST: Final = 1 << 21
"""Characters of a line; a longer one is left out."""
_AHEAD: Final = 4
"""Blocks of files that are read before they are needed."""
_OPENING: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""Without waiting for a pipe that nobody writes to."""
_RARE: Final = (b",", b";", b'"', b"'", b"\0")
"""In most files there is none of them, and all lines are read at once."""
_NO_TEXT: Final = "is not text in UTF-8 or UTF-16"


@dataclass(frozen=True, slots=True, eq=False)
class TextLines:
    """The lines that could be read, in the order of the files; empty lines are left out."""

    names: tuple[str, ...]
    """The files, as they were asked for."""
    files: Rows
    """int32 [lines]: positions in `names`, ascending."""
    line_numbers: Rows
    """int32 [lines]: from 1."""
    words: tuple[str, ...]
    """What stands first in the lines, a class or an image, as text, each once."""
    word_rows: Rows
    """int32 [lines]: positions in `words`."""
    numbers: Floats
    """float64 [numbers]: what follows in the lines, one line behind the other; may hold NaN and infinity."""
    offsets: Offsets
    """int64 [lines + 1]: where the numbers of each line begin."""
    unread: str = ""
    """Where nothing could be read, though there is something: the first place and reason."""

    def check_read(self, path: Path) -> None:
        """Raises InputError where `path` holds something, and nothing of it could be read."""
        if self.unread:
            raise InputError(path, "", f"no line can be read: {self.unread}")

    def __len__(self) -> int:
        return len(self.files)

    @property
    def counts(self) -> Offsets:
        """int64 [lines]: how many numbers follow the word."""
        return np.diff(self.offsets)

    def table(self, count: int, rows: Rows | NDArray[np.int64] | None = None) -> Floats:
        """float64 [rows, count]: the first `count` numbers of some lines (None: all), which have so many."""
        first = self.offsets[:-1] if rows is None else self.offsets[rows]
        if len(self.numbers) == count * len(first) and rows is None:
            return self.numbers.reshape(-1, count)
        picked: Floats = self.numbers[first[:, None] + np.arange(count)]
        return picked

    def place(self, line: int) -> str:
        """ "labels/a.txt, line 3"."""
        return place_of(self.names[int(self.files[line])], int(self.line_numbers[line]))


def place_of(name: str, line_number: int) -> str:
    """How notes and errors name a line of a file."""
    return f"{name}, line {line_number}"


def read_lines(
    folder: Path, names: Sequence[str], notes: NoteBook, progress: Progress, stage: str
) -> TextLines:
    """Read text files of a folder, UTF-8 or UTF-16, whatever separates the fields.

    Fields are separated by blanks, tabs, commas or semicolons, several of them as well; commas inside of
    numbers are decimal where nothing else makes sense. A word of several parts ("traffic light") is one
    word. What cannot be read is left out and noted with its place: lines in which something else than a
    number follows, and files that are no text or cannot be opened. Raises what `progress` raises.
    """
    lines = _Collected(notes, names)
    pause = Pauses()
    before = {text: notes.count(text) for text in (UNREADABLE, _NO_FILE)}
    pieces = _pieces(folder, names, notes)
    with closing(pieces):
        for piece in pieces:
            if piece.files:
                progress(stage, piece.files[-1] / len(names))
                lines.add(piece)
            pause()
    taken = lines.taken()
    failed = [text for text, count in before.items() if notes.count(text) > count]
    if len(taken) or not failed:
        return taken
    return replace(taken, unread=notes.first(failed[0]) or "")


@dataclass(slots=True)
class _Piece:
    """The bytes of some files, or a part of one."""

    files: list[int]
    texts: list[bytes]
    first_line: int = 1
    """The number of the first line; others than 1 only in parts of one file."""


class _Collected:
    """The lines that were read so far."""

    def __init__(self, notes: NoteBook, names: Sequence[str]) -> None:
        self._notes, self._names = notes, names
        notes.declare(UNREADABLE, DECIMAL_COMMAS)
        self._files, self._line_numbers, self._word_rows = array("i"), array("i"), array("i")
        self._counts, self._numbers = array("i"), array("d")
        self._words: dict[bytes, int] = {}

    def add(self, piece: _Piece) -> None:
        """Take the lines of a piece: all at once where they are plain, else one by one."""
        blob = b"\n".join(piece.texts)
        tokens = blob.split()
        if not tokens:
            return
        data = np.frombuffer(blob, np.uint8)
        blank = data <= 32
        starts = np.flatnonzero(~blank & np.concatenate((np.ones(1, np.bool_), blank[:-1])))
        breaks = np.flatnonzero(data == 10)
        lines = np.searchsorted(breaks, starts)
        if len(starts) != len(tokens) or any(mark in blob for mark in _RARE):
            self._add_slowly(piece)
            return
        first = np.concatenate((np.ones(1, np.bool_), lines[1:] != lines[:-1]))
        words = list(compress(tokens, first.tolist()))
        rest = list(compress(tokens, (~first).tolist()))
        try:
            numbers = array("d", map(float, rest))
        except ValueError:
            self._add_slowly(piece)
            return
        if b"_" in blob and any(b"_" in number for number in rest):
            self._add_slowly(piece)
            return
        heads = np.flatnonzero(first)
        own = lines[heads]
        ends = np.cumsum([text.count(b"\n") + 1 for text in piece.texts])
        file = np.searchsorted(ends, own, side="right")
        begins = np.concatenate((np.zeros(1, np.int64), ends[:-1]))
        self._extend(self._files, np.asarray(piece.files, np.int32)[file])
        self._extend(self._line_numbers, own - begins[file] + piece.first_line)
        self._extend(self._counts, np.diff(np.append(heads, len(tokens))) - 1)
        self._numbers.extend(numbers)
        known = self._words
        self._word_rows.extend([known.setdefault(word, len(known)) for word in words])

    @staticmethod
    def _extend(column: array[int], values: NDArray[np.int64] | Rows) -> None:
        column.frombytes(np.asarray(values, np.int32).tobytes())

    def _add_slowly(self, piece: _Piece) -> None:
        for file, text in zip(piece.files, piece.texts, strict=True):
            for number, line in enumerate(text.split(b"\n"), piece.first_line):
                if not line.strip():
                    continue
                fields = fields_of(line)
                place = place_of(self._names[file], number)
                if isinstance(fields, str):
                    self._notes.add(UNREADABLE, f"{place}: {fields}")
                else:
                    self._add_line(file, number, fields)
                    if fields.decimal_commas:
                        self._notes.add(DECIMAL_COMMAS, place)

    def _add_line(self, file: int, number: int, fields: Fields) -> None:
        self._files.append(file)
        self._line_numbers.append(number)
        self._word_rows.append(self._words.setdefault(fields.word, len(self._words)))
        self._counts.append(len(fields.numbers))
        self._numbers.extend(fields.numbers)

    def taken(self) -> TextLines:
        """Everything as arrays."""
        offsets = np.zeros(len(self._counts) + 1, np.int64)
        np.cumsum(np.frombuffer(self._counts, np.int32), out=offsets[1:])
        return TextLines(
            names=tuple(self._names),
            files=np.frombuffer(self._files, np.int32),
            line_numbers=np.frombuffer(self._line_numbers, np.int32),
            words=tuple(word.decode("utf-8", "replace") for word in self._words),
            word_rows=np.frombuffer(self._word_rows, np.int32),
            numbers=np.frombuffer(self._numbers, np.float64),
            offsets=offsets,
        )


def _pieces(folder: Path, names: Sequence[str], notes: NoteBook) -> Generator[_Piece]:
    """The files in their order, many small ones at once, a large one in parts."""

    def read(first: int) -> list[bytes | str]:
        return [_beginning(f"{folder}{os.sep}{name}") for name in names[first : first + _FILES]]

    with closing(in_order(read, range(0, len(names), _FILES), ahead=_AHEAD)) as blocks:
        for block, beginnings in enumerate(blocks):
            small = _Piece([], [])
            for file, data in enumerate(beginnings, block * _FILES):
                if isinstance(data, str):
                    notes.add(_NO_FILE, f"{names[file]}: {data}")
                elif len(data) == _PIECE:
                    yield small
                    small = _Piece([], [])
                    yield from _parts(folder / names[file], file, names[file], notes)
                elif (text := plain_text(data)) is None:
                    notes.add(_NO_FILE, f"{names[file]}: {_NO_TEXT}")
                elif text:
                    small.files.append(file)
                    small.texts.append(text)
            yield small


def _beginning(path: str) -> bytes | str:
    """The first bytes of a file, in most cases all of them; or why it cannot be read."""
    try:
        descriptor = os.open(path, _OPENING)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return "is no regular file"
            return os.read(descriptor, _PIECE)
        finally:
            os.close(descriptor)
    except OSError as error:
        return error.strerror or str(error)


def _parts(path: Path, file: int, name: str, notes: NoteBook) -> Generator[_Piece]:
    """A large file in pieces that end with a line."""
    try:
        with path.open("rb") as stream:
            coding = coding_of(stream.read(_PIECE))
        if coding is None:
            notes.add(_NO_FILE, f"{name}: {_NO_TEXT}")
            return
        with path.open(encoding=coding, errors="replace") as texts:  # ends every line with "\n"
            number = 1
            for text in _whole_lines(texts):
                if text is None:
                    notes.add(UNREADABLE, f"{place_of(name, number)}: is too long")
                    number += 1
                else:
                    yield _Piece([file], [text.encode("utf-8", "replace")], number)
                    number += text.count("\n") + 1
    except OSError as error:
        notes.add(_NO_FILE, f"{name}: {error.strerror or error}")


def _whole_lines(texts: TextIO) -> Generator[str | None]:
    """A text in pieces of whole lines, without the end of the last; None for a line that is too long."""
    rest = ""
    while text := texts.read(_PIECE):
        head, end, tail = text.rpartition("\n")
        if not end:
            rest += text if len(rest) <= _LONGEST else ""
            continue
        if len(rest) > _LONGEST:
            yield None
            _, more, head = head.partition("\n")
            if more:
                yield head
        else:
            yield rest + head
        rest = tail
    if rest:
        yield rest if len(rest) <= _LONGEST else None
