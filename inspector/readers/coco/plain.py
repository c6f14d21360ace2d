"""The quick way for large files of detections in the plain layout."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import FileId, Floats, Rows
from inspector.kernels.ready import make_ready
from inspector.parallel import PROCESSORS, in_order
from inspector.progress import Progress
from inspector.readers.files import FileBytes

BLOCK = 1 << 20
"""Bytes of a file that are read and parsed at once: they stay in a processor's cache."""
MARGIN = 4096
"""How far a detection may reach beyond its block."""
PADDING = 8
"""So many 0 stand behind the text that a kernel is given."""
_SHORTEST = len('{"image_id":1,"category_id":1,"bbox":[0,0,0,0],"score":0}')
AHEAD = 2 * PROCESSORS
"""Parts that are read before they are joined: enough for every processor, little to keep."""
_ANYWHERE, _END = -1, -2
"""Instead of a position."""
_BEGINNING = re.compile(rb"(\xef\xbb\xbf)?[ \t\r\n]*\[[ \t\r\n]*")
_SPACES = b" \t\r\n"
_LARGEST_TABLE = 1 << 24
_BEYOND = 1 << 62


@dataclass(frozen=True, slots=True, eq=False)
class PlainDetections:
    """Some detections in the file's order, every one of them usable as it is."""

    images: Rows
    classes: Rows
    boxes: Floats
    scores: Floats

    @classmethod
    def room(cls, rows: int) -> PlainDetections:
        """Columns for so many detections, not filled."""
        return cls(np.empty(rows, np.int32), np.empty(rows, np.int32), np.empty((rows, 4)), np.empty(rows))

    def __len__(self) -> int:
        return len(self.scores)

    def first(self, rows: int) -> PlainDetections:
        """The first rows; shares the memory."""
        return PlainDetections(self.images[:rows], self.classes[:rows], self.boxes[:rows], self.scores[:rows])

    def copy(self) -> PlainDetections:
        """The same in memory of its own."""
        return PlainDetections(self.images.copy(), self.classes.copy(), self.boxes.copy(), self.scores.copy())

    def fill(self, first: int, found: PlainDetections) -> None:
        """Write some detections from a row on."""
        rows = slice(first, first + len(found))
        self.images[rows], self.classes[rows] = found.images, found.classes
        self.boxes[rows], self.scores[rows] = found.boxes, found.scores


