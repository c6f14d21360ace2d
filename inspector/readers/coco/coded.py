"""The quick way for large files of detections whose masks are compressed run lengths."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.kernels.ready import make_ready
from inspector.parallel import PROCESSORS, in_order
from inspector.progress import Progress
from inspector.readers.coco.masks import MaskRows, checked
from inspector.readers.coco.plain import PADDING, IdTable, PlainDetections
from inspector.readers.files import FileBytes

_SHORTEST = len('{"image_id":1,"category_id":1,"segmentation":{"size":[1,1],"counts":"1"},"score":0}')
_AHEAD = 2 * PROCESSORS


@dataclass(frozen=True, slots=True, eq=False)
class CodedDetections(PlainDetections):
    """The same with masks, every one of them good."""

    masks: MaskRows
    boxless: NDArray[np.intp]
    """The rows that have the bounding box of their mask."""


class CodedReader:
    """Reads detections with masks by kernels, on all processors."""

    def __init__(self, images: IdTable, classes: IdTable, progress: Progress) -> None:
        make_ready(progress, ["coded_records", "mask_reading"])
        self._images, self._classes = images, classes

    def pieces(self, file: FileBytes, ranges: Sequence[tuple[int, int]]) -> Generator[CodedDetections | None]:
        """The detections in each range of bytes, from behind a bracket or comma to before the next one.

        None where a piece is not plain, or holds anything that has to be remarked on.
        """

        def read(piece: tuple[int, int]) -> CodedDetections | None:
            start, end = piece
            text = np.zeros(end - start + PADDING, dtype=np.uint8)
            text[: end - start] = file.data[start:end]
            return self._read(text, end - start)

        return in_order(read, ranges, _AHEAD)

    def _read(self, text: NDArray[np.uint8], size: int) -> CodedDetections | None:
        from inspector.kernels import coded_records, mask_reading

        room = size // _SHORTEST + 1
        found, sizes, lengths = PlainDetections.room(room), np.empty((room, 2)), np.empty(room, np.int64)
        codes, ends = np.empty(size, np.uint8), np.zeros(2, np.int64)
        images, classes = self._images, self._classes
        count = coded_records.read_coded(
            *(text, 0, size, images.ids, images.table, images.first),
            classes.ids,
            classes.table,
            classes.first,
            found.images,
            found.classes,
            found.boxes,
            found.scores,
            sizes,
            lengths,
            codes,
            ends,
        )
        if count < 0 or ends[0] != size:
            return None
        masks = checked(
            mask_reading.Given(
                kinds=np.full(count, mask_reading.CODE, dtype=np.uint8),
                sizes=sizes[:count],
                parts=np.ones(count, dtype=np.int64),
                lengths=lengths[:count],
                numbers=np.empty(0),
                codes=codes[: ends[1]],
            )
        )
        found = found.first(count).copy()
        boxless = np.flatnonzero(np.isnan(found.boxes[:, 0]))
        found.boxes[boxless] = masks.boxes[boxless]
        if not masks.good.all():
            return None
        return CodedDetections(found.images, found.classes, found.boxes, found.scores, masks, boxless)
