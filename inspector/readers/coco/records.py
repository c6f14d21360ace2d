"""The elements of COCO's lists: as msgspec decodes them, and the tolerant way that says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar

import msgspec

from inspector.dataset import FileId
from inspector.errors import InputError
from inspector.pauses import Pauses
from inspector.readers.coco.elements import Box, Element, Segmentation, describe
from inspector.readers.coco.json_pieces import Piece, Value, elements

_segmentation = attrgetter("segmentation")
_STEP = 4096
"""Records handed on at once, where a small file is a single piece."""
_LARGEST_SIDE = 2**31 - 1


class ImageRecord(msgspec.Struct, gc=False):
    """An element of `images`."""

    id: FileId
    file_name: str | int | None = None
    width: float | None = None
    height: float | None = None


def size_of_image(record: ImageRecord) -> tuple[int, int] | None:
    """Width and height in pixels, 0 where the record does not say; None where they are no pixels."""
    width, height = record.width, record.height
    if width is None or height is None:
        return 0, 0
    whole = width.is_integer() and height.is_integer()
    if whole and 0 <= width <= _LARGEST_SIDE and 0 <= height <= _LARGEST_SIDE:
        return int(width), int(height)
    return None


class CategoryRecord(msgspec.Struct, gc=False):
    """An element of `categories`."""

    id: FileId
    name: str | int | None = None


class AnnotationRecord(msgspec.Struct, gc=False):
    """An element of the ground truth's `annotations`; None where it does not say."""

    image_id: FileId
    category_id: FileId
    id: FileId | None = None
    bbox: Box | None = None
    area: float | None = None
    iscrowd: bool | Literal[0, 1] | None = None
    difficult: bool | Literal[0, 1] | None = None
    ignore: bool | Literal[0, 1] | None = None


class MaskedAnnotation(AnnotationRecord, gc=False):
    """The same where masks are read, too."""

    segmentation: Segmentation | None = None


class DetectionRecord(msgspec.Struct, gc=False):
    """An element of the detections."""

    image_id: FileId
    category_id: FileId
    score: float
    bbox: Box | None = None


class MaskedDetection(DetectionRecord, gc=False):
    """The same where masks are read, too; one without a box has a mask."""

    segmentation: Segmentation | None = None


Struct = TypeVar("Struct", bound=msgspec.Struct)
Masked = TypeVar("Masked", MaskedAnnotation, MaskedDetection)
Record = TypeVar("Record", ImageRecord, CategoryRecord, AnnotationRecord, DetectionRecord)


@dataclass(frozen=True, slots=True)
class RecordKind(Generic[Record]):
    """How one of the lists is decoded."""

    decode: Callable[[bytes], Sequence[Record]]
    tolerate: Callable[[Element], Record]


def read_records(
    value: Value, prefix: str, kind: RecordKind[Record]
) -> Iterator[tuple[int, Sequence[Record], float]]:
    """The records of a list, a few thousand at a time, with the position of their first and the part done.

    Raises InputError at the first element that cannot be used, as in `annotations[17].bbox`.
    """
    first = 0
    for piece, part in value.pieces():
        for at, records in records_of(value, piece, first, prefix, kind):
            yield at, records, part
            first = at + len(records)


def records_of(
    value: Value, piece: Piece, first: int, prefix: str, kind: RecordKind[Record]
) -> Iterator[tuple[int, Sequence[Record]]]:
    """The records of one piece, whose first has the position `first`, a few thousand at a time."""
    pause = Pauses()
    records = _read_piece(value, piece, first, prefix, kind)
    for at in range(0, len(records), _STEP):
        pause()
        yield first + at, records[at : at + _STEP]


