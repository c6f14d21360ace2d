"""COCO's greedy matching: what becomes of each detection, at every IoU threshold and in every size range.

The slow, readable twins are in tests/oracle/evaluation.py. Arrays are passed whole, with first row and
count: every slice of an array costs compile time.
"""

from __future__ import annotations

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
    uint32,
    void,
    writes,
)
from inspector.kernels.match_data import COLUMNS, MATCHES, SCRATCH, Columns, Matches, Scratch
from inspector.outcomes import NO_MATCH, Bits

_NO_MATCH = int(NO_MATCH)


@inner(
    void(
        reads(float64, 2),
        int64,
        int64,
        reads(float64, 2),
        reads(boolean),
        int64,
        int64,
        writes(float64, 2),
        writes(float64),
    )
)
def pairwise_iou(
    detections: Floats,
    d0: int,
    n_detections: int,
    objects: Floats,
    crowd: Flags,
    g0: int,
    n_objects: int,
    iou: Floats,
    best: Floats,
) -> None:
    """Intersection over union of some detections (from row `d0` on) with some objects (from `g0` on).

    Writes `iou` [detections, objects], and the highest of each detection to `best` [detections]. For a crowd
    region the union is the detection's own area. Same operations in the same order as `bbIou` of the COCO
    API's maskApi.c.
    """
    for d in range(n_detections):
        left, top = detections[d0 + d, 0], detections[d0 + d, 1]
        wide, high = detections[d0 + d, 2], detections[d0 + d, 3]
        right, bottom = wide + left, high + top
        area = wide * high
        highest = 0.0
        for g in range(n_objects):
            iou[d, g] = 0.0
            x, y, w, h = objects[g0 + g, 0], objects[g0 + g, 1], objects[g0 + g, 2], objects[g0 + g, 3]
            # no min() and max(): numba compiles each of them anew
            width = (right if right < w + x else w + x) - (left if left > x else x)
            if width <= 0:
                continue
            height = (bottom if bottom < h + y else h + y) - (top if top > y else y)
            if height <= 0:
                continue
            intersection = width * height
            union = area if crowd[g0 + g] else area + w * h - intersection
            iou[d, g] = intersection / union
            if iou[d, g] > highest:
                highest = iou[d, g]
        best[d] = highest


@inner(
    int64(
        COLUMNS,
        int64,
        int64,
        int64,
        int64,
        int64,
        writes(float64, 2),
        writes(float64),
    )
)
def fill_iou(
    data: Columns,
    d0: int,
    n_detections: int,
    g0: int,
    n_objects: int,
    at: int,
    iou: Floats,
    best: Floats,
) -> int:
    """`iou` and `best` as in `pairwise_iou`: of the boxes, or those that stand ready from position `at` on.

    Returns the position behind them.
    """
    if data.iou_offsets.shape[0] == 0:
        pairwise_iou(
            data.detection_boxes,
            d0,
            n_detections,
            data.object_boxes,
            data.object_crowd,
            g0,
            n_objects,
            iou,
            best,
        )
        return at
    for d in range(n_detections):
        best[d] = 0.0
        for g in range(n_objects):
            iou[d, g] = data.ious[at]
            if iou[d, g] > best[d]:
                best[d] = iou[d, g]
            at += 1
    return at


@inner(
    int64(
        reads(float64),
        reads(boolean),
        int64,
        int64,
        float64,
        float64,
        writes(boolean),
        writes(int64),
    )
)
def ignored_last(
    areas: Floats,
    never_counted: Flags,
    g0: int,
    n_objects: int,
    low: float,
    high: float,
    ignored: Flags,
    visit: Offsets,
) -> int:
    """Which objects do not count in a size range, and all of them in order, those that count first.

    Returns how many count.
    """
    counted = 0
    for g in range(n_objects):
        ignored[g] = never_counted[g0 + g] or areas[g0 + g] < low or areas[g0 + g] > high
        if not ignored[g]:
            visit[counted] = g
            counted += 1
    at = counted
    for g in range(n_objects):
        if ignored[g]:
            visit[at] = g
            at += 1
    return counted


