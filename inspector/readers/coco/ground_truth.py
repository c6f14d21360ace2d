"""COCO ground truth: images, categories and annotations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from operator import attrgetter
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from inspector.conventions import spoken, to_pixels
from inspector.dataset import Classes, FileId, Flags, Floats, Images, Objects
from inspector.errors import InputError
from inspector.masks import rows_of
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.coco.columns import (
    Column,
    IdRows,
    UnknownIds,
    boxes_of,
    describe_id,
    part_of,
    unusable,
)
from inspector.readers.coco.elements import Box
from inspector.readers.coco.json_pieces import Value, is_large, open_document
from inspector.readers.coco.masks import MaskColumn, MaskRows, give_boxes, note_other_sizes
from inspector.readers.coco.plain_annotations import PlainAnnotations, read_plain_annotations
from inspector.readers.coco.records import (
    ANNOTATIONS,
    CATEGORIES,
    IMAGES,
    MASKED_ANNOTATIONS,
    AnnotationRecord,
    ImageRecord,
    read_records,
    records_of,
    size_of_image,
)
from inspector.readers.coco.shape import keys_of_first, list_of
from inspector.readers.files import read_file
from inspector.readers.notes import NoteBook
from inspector.readers.ordering import dataset_order, numbers_of, offsets_of, reorder, sorted_ids
from inspector.readers.parts import Context, GroundTruth
from inspector.reading import PIXELS, Convention

STAGE = "Reading ground truth"
_UNKNOWN_IMAGE = "annotation{s} ignored: unknown image id"
_UNKNOWN_CLASS = "annotation{s} ignored: unknown category id"
_NO_BOX = "annotation{s} ignored: no box"
_NO_SIZE = "annotation{s} ignored: the size of the image, of which the box is a part, is not known"
_INFINITE = "annotation{s} ignored: a number in the box is not finite"
_NEGATIVE = "annotation{s} ignored: negative width or height"
_BOX_OF_MASK = "annotation{s} without a box: the mask gives the box, and the area where there is none"
_NO_ID = "annotation{s} without an id: the position in the list is used"
_NO_AREA = 'annotation{s} without "area": width x height is used'
_INFINITE_AREA = 'annotation{s} with an "area" that is not finite: width x height is used'
_NAMES = {"file_name": "file name", "name": "category name"}
"""What notes call these keys."""
Ids = NDArray[np.int64] | NDArray[np.object_]
_EMPTY_BOX = Box(0.0, 0.0, 0.0, 0.0)

_bbox = attrgetter("bbox")
_area = attrgetter("area")
_iscrowd = attrgetter("iscrowd")
_id = attrgetter("id")


def read_truth_file(path: Path, context: Context, notes: NoteBook, progress: Progress) -> GroundTruth:
    """Read a ground-truth file and put everything in the dataset's order.

    Where masks are not asked for, only those of annotations without a box are read, and not kept. Raises
    InputError, and what `progress` raises.
    """
    file = read_file(path, part_of(progress, 0.0, 0.15), STAGE)
    document = open_document(file, part_of(progress, 0.15, 0.3), STAGE)
    if isinstance(document, Value):
        raise InputError(path, "", _wrong_shape(document))
    lists = {key: list_of(path, document, key) for key in ("images", "annotations", "categories")}
    images = _read_images(path, lists["images"], notes, progress)
    classes = _read_classes(path, lists["categories"], notes)
    convention = context.reading.ground_truth_boxes or PIXELS
    if convention != PIXELS:
        notes.add(f"boxes of the ground truth read as {spoken(convention)}", count=0)
    masks = MaskColumn(context.masks, notes, part_of(progress, 0.4, 0.4))
    columns = _Columns(images, classes, convention, notes, masks)
    read = columns.read_large if is_large(len(file.data)) else columns.read_small
    read(lists["annotations"], part_of(progress, 0.4, 0.9))
    if not columns.count:
        notes.add("the ground truth holds no annotations", count=0)
    objects = columns.objects(len(images), part_of(progress, 0.9, 1.0))
    note_other_sizes(objects, images, lambda position: f"annotations[{position}]", notes)
    return GroundTruth(images, classes, objects)


def _wrong_shape(document: Value) -> str:
    expected = 'expected an object with "images", "annotations" and "categories"'
    if document.kind != "a list":
        return f"{expected}, found {document.kind}"
    keys = keys_of_first(document)
    hint = ": this looks like detections, not ground truth" if keys and "score" in keys else ""
    return f"{expected}, found a list{hint}"


def _read_images(path: Path, value: Value, notes: NoteBook, progress: Progress) -> Images:
    # Plain lists: a tuple per image would be work for the garbage collector, which stops every thread.
    found: dict[FileId, int] = {}
    names: list[str] = []
    sides: list[int] = []
    for first, records, part in read_records(value, "images", IMAGES):
        for position, record in enumerate(records, start=first):
            if record.id in found:
                text = "duplicate image id{s}: the first image is kept and gets the annotations of all"
                notes.add(text, f"images[{position}].id: {describe_id(record.id)}")
                continue
            found[record.id] = len(names)
            name = record.file_name
            if not isinstance(name, str) or not name:
                name = _name(name, record.id, f"images[{position}]", "file_name", notes)
            names.append(name)
            sides.extend(_size(record, position, notes))
        progress(STAGE, 0.3 + 0.1 * part)
    if not found:
        raise InputError(path, "images", "the list is empty: there is nothing to show")
    ids = sorted_ids(found)
    order = np.fromiter((found[item] for item in ids), np.int64, len(ids))
    sizes = np.fromiter(sides, np.int32, len(sides)).reshape(-1, 2)[order]
    ordered = tuple([names[row] for row in order.tolist()])
    return Images(tuple(ids), ordered, sizes, numbers_of(ordered))


def _size(record: ImageRecord, position: int, notes: NoteBook) -> tuple[int, int]:
    size = size_of_image(record)
    if size is None:
        text = "image size{s} not used: not whole numbers of pixels"
        notes.add(text, f"images[{position}]: {record.width} x {record.height}")
    return size or (0, 0)


def _read_classes(path: Path, value: Value, notes: NoteBook) -> Classes:
    kept: dict[FileId, str] = {}
    places: dict[str, str] = {}
    for first, records, _ in read_records(value, "categories", CATEGORIES):
        for position, record in enumerate(records, start=first):
            place = f"categories[{position}]"
            if record.id in kept:
                text = "duplicate category id{s}: the first category is kept and gets the annotations of all"
                notes.add(text, f"{place}.id: {describe_id(record.id)}")
                continue
            name = _name(record.name, record.id, place, "name", notes)
            if name in places:
                notes.add(
                    "duplicate category name{s}: each stays a class of its own", f"{place}.name: {name}"
                )
            places[name] = place
            kept[record.id] = name
    if not kept:
        raise InputError(path, "categories", "the list is empty: there is no class to evaluate")
    ids = sorted_ids(kept)
    return Classes(tuple(ids), tuple(kept[item] for item in ids))


def _name(name: str | int | None, item: FileId, place: str, key: str, notes: NoteBook) -> str:
    if isinstance(name, str) and name:
        return name
    if isinstance(name, int):
        notes.add(
            f"{_NAMES[key]}{{s}} given as a number: the digits are shown",
            f"{place}.{key}: {describe_id(name)}",
        )
        return describe_id(name)
    notes.add(f"{_NAMES[key]}{{s}} missing: the id is shown", place)
    return str(item)


class _Columns:
    """The annotations that were read so far, without what had to be ignored."""

    def __init__(
        self, images: Images, classes: Classes, convention: Convention, notes: NoteBook, masks: MaskColumn
    ) -> None:
        self._convention = convention
        self._file_ids, self._sizes = (images.ids, classes.ids), images.sizes
        self._images = IdRows(images.ids, "image id")
        self._classes = IdRows(classes.ids, "category id")
        self._notes = notes
        # Declared, so that the order of the notes does not depend on where the file was cut.
        notes.declare(_UNKNOWN_IMAGE, _UNKNOWN_CLASS, _NO_BOX, _INFINITE, _NEGATIVE)
        notes.declare(_BOX_OF_MASK, _NO_ID, _NO_AREA, _INFINITE_AREA)
        self._unknown_image = UnknownIds(
            self._images, "image_id", _UNKNOWN_IMAGE, ("the annotations", "the images"), notes
        )
        self._unknown_class = UnknownIds(
            self._classes, "category_id", _UNKNOWN_CLASS, ("the annotations", "the categories"), notes
        )
        self.count = 0
        self._ids: list[Ids] = [np.empty(0, np.int64)]
        self._positions = Column(np.int64)
        self._image_rows = Column(np.int32)
        self._class_rows = Column(np.int32)
        self._boxes = Column(np.float64, 4)
        self._areas = Column(np.float64)
        self._crowd = Column(np.bool_)
        self._difficult = Column(np.bool_)
        self._masks = masks
        self._kind = MASKED_ANNOTATIONS if masks.wanted else ANNOTATIONS

    def read_small(self, value: Value, progress: Progress) -> None:
        """Append all annotations of a list."""
        for first, records, part in read_records(value, "annotations", self._kind):
            self.add(records, first)
            progress(STAGE, part)

    def read_large(self, value: Value, progress: Progress) -> None:
        """The same for a list that was cut: its plain pieces are read by a kernel, the others one by one."""
        ranges, pause = value.ranges(), Pauses()
        known = (*self._file_ids, self._masks.wanted)
        with closing(read_plain_annotations(value.file, ranges, *known, progress)) as plain_pieces:
            for number, ((start, end), plain) in enumerate(zip(ranges, plain_pieces, strict=True)):
                if plain is not None and self._convention == PIXELS:
                    self._add_plain(plain)
                else:
                    piece = value.piece(start, end)
                    for first, records in records_of(value, piece, self.count, "annotations", self._kind):
                        self.add(records, first)
                progress(STAGE, (number + 1) / len(ranges))
                pause()

    def _add_plain(self, plain: PlainAnnotations) -> None:
        self._masks.skip(len(plain))
        self._ids.append(plain.ids)
        self._positions.add(np.arange(self.count, self.count + len(plain)))
        self._image_rows.add(plain.images)
        self._class_rows.add(plain.classes)
        self._boxes.add(plain.boxes)
        self._areas.add(plain.areas)
        self._crowd.add(plain.crowd)
        self._difficult.add(np.zeros(len(plain), np.bool_))
        self.count += len(plain)

    def add(self, records: Sequence[AnnotationRecord], first: int) -> None:
        """Append the usable ones of some records, whose first has the position `first` in the file."""
        self.count += len(records)

        def place(row: int) -> str:
            return f"annotations[{first + row}]"

        rows = self._images.find(records, "image_id")
        known = rows >= 0
        sizes = np.where(known[:, None], self._sizes[rows], 0)
        masks = self._masks.read(records, lambda: sizes, known, place)
        boxless = self._use_boxes_of(masks, records, place) if masks is not None else []
        boxes = boxes_of((record.bbox or _EMPTY_BOX for record in records), len(records))
        if self._convention != PIXELS:
            converted = to_pixels(boxes, self._convention, sizes)
            if self._convention.relative:
                converted[(sizes <= 0).any(axis=1)] = np.nan
            converted[boxless] = boxes[boxless]
            boxes = converted
        keep = self._keep(records, place, boxes)
        self._masks.add(masks, keep)
        if not keep.all():
            records = [record for record, kept in zip(records, keep.tolist(), strict=True) if kept]
            boxes = boxes[keep]
        positions = first + np.flatnonzero(keep)
        self._ids.append(_ids_of(records, positions, self._notes))
        self._positions.add(positions)
        self._image_rows.add(self._images.find(records, "image_id"))
        self._class_rows.add(self._classes.find(records, "category_id"))
        self._boxes.add(boxes)
        self._areas.add(_areas_of(records, positions, boxes, self._notes))
        self._crowd.add(np.fromiter(map(bool, map(_iscrowd, records)), np.bool_, len(records)))
        self._difficult.add(np.fromiter(map(_is_difficult, records), np.bool_, len(records)))

    def _use_boxes_of(
        self, masks: MaskRows, records: Sequence[AnnotationRecord], place: Callable[[int], str]
    ) -> list[int]:
        """Give the records without a box, or without box and area, those of their masks; returns which."""
        rows = give_boxes(masks, records)
        self._notes.add_rows(_BOX_OF_MASK, rows, len(rows), place)
        for row in rows:
            if records[row].area is None:
                records[row].area = float(masks.areas[row])
        return rows

    def _keep(self, records: Sequence[AnnotationRecord], place: Callable[[int], str], boxes: Floats) -> Flags:
        """bool [records]: what can be used; the rest is noted, each for one reason only."""

        def box(row: int) -> str:
            return f"{place(row)}.bbox: {boxes[row].tolist()}"

        notes = self._notes
        keep = np.ones(len(records), np.bool_)
        unknown = self._images.find(records, "image_id") < 0
        self._unknown_image.note(records, np.flatnonzero(unknown).tolist(), place)
        keep &= ~unknown
        unknown = keep & (self._classes.find(records, "category_id") < 0)
        self._unknown_class.note(records, np.flatnonzero(unknown).tolist(), place)
        keep &= ~unknown
        without_box = np.fromiter((record.bbox is None for record in records), np.bool_, len(records))
        infinite, negative = unusable(boxes)
        no_size = cast(Flags, np.isnan(boxes).all(axis=1) & self._convention.relative)
        reasons: tuple[tuple[str, Flags, Callable[[int], str]], ...] = (
            (_NO_BOX, without_box, place),
            (_NO_SIZE, no_size, place),
            (_INFINITE, infinite, box),
            (_NEGATIVE, negative, box),
        )
        for text, odd, example in reasons:
            rows = np.flatnonzero(keep & odd)
            if len(rows):
                notes.add_rows(text, rows, len(rows), example)
            keep &= ~odd
        return keep

    def objects(self, images: int, progress: Progress) -> Objects:
        """Everything in the dataset's order."""
        ids = cast(Ids, np.concatenate(self._ids))
        positions = self._positions.take()
        _note_duplicate_ids(ids, positions, self._notes)
        image_rows = self._image_rows.take()
        class_rows = self._class_rows.take()
        order = dataset_order(image_rows, class_rows, None, images, progress, "Sorting ground truth")
        image_rows = reorder(image_rows, order)
        masks = self._masks.take()
        return Objects(
            ids=ids[order],
            positions=reorder(positions, order),
            images=image_rows,
            classes=reorder(class_rows, order),
            boxes=reorder(self._boxes.take(), order),
            areas=reorder(self._areas.take(), order),
            crowd=reorder(self._crowd.take(), order),
            difficult=reorder(self._difficult.take(), order),
            offsets=offsets_of(image_rows, images),
            masks=None if masks is None else rows_of(masks, order),
        )


