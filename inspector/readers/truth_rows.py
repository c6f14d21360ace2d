"""Collects ground truth image by image, and puts it in the dataset's order."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from inspector.dataset import Classes, FileId, Flags, Floats, Images, Objects, Rows, Splits
from inspector.pauses import sorted_in_steps
from inspector.progress import Progress
from inspector.readers.given_masks import GivenMasks
from inspector.readers.notes import NoteBook
from inspector.readers.ordering import dataset_order, numbers_of, offsets_of, reorder, sorted_ids
from inspector.readers.parts import GroundTruth

STAGE = "Reading ground truth"
_INFINITE = "object{s} ignored: a number in the box is not finite"
_NEGATIVE = "object{s} ignored: negative width or height"
_TOO_FEW_POINTS = "polygon{s} ignored: fewer than three points"


class TruthRows:
    """Images, classes and objects in the order in which files name them.

    Where a format has no ids, the names are the ids.
    """

    def __init__(self, notes: NoteBook, masks: bool = False) -> None:
        """`masks`: whether those of polygons are drawn and kept, beside their boxes."""
        self._notes = notes
        notes.declare(_INFINITE, _NEGATIVE, _TOO_FEW_POINTS)
        self._masks = GivenMasks() if masks else None
        self._images: dict[str, int] = {}
        self._sizes = array("i")
        self._splits: list[str] = []
        self._classes: dict[FileId, str] = {}
        self._class_numbers: dict[FileId, int] = {}
        self._object_images, self._object_classes = array("i"), array("i")
        self._boxes, self._areas = array("d"), array("d")
        self._marks = bytearray()

    def __len__(self) -> int:
        return len(self._object_images)

    def image(self, name: str, size: tuple[int, int], split: str = "") -> int:
        """The number of an image: a new one, or the one of this name."""
        number = self._images.setdefault(name, len(self._images))
        if number == len(self._splits):
            self._sizes.extend(size)
            self._splits.append(split)
        return number

    def class_of(self, item: FileId, name: str | None = None) -> int:
        """The number of a class: a new one, or the one of this id."""
        self._classes.setdefault(item, str(item) if name is None else name)
        return self._class_numbers.setdefault(item, len(self._class_numbers))

    def add(
        self,
        image: int,
        class_number: int,
        box: tuple[float, float, float, float],
        place: str,
        *,
        area: float | None = None,
        crowd: bool = False,
        difficult: bool = False,
    ) -> bool:
        """An object; `box` is x, y, width, height in pixels.

        What cannot be used is noted with its place, and False is returned.
        """
        x, y, width, height = box
        if not math.isfinite(x + y + width + height):
            self._notes.add(_INFINITE, f"{place}: {list(box)}")
            return False
        if width < 0 or height < 0:
            self._notes.add(_NEGATIVE, f"{place}: {list(box)}")
            return False
        self._object_images.append(image)
        self._object_classes.append(class_number)
        self._boxes.extend(box)
        self._areas.append(width * height if area is None else area)
        self._marks.append(crowd + 2 * difficult)
        return True

    def add_boxes(
        self,
        images: Rows,
        class_numbers: Rows,
        boxes: Floats,
        place: Callable[[int], str],
        crowd: Flags | None = None,
    ) -> None:
        """Many objects at once; `place` names the object of a position."""
        finite = np.isfinite(boxes).all(axis=1)
        negative = finite & (boxes[:, 2:] < 0).any(axis=1)
        for text, odd in ((_INFINITE, ~finite), (_NEGATIVE, negative)):
            rows = np.flatnonzero(odd)
            self._notes.add_rows(text, rows, len(rows), lambda row: f"{place(row)}: {boxes[row].tolist()}")
        keep = finite & ~negative
        kept = boxes[keep]
        self._object_images.frombytes(images[keep].astype(np.int32).tobytes())
        self._object_classes.frombytes(class_numbers[keep].astype(np.int32).tobytes())
        self._boxes.frombytes(kept.tobytes())
        self._areas.frombytes((kept[:, 2] * kept[:, 3]).tobytes())
        self._marks.extend(bytes(len(kept)) if crowd is None else crowd[keep].tobytes())

    def add_polygons(
        self,
        image: int,
        class_number: int,
        parts: Sequence[Sequence[float]],
        place: str,
        *,
        crowd: bool = False,
        difficult: bool = False,
    ) -> None:
        """An object by the outlines of its parts, x and y by turns, in pixels.

        The extents of the corners are its box, what they enclose (by the shoelace formula) is its area,
        so that neither depends on whether masks are read.
        """
        used = [part for part in parts if len(part) >= 6]
        if len(used) < len(parts):
            self._notes.add(_TOO_FEW_POINTS, place, count=len(parts) - len(used))
        if not used:
            return
        if not all(map(math.isfinite, chain.from_iterable(used))):
            self._notes.add(_INFINITE, place)
            return
        x0, x1 = min(min(part[::2]) for part in used), max(max(part[::2]) for part in used)
        y0, y1 = min(min(part[1::2]) for part in used), max(max(part[1::2]) for part in used)
        area = sum(map(_area_within, used))
        box = (x0, y0, x1 - x0, y1 - y0)
        row = len(self)
        added = self.add(image, class_number, box, place, area=area, crowd=crowd, difficult=difficult)
        if added and self._masks is not None:
            self._masks.add(row, used, place)

    def add_mask(
        self, image: int, class_number: int, box: tuple[int, int, int, int], runs: Sequence[int], place: str
    ) -> None:
        """An object by the pixels of its mask: run lengths down column after column of the whole image.

        `box`: x, y, width, height of its pixels.
        """
        row = len(self)
        if self.add(image, class_number, box, place, area=float(sum(runs[1::2]))) and self._masks is not None:
            self._masks.add(row, [runs], place, polygons=False)

    def ground_truth(self, progress: Progress, image_folder: Path | None = None) -> GroundTruth:
        """Everything in the dataset's order; ids of objects are their positions."""
        names = sorted_in_steps(self._images)
        order = np.array([self._images[name] for name in names], np.int64)
        image_row = np.empty(len(order), np.int32)
        image_row[order] = np.arange(len(order), dtype=np.int32)
        sizes = np.array(self._sizes, np.int32).reshape(-1, 2)[order]
        ids = sorted_ids(self._classes)
        class_row = np.empty(len(ids), np.int32)
        for row, item in enumerate(ids):
            class_row[self._class_numbers[item]] = row
        images = Images(tuple(names), tuple(names), sizes, numbers_of(names))
        classes = Classes(tuple(ids), tuple(self._classes[item] for item in ids))
        objects = self._objects(image_row, class_row, progress)
        return GroundTruth(images, classes, objects, self._splits_of(order), image_folder)

    def _objects(
        self, image_row: np.ndarray[tuple[int], np.dtype[np.int32]], class_row: object, progress: Progress
    ) -> Objects:
        images = image_row[np.array(self._object_images, np.int64)]
        classes = np.asarray(class_row, np.int32)[np.array(self._object_classes, np.int64)]
        order = dataset_order(images, classes, None, len(image_row), progress, STAGE)
        marks = np.frombuffer(bytes(self._marks), np.uint8)[order]
        ordered = reorder(images, order)
        masks = None
        if self._masks is not None:
            file_sizes = np.array(self._sizes, np.int32).reshape(-1, 2)
            of_objects = file_sizes[np.array(self._object_images, np.int64)]
            masks = self._masks.take(of_objects, order, self._notes, progress)
        return Objects(
            ids=order.astype(np.int64),
            positions=order.astype(np.int64),
            images=ordered,
            classes=reorder(classes, order),
            boxes=reorder(np.array(self._boxes).reshape(-1, 4), order),
            areas=reorder(np.array(self._areas), order),
            crowd=(marks & 1).astype(np.bool_),
            difficult=(marks & 2).astype(np.bool_),
            offsets=offsets_of(ordered, len(image_row)),
            masks=masks,
        )

    def _splits_of(self, order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Splits | None:
        names = tuple(dict.fromkeys(self._splits))
        if len(names) < 2:
            return None
        number = {name: place for place, name in enumerate(names)}
        rows = np.array([number[split] for split in self._splits], np.int32)
        return Splits(names, rows[order])


def _area_within(part: Sequence[float]) -> float:
    xs, ys = part[::2], part[1::2]
    area = abs(sum(xs[i - 1] * ys[i] - xs[i] * ys[i - 1] for i in range(len(xs)))) / 2
    return area if math.isfinite(area) else math.inf
