"""The quick way for large files of detections in the plain layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import FileId, Floats, Offsets, Rows
from inspector.kernels.ready import make_ready
from inspector.parallel import in_order
from inspector.progress import Progress
from inspector.readers.files import FileBytes

_SHORTEST = len('{"image_id":1,"category_id":1,"bbox":[0,0,0,0],"score":0}')
_AHEAD = 16
"""Pieces that are read before they are joined: enough for every processor, little to keep."""
_LARGEST_TABLE = 1 << 24
_MOST_BITS = 62


@dataclass(frozen=True, slots=True, eq=False)
class PlainPiece:
    """The detections of one piece, every one of them usable as it is."""

    images: Rows
    classes: Rows
    boxes: Floats
    scores: Floats

    def __len__(self) -> int:
        return len(self.scores)


class PlainReader:
    """Reads pieces on all processors, in order; a piece that is not plain, or holds anything odd, is None."""

    def __init__(
        self, images: Sequence[FileId], classes: Sequence[FileId], file: FileBytes, progress: Progress
    ) -> None:
        make_ready(progress, ["plain_detections"])
        self._images, self._classes = _IdTable(images), _IdTable(classes)
        self._file = file

    def pieces(self, ranges: Sequence[tuple[int, int]]) -> Iterator[PlainPiece | None]:
        """For each range of bytes, from behind a bracket or comma to before the next one."""
        return in_order(self._read, ranges, ahead=_AHEAD)

    def _read(self, piece: tuple[int, int]) -> PlainPiece | None:
        from inspector.kernels.plain_detections import read_plain

        start, end = piece
        room = (end - start) // _SHORTEST + 1
        ids, numbers = np.empty((room, 2), np.int64), np.empty((room, 5))
        count = read_plain(self._file.data, start, end, ids, numbers)
        if count < 0:
            return None
        images = self._images.rows(ids[:count, 0])
        classes = self._classes.rows(ids[:count, 1])
        boxes, scores = numbers[:count, :4].copy(), numbers[:count, 4].copy()
        odd = min(images.min(), classes.min(), boxes[:, 2:].min(), scores.min()) < 0 or scores.max() > 1
        return None if odd else PlainPiece(images, classes, boxes, scores)


class _IdTable:
    """The rows of whole-number ids."""

    def __init__(self, ids: Sequence[FileId]) -> None:
        numbers = [item for item in ids if isinstance(item, int) and abs(item).bit_length() <= _MOST_BITS]
        # Integers come first among the ids, ascending: their rows follow each other
        first = next((row for row, item in enumerate(ids) if numbers and item == numbers[0]), 0)
        self._ids = np.array(numbers, dtype=np.int64)
        self._rows = np.arange(first, first + len(numbers), dtype=np.int32)
        self._table: NDArray[np.int32] | None = None
        if len(numbers) and numbers[-1] - numbers[0] < _LARGEST_TABLE:
            self._table = np.full(numbers[-1] - numbers[0] + 1, -1, dtype=np.int32)
            self._table[self._ids - numbers[0]] = self._rows

    def rows(self, ids: Offsets) -> Rows:
        """int32 [ids]: -1 where an id is unknown."""
        if not len(self._ids):
            return np.full(len(ids), -1, dtype=np.int32)
        if self._table is not None:
            places = ids - self._ids[0]
            inside = (places >= 0) & (places < len(self._table))
            return np.where(inside, self._table[np.where(inside, places, 0)], np.int32(-1))
        places = np.searchsorted(self._ids, ids).clip(max=len(self._ids) - 1)
        return np.where(self._ids[places] == ids, self._rows[places], np.int32(-1))