def _is_difficult(record: AnnotationRecord) -> bool:
    return bool(record.ignore if record.difficult is None else record.difficult)


def _ids_of(records: Sequence[AnnotationRecord], positions: NDArray[np.int64], notes: NoteBook) -> Ids:
    """The annotations' ids, as objects only where 64 bits do not hold them; the position where missing."""
    ids = list(map(_id, records))
    if None in ids:
        rows = [row for row, item in enumerate(ids) if item is None]
        text = _NO_ID
        notes.add_rows(text, rows, len(rows), lambda row: f"annotations[{positions[row]}]")
        for row in rows:
            ids[row] = int(positions[row])
    if set(map(type, ids)) <= {int}:
        try:
            return np.array(ids, dtype=np.int64)
        except OverflowError:
            pass
    objects = np.empty(len(ids), dtype=np.object_)
    objects[:] = ids
    return objects


def _areas_of(
    records: Sequence[AnnotationRecord], positions: NDArray[np.int64], boxes: Floats, notes: NoteBook
) -> Floats:
    areas = np.array(list(map(_area, records)), dtype=np.float64)  # None becomes NaN
    odd = ~np.isfinite(areas)
    if odd.any():
        for row in np.flatnonzero(odd).tolist():
            missing = records[row].area is None
            example = f"annotations[{positions[row]}]" + ("" if missing else f".area: {areas[row]}")
            notes.add(_NO_AREA if missing else _INFINITE_AREA, example)
        with np.errstate(over="ignore"):  # infinite is right: larger than every size range
            areas[odd] = boxes[odd, 2] * boxes[odd, 3]
    return areas


def _note_duplicate_ids(ids: Ids, positions: NDArray[np.int64], notes: NoteBook) -> None:
    if ids.dtype == np.int64:
        if (ids[1:] > ids[:-1]).all():  # as nearly always: nothing to sort
            return
        order = np.argsort(ids, kind="stable")
        ordered = ids[order]
        rows = np.sort(order[1:][ordered[1:] == ordered[:-1]])
    else:
        seen: set[FileId] = set()
        again = []
        for row, item in enumerate(ids):
            if item in seen:
                again.append(row)
            seen.add(item)
        rows = np.array(again, dtype=np.int64)
    if len(rows):
        text = "duplicate annotation id{s} (kept)"
        notes.add_rows(text, rows, len(rows), lambda row: f"annotations[{positions[row]}].id: {ids[row]}")
