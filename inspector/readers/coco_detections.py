"""COCO results: a list of detections, or a COCO object whose annotations carry scores."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from operator import attrgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Classes, Detections, Flags, Floats, Images, Rows
from inspector.errors import InputError
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.coco_columns import Column, IdRows, UnknownIds, boxes_of, part_of, unusable
from inspector.readers.coco_elements import Box
from inspector.readers.coco_masks import MaskColumn, MaskRows, give_boxes
from inspector.readers.coco_records import (
    DETECTIONS,
    MASKED_DETECTIONS,
    DetectionRecord,
    read_records,
    records_of,
)
from inspector.readers.coco_shape import first_of, keys_of_first, list_of
from inspector.readers.coded import CodedDetections, CodedReader
from inspector.readers.files import read_file, size_of
from inspector.readers.json_pieces import Value, is_large, open_document
from inspector.readers.notes import NoteBook
from inspector.readers.ordering import dataset_order, offsets_of, reorder
from inspector.readers.plain import PlainDetections, PlainReader

STAGE = "Reading detections"
_UNKNOWN_IMAGE = "detection{s} ignored: unknown image id"
_UNKNOWN_CLASS = "detection{s} ignored: unknown category id"
_INFINITE = "detection{s} ignored: a number in the box or the score is not finite"
_NEGATIVE = "detection{s} ignored: negative width or height"
_NO_BOX = "detection{s} ignored: no box, and no mask that can be used"
_ODD_SCORE = "score{s} outside 0 to 1 (kept)"

_EMPTY_BOX = Box(0.0, 0.0, 0.0, 0.0)

_score = attrgetter("score")


def read_detections(
    path: Path, images: Images, classes: Classes, notes: NoteBook, progress: Progress, masks: bool
) -> Detections:
    """Read the detections and put them in the dataset's order. Raises InputError.

    Without `masks` only those of detections without a box are read, and not kept.
    """
    mask_column = MaskColumn(masks, images, notes, part_of(progress, 0.25, 0.25))
    columns = _Columns(images, classes, notes, mask_column)
    # the file's bytes are gone before anything is sorted
    prefix = _read_columns(path, columns, notes, progress)
    found = columns.detections(len(images), progress)
    mask_column.note_other_sizes(found, prefix)
    return found


def _read_columns(path: Path, columns: _Columns, notes: NoteBook, progress: Progress) -> str:
    """Read everything; returns how the places in the file begin."""
    if is_large(size_of(path)) and columns.read_plain(path, part_of(progress, 0.0, 0.9)):
        return ""
    file = read_file(path, part_of(progress, 0.0, 0.15), STAGE)
    document = open_document(file, part_of(progress, 0.15, 0.25), STAGE)
    value, prefix = _list_of_detections(path, document)
    columns.look_at(first_of(value))
    reading = part_of(progress, 0.25, 0.9)
    read = columns.read_large if is_large(len(file.data)) else columns.read_small
    count = read(value, prefix, reading)
    if not count:
        notes.add("the detections file holds no detections", count=0)
    return prefix


def _list_of_detections(path: Path, document: Value | dict[str, Value]) -> tuple[Value, str]:
    if isinstance(document, Value):
        if document.kind != "a list":
            raise InputError(path, "", f"expected a list of detections, found {document.kind}")
        return document, ""
    keys = ", ".join(f'"{key}"' for key in list(document)[:5]) or "no keys"
    if "annotations" not in document:
        hint = ": this looks like ground truth, not detections" if "images" in document else ""
        reason = f"expected a list of detections, found an object with {keys}{hint}"
        raise InputError(path, "", reason)
    value = list_of(path, document, "annotations")
    first = keys_of_first(value)
    if first is not None and "score" not in first:
        reason = 'this looks like ground truth, not detections: its "annotations" have no "score"'
        raise InputError(path, "", reason)
    return value, "annotations"


class _Columns:
    """The detections that were read so far, without what had to be ignored."""

    def __init__(self, images: Images, classes: Classes, notes: NoteBook, masks: MaskColumn) -> None:
        self._ids = images.ids, classes.ids
        self._images = IdRows(images.ids, "image id")
        self._classes = IdRows(classes.ids, "category id")
        self._notes = notes
        # Declared, so that the order of the notes does not depend on where the file was cut.
        notes.declare(_UNKNOWN_IMAGE, _UNKNOWN_CLASS, _NO_BOX, _INFINITE, _NEGATIVE, _ODD_SCORE)
        places = ("the detections", "the ground truth")
        self._unknown_image = UnknownIds(self._images, "image_id", _UNKNOWN_IMAGE, places, notes)
        self._unknown_class = UnknownIds(self._classes, "category_id", _UNKNOWN_CLASS, places, notes)
        self._positions = Column(np.int64)
        self._image_rows = Column(np.int32)
        self._class_rows = Column(np.int32)
        self._boxes = Column(np.float64, 4)
        self._scores = Column(np.float64)
        self._masks = masks
        self._kind = MASKED_DETECTIONS if masks.wanted else DETECTIONS
        self._area_of_mask = self._coded = False
        self._areas: list[tuple[NDArray[np.int64], Floats]] = []

    def look_at(self, first: object) -> None:
        """The first detection decides whether sizes are those of boxes or of masks, as in the COCO API's
        `loadRes`; where a later one has no such thing, the other is used.
        """
        if isinstance(first, dict) and first.get("bbox") in (None, []):
            self._area_of_mask = True
            self._kind = MASKED_DETECTIONS
        mask = first.get("segmentation") if isinstance(first, dict) else None
        self._coded = self._kind is MASKED_DETECTIONS and isinstance(mask, dict)

    def read_small(self, value: Value, prefix: str, progress: Progress) -> int:
        """Append all detections of a list; returns how many it holds."""
        count = 0
        for first, records, part in read_records(value, prefix, self._kind):
            self.add(records, first, prefix)
            count = first + len(records)
            progress(STAGE, part)
        return count

    def read_large(self, value: Value, prefix: str, progress: Progress) -> int:
        """The same for a list that was cut: its plain pieces are read by a kernel, the others one by one."""
        ranges, pause, count = value.ranges(), Pauses(), 0
        reader = (CodedReader if self._coded else PlainReader)(*self._ids, progress)
        with closing(reader.pieces(value.file, ranges)) as pieces:
            for number, ((start, end), found) in enumerate(zip(ranges, pieces, strict=True)):
                if found is not None:
                    self._positions.add(np.arange(count, count + len(found)))
                    self._add_plain(found)
                    count += len(found)
                else:
                    piece = value.piece(start, end)
                    for first, records in records_of(value, piece, count, prefix, self._kind):
                        self.add(records, first, prefix)
                        count = first + len(records)
                progress(STAGE, (number + 1) / len(ranges))
                pause()
        return count

    def read_plain(self, path: Path, progress: Progress) -> bool:
        """Append all detections of a file, if it is plain; otherwise nothing."""
        plain = PlainReader(*self._ids, progress).file(path, progress, STAGE)
        if plain is not None:
            self._add_plain(plain)
        return plain is not None

    def _add_plain(self, plain: PlainDetections | CodedDetections) -> None:
        """Append what is usable as it is, without the positions."""
        if isinstance(plain, CodedDetections):
            keep = np.ones(len(plain), np.bool_)
            self._add_areas(plain.masks, plain.boxless, keep)
            self._masks.add(plain.masks, keep)
        else:
            self._masks.skip(len(plain))
        self._image_rows.add(plain.images)
        self._class_rows.add(plain.classes)
        self._boxes.add(plain.boxes)
        self._scores.add(plain.scores)

    def add(self, records: Sequence[DetectionRecord], first: int, prefix: str) -> None:
        """Append the usable ones of some records, whose first has the position `first` in the file."""
        image_rows = self._images.find(records, "image_id")
        class_rows = self._classes.find(records, "category_id")
        masks = self._masks.read(records, image_rows, lambda row: f"{prefix}[{first + row}]")
        boxless = give_boxes(masks, records) if masks is not None else []
        boxes = boxes_of((record.bbox or _EMPTY_BOX for record in records), len(records))
        without = np.fromiter((record.bbox is None for record in records), np.bool_, len(records))
        scores = np.fromiter(map(_score, records), np.float64, len(records))
        positions = np.arange(first, first + len(records))
        infinite, negative = unusable(boxes, scores)
        keep = np.ones(len(records), np.bool_)
        odd = (
            without | (image_rows < 0) | (class_rows < 0) | infinite | negative | (scores < 0) | (scores > 1)
        )
        if odd.any():
            keep = self._note_odd(records, first, prefix, image_rows, class_rows, without, boxes, scores)
            image_rows, class_rows, boxes = image_rows[keep], class_rows[keep], boxes[keep]
            scores, positions = scores[keep], positions[keep]
        if masks is not None:
            self._add_areas(masks, boxless, keep)
        self._masks.add(masks, keep)
        self._positions.add(positions)
        self._image_rows.add(image_rows)
        self._class_rows.add(class_rows)
        self._boxes.add(boxes)
        self._scores.add(scores)

    def _add_areas(self, masks: MaskRows, boxless: Sequence[int] | NDArray[np.intp], keep: Flags) -> None:
        """Remember the areas that are not width x height; the rows are those of the kept detections."""
        by_mask = masks.good.copy() if self._area_of_mask else np.zeros(len(keep), np.bool_)
        by_mask[boxless] = True
        rows = np.flatnonzero(by_mask[keep])
        if len(rows):
            self._areas.append((self._masks.rows + rows, masks.areas[keep][rows]))

    def _note_odd(
        self,
        records: Sequence[DetectionRecord],
        first: int,
        prefix: str,
        image_rows: Rows,
        class_rows: Rows,
        without_box: Flags,
        boxes: Floats,
        scores: Floats,
    ) -> Flags:
        """Note what is odd, each detection for one reason only; bool [records]: what is kept."""

        def place(row: int) -> str:
            return f"{prefix}[{first + row}]"

        def box(row: int) -> str:
            return f"{place(row)}.bbox: {boxes[row].tolist()}"

        def score(row: int) -> str:
            return f"{place(row)}.score: {scores[row]}"

        infinite, negative = unusable(boxes, scores)
        keep = image_rows >= 0
        self._unknown_image.note(records, np.flatnonzero(~keep).tolist(), place)
        self._unknown_class.note(records, np.flatnonzero(keep & (class_rows < 0)).tolist(), place)
        keep &= class_rows >= 0
        rows = np.flatnonzero(keep & without_box)
        self._notes.add_rows(_NO_BOX, rows, len(rows), place)
        keep &= ~without_box
        rows = np.flatnonzero(keep & infinite)
        self._notes.add_rows(
            _INFINITE,
            rows,
            len(rows),
            lambda row: box(row) if np.isfinite(scores[row]) else score(row),
        )
        keep &= ~infinite
        rows = np.flatnonzero(keep & negative)
        self._notes.add_rows(_NEGATIVE, rows, len(rows), box)
        keep &= ~negative
        rows = np.flatnonzero(keep & ((scores < 0) | (scores > 1)))
        self._notes.add_rows(_ODD_SCORE, rows, len(rows), score)
        return keep

    def detections(self, images: int, progress: Progress) -> Detections:
        """Everything in the dataset's order; the columns are empty afterwards."""
        image_rows = self._image_rows.take()
        class_rows = self._class_rows.take()
        scores = self._scores.take()
        sorting = part_of(progress, 0.9, 1.0)
        order = dataset_order(image_rows, class_rows, scores, images, sorting, "Sorting detections")
        sorting("Sorting detections", 1.0)
        # One after the other, the largest first: what was read goes before the next is put in order
        boxes = self._boxes.take()
        areas = self._take_areas(boxes)
        boxes = reorder(boxes, order)
        image_rows = reorder(image_rows, order)
        class_rows = reorder(class_rows, order)
        scores = reorder(scores, order)
        positions = self._positions.take()
        return Detections(
            # None was noted where the whole file is plain: then rows are positions
            positions=reorder(positions, order) if len(positions) else order.astype(np.int64),
            images=image_rows,
            classes=class_rows,
            boxes=boxes,
            scores=scores,
            offsets=offsets_of(image_rows, images),
            areas=None if areas is None else reorder(areas, order),
            masks=self._masks.take(order),
        )

    def _take_areas(self, boxes: Floats) -> Floats | None:
        if not self._areas:
            return None
        areas = boxes[:, 2] * boxes[:, 3]
        for rows, values in self._areas:
            areas[rows] = values
        return areas