class PlainReader:
    """Reads detections by a kernel, on all processors."""

    def __init__(self, images: IdTable, classes: IdTable, progress: Progress) -> None:
        make_ready(progress, ["plain_records"])
        self._images, self._classes = images, classes

    def pieces(self, file: FileBytes, ranges: Sequence[tuple[int, int]]) -> Generator[PlainDetections | None]:
        """The detections in each range of bytes, from behind a bracket or comma to before the next one.

        None where a piece is not plain, or holds anything that has to be remarked on.
        """

        def read(piece: tuple[int, int]) -> PlainDetections | None:
            start, end = piece
            window = _Window(end + 1 - start)
            window.text[: end + 1 - start] = file.data[start : end + 1].data
            part = self._parse(window, 0, end - start)
            # What ends the piece must be what ends its last detection
            return part.found.copy() if part is not None and part.end == end - start else None

        return in_order(read, ranges, AHEAD)

    def file(self, path: Path, progress: Progress, stage: str) -> PlainDetections | None:
        """A whole file; None if it is not plain from its first byte to its last, or cannot be read.

        It is never held in memory. A block is parsed before it is known where its first detection begins: at
        the first opening brace, if all before is plain, because then no brace stands in a text. Whether that
        is so the block before shows, which must end where this one begins.
        """
        with ExitStack() as stack:
            try:
                size = path.stat().st_size
                streams = [stack.enter_context(path.open("rb", buffering=0)) for _ in range(AHEAD)]
                return self._join(size, streams, progress, stage)
            except OSError:
                return None

    def _join(
        self, size: int, streams: Sequence[FileIO], progress: Progress, stage: str
    ) -> PlainDetections | None:
        # As many as there are blocks that are worked on, or wait to be joined: none ever waits for a window
        windows: SimpleQueue[tuple[_Window, FileIO]] = SimpleQueue()
        for stream in streams:
            windows.put((_Window(BLOCK + MARGIN), stream))

        def read(start: int) -> tuple[_Part | None, tuple[_Window, FileIO]]:
            window, stream = windows.get_nowait()
            return self._read_block(window, stream, start, size), (window, stream)

        joined, rows, begin = PlainDetections.room(size // _SHORTEST + 1), 0, _ANYWHERE
        with closing(in_order(read, range(0, size, BLOCK), AHEAD)) as parts:
            for part, window in parts:
                progress(stage, max(begin, 0) / size)
                if part is None or begin not in (_ANYWHERE, part.begin):
                    break
                joined.fill(rows, part.found)
                rows, begin = rows + len(part.found), part.next
                if begin == _END:
                    return joined.first(rows)
                windows.put(window)
        return None

    def _read_block(self, window: _Window, stream: FileIO, start: int, size: int) -> _Part | None:
        """The detections that begin in a block; `next` is _END where the list ends, and the file with it."""
        filled = window.fill(stream, start)
        if start == 0:
            opened = _BEGINNING.match(window.text)
            first = opened.end() if opened else -1
        else:
            first = window.text.find(b"{", 0, BLOCK)
        part = self._parse(window, first, BLOCK) if first >= 0 else None
        if part is None:
            return None
        following = start + part.next
        if window.text[part.end] == ord("]"):
            if start + filled < size or window.text[part.end + 1 : filled].strip(_SPACES):
                return None
            following = _END
        return _Part(part.found, start + first, start + part.end, following)

    def _parse(self, window: _Window, start: int, limit: int) -> _Part | None:
        """The detections that begin from `start` on and before `limit`; None if anything is odd."""
        from inspector.kernels.plain_records import DETECTION, read_records

        images, classes, found, ends = self._images, self._classes, window.found, np.zeros(2, np.int64)
        count = read_records(
            *(np.frombuffer(window.text, np.uint8), start, limit, images.ids, images.table, images.first),
            classes.ids,
            classes.table,
            classes.first,
            DETECTION,
            DETECTION,
            found.images,
            found.classes,
            found.boxes,
            found.scores,
            np.empty(0, np.int64),
            np.empty(0, np.bool_),
            ends,
        )
        if count < 0 or window.text[ends[0]] not in b",]":
            return None
        return _Part(found.first(count), start, int(ends[0]), int(ends[1]))


class _Window:
    """Some bytes of a file, followed by 0 as the kernels want it, and room for the detections in them."""

    def __init__(self, size: int) -> None:
        self.text = bytearray(size + PADDING)
        self.found = PlainDetections.room(size // _SHORTEST + 1)

    def fill(self, stream: FileIO, start: int) -> int:
        """Read from a position of a file as much as fits, or there is; returns how much."""
        stream.seek(start)
        filled = 0
        with memoryview(self.text) as view:
            while count := stream.readinto(view[filled:-PADDING]):
                filled += count
        self.text[filled : filled + PADDING] = bytes(PADDING)
        return filled


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The detections of a part of a file."""

    found: PlainDetections
    begin: int
    """Where the first of them begins."""
    end: int
    """Where the comma or bracket behind the last of them stands."""
    next: int
    """Where, behind a comma, the next one begins."""


class IdTable:
    """The rows of whole-number ids, as `row_of` of the kernels looks them up."""

    def __init__(self, ids: Sequence[FileId], spare: int = 0) -> None:
        """`spare`: so many numbers from 0 on have rows behind those of the ids, if they are no ids."""
        numbers = [item for item in ids if isinstance(item, int) and -_BEYOND < item < _BEYOND]
        # Integers come first among the ids, ascending: their rows follow each other
        self.first = next((row for row, item in enumerate(ids) if numbers and item == numbers[0]), 0)
        self.known = len(ids)
        # Without any, an id that no plain number can be
        self.ids = np.array(numbers or [_BEYOND], dtype=np.int64)
        self.table = np.empty(0, np.int32)
        self.spare: NDArray[np.int64] = np.empty(0, np.int64)
        """int64: the numbers whose rows stand behind those of the ids."""
        ends = [(0, spare)]
        if numbers:
            own = numbers[0], numbers[-1] + 1
            ends = [(min(own[0], 0), max(own[1], spare)), own] if spare else [own]
        for low, high in ends:
            if high - low <= _LARGEST_TABLE:
                self._fill(numbers, low, high, spare)
                break

    def _fill(self, numbers: Sequence[int], low: int, high: int, spare: int) -> None:
        """Make the table of all numbers from `low` on and before `high`."""
        self.table = np.full(high - low, -1, dtype=np.int32)
        if numbers:
            self.table[self.ids - low] = np.arange(self.first, self.first + len(numbers))
        if low <= 0 and spare <= high:
            self.spare = np.flatnonzero(self.table[-low : spare - low] < 0)
            self.table[self.spare - low] = np.arange(self.known, self.known + len(self.spare))
        if len(self.table):  # it begins with the first of the ids
            self.ids = np.array([low], dtype=np.int64)
