"""IoU of masks, on their run lengths: equal to `rleIou` of the COCO API's maskApi.c."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from inspector.dataset import Flags, Floats, Offsets, Rows
from inspector.kernels.jit import (
    boolean,
    float64,
    inner,
    int32,
    int64,
    kernel,
    reads,
    types,
    uint8,
    void,
    writes,
)
from inspector.kernels.polygons import box_to_runs
from inspector.kernels.run_lengths import MOST_PIXELS, area_of, box_of, decode_runs
from inspector.outcomes import Codes


class Side(NamedTuple):
    """The boxes and masks of the objects or of the detections; see `inspector.dataset`."""

    offsets: Offsets
    classes: Rows
    boxes: Floats
    sizes: Rows
    """int32 [rows, 2]: of the masks; no row where there is no mask at all."""
    code_offsets: Offsets
    codes: Codes


class MaskColumns(NamedTuple):
    """What is compared."""

    objects: Side
    crowd: Flags
    detections: Side
    image_sizes: Rows


_SIDE = types.NamedTuple(
    (reads(int64), reads(int32), reads(float64, 2), reads(int32, 2), reads(int64), reads(uint8)), Side
)
_COLUMNS = types.NamedTuple((_SIDE, reads(boolean), _SIDE, reads(int32, 2)), MaskColumns)


class Decoded(NamedTuple):
    """Some masks, ready to be compared."""

    sizes: Offsets
    """int64 [masks, 2]: height and width of the bitmap."""
    areas: Offsets
    boxes: Floats
    """float64 [masks, 4]: the bounding boxes."""
    offsets: Offsets
    """int64 [masks + 1]: the runs of mask i are offsets[i] to offsets[i + 1]."""
    runs: Offsets
    """int64: lengths of background and mask by turns."""


_DECODED = types.NamedTuple(
    (
        types.Array(int64, 2, "C"),
        types.Array(int64, 1, "C"),
        types.Array(float64, 2, "C"),
        types.Array(int64, 1, "C"),
        types.Array(int64, 1, "C"),
    ),
    Decoded,
)


@inner(types.UniTuple(int64, 2)(_SIDE, int64))
def size_of_masks(side: Side, image: int) -> tuple[int, int]:
    """Height and width of the first mask on an image; 0 where there is none."""
    if side.sizes.shape[0] > 0:
        for row in range(side.offsets[image], side.offsets[image + 1]):
            if side.sizes[row, 0] > 0:
                return side.sizes[row, 0], side.sizes[row, 1]
    return 0, 0


@inner(int64(float64))
def whole(length: float) -> int:
    """A length in pixels, rounded up."""
    return math.ceil(min(length, float(MOST_PIXELS)))


@inner(types.UniTuple(int64, 2)(_COLUMNS, int64))
def size_of_image(data: MaskColumns, image: int) -> tuple[int, int]:
    """Height and width of the bitmap of a box that has no mask.

    Those of the image, or else of the masks on it, or else large enough for its boxes.
    """
    width, height = data.image_sizes[image, 0], data.image_sizes[image, 1]
    if width > 0 and height > 0:
        return height, width
    height, width = size_of_masks(data.objects, image)
    if height == 0:
        height, width = size_of_masks(data.detections, image)
    if height > 0:
        return height, width
    right, bottom = 1, 1
    for side in (data.objects, data.detections):
        for row in range(side.offsets[image], side.offsets[image + 1]):
            right = max(right, whole(side.boxes[row, 0] + side.boxes[row, 2]))
            bottom = max(bottom, whole(side.boxes[row, 1] + side.boxes[row, 3]))
    return bottom, right


@inner(types.Array(int64, 1, "C")(_SIDE, int64, int64, int64))
def runs_of_row(side: Side, row: int, height: int, width: int) -> Offsets:
    """The run lengths of a row: of its mask, or of its box in a bitmap of this size."""
    if side.sizes.shape[0] > 0 and side.sizes[row, 0] > 0:
        begin, end = side.code_offsets[row], side.code_offsets[row + 1]
        runs = np.empty(end - begin, dtype=np.int64)
        return runs[: max(decode_runs(side.codes[begin:end], runs), 0)]
    if height * width > MOST_PIXELS:
        return np.empty(0, dtype=np.int64)
    return box_to_runs(side.boxes[row], height, width)


@inner(_DECODED(_SIDE, int64, int64, int64, int64))
def decode_rows(side: Side, first: int, count: int, height: int, width: int) -> Decoded:
    """Some rows from `first` on; `height` and `width` of the bitmap of those without a mask."""
    sizes = np.empty((count, 2), dtype=np.int64)
    areas = np.empty(count, dtype=np.int64)
    boxes = np.empty((count, 4), dtype=np.float64)
    offsets = np.zeros(count + 1, dtype=np.int64)
    all_runs = np.empty(256 * count, dtype=np.int64)
    for i in range(count):
        row, at = first + i, offsets[i]
        sizes[i, 0], sizes[i, 1] = height, width
        if side.sizes.shape[0] > 0 and side.sizes[row, 0] > 0:
            sizes[i, 0], sizes[i, 1] = side.sizes[row, 0], side.sizes[row, 1]
        runs = runs_of_row(side, row, height, width)
        areas[i] = area_of(runs)
        box_of(runs, sizes[i, 0], sizes[i, 1], boxes[i])
        n = runs.shape[0]
        if at + n > all_runs.shape[0]:
            larger = np.empty(2 * (at + n), dtype=np.int64)
            for k in range(at):
                larger[k] = all_runs[k]
            all_runs = larger
        for k in range(n):
            all_runs[at + k] = runs[k]
        offsets[i + 1] = at + n
    return Decoded(sizes, areas, boxes, offsets, all_runs)


@inner(types.UniTuple(int64, 2)(_DECODED, int64, _DECODED, int64))
def overlap(one: Decoded, i: int, other: Decoded, j: int) -> tuple[int, int]:
    """How many pixels mask `i` of one and mask `j` of the other share, and how many they have together.

    As in `rleIou`, both end early where runs of length 0 meet, in codes that programs seldom write.
    """
    a, a_end = one.offsets[i], one.offsets[i + 1]
    b, b_end = other.offsets[j], other.offsets[j + 1]
    left, other_left = one.runs[a], other.runs[b]
    inside, other_inside = False, False
    common, union = 0, 0
    while True:
        length = min(left, other_left)
        if inside or other_inside:
            union += length
            if inside and other_inside:
                common += length
        left -= length
        other_left -= length
        if left == 0 and a + 1 < a_end:
            a += 1
            left = one.runs[a]
            inside = not inside
        if other_left == 0 and b + 1 < b_end:
            b += 1
            other_left = other.runs[b]
            other_inside = not other_inside
        if left + other_left == 0:
            return common, union


@inner(float64(_DECODED, int64, _DECODED, int64, boolean))
def mask_iou(detections: Decoded, d: int, objects: Decoded, g: int, crowd: bool) -> float:
    """Intersection over union; over the detection alone for a crowd region; -1 for bitmaps of other sizes.

    As in the COCO API, 0 where the bounding boxes do not meet, whatever the sizes.
    """
    for axis in range(2):
        begin = max(detections.boxes[d, axis], objects.boxes[g, axis])
        end = min(
            detections.boxes[d, axis + 2] + detections.boxes[d, axis],
            objects.boxes[g, axis + 2] + objects.boxes[g, axis],
        )
        if end - begin <= 0:
            return 0.0
    for axis in range(2):
        if detections.sizes[d, axis] != objects.sizes[g, axis]:
            return -1.0
    common, union = overlap(detections, d, objects, g)
    if common == 0:
        return 0.0
    return float(common / (detections.areas[d] if crowd else union))


@kernel(void(_COLUMNS, int64, int64, int64, int64, int64, writes(float64), int64))
def compare(
    data: MaskColumns,
    image: int,
    d0: int,
    n_detections: int,
    g0: int,
    n_objects: int,
    values: Floats,
    at: int,
) -> None:
    """The IoU of some detections with some objects of an image, row by row, written from `at` on."""
    height, width = size_of_image(data, image)
    detections = decode_rows(data.detections, d0, n_detections, height, width)
    objects = decode_rows(data.objects, g0, n_objects, height, width)
    for d in range(n_detections):
        for g in range(n_objects):
            values[at] = mask_iou(detections, d, objects, g, data.crowd[g0 + g])
            at += 1


@inner(types.UniTuple(int64, 4)(_COLUMNS, int64, int64, int64))
def next_pairs(data: MaskColumns, image: int, d: int, g: int) -> tuple[int, int, int, int]:
    """The next class on an image with detections, from row `d` on, and objects, from `g` on.

    First and end of its detections and of its objects; nothing is left where there are no objects.
    """
    d_end, g_end = data.detections.offsets[image + 1], data.objects.offsets[image + 1]
    detection_classes, object_classes = data.detections.classes, data.objects.classes
    while d < d_end and g < g_end and detection_classes[d] != object_classes[g]:
        if detection_classes[d] < object_classes[g]:
            d += 1
        else:
            g += 1
    if d == d_end or g == g_end:
        return d, d, g, g
    d1, g1 = d, g
    while d1 < d_end and detection_classes[d1] == detection_classes[d]:
        d1 += 1
    while g1 < g_end and object_classes[g1] == object_classes[g]:
        g1 += 1
    return d, d1, g, g1


@kernel(void(_COLUMNS, int64, writes(int64)))
def count_pairs(data: MaskColumns, max_dets: int, offsets: Offsets) -> None:
    """Where the pairs of each image begin, written to `offsets` int64 [images + 1]."""
    offsets[0] = 0
    for image in range(offsets.shape[0] - 1):
        count = 0
        d1, g1 = data.detections.offsets[image], data.objects.offsets[image]
        while True:
            d0, d1, g0, g1 = next_pairs(data, image, d1, g1)
            if g0 == g1:
                break
            count += min(d1 - d0, max_dets) * (g1 - g0)
        offsets[image + 1] = offsets[image] + count


@kernel(int64(int64, int64, _COLUMNS, int64, reads(int64), writes(float64)))
def compare_images(
    first: int, end: int, data: MaskColumns, max_dets: int, offsets: Offsets, values: Floats
) -> int:
    """The IoU of the pairs of the images `first` to `end`, each class on each image by itself."""
    for image in range(first, end):
        at = offsets[image]
        d1, g1 = data.detections.offsets[image], data.objects.offsets[image]
        while True:
            d0, d1, g0, g1 = next_pairs(data, image, d1, g1)
            if g0 == g1:
                break
            n_detections = min(d1 - d0, max_dets)
            compare(data, image, d0, n_detections, g0, g1 - g0, values, at)
            at += n_detections * (g1 - g0)
    return end
