"""CVAT for images 1.1: one XML file for many images, or a folder with some of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from lxml.etree import _Element as Element

from inspector.errors import InputError
from inspector.progress import Progress
from inspector.readers.coco.columns import part_of
from inspector.readers.folders import some_files
from inspector.readers.image_places import ImagePlaces
from inspector.readers.many_files import files_of, folder_of, parts_of
from inspector.readers.markup.xml_files import children, root_name
from inspector.readers.notes import NoteBook
from inspector.readers.numbers import is_true, number
from inspector.readers.parts import Context, GroundTruth
from inspector.readers.truth_boxes import Four, are_swapped, box_reader, put_right
from inspector.readers.truth_rows import STAGE, TruthRows

_ROOT: Final = "annotations"
_CORNERS: Final = ("xtl", "ytl", "xbr", "ybr")
_LEFT_OUT: Final = ("polyline", "points", "cuboid", "tag", "skeleton")
_MOST_PIXELS: Final = 1 << 26
"""Of the box of a mask."""
_NO_LABEL: Final = "object{s} ignored: no label"
_NO_NUMBER: Final = "object{s} ignored: a number is missing or cannot be read"
_WRONG_MASK: Final = "mask{s} ignored: the run lengths do not fill their box, or it leaves the image"
_SWAPPED: Final = "box{s} with left and right, or top and bottom, swapped: put right"
_ROTATED: Final = "rotated box{s}: the upright box around it is used"
_ELLIPSE: Final = "ellipse{s}: the upright box around it is used"
_UNLISTED: Final = "label{s} that the file's own list does not name (kept)"
_TRACKS: Final = 'track{s} of a video left out: export as "CVAT for images 1.1"'
_TWICE: Final = "image{s} listed again: what is on them is put together"
_VIDEO: Final = 'holds tracks of a video and no images: export it as "CVAT for images 1.1"'


def looks_like_truth(path: Path) -> bool:
    """A file with CVAT's root element, or a folder with such a file."""
    if path.is_dir():
        return any(root_name(path / name) == _ROOT for name in some_files(path, (".xml",)))
    return path.suffix.lower() == ".xml" and root_name(path) == _ROOT


def read_truth(path: Path, context: Context, notes: NoteBook, progress: Progress) -> GroundTruth:
    """Raises InputError, and what `progress` raises."""
    notes.declare(
        _NO_LABEL, _NO_NUMBER, _WRONG_MASK, _SWAPPED, _ROTATED, _ELLIPSE, *map(_left_out, _LEFT_OUT)
    )
    root, names = files_of(path, ".xml", progress)
    names = [name for name in names if root_name(root / name) == _ROOT] if path.is_dir() else names
    if not names:
        raise InputError(path, "", "holds no file of CVAT for images")
    places = ImagePlaces(root, map(folder_of, names), context.sizes)
    reader = _Reader(places, context, notes)

    def read(file: Path, step: Progress) -> None:
        name = file.relative_to(root).as_posix()
        for element in children(file, _ROOT, ("meta", "image", "track"), step, STAGE):
            reader.add(name, element)

    parts_of(root, names, read, notes, part_of(progress, 0.0, 0.9))
    if not reader.images and reader.tracks:
        raise InputError(path, "", _VIDEO)
    return reader.rows.ground_truth(part_of(progress, 0.9, 1.0), places.image_folder)


def _left_out(tag: str) -> str:
    plural = tag if tag.endswith("s") else f"{tag}{{s}}"
    return f"{plural} left out: neither box nor region"


