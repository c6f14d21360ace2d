"""COCO results: a list of detections, or a COCO object whose annotations carry scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from itertools import islice
from operator import attrgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import FileId, Flags, Floats, Rows
from inspector.errors import InputError
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.coco.coded import CodedDetections, CodedReader
from inspector.readers.coco.columns import Column, IdRows, boxes_of, part_of
from inspector.readers.coco.elements import Box
from inspector.readers.coco.json_pieces import Value, is_large, open_document, open_lines
from inspector.readers.coco.masks import MaskColumn, MaskRows, give_boxes
from inspector.readers.coco.plain import IdTable, PlainDetections, PlainReader
from inspector.readers.coco.records import (
    CATEGORIES,
    DETECTIONS,
    IMAGES,
    MASKED_DETECTIONS,
    CategoryRecord,
    DetectionRecord,
    ImageRecord,
    Record,
    RecordKind,
    read_records,
    records_of,
    size_of_image,
)
from inspector.readers.coco.shape import first_of, keys_of_first, list_of
from inspector.readers.files import FileBytes, read_file, size_of
from inspector.readers.notes import NoteBook
from inspector.readers.ordering import sorted_ids
from inspector.readers.parts import Context, Found, GroundTruth, Keys
from inspector.readers.text.class_lists import class_names_for
from inspector.reading import Reading
from inspector.ways import rows_by_id, rows_by_names

STAGE = "Reading detections"
_NO_BOX = "detection{s} ignored: no box, and no mask that can be used"

_SPARE = 1 << 20
"""Ids below it are read by kernels although the ground truth does not list them."""
_EMPTY_BOX = Box(0.0, 0.0, 0.0, 0.0)

_score = attrgetter("score")


def read_found(
    path: Path, truth: GroundTruth | None, context: Context, notes: NoteBook, progress: Progress
) -> Found:
    """Read the detections in the order of the file. Raises InputError, and what `progress` raises.

    The ground truth's ids are looked up first; ids that it does not list stand behind them. Detections
    without a box and without a mask that could give one are left out and noted.
    """
    masks = MaskColumn(context.masks, notes, part_of(progress, 0.25, 0.25))
    columns = _Columns(truth, context.reading, notes, masks)
    # the file's bytes are gone before anything is sorted
    prefix = _read_columns(path, columns, notes, part_of(progress, 0.0, 0.9))
    if context.reading.class_names is not None:
        listed = class_names_for(path, context)
        if listed is not None:
            columns.name_classes(listed.names)
            listed.note(notes)
    return columns.found(lambda position: f"{prefix}[{position}]")


def _read_columns(path: Path, columns: _Columns, notes: NoteBook, progress: Progress) -> str:
    """Read everything; returns how the places in the file begin."""
    if is_large(size_of(path)) and columns.read_plain(path, progress):
        return ""
    file = read_file(path, part_of(progress, 0.0, 0.15), STAGE)
    document = open_document(file, part_of(progress, 0.15, 0.25), STAGE)
    value, prefix = _list_of_detections(path, file, document)
    if isinstance(document, dict):
        columns.know(
            _listed(path, document, "images", IMAGES), _listed(path, document, "categories", CATEGORIES)
        )
    columns.look_at(first_of(value))
    reading = part_of(progress, 0.25, 1.0)
    read = columns.read_large if is_large(len(file.data)) else columns.read_small
    count = read(value, prefix, reading)
    if not count:
        notes.add("the detections file holds no detections", count=0)
    return prefix


def _listed(path: Path, document: Mapping[str, Value], key: str, kind: RecordKind[Record]) -> list[Record]:
    """What the file itself says of its images or classes."""
    value = document.get(key)
    if value is None or value.kind == "null":
        return []
    return [
        record
        for _, records, _ in read_records(list_of(path, document, key), key, kind)
        for record in records
    ]


def _list_of_detections(path: Path, file: FileBytes, document: Value | dict[str, Value]) -> tuple[Value, str]:
    if isinstance(document, Value):
        if document.kind != "a list":
            raise InputError(path, "", f"expected a list of detections, found {document.kind}")
        return document, ""
    keys = ", ".join(f'"{key}"' for key in list(document)[:5]) or "no keys"
    if "annotations" not in document and {"image_id", "score"} <= set(document):
        return open_lines(file), ""  # JSON Lines, but only one
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
    """The detections that were read so far, and what they call their images and classes."""

    def __init__(
        self, truth: GroundTruth | None, reading: Reading, notes: NoteBook, masks: MaskColumn
    ) -> None:
        self._truth = truth
        self._image_table = self._class_table = IdTable(())
        self._images = IdRows(() if truth is None else truth.images.ids, "image id")
        self._classes = IdRows(() if truth is None else truth.classes.ids, "category id")
        self._image_names: dict[FileId, str] = {}
        self._class_names: dict[FileId, str] = {}
        self._own_sizes: dict[FileId, tuple[int, int]] = {}
        self._reading = reading
        self._sizes = np.empty((0, 2), np.int32)
        if truth is not None and not reading.image_id_shift:
            self._sizes = truth.images.sizes
        self._notes = notes
        self._positions = Column(np.int64)
        self._image_rows = Column(np.int32)
        self._class_rows = Column(np.int32)
        self._boxes = Column(np.float64, 4)
        self._scores = Column(np.float64)
        self._masks = masks
        self._kind = MASKED_DETECTIONS if masks.wanted else DETECTIONS
        self._area_of_mask = self._coded = False
        self._areas: list[tuple[NDArray[np.int64], Floats]] = []

    def know(self, images: Sequence[ImageRecord], classes: Sequence[CategoryRecord]) -> None:
        """Keep what the file says of its images and classes."""
        for image in images:
            if isinstance(image.file_name, str) and image.file_name:
                self._image_names.setdefault(image.id, image.file_name)
            self._own_sizes.setdefault(image.id, size_of_image(image) or (0, 0))
        for category in classes:
            if isinstance(category.name, str) and category.name:
                self._class_names.setdefault(category.id, category.name)
        if self._image_names:
            self._sizes = self._sizes[:0]
        if self._truth is None:
            self._images = IdRows(sorted_ids({image.id for image in images}), "image id")
            self._classes = IdRows(sorted_ids({category.id for category in classes}), "category id")

    def name_classes(self, names: Mapping[int, str]) -> None:
        """Name the classes that the file only numbers."""
        for item in self._classes.rows:
            if isinstance(item, int) and item in names:
                self._class_names.setdefault(item, names[item])

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
        reader = (CodedReader if self._coded else PlainReader)(*self._tables(), progress)
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
        plain = PlainReader(*self._tables(), progress).file(path, progress, STAGE)
        if plain is not None:
            self._add_plain(plain)
        return plain is not None

    def _tables(self) -> tuple[IdTable, IdTable]:
        """For the kernels. Ids that are not known yet may be small numbers."""
        self._image_table = IdTable(tuple(self._images.rows), _SPARE)
        self._class_table = IdTable(tuple(self._classes.rows), _SPARE)
        return self._image_table, self._class_table

    def _add_plain(self, plain: PlainDetections | CodedDetections) -> None:
        """Append what is usable as it is, without the positions."""
        if isinstance(plain, CodedDetections):
            keep = np.ones(len(plain), np.bool_)
            self._add_areas(plain.masks, plain.boxless, keep)
            self._masks.add(plain.masks, keep)
        else:
            self._masks.skip(len(plain))
        self._image_rows.add(self._images.settled(plain.images, self._image_table))
        self._class_rows.add(self._classes.settled(plain.classes, self._class_table))
        self._boxes.add(plain.boxes)
        self._scores.add(plain.scores)

    def add(self, records: Sequence[DetectionRecord], first: int, prefix: str) -> None:
        """Append some records, whose first has the position `first` in the file."""

        def place(row: int) -> str:
            return f"{prefix}[{first + row}]"

        image_rows = self._images.find_or_add(records, "image_id")
        class_rows = self._classes.find_or_add(records, "category_id")
        known = image_rows < len(self._truth.images if self._truth is not None else self._images)
        masks = self._masks.read(records, lambda: self._sizes_of(image_rows), known, place)
        boxless = give_boxes(masks, records) if masks is not None else []
        boxes = boxes_of((record.bbox or _EMPTY_BOX for record in records), len(records))
        keep = np.fromiter((record.bbox is not None for record in records), np.bool_, len(records))
        scores = np.fromiter(map(_score, records), np.float64, len(records))
        positions = np.arange(first, first + len(records))
        if not keep.all():
            rows = np.flatnonzero(~keep)
            self._notes.add_rows(_NO_BOX, rows, len(rows), place)
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

    def _sizes_of(self, rows: Rows) -> Rows:
        """int32 [rows, 2]: width and height of the images, 0 where nothing tells them."""
        first = len(self._sizes)
        if first < len(self._images):
            ids = tuple(islice(self._images.rows, first, None))
            keys = Keys(ids, tuple(map(self._image_names.get, ids)))
            self._sizes = np.concatenate((self._sizes, self._key_sizes(keys)))
        return self._sizes[rows]

    def _key_sizes(self, keys: Keys) -> Rows:
        """The sizes that the ground truth tells of the images that are probably meant, or else the file."""
        own = self._sizes_told(keys)
        if self._truth is None:
            return own
        images = self._truth.images
        by_name = rows_by_names(images.file_names, keys, self._reading)["stem"]
        by_id = rows_by_id(images.ids, keys.ids, self._reading.image_id_shift)
        named = np.array([name is not None for name in keys.names], np.bool_)
        meant = np.where((named & (by_name >= 0)) | (by_id < 0), by_name, by_id)
        told = np.where((meant >= 0)[:, None], images.sizes[meant], 0)
        return np.where(told > 0, told, own)

    def _sizes_told(self, keys: Keys) -> Rows:
        """The sizes that the file itself tells."""
        sizes = [(0, 0) if item is None else self._own_sizes.get(item, (0, 0)) for item in keys.ids]
        return np.array(sizes, np.int32).reshape(-1, 2)

    def _add_areas(self, masks: MaskRows, boxless: Sequence[int] | NDArray[np.intp], keep: Flags) -> None:
        """Remember the areas that are not width x height; the rows are those of the kept detections."""
        by_mask = masks.good.copy() if self._area_of_mask else np.zeros(len(keep), np.bool_)
        by_mask[boxless] = True
        rows = np.flatnonzero(by_mask[keep])
        if len(rows):
            self._areas.append((self._masks.rows + rows, masks.areas[keep][rows]))

    def found(self, place: Callable[[int], str]) -> Found:
        """Everything in the order of the file; the columns are empty afterwards."""
        boxes = self._boxes.take()
        positions = self._positions.take()
        ids, class_ids = tuple(self._images.rows), tuple(self._classes.rows)
        images = Keys(ids, tuple(map(self._image_names.get, ids)), "image_id")
        return Found(
            images=images,
            classes=Keys(class_ids, tuple(map(self._class_names.get, class_ids)), "category_id"),
            image_rows=self._image_rows.take(),
            class_rows=self._class_rows.take(),
            boxes=boxes,
            scores=self._scores.take(),
            place=place,
            # None was noted where the whole file is plain: then rows are positions
            positions=positions if len(positions) else None,
            sizes=self._sizes_told(images),
            areas=self._take_areas(len(boxes)),
            masks=self._masks.take(),
            box_key="bbox",
            score_key="score",
        )

    def _take_areas(self, count: int) -> Floats | None:
        if not self._areas:
            return None
        areas = np.full(count, np.nan)
        for rows, values in self._areas:
            areas[rows] = values
        return areas
