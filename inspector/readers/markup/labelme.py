"""LabelMe's JSON files, one per image, alone or in a folder; also those of X-AnyLabeling."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from inspector.errors import InputError
from inspector.progress import Progress
from inspector.readers.coco.columns import part_of
from inspector.readers.files import read_small
from inspector.readers.folders import some_files
from inspector.readers.image_places import ImagePlaces
from inspector.readers.many_files import each_of, files_of, folder_of
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context, GroundTruth
from inspector.readers.split_names import split_of
from inspector.readers.truth_boxes import Four, box_reader
from inspector.readers.truth_rows import STAGE, TruthRows

_MOST: Final = 512 << 20
"""Bytes of a file, most of which may be the picture in it."""
_OWN_KEYS: Final = re.compile(rb'"(shapes|imagePath|imageData)"\s*:')
_OTHER_KEYS: Final = re.compile(rb'"(images|annotations|categories)"\s*:')
_NO_LABEL: Final = "shape{s} ignored: no label"
_UNREADABLE: Final = "shape{s} ignored: a point is missing, or something cannot be read"
_ROTATED: Final = "rotated box{s}: the upright box around it is used"
_CIRCLE: Final = "circle{s}: the box around it is used"
_MASK: Final = "mask{s} left out: the box is used"
_GROUPED: Final = "polygon{s} of a group: those of one label are one object"


class _Shape(msgspec.Struct):
    label: str | int | float | None = None
    points: list[tuple[float, float]] = []
    shape_type: str | None = None
    group_id: int | str | None = None
    difficult: Any = None
    flags: Any = None


class _Document(msgspec.Struct):
    """`imageData`, the picture in the file, is passed over."""

    shapes: list[msgspec.Raw] | None = None
    imagePath: Any = None  # noqa: N815
    imageWidth: Any = None  # noqa: N815
    imageHeight: Any = None  # noqa: N815


@dataclass(frozen=True, slots=True)
class _File:
    """What is used of a file; its text is let go, which may hold a picture."""

    shapes: list[_Shape | None]
    """None for those that cannot be read."""
    image_path: str
    size: tuple[float | None, float | None]
    """Width and height, as far as they are numbers."""


_documents: Final = msgspec.json.Decoder(_Document)
_shapes: Final = msgspec.json.Decoder(_Shape)


def looks_like_truth(path: Path) -> bool:
    """A file whose first keys are LabelMe's, or a folder with such files."""
    if path.is_dir():
        return any(_has_own_keys(path / name) for name in some_files(path, (".json",)))
    return _has_own_keys(path)


def read_truth(path: Path, context: Context, notes: NoteBook, progress: Progress) -> GroundTruth:
    """Raises InputError, and what `progress` raises."""
    notes.declare(_NO_LABEL, _UNREADABLE, _ROTATED, _CIRCLE, _MASK, _GROUPED)
    root, names = files_of(path, ".json", progress)
    reader = _Reader(ImagePlaces(root, map(folder_of, names), context.sizes), context, notes)
    for name, file in each_of(root, names, _read, notes, part_of(progress, 0.0, 0.9), STAGE):
        reader.add(name, file)
    return reader.ground_truth(part_of(progress, 0.9, 1.0))


