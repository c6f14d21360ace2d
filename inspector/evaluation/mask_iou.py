"""IoU of the masks of detections with those of objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Detections, Floats, Masks, Objects, Offsets
from inspector.kernels.ready import make_ready
from inspector.parallel import image_blocks, in_order
from inspector.progress import Progress, no_progress

if TYPE_CHECKING:
    from inspector.kernels.mask_iou import MaskColumns, Side

STAGE = "Comparing masks"
_BLOCK = 2000
"""Boxes whose masks are compared at once: some ten milliseconds."""


@dataclass(frozen=True, eq=False)
class PairIous:
    """The IoU of each pair that matching may ask for."""

    offsets: Offsets
    """int64 [images + 1] into the next."""
    values: Floats
    """float64: for each image, for each class on it that has detections and objects, ascending: IoU of its
    first min(n, max_dets) detections with each of its objects, detection by detection."""


def pair_ious(dataset: Dataset, max_dets: int, progress: Progress = no_progress) -> PairIous:
    """Compare the masks of each class on each image, on all processors, as the COCO API's `rleIou` does.

    What has no mask takes part with its box, as in `loadRes`: drawn at the size of the image or, where that
    is not known, of another mask on it. Raises CancelledError when `progress` does.
    """
    make_ready(progress, ["mask_iou"])
    from inspector.kernels import mask_iou as kernels

    columns = _columns(dataset)
    offsets = np.empty(len(dataset.images) + 1, dtype=np.int64)
    kernels.count_pairs(columns, max_dets, offsets)
    values = np.empty(int(offsets[-1]))

    def work(images: tuple[int, int]) -> None:
        kernels.compare_images(*images, columns, max_dets, offsets, values)

    blocks = image_blocks(dataset, _BLOCK)
    progress(STAGE, 0.0)
    for number, _ in enumerate(in_order(work, blocks), start=1):
        progress(STAGE, number / len(blocks))
    for array in (offsets, values):
        array.setflags(write=False)
    return PairIous(offsets, values)


def other_pairs(
    former: PairIous | None, image_rows: NDArray[np.int64], found: PairIous | None
) -> PairIous | None:
    """The IoUs of all images, those of some of them from `found`."""
    if former is None or found is None:
        return None
    lengths = np.diff(former.offsets)
    lengths[image_rows] = np.diff(found.offsets)
    offsets = np.zeros_like(former.offsets)
    np.cumsum(lengths, out=offsets[1:])
    values, begin = [], 0
    for place, row in enumerate(image_rows.tolist()):
        values.append(former.values[begin : former.offsets[row]])
        values.append(found.values[found.offsets[place] : found.offsets[place + 1]])
        begin = int(former.offsets[row + 1])
    pairs = PairIous(offsets, np.concatenate([*values, former.values[begin:]]))
    for array in (pairs.offsets, pairs.values):
        array.setflags(write=False)
    return pairs


def mask_overlaps(dataset: Dataset, detections: slice, objects: slice) -> Floats:
    """float64 [detections, objects]: mask IoU of some boxes of one image; -1 where bitmaps differ in size.

    For use after `pair_ious`, which loads what this needs.
    """
    from inspector.kernels import mask_iou as kernels

    count, there = detections.stop - detections.start, objects.stop - objects.start
    values = np.empty(count * there)
    if len(values):
        image = int(dataset.detections.images[detections.start])
        pairs = (detections.start, count, objects.start, there)
        kernels.compare(_columns(dataset), image, *pairs, values, 0)
    return values.reshape(count, there)


def _columns(dataset: Dataset) -> MaskColumns:
    from inspector.kernels.mask_iou import MaskColumns

    sizes = dataset.images.sizes.view()
    sizes.setflags(write=False)
    objects, detections = dataset.objects, dataset.detections
    return MaskColumns(_side(objects), objects.crowd, _side(detections), sizes)


def _side(rows: Objects | Detections) -> Side:
    from inspector.kernels.mask_iou import Side

    nothing = Masks(np.empty((0, 2), np.int32), np.zeros(1, np.int64), np.empty(0, np.uint8))
    masks = nothing if rows.masks is None else rows.masks
    return Side(rows.offsets, rows.classes, rows.boxes, masks.sizes, masks.offsets, masks.codes)
