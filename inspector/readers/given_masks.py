"""Masks of ground truth that is collected object by object: kept as numbers, drawn when all are there."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Floats, Masks, Rows
from inspector.kernels.ready import make_ready
from inspector.masks import offsets_of, rows_of
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.coco.masks import checked
from inspector.readers.notes import NoteBook

if TYPE_CHECKING:
    from inspector.kernels.mask_reading import Given

_STAGE = "Drawing masks"
_STEP = 500
"""Masks that are drawn by one call of a kernel: some milliseconds."""


class GivenMasks:
    """Polygons and run lengths by the rows of their objects, which only grow."""

    def __init__(self) -> None:
        self._rows, self._parts, self._lengths = array("i"), array("q"), array("q")
        self._starts = array("q", [0])
        self._is_polygon = bytearray()
        self._numbers = array("d")
        self._places: list[str] = []

    def add(self, row: int, parts: Sequence[Sequence[float]], place: str, *, polygons: bool = True) -> None:
        """The mask of an object: polygons as x and y by turns, or one list of run lengths."""
        self._rows.append(row)
        self._parts.append(len(parts))
        self._lengths.extend(map(len, parts))
        for part in parts:
            self._numbers.extend(part)
        self._starts.append(len(self._numbers))
        self._is_polygon.append(polygons)
        self._places.append(place)

    def take(self, sizes: Rows, order: Rows, notes: NoteBook, progress: Progress) -> Masks | None:
        """The masks of all objects in this order; None where there is none.

        `sizes`: int32 [objects, 2], width and height of the image of each object. What cannot be drawn is
        noted. Raises what `progress` raises.
        """
        if not self._rows:
            return None
        make_ready(progress, ["mask_reading"])
        rows, parts = np.array(self._rows), np.array(self._parts)
        part_starts = offsets_of(parts)
        lengths, starts = np.array(self._lengths), np.array(self._starts)
        numbers, is_polygon = np.array(self._numbers), np.frombuffer(bytes(self._is_polygon), np.uint8)
        mask_sizes, code_lengths = np.zeros((len(order), 2), np.int32), np.zeros(len(order), np.int64)
        codes: list[NDArray[np.uint8]] = []
        pause = Pauses()
        for first in range(0, len(rows), _STEP):
            progress(_STAGE, first / len(rows))
            step = slice(first, min(first + _STEP, len(rows)))
            drawn = checked(
                _given(
                    is_polygon[step],
                    sizes[rows[step], ::-1].astype(np.float64),
                    parts[step],
                    lengths[part_starts[step.start] : part_starts[step.stop]],
                    numbers[starts[step.start] : starts[step.stop]],
                )
            )
            for text, odd in drawn.reasons.items():
                notes.add_rows(text, odd, len(odd), lambda row, at=first: self._places[at + row])  # type: ignore[misc]
            mask_sizes[rows[step]] = drawn.sizes
            code_lengths[rows[step]] = drawn.lengths
            codes.append(drawn.codes)
            pause()
        return rows_of(Masks(mask_sizes, offsets_of(code_lengths), np.concatenate(codes)), order)


def _given(
    is_polygon: NDArray[np.uint8],
    sizes: Floats,
    parts: NDArray[np.int64],
    lengths: NDArray[np.int64],
    numbers: Floats,
) -> Given:
    from inspector.kernels import mask_reading as kernels

    kinds = np.where(is_polygon, kernels.POLYGONS, kernels.LENGTHS).astype(np.uint8)
    return kernels.Given(kinds, sizes, parts, lengths.copy(), numbers.copy(), np.empty(0, np.uint8))