@inner(
    void(
        reads(float64, 2),
        reads(float64),
        int64,
        reads(boolean),
        int64,
        int64,
        reads(boolean),
        reads(int64),
        reads(float64),
        writes(boolean),
        writes(int32, 2),
    )
)
def match_group(
    iou: Floats,
    best: Floats,
    n_detections: int,
    repeatable: Flags,
    g0: int,
    n_objects: int,
    ignored: Flags,
    visit: Offsets,
    iou_thresholds: Floats,
    taken: Flags,
    partners: Rows,
) -> None:
    """Which object each detection takes at each IoU threshold: `partners` int32 [detections, thresholds].

    `visit` lists the objects with the ignored ones last; among equals the last one wins, a counted object is
    never given up for an ignored one, and only `repeatable` ones can be taken twice.
    """
    for t in range(iou_thresholds.shape[0]):
        for g in range(n_objects):
            taken[g] = False
        for d in range(n_detections):
            least = iou_thresholds[t] if iou_thresholds[t] < 1 - 1e-10 else 1 - 1e-10
            found = _NO_MATCH
            if best[d] >= least:  # most detections reach no object
                for v in range(n_objects):
                    g = visit[v]
                    if taken[g] and not repeatable[g0 + g]:
                        continue
                    if found != _NO_MATCH and not ignored[found] and ignored[g]:
                        break
                    if iou[d, g] < least:
                        continue
                    least = iou[d, g]
                    found = g
            partners[d, t] = found
            if found != _NO_MATCH:
                taken[found] = True


@inner(types.UniTuple(int64, 3)(reads(int32), int64, int64, reads(int32), int64, int64))
def next_group(
    detection_classes: Rows, d0: int, last_detection: int, object_classes: Rows, g: int, last_object: int
) -> tuple[int, int, int]:
    """The end of the detections of the class that begins at `d0`; first and end object of it, from `g` on."""
    k = detection_classes[d0]
    d1 = d0
    while d1 < last_detection and detection_classes[d1] == k:
        d1 += 1
    g0 = g
    while g0 < last_object and object_classes[g0] < k:
        g0 += 1
    g1 = g0
    while g1 < last_object and object_classes[g1] == k:
        g1 += 1
    return d1, g0, g1


@inner(
    void(
        reads(float64, 2),
        reads(float64),
        int64,
        int64,
        reads(float64, 2),
        int64,
        uint32,
        writes(int32),
        writes(uint32, 3),
    )
)
def fill_unmatched(
    boxes: Floats,
    areas: Floats,
    d0: int,
    d1: int,
    size_limits: Floats,
    max_dets: int,
    every: np.uint32,
    ranks: Rows,
    bits: Bits,
) -> None:
    """Ranks of the detections of a class on an image, and what they are if they match nothing."""
    for d in range(d0, d1):
        ranks[d] = d - d0
        size = areas[d] if areas.shape[0] else boxes[d, 2] * boxes[d, 3]
        for a in range(size_limits.shape[0]):
            outside = size < size_limits[a, 0] or size > size_limits[a, 1]
            bits[d, a, 0] = every if d - d0 >= max_dets else 0
            bits[d, a, 1] = every if d - d0 >= max_dets or outside else 0


@inner(void(reads(int32, 2), int64, reads(boolean), int64, int64, int64, writes(uint32, 3)))
def fill_matched(
    partners: Rows, n_ious: int, ignored: Flags, d0: int, n_detections: int, a: int, bits: Bits
) -> None:
    """Set the bits of what was matched, `partners` int32 [detections, thresholds], in size range `a`."""
    for d in range(n_detections):
        for t in range(n_ious):
            g = partners[d, t]
            if g == _NO_MATCH:
                continue
            bit = np.uint32(np.int64(1) << t)
            if ignored[g]:
                bits[d0 + d, a, 1] |= bit
            else:
                bits[d0 + d, a, 0] |= bit
                bits[d0 + d, a, 1] &= ~bit


