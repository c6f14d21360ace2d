"""The corrected ground truth: the source file with what the flags change, and everything else as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import msgspec

from inspector.dataset import Dataset, FileId
from inspector.errors import InputError
from inspector.export.handoff.source_json import Part, Source, decoded, encoded
from inspector.review.corrections import Corrections, NewLabel
from inspector.review.editing import mask_of, new_area, unused_ids
from inspector.review.verdicts import Box

FORMER_MASK: Final = "former_segmentation"
"""Where an annotation keeps the mask that it had before its box was corrected first."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What becomes of one annotation; None: as it is."""

    row: int
    removed: bool
    class_row: int | None
    box: Box | None
    crowd: bool


def write_corrected(dataset: Dataset, source: Source, wanted: Corrections, stream: BinaryIO) -> int:
    """The ground truth of `dataset`, all of whose classes are the file's own, as `wanted` has it.

    Annotations that nothing is said of are copied as they stand. A corrected box sets `bbox` and `area`; a
    `segmentation`, which outlined the wrong place, becomes the outline of the box, and is kept under
    `former_segmentation`. Added annotations have unused ids and, where the ground truth has masks, that of
    their detection, else the outline of the box. Returns how many masks became the outline of a box. Raises
    InputError where the file is no longer what the dataset was read from, and what the source's progress
    raises.
    """
    changes = {source.position(change.row): change for change in _changes(wanted)}
    used: list[FileId] = []
    masks = 0

    def annotations(parts: Iterator[Part]) -> Iterator[bytes]:
        nonlocal masks
        left = dict(changes)
        for part in parts:
            if wanted.added:
                used.extend([ids.id for ids in part.ids if isinstance(ids.id, int)])
            end = part.first + len(part.elements)
            if not any(part.first <= position < end for position in left):
                if part.elements:
                    yield b",\n".join(part.elements)
                continue
            for position, element in enumerate(part.elements, start=part.first):
                change = left.pop(position, None)
                if change is None:
                    yield bytes(element)
                elif not change.removed:
                    record = _changed(dataset, source, position, element, change)
                    masks += change.box is not None and bool(record.get("segmentation"))
                    yield encoded(record)
                else:
                    _verify(dataset, source, position, decoded(element), change.row)
        if left:
            raise _other_file(source, min(left))
        for label, new_id in zip(wanted.added, unused_ids(used, len(wanted.added)), strict=True):
            yield encoded(_annotation(dataset, label, new_id))

    source.write(stream, {"annotations": annotations}, {})
    return masks


def _changes(wanted: Corrections) -> Iterator[_Change]:
    for row in {*wanted.removed, *wanted.crowds, *wanted.names, *wanted.boxes}:
        yield _Change(
            row,
            removed=row in wanted.removed,
            class_row=wanted.names.get(row),
            box=wanted.boxes.get(row),
            crowd=row in wanted.crowds,
        )


def _changed(
    dataset: Dataset, source: Source, position: int, element: bytes | msgspec.Raw, change: _Change
) -> Mapping[str, object]:
    record = decoded(element)
    _verify(dataset, source, position, record, change.row)
    if change.class_row is not None:
        record["category_id"] = dataset.classes.ids[change.class_row]
    if change.crowd:
        record["iscrowd"] = True if isinstance(record.get("iscrowd"), bool) else 1
    if change.box is not None:
        record["bbox"], record["area"] = [*change.box], change.box[2] * change.box[3]
        if former := record.get("segmentation"):
            record.setdefault(FORMER_MASK, former)
            record["segmentation"] = _outline(change.box)
    return record


def _verify(dataset: Dataset, source: Source, position: int, record: Mapping[str, Any], row: int) -> None:
    """Whether the file still holds the object there: the numbers that the reader takes must be its own."""
    objects, box = dataset.objects, record.get("bbox")
    same = (
        record.get("image_id") == dataset.images.ids[int(objects.images[row])]
        and record.get("category_id") == dataset.classes.ids[int(objects.classes[row])]
        and record.get("id") in (None, objects.ids[row : row + 1].tolist()[0])
        and (not box or box == objects.boxes[row].tolist())
    )
    if not same:
        raise _other_file(source, position)


def _other_file(source: Source, position: int) -> InputError:
    reason = "the file has changed since it was opened: read it again"
    return InputError(source.path, f"annotations[{position}]", reason)


def _annotation(dataset: Dataset, label: NewLabel, new_id: int) -> Mapping[str, object]:
    record: dict[str, object] = {
        "id": new_id,
        "image_id": dataset.images.ids[label.image_row],
        "category_id": dataset.classes.ids[label.name],
        "bbox": [*label.box],
        "area": new_area(dataset, label.box, label.seen),
        "iscrowd": 0,
    }
    if dataset.objects.masks is not None:
        mask = mask_of(dataset, label.seen)
        if mask is None:
            record["segmentation"] = _outline(label.box)
        else:
            size, codes = mask
            record["segmentation"] = {"size": size.tolist(), "counts": codes.tobytes().decode("ascii")}
    return record


def _outline(box: Box) -> list[list[float]]:
    """A box as a polygon, as the COCO API's `loadRes` has it for detections without a mask."""
    x, y, width, height = box
    return [[x, y, x, y + height, x + width, y + height, x + width, y]]