class _Reader:
    """Adds one element below the root after the other."""

    def __init__(self, places: ImagePlaces, context: Context, notes: NoteBook) -> None:
        self._places, self._notes = places, notes
        self._box = box_reader(context.reading)
        self.rows = TruthRows(notes, context.masks)
        self._labels: set[str] = set()
        self._names: set[str] = set()
        self.tracks = 0
        self._shapes: dict[str, Callable[[Element, int, int, tuple[int, int], str], None]] = {
            "box": self._add_box,
            "polygon": self._add_polygon,
            "ellipse": self._add_ellipse,
            "mask": self._add_mask,
        }

    @property
    def images(self) -> int:
        """How many images there are."""
        return len(self._names)

    def add(self, file: str, element: Element) -> None:
        """The labels of the file, an image with its objects, or the track of a video."""
        if element.tag == "meta":
            # <meta><job | task | project><labels><label><name>
            for label in element.iterfind("./*/labels/label/name"):
                if label.text:
                    self._labels.add(label.text)
                    self.rows.class_of(label.text)
        elif element.tag == "image":
            self._add_image(file, element)
        else:
            self.tracks += 1
            self._notes.add(_TRACKS, f"{file}, line {element.sourceline}")

    def _add_image(self, file: str, element: Element) -> None:
        called = (element.get("name") or "").replace("\\", "/")
        if not called:
            self._notes.add("image{s} without a name left out", f"{file}, line {element.sourceline}")
            return
        name = self._places.name(folder_of(file), called)
        if name in self._names:
            self._notes.add(_TWICE, f"{file}, line {element.sourceline}: {called}")
        self._names.add(name)
        declared = number(element.get("width")), number(element.get("height"))
        size = self._places.size(name, declared, f"{file}, line {element.sourceline}", self._notes)
        image = self.rows.image(name, size, element.get("subset") or "")
        for shape in element:
            place = f"{file}, line {shape.sourceline}"
            add = self._shapes.get(str(shape.tag))
            if add is None:
                self._notes.add(_left_out(str(shape.tag)), place)
            elif label := shape.get("label"):
                if label not in self._labels:
                    self._labels.add(label)
                    self._notes.add(_UNLISTED, f"{place}: {label}")
                add(shape, image, self.rows.class_of(label), size, place)
            else:
                self._notes.add(_NO_LABEL, place)

    def _add_box(
        self, shape: Element, image: int, class_number: int, size: tuple[int, int], place: str
    ) -> None:
        left, top, right, bottom = (number(shape.get(key)) for key in _CORNERS)
        angle = number(shape.get("rotation", "0"))
        if left is None or top is None or right is None or bottom is None or angle is None:
            self._notes.add(_NO_NUMBER, place)
            return
        corners = left, top, right, bottom
        if are_swapped(corners):
            self._notes.add(_SWAPPED, f"{place}: {list(corners)}")
            corners = put_right(corners)
        if math.isfinite(angle) and angle % 360:
            self._notes.add(_ROTATED, f"{place}: {angle:g} degrees")
            corners = _upright(corners, angle)
        crowd, difficult = _marks(shape)
        box = self._box(corners, size)
        self.rows.add(image, class_number, box, place, crowd=crowd, difficult=difficult)

    def _add_ellipse(
        self, shape: Element, image: int, class_number: int, _size: tuple[int, int], place: str
    ) -> None:
        x, y, rx, ry = (number(shape.get(key)) for key in ("cx", "cy", "rx", "ry"))
        angle = number(shape.get("rotation", "0"))
        if x is None or y is None or rx is None or ry is None or angle is None or not math.isfinite(angle):
            self._notes.add(_NO_NUMBER, place)
            return
        self._notes.add(_ELLIPSE, place)
        turn = math.radians(angle)
        half_width = math.hypot(rx * math.cos(turn), ry * math.sin(turn))
        half_height = math.hypot(rx * math.sin(turn), ry * math.cos(turn))
        box = (x - half_width, y - half_height, 2 * half_width, 2 * half_height)
        crowd, difficult = _marks(shape)
        self.rows.add(image, class_number, box, place, crowd=crowd, difficult=difficult)

    def _add_polygon(
        self, shape: Element, image: int, class_number: int, _size: tuple[int, int], place: str
    ) -> None:
        numbers = [number(text) for text in (shape.get("points") or "").replace(";", ",").split(",")]
        points = [value for value in numbers if value is not None]
        if len(points) < len(numbers) or len(points) % 2:
            self._notes.add(_NO_NUMBER, place)
            return
        crowd, difficult = _marks(shape)
        self.rows.add_polygons(image, class_number, [points], place, crowd=crowd, difficult=difficult)

    def _add_mask(
        self, shape: Element, image: int, class_number: int, size: tuple[int, int], place: str
    ) -> None:
        numbers = [number(shape.get(key)) for key in ("left", "top", "width", "height")]
        counts = [number(text) for text in (shape.get("rle") or "").split(",")]
        if None in numbers or None in counts:
            self._notes.add(_NO_NUMBER, place)
            return
        left, top, width, height = (0 if value is None else value for value in numbers)
        inside = 0 <= left <= left + width <= size[0] and 0 <= top <= top + height <= size[1]
        whole = all(value is not None and value >= 0 and value.is_integer() for value in (*numbers, *counts))
        fills = 0 < width * height <= _MOST_PIXELS and sum(map(float, filter(None, counts))) == width * height
        if not inside or not whole or not fills:
            self._notes.add(_WRONG_MASK, place)
            return
        box = int(left), int(top), int(width), int(height)
        runs = _columns_of([int(value or 0) for value in counts], box, size)
        self.rows.add_mask(image, class_number, box, runs, place)


def _marks(shape: Element) -> tuple[bool, bool]:
    """Whether attributes call an object a crowd region, or difficult."""
    marks = {
        (item.get("name") or "").lower().replace("_", ""): item.text for item in shape if is_true(item.text)
    }
    return "iscrowd" in marks, "difficult" in marks


def _upright(corners: Four, degrees: float) -> Four:
    """The corners around a box that is turned about its centre."""
    left, top, right, bottom = corners
    x, y, width, height = (left + right) / 2, (top + bottom) / 2, right - left, bottom - top
    turn = math.radians(degrees)
    sine, cosine = abs(math.sin(turn)), abs(math.cos(turn))
    half_width, half_height = (width * cosine + height * sine) / 2, (width * sine + height * cosine) / 2
    return x - half_width, y - half_height, x + half_width, y + half_height


def _columns_of(counts: list[int], box: tuple[int, int, int, int], size: tuple[int, int]) -> list[int]:
    """Run lengths down the columns of the image, of run lengths along the rows of a box in it.

    Only the box is ever decoded, which lies in the image.
    """
    left, top, width, height = box
    colours = (np.arange(len(counts)) % 2).astype(np.int8)
    pixels = np.repeat(colours, counts).reshape(height, width)
    edges = np.diff(np.pad(pixels, ((1, 1), (0, 0))), axis=0).T
    columns, rows = np.nonzero(edges)  # down the columns: where every run begins, and behind its end
    changes = (left + columns) * size[1] + top + rows
    # A run to the bottom goes on at the top of the next column.
    again = np.flatnonzero(np.diff(changes) == 0)
    changes = np.delete(changes, np.concatenate([again, again + 1]))
    return list(map(int, np.diff(np.concatenate([[0], changes, [size[0] * size[1]]]))))