@inner(void(reads(int32, 2), writes(float64, 2), int64, int64, int64, MATCHES))
def fill_matches(partners: Rows, iou: Floats, d0: int, n_detections: int, g0: int, matches: Matches) -> None:
    """Write down who took which object at the first IoU threshold."""
    for d in range(n_detections):
        g = partners[d, 0]
        if g != _NO_MATCH:
            matches.objects[d0 + d] = g0 + g
            matches.detections[g0 + g] = d0 + d
            matches.ious[g0 + g] = iou[d, g]


@kernel(
    int64(
        int64,
        int64,
        COLUMNS,
        reads(float64),
        reads(float64, 2),
        int64,
        SCRATCH,
        writes(int32),
        writes(uint32, 3),
        MATCHES,
    )
)
def match_images(
    first: int,
    end: int,
    data: Columns,
    iou_thresholds: Floats,
    size_limits: Floats,
    max_dets: int,
    scratch: Scratch,
    ranks: Rows,
    bits: Bits,
    matches: Matches,
) -> int:
    """Match the images `first` to `end`, each class on each image by itself.

    Writes `ranks` int32 [detections], the position by score in the class on the image, and `bits` uint32
    [detections, size ranges, 2]: bit t of the first says true positive, of the second ignored, at IoU
    threshold t; neither means false positive, both that it stands behind the `max_dets` best and is not
    evaluated. At most 32 thresholds. Where `bits` is empty, `matches` are written instead, those of the first
    IoU threshold.
    """
    n_ious = iou_thresholds.shape[0]
    every = np.uint32((np.int64(1) << n_ious) - 1)
    iou, best, ignored, visit = scratch.iou, scratch.best, scratch.ignored, scratch.visit
    for image in range(first, end):
        g1, last_object = data.object_offsets[image], data.object_offsets[image + 1]
        d0, last_detection = data.detection_offsets[image], data.detection_offsets[image + 1]
        at = data.iou_offsets[image] if data.iou_offsets.shape[0] else 0
        while d0 < last_detection:
            d1, g0, g1 = next_group(
                data.detection_classes, d0, last_detection, data.object_classes, g1, last_object
            )
            if bits.shape[0]:
                boxes, areas = data.detection_boxes, data.detection_areas
                fill_unmatched(boxes, areas, d0, d1, size_limits, max_dets, every, ranks, bits)
            n_detections, n_objects = d1 - d0 if d1 - d0 < max_dets else max_dets, g1 - g0
            if n_objects > 0:
                at = fill_iou(data, d0, n_detections, g0, n_objects, at, iou, best)
                found_uniform = False
                for a in range(size_limits.shape[0]):
                    low, high = size_limits[a, 0], size_limits[a, 1]
                    never_counted = data.object_ignored
                    counted = ignored_last(
                        data.object_areas, never_counted, g0, n_objects, low, high, ignored, visit
                    )
                    # If all objects count or none does, who takes which object is the same
                    is_uniform = counted == 0 or counted == n_objects
                    taking = scratch.uniform if is_uniform else scratch.partners
                    if not is_uniform or not found_uniform:
                        match_group(
                            iou,
                            best,
                            n_detections,
                            never_counted,
                            g0,
                            n_objects,
                            ignored,
                            visit,
                            iou_thresholds,
                            scratch.taken,
                            taking,
                        )
                        found_uniform = found_uniform or is_uniform
                    if bits.shape[0]:
                        fill_matched(taking, n_ious, ignored, d0, n_detections, a, bits)
                    else:
                        fill_matches(taking, iou, d0, n_detections, g0, matches)
            d0 = d1
    return end