def _read_piece(
    value: Value, piece: Piece, first: int, prefix: str, kind: RecordKind[Record]
) -> Sequence[Record]:
    try:
        decoded = kind.decode(piece.data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        decoded = []
    if decoded:
        return decoded
    # Nothing, or something that msgspec rejects: slowly, element by element.
    path = value.file.path
    records: list[Record] = []
    try:
        for item in elements(value.file, piece):
            place = f"{prefix}[{first + len(records)}]"
            if not isinstance(item, dict):
                raise InputError(path, place, f"expected an object, found {describe(item)}")
            records.append(kind.tolerate(Element(path, place, item)))
    except InputError as error:
        if error.location:
            raise
        raise InputError(path, f"{prefix}[{first + len(records)}]", error.reason) from None
    return records


def _decoder(record: type[Struct]) -> Callable[[bytes], list[Struct]]:
    return msgspec.json.Decoder(list[record]).decode  # type: ignore[valid-type]


def _annotation(item: Element, masks: bool) -> MaskedAnnotation:
    bbox = item.optional_box("bbox")
    return MaskedAnnotation(
        image_id=item.file_id("image_id"),
        category_id=item.file_id("category_id"),
        id=item.optional_id("id"),
        bbox=bbox,
        area=item.optional_number("area"),
        iscrowd=item.flag("iscrowd"),
        difficult=item.flag("difficult"),
        ignore=item.flag("ignore"),
        segmentation=item.segmentation("segmentation") if masks or bbox is None else None,
    )


def _detection(item: Element, masks: bool) -> MaskedDetection:
    has_box = item.value.get("bbox") not in (None, [])
    segmentation = item.segmentation("segmentation") if masks or not has_box else None
    return MaskedDetection(
        image_id=item.file_id("image_id"),
        category_id=item.file_id("category_id"),
        bbox=item.box("bbox") if has_box or not segmentation else None,
        score=item.number("score"),
        segmentation=segmentation,
    )


_masked_annotations = _decoder(MaskedAnnotation)
_any_detections = _decoder(MaskedDetection)


def _masked_detections(data: bytes) -> list[MaskedDetection]:
    records = _any_detections(data)
    if any(record.bbox is None and not record.segmentation for record in records):
        raise ValueError("neither a box nor a mask")  # which one, the tolerant way says
    return records


def _boxes_first(
    boxes: Callable[[bytes], Sequence[AnnotationRecord] | Sequence[DetectionRecord]],
    masks: Callable[[bytes], list[Masked]],
) -> Callable[[bytes], Any]:
    """Decodes masks only where a record has no box."""

    def decode(data: bytes) -> Sequence[AnnotationRecord] | Sequence[DetectionRecord]:
        records = boxes(data)
        if all(record.bbox is not None for record in records):
            return records
        masked = masks(data)
        for record in masked:
            if record.bbox is not None:
                record.segmentation = None
        return masked

    return decode


IMAGES = RecordKind(
    _decoder(ImageRecord),
    lambda item: ImageRecord(
        item.file_id("id"),
        item.name("file_name"),
        item.optional_number("width"),
        item.optional_number("height"),
    ),
)
CATEGORIES = RecordKind(
    _decoder(CategoryRecord), lambda item: CategoryRecord(item.file_id("id"), item.name("name"))
)
ANNOTATIONS: RecordKind[AnnotationRecord] = RecordKind(
    _boxes_first(_decoder(AnnotationRecord), _masked_annotations), partial(_annotation, masks=False)
)
MASKED_ANNOTATIONS: RecordKind[AnnotationRecord] = RecordKind(
    _masked_annotations, partial(_annotation, masks=True)
)
DETECTIONS: RecordKind[DetectionRecord] = RecordKind(
    _boxes_first(_decoder(DetectionRecord), _masked_detections), partial(_detection, masks=False)
)
MASKED_DETECTIONS: RecordKind[DetectionRecord] = RecordKind(
    _masked_detections, partial(_detection, masks=True)
)


def segmentations_of(
    records: Sequence[AnnotationRecord] | Sequence[DetectionRecord],
) -> list[Segmentation | None] | None:
    """What records of one piece say about their masks; None where they were read without."""
    if not records or not isinstance(records[0], (MaskedAnnotation, MaskedDetection)):
        return None
    return list(map(_segmentation, records))
