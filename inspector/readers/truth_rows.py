"""Collects ground truth image by image, and puts it in the dataset's order."""

from __future__ import annotations

from array import array

import numpy as np

from inspector.dataset import Classes, FileId, Images, Objects, Splits
from inspector.progress import Progress
from inspector.readers.notes import NoteBook
from inspector.readers.ordering import dataset_order, numbers_of, offsets_of, reorder, sorted_ids
from inspector.readers.parts import GroundTruth

STAGE = "Reading ground truth"
_INFINITE = "object{s} ignored: a number in the box is not finite"
_NEGATIVE = "object{s} ignored: negative width or height"


class TruthRows:
    """Images, classes and objects in the order in which files name them.

    Where a format has no ids, the names are the ids.
    """

    def __init__(self, notes: NoteBook) -> None:
        self._notes = notes
        notes.declare(_INFINITE, _NEGATIVE)
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
    ) -> None:
        """An object; `box` is x, y, width, height in pixels. What cannot be used is noted with its place."""
        x, y, width, height = box
        if not np.isfinite(x + y + width + height):
            self._notes.add(_INFINITE, f"{place}: {list(box)}")
        elif width < 0 or height < 0:
            self._notes.add(_NEGATIVE, f"{place}: {list(box)}")
        else:
            self._object_images.append(image)
            self._object_classes.append(class_number)
            self._boxes.extend(box)
            self._areas.append(width * height if area is None else area)
            self._marks.append(crowd + 2 * difficult)

    def ground_truth(self, progress: Progress) -> GroundTruth:
        """Everything in the dataset's order; ids of objects are their positions."""
        names = sorted(self._images)
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
        return GroundTruth(
            images, classes, self._objects(image_row, class_row, progress), self._splits_of(order)
        )

    def _objects(
        self, image_row: np.ndarray[tuple[int], np.dtype[np.int32]], class_row: object, progress: Progress
    ) -> Objects:
        images = image_row[np.array(self._object_images, np.int64)]
        classes = np.asarray(class_row, np.int32)[np.array(self._object_classes, np.int64)]
        order = dataset_order(images, classes, None, len(image_row), progress, STAGE)
        marks = np.frombuffer(bytes(self._marks), np.uint8)[order]
        ordered = reorder(images, order)
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
        )

    def _splits_of(self, order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Splits | None:
        names = tuple(dict.fromkeys(self._splits))
        if len(names) < 2:
            return None
        number = {name: place for place, name in enumerate(names)}
        rows = np.array([number[split] for split in self._splits], np.int32)
        return Splits(names, rows[order])
