"""A COCO file of only the flagged images, for those who fix the labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

import msgspec

from inspector.dataset import Dataset
from inspector.export.handoff.flags import Flag, image_id
from inspector.export.handoff.source_json import Part, Source, decoded, encoded


def write_flagged(dataset: Dataset, source: Source, flags: Sequence[Flag], stream: BinaryIO) -> None:
    """The images that have flags, all of their annotations, and everything else of the file as it stands.

    A flagged annotation gets the key "flag" with what was said of it. What was said of an image, or of a
    detection that has no label, and orphans on these images, stand in the list "flags" of the document.
    (Where the file uses these keys itself, ours have a line behind.) Raises InputError, and what the source's
    progress raises.
    """
    wanted = {image_id(dataset, flag) for flag in flags if flag.image_row is not None}
    hanging = {source.position(flag.object_row): flag for flag in flags if flag.object_row is not None}
    others = [
        _listed(dataset, flag) for flag in flags if flag.object_row is None and flag.image_row is not None
    ]

    def images(parts: Iterator[Part]) -> Iterator[bytes]:
        for part in parts:
            for element, ids in zip(part.elements, part.ids, strict=True):
                if ids.id in wanted:
                    yield bytes(element)

    def annotations(parts: Iterator[Part]) -> Iterator[bytes]:
        for part in parts:
            for place, (element, ids) in enumerate(zip(part.elements, part.ids, strict=True)):
                if ids.image_id in wanted:
                    flag = hanging.get(part.first + place)
                    yield bytes(element) if flag is None else _with_flag(dataset, element, flag)

    lists = {"images": images, "annotations": annotations}
    source.write(stream, lists, {source.free_key("flags"): lambda: others})


def _with_flag(dataset: Dataset, element: bytes | msgspec.Raw, flag: Flag) -> bytes:
    """The annotation as it stands, with one key more."""
    key, record = "flag", decoded(element)
    while key in record:
        key += "_"
    separator = b", " if record else b""
    text = bytes(element).rstrip()
    return b"%b%b%b: %b}" % (text[:-1].rstrip(), separator, encoded(key), encoded(_said(dataset, flag)))


def _listed(dataset: Dataset, flag: Flag) -> Mapping[str, object]:
    """A flag that hangs on no annotation."""
    place, row = flag.place, flag.detection_row
    classes = dict(zip(reversed(dataset.classes.names), reversed(dataset.classes.ids), strict=True))
    about: dict[str, object] = {"image_id": image_id(dataset, flag), "target": place.target.value}
    if place.class_name:
        about |= {"category_id": classes.get(place.class_name), "class": place.class_name}
    if place.box is not None:
        about["bbox"] = [*place.box]
    if row is not None:
        about["score"] = float(dataset.detections.scores[row])
    if place.object_id is not None:
        about["annotation_id"] = place.object_id
    if flag.is_orphan:
        about["orphan"] = True
    return about | _said(dataset, flag)


def _said(dataset: Dataset, flag: Flag) -> dict[str, object]:
    """What the flag says, without what nobody said."""
    verdict = flag.entry.verdict
    classes = dict(zip(reversed(dataset.classes.names), reversed(dataset.classes.ids), strict=True))
    said: dict[str, object] = {
        "kind": verdict.kind and verdict.kind.value,
        "right_category_id": classes.get(verdict.right_class),
        "right_class": verdict.right_class,
        "right_bbox": verdict.right_box and [*verdict.right_box],
        "note": verdict.note,
        "author": flag.entry.author,
        "time": flag.entry.time.isoformat(timespec="seconds"),
    }
    return {key: value for key, value in said.items() if value not in (None, "")}
