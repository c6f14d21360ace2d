"""The masks of one image as they are painted: pixels and edges. Columns, no Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Masks
from inspector.masks import bitmap, outline
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.refs import BoxRef, Side
from widgets.canvas.boxes import Boxes

Segments = NDArray[np.int32]
"""int32 [segments, 4]: x and y of one end, and of the other to the right or below, in page pixels."""


class MaskStyle(StrEnum):
    """How masks are drawn."""

    FILLED = "filled"
    OUTLINED = "outlined"
    OFF = "off"

    @property
    def following(self) -> MaskStyle:
        """What comes after it, going round."""
        styles = list(MaskStyle)
        return styles[(styles.index(self) + 1) % len(styles)]


@dataclass(frozen=True, slots=True, eq=False)
class MaskShape:
    """One mask within its bounding box."""

    left: int
    top: int
    pixels: Flags
    """bool [rows, columns]."""
    edges: Segments

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """left, top, right and bottom, the last two excluded."""
        rows, columns = self.pixels.shape
        return self.left, self.top, self.left + columns, self.top + rows

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a point of the page (x, y) lies in the mask."""
        column, row = int(np.floor(point[0])) - self.left, int(np.floor(point[1])) - self.top
        rows, columns = self.pixels.shape
        return 0 <= row < rows and 0 <= column < columns and bool(self.pixels[row, column])


@dataclass(frozen=True, slots=True, eq=False)
class ImageMasks:
    """All masks of one image; None for a box that has none."""

    first_object: int
    first_detection: int
    objects: tuple[MaskShape | None, ...]
    detections: tuple[MaskShape | None, ...]
    edges: Segments
    """Those of all of them, mask by mask: the objects' first, then the detections'."""
    counts: NDArray[np.int64]
    """int64 [masks]: how many of them each has, in the same order."""
    bounds: NDArray[np.int32]
    """int32 [masks, 4]: left, top, right and bottom in page pixels, the last two excluded."""

    def of(self, ref: BoxRef) -> MaskShape | None:
        if ref.kind is Side.OBJECT:
            return self.objects[ref.row - self.first_object]
        return self.detections[ref.row - self.first_detection]

    def positions(self, boxes: Boxes) -> NDArray[np.int64]:
        """int64 [boxes]: where the mask of each box stands, as in `counts`."""
        places = boxes.rows.copy()
        places[: boxes.objects] -= self.first_object
        places[boxes.objects :] += len(self.objects) - self.first_detection
        return places

    def holding(self, boxes: Boxes, point: tuple[float, float]) -> Flags:
        """bool [boxes]: whose mask holds a point of the page (x, y)."""
        shapes = map(self.shape_at, self.positions(boxes).tolist())
        held = (shape is not None and shape.holds(point) for shape in shapes)
        return np.fromiter(held, dtype=np.bool_, count=len(boxes))

    def shape_at(self, position: int) -> MaskShape | None:
        """The mask at a position, as in `counts`."""
        objects = len(self.objects)
        return self.objects[position] if position < objects else self.detections[position - objects]

    def __len__(self) -> int:
        return len(self.objects) + len(self.detections)


def has_masks(dataset: Dataset) -> bool:
    return dataset.objects.masks is not None or dataset.detections.masks is not None


def masks_of(dataset: Dataset, image_row: int, progress: Progress) -> ImageMasks:
    """Decode and trace the masks of an image. Raises CancelledError when `progress` does."""
    there, found = dataset.objects_of(image_row), dataset.detections_of(image_row)
    pauses = Pauses()

    def shapes(masks: Masks | None, rows: slice) -> Iterator[MaskShape | None]:
        for row in range(rows.start, rows.stop):
            progress("Masks", 0.0)
            pauses()
            yield None if masks is None else _shape(masks, row)

    objects = tuple(shapes(dataset.objects.masks, there))
    detections = tuple(shapes(dataset.detections.masks, found))
    none = np.zeros((0, 4), dtype=np.int32)
    edges = [none if shape is None else shape.edges for shape in (*objects, *detections)]
    bounds = [(0, 0, 0, 0) if shape is None else shape.bounds for shape in (*objects, *detections)]
    return ImageMasks(
        first_object=there.start,
        first_detection=found.start,
        objects=objects,
        detections=detections,
        edges=np.concatenate([none, *edges]),
        counts=np.array([len(own) for own in edges], dtype=np.int64),
        bounds=np.array(bounds, dtype=np.int32).reshape(-1, 4),
    )


def _shape(masks: Masks, row: int) -> MaskShape | None:
    paths = outline(masks, row)
    if not paths:
        return None
    ends = [np.concatenate((path, np.roll(path, -1, axis=0)), axis=1) for path in paths]
    edges = np.concatenate(ends).astype(np.int32)
    low, high = np.minimum(edges[:, :2], edges[:, 2:]), np.maximum(edges[:, :2], edges[:, 2:])
    return MaskShape(*bitmap(masks, row), np.concatenate((low, high), axis=1))