def _has_own_keys(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(4096).replace(b"\0", b"")
    except OSError:
        return False
    return bool(_OWN_KEYS.search(head)) and not _OTHER_KEYS.search(head)


def _read(path: str) -> _File | None:
    """A file; None where it is JSON of another kind. Raises InputError."""
    data = read_small(path, _MOST)
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            data = data.decode("utf-16").encode("utf-8")
        found = _documents.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except msgspec.ValidationError:  # a list, or "shapes" that are none
        return None
    except msgspec.DecodeError as error:
        at = re.search(r"byte (\d+)", str(error))
        line = data.count(b"\n", 0, int(at[1]) if at else len(data)) + 1
        raise InputError(path, f"line {line}", "is not JSON that can be read") from None
    except (UnicodeError, RecursionError):
        raise InputError(path, "", "is not JSON that can be read") from None
    if found.shapes is None:
        return None
    declared = found.imagePath if isinstance(found.imagePath, str) else ""
    return _File(
        [_shape(raw) for raw in found.shapes],
        declared,
        (_number(found.imageWidth), _number(found.imageHeight)),
    )


def _shape(raw: msgspec.Raw) -> _Shape | None:
    try:
        return _shapes.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


class _Reader:
    """Adds one file after the other."""

    def __init__(self, places: ImagePlaces, context: Context, notes: NoteBook) -> None:
        self._places, self._notes = places, notes
        self._box = box_reader(context.reading)
        self._rows = TruthRows(notes, context.masks)

    def add(self, name: str, file: _File) -> None:
        """All shapes of a file, and its image."""
        image_name = self._places.named(name, file.image_path, self._notes)
        size = self._places.size(image_name, file.size, name, self._notes)
        image = self._rows.image(image_name, size, split_of(folder_of(name)))
        groups: dict[tuple[str, object], list[tuple[_Shape, str]]] = {}
        for number, shape in enumerate(file.shapes):
            place = f"{name}, shapes[{number}]"
            if shape is None:
                self._notes.add(_UNREADABLE, place)
            elif shape.label is None or shape.label == "":
                self._notes.add(_NO_LABEL, place)
            elif _kind(shape) == "polygon":
                group = number if shape.group_id is None else ("group", shape.group_id)
                groups.setdefault((str(shape.label), group), []).append((shape, place))
            else:
                self._add(shape, _kind(shape), image, size, place)
        for (label, _), members in groups.items():
            self._add_polygons(label, members, image)

    def ground_truth(self, progress: Progress) -> GroundTruth:
        """Everything in the dataset's order."""
        return self._rows.ground_truth(progress, self._places.image_folder)

    def _add(self, shape: _Shape, kind: str, image: int, size: tuple[int, int], place: str) -> None:
        """A shape that is a box, or has one."""
        box = None
        if kind not in ("rectangle", "rotation", "circle", "mask"):
            plural = kind[:40] if kind.endswith("s") else f"{kind[:40]}{{s}}"
            self._notes.add(f"{plural} left out: neither box nor region", place)
            return
        if len(shape.points) < 2:
            self._notes.add(_UNREADABLE, place)
            return
        if kind == "circle":
            (x, y), (on_x, on_y) = shape.points[:2]
            radius = math.hypot(on_x - x, on_y - y)
            box = (x - radius, y - radius, 2 * radius, 2 * radius)
        else:
            box = self._box(_extents(shape.points), size)
        aside = {"circle": _CIRCLE, "rotation": _ROTATED, "mask": _MASK}
        if kind in aside:
            self._notes.add(aside[kind], place)
        crowd, difficult = _marks(shape)
        class_number = self._rows.class_of(str(shape.label))
        self._rows.add(image, class_number, box, place, crowd=crowd, difficult=difficult)

    def _add_polygons(self, label: str, members: Sequence[tuple[_Shape, str]], image: int) -> None:
        """Polygons that are one object."""
        if len(members) > 1:
            self._notes.add(_GROUPED, members[0][1], count=len(members))
        parts = [[value for point in shape.points for value in point] for shape, _ in members]
        marks = [_marks(shape) for shape, _ in members]
        self._rows.add_polygons(
            image,
            self._rows.class_of(label),
            parts,
            members[0][1],
            crowd=any(crowd for crowd, _ in marks),
            difficult=any(difficult for _, difficult in marks),
        )


def _kind(shape: _Shape) -> str:
    """Files of old versions name no kind: two points are a box, more a polygon."""
    return shape.shape_type or ("rectangle" if len(shape.points) == 2 else "polygon")


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _marks(shape: _Shape) -> tuple[bool, bool]:
    """Whether a shape is marked as a crowd region, or as difficult."""
    flags = shape.flags if isinstance(shape.flags, dict) else {}
    crowd = flags.get("iscrowd") or flags.get("is_crowd")
    return bool(crowd), bool(shape.difficult or flags.get("difficult"))


def _extents(points: Sequence[tuple[float, float]]) -> Four:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
