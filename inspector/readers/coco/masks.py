"""Masks of COCO records: polygons and run lengths as the dataset's codes, and columns of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Detections, Flags, Floats, Images, Masks, Objects, Offsets, Rows
from inspector.kernels.ready import make_ready
from inspector.masks import offsets_of
from inspector.outcomes import Codes
from inspector.progress import Progress
from inspector.readers.coco.columns import Column
from inspector.readers.coco.elements import Box, Polygons, RunLengths, Segmentation
from inspector.readers.coco.records import AnnotationRecord, DetectionRecord, segmentations_of
from inspector.readers.notes import NoteBook

if TYPE_CHECKING:
    from inspector.kernels.mask_reading import Given

_NO_IMAGE_SIZE = "mask{s} ignored: the height and width of the image are not known"
_WRONG_SIZE = "mask{s} ignored: the height and width of the bitmap cannot be used"
_WRONG_LENGTHS = "mask{s} ignored: the run lengths do not fill the bitmap"
_WRONG_POLYGON = "mask{s} ignored: a coordinate is not finite or far away, or the outline too long"
_TOO_SHORT = "mask{s} ignored: a polygon needs three points"
_OTHER_SIZE = "mask{s} of another size than the image: IoU 0 with masks of its size"
_REASONS = (_NO_IMAGE_SIZE, _WRONG_SIZE, _WRONG_LENGTHS, _WRONG_POLYGON, _TOO_SHORT, _OTHER_SIZE)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True, eq=False)
class MaskRows:
    """The masks of some records."""

    good: Flags
    """bool [rows]: whether there is a mask that can be used; without one everything else is 0."""
    reasons: dict[str, NDArray[np.intp]]
    """The rows whose mask cannot be used, by the note that says why."""
    sizes: Rows
    """int32 [rows, 2]: height and width of the bitmap."""
    lengths: Offsets
    """int64 [rows]: how many bytes of `codes` belong to the row."""
    codes: Codes
    areas: Floats
    """float64 [rows] in square pixels."""
    boxes: Floats
    """float64 [rows, 4]: the bounding boxes: x, y, width, height in pixels."""


def give_boxes(masks: MaskRows, records: Sequence[AnnotationRecord] | Sequence[DetectionRecord]) -> list[int]:
    """Give the records without a box the bounding boxes of their masks; returns which got one."""
    rows = [row for row in np.flatnonzero(masks.good).tolist() if records[row].bbox is None]
    for row in rows:
        records[row].bbox = Box(*masks.boxes[row].tolist())
    return rows


def _given(segmentations: Sequence[Segmentation | None], sizes: Floats) -> tuple[Given, list[int]]:
    """What some records say as arrays, and the rows of polygons that are none.

    `sizes` float64 [records, 2]: height and width of the images, 0 if unknown; gets those of the bitmaps.
    """
    from inspector.kernels import mask_reading as kernels

    rows = len(segmentations)
    kinds = np.zeros(rows, dtype=np.uint8)
    counts = np.zeros(rows, dtype=np.int64)
    lengths: list[int] = []
    lists: list[list[float]] = []
    codes: list[str] = []
    too_short = []
    for row, given in enumerate(segmentations):
        if not given:
            continue
        if isinstance(given, RunLengths):
            sizes[row] = given.size.height, given.size.width
            counts[row] = 1
            lengths.append(len(given.counts))
            if isinstance(given.counts, str):
                kinds[row] = kernels.CODE
                codes.append(given.counts)
            else:
                kinds[row] = kernels.LENGTHS
                lists.append(given.counts)
        elif len(given[0]) < 4:
            too_short.append(row)
        else:
            polygons = _with_corners(given) if len(given[0]) == 4 else given
            kinds[row] = kernels.POLYGONS
            counts[row] = len(polygons)
            lengths.extend(map(len, polygons))
            lists.extend(polygons)
    numbers = np.fromiter(chain.from_iterable(lists), np.float64, sum(map(len, lists)))
    text = np.frombuffer(_ascii("".join(codes)), dtype=np.uint8)
    return kernels.Given(kinds, sizes, counts, np.array(lengths, dtype=np.int64), numbers, text), too_short


def checked(given: Given, too_short: Sequence[int] = ()) -> MaskRows:
    """The masks of some rows, each either good or with a reason why it is not."""
    from inspector.kernels import mask_reading as kernels

    for array in given:
        array.setflags(write=False)  # the kernels' types tell apart what may be written
    rows = len(given.kinds)
    states = np.empty(rows, dtype=np.uint8)
    bytes_, areas, boxes = np.empty(rows, dtype=np.int64), np.empty(rows), np.empty((rows, 4))
    found = kernels.read_masks(given, states, bytes_, areas, boxes)
    good = states == kernels.GOOD
    reasons = {
        text: np.flatnonzero(states == state)
        for text, state in (
            (_NO_IMAGE_SIZE, kernels.NO_IMAGE_SIZE),
            (_WRONG_SIZE, kernels.WRONG_SIZE),
            (_WRONG_LENGTHS, kernels.WRONG_LENGTHS),
            (_WRONG_POLYGON, kernels.WRONG_POLYGON),
        )
    }
    reasons[_TOO_SHORT] = np.array(too_short, dtype=np.intp)
    kept_sizes = np.where(good[:, None], given.sizes, 0).astype(np.int32)
    return MaskRows(good, reasons, kept_sizes, bytes_, found, areas, boxes)


def _with_corners(parts: Polygons) -> Polygons:
    """Parts whose first has four numbers are boxes, x, y, width, height, as the COCO API has it."""
    corners = []
    for part in parts:
        if len(part) == 4:
            left, top, right, bottom = part[0], part[1], part[0] + part[2], part[1] + part[3]
            corners.append([left, top, left, bottom, right, bottom, right, top])
        else:
            corners.append(part)
    return corners


def _ascii(codes: str) -> bytes:
    """One byte for each character: what is not ASCII becomes a space, which no code has."""
    return (codes if codes.isascii() else _NOT_ASCII.sub(" ", codes)).encode("ascii")


class MaskColumn:
    """The masks of the rows that were read so far; costs nothing while there is none."""

    def __init__(self, wanted: bool, notes: NoteBook, progress: Progress) -> None:
        self.wanted = wanted
        self.rows = 0
        """How many rows it has."""
        self._notes, self._progress = notes, progress
        notes.declare(*_REASONS)
        self._parts: list[tuple[int, Rows, Offsets]] = []
        self._codes = Column(np.uint8)

    def read(
        self,
        records: Sequence[AnnotationRecord] | Sequence[DetectionRecord],
        sizes: Callable[[], Rows],
        known: Flags,
        place: Callable[[int], str],
    ) -> MaskRows | None:
        """The masks of some records, checked; None where there is none. Notes what cannot be used.

        `sizes` gives int32 [records, 2], width and height of the images, 0 where they are not known; `known`:
        of which records that is worth a note. Raises what the progress raises: kernels may have to be
        compiled.
        """
        segmentations = segmentations_of(records)
        if segmentations is None or not any(segmentations):
            return None
        make_ready(self._progress, ["mask_reading"])
        needed = any(isinstance(given, list) for given in segmentations)
        of_images = sizes()[:, ::-1] if needed else np.zeros((len(segmentations), 2))
        masks = checked(*_given(segmentations, of_images.astype(np.float64)))
        for text, odd in masks.reasons.items():
            rows = odd[known[odd]] if text == _NO_IMAGE_SIZE else odd
            self._notes.add_rows(text, rows, len(rows), lambda row: f"{place(row)}.segmentation")
        return masks

    def add(self, masks: MaskRows | None, keep: Flags) -> None:
        """Append the rows to keep, of some rows that may have masks."""
        kept = int(np.count_nonzero(keep))
        if self.wanted and masks is not None and masks.good.any():
            self._parts.append((self.rows, masks.sizes[keep], masks.lengths[keep]))
            whole = kept == len(keep)
            self._codes.add(masks.codes if whole else masks.codes[np.repeat(keep, masks.lengths)])
        self.rows += kept

    def skip(self, rows: int) -> None:
        """Append rows without masks."""
        self.rows += rows

    def take(self) -> Masks | None:
        """The masks of all rows; None where there is none. The column is empty afterwards."""
        if not self._parts:
            return None
        sizes, lengths = np.zeros((self.rows, 2), np.int32), np.zeros(self.rows, np.int64)
        for first, part_sizes, part_lengths in self._parts:
            sizes[first : first + len(part_sizes)] = part_sizes
            lengths[first : first + len(part_lengths)] = part_lengths
        self._parts.clear()
        return Masks(sizes, offsets_of(lengths), self._codes.take())


def note_other_sizes(
    rows: Objects | Detections, images: Images, place: Callable[[int], str], notes: NoteBook
) -> None:
    """Note the masks whose bitmap is not as large as their image; the COCO API takes them silently."""
    if rows.masks is None:
        return
    sizes, image_sizes = rows.masks.sizes, images.sizes[rows.images, ::-1]
    known = (sizes[:, 0] > 0) & (image_sizes[:, 0] > 0)
    odd = np.sort(rows.positions[known & (sizes != image_sizes).any(axis=1)])
    notes.add_rows(_OTHER_SIZE, odd, len(odd), lambda position: f"{place(position)}.segmentation.size")
