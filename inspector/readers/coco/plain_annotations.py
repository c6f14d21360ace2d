"""The quick way for large lists of annotations in the plain layout."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import FileId, Flags, Floats, Rows
from inspector.kernels.ready import make_ready
from inspector.parallel import in_order
from inspector.progress import Progress
from inspector.readers.coco.plain import AHEAD, PADDING, IdTable
from inspector.readers.files import FileBytes

_SHORTEST = len('{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,0,0],"area":0,"iscrowd":0}')


@dataclass(frozen=True, slots=True, eq=False)
class PlainAnnotations:
    """Some annotations in the file's order, every one of them usable as it is and without a mask."""

    ids: NDArray[np.int64]
    images: Rows
    classes: Rows
    boxes: Floats
    areas: Floats
    crowd: Flags

    def __len__(self) -> int:
        return len(self.ids)

    def first(self, rows: int) -> PlainAnnotations:
        """A copy of the first rows."""
        return PlainAnnotations(
            ids=self.ids[:rows].copy(),
            images=self.images[:rows].copy(),
            classes=self.classes[:rows].copy(),
            boxes=self.boxes[:rows].copy(),
            areas=self.areas[:rows].copy(),
            crowd=self.crowd[:rows].copy(),
        )


def read_plain_annotations(
    file: FileBytes,
    ranges: Sequence[tuple[int, int]],
    images: Sequence[FileId],
    classes: Sequence[FileId],
    masks: bool,
    progress: Progress,
) -> Generator[PlainAnnotations | None]:
    """The annotations in each range of bytes, from behind a bracket or comma to before the next one.

    None where a piece is not plain, holds anything that has to be remarked on, or any masks that matter.
    """
    make_ready(progress, ["plain_records"])
    from inspector.kernels.plain_records import ANNOTATION, ANY_POLYGONS, NO_MASK, read_records

    image_table, class_table = IdTable(images), IdTable(classes)

    def read(piece: tuple[int, int]) -> PlainAnnotations | None:
        start, end = piece
        size = end - start
        text = np.zeros(size + 1 + PADDING, np.uint8)
        text[: size + 1] = file.data[start : end + 1]
        room = size // _SHORTEST + 1
        found = PlainAnnotations(
            ids=np.empty(room, np.int64),
            images=np.empty(room, np.int32),
            classes=np.empty(room, np.int32),
            boxes=np.empty((room, 4)),
            areas=np.empty(room),
            crowd=np.empty(room, np.bool_),
        )
        ends = np.zeros(2, np.int64)
        count = read_records(
            *(text, 0, size, image_table.ids, image_table.table, image_table.first),
            class_table.ids,
            class_table.table,
            class_table.first,
            ANNOTATION,
            ANNOTATION | NO_MASK | (0 if masks else ANY_POLYGONS),
            found.images,
            found.classes,
            found.boxes,
            found.areas,
            found.ids,
            found.crowd,
            ends,
        )
        # What ends the piece must be what ends its last annotation
        return found.first(count) if count > 0 and ends[0] == size else None

    return in_order(read, ranges, AHEAD)
