"""COCO's greedy matching: what becomes of each detection, at every IoU threshold and in every size range.

The slow, readable twins are in tests/oracle/evaluation.py.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inspector.dataset import Flags, Floats, Offsets, Rows
from inspector.kernels.jit import boolean, float64, int32, int64, kernel, reads, types, uint32, void, writes
from inspector.outcomes import NO_MATCH, Bits

_NO_MATCH = int(NO_MATCH)


class Columns(NamedTuple):
    """What matching reads of a dataset; see `inspector.dataset`, whose arrays are read-only."""

    object_offsets: Offsets
    object_classes: Rows
    object_boxes: Floats
    object_areas: Floats
    object_crowd: Flags
    detection_offsets: Offsets
    detection_classes: Rows
    detection_boxes: Floats


_COLUMNS = types.NamedTuple(
    (
        reads(int64),
        reads(int32),
        reads(float64, 2),
        reads(float64),
        reads(boolean),
        reads(int64),
        reads(int32),
        reads(float64, 2),
    ),
    Columns,
)


@kernel(void(reads(float64, 2), reads(float64, 2), reads(boolean), writes(float64, 2), writes(float64)))
def pairwise_iou(detections: Floats, objects: Floats, crowd: Flags, iou: Floats, best: Floats) -> None:
    """Intersection over union of each detection with each object, written to `iou` [detections, objects],
    and the highest of each detection, written to `best` [detections]; both may have room for more.

    For a crowd region the union is the detection's own area. Same operations in the same order as
    `bbIou` of the COCO API's maskApi.c.
    """
    for d in range(detections.shape[0]):
        left, top = detections[d, 0], detections[d, 1]
        right, bottom = detections[d, 2] + left, detections[d, 3] + top
        area = detections[d, 2] * detections[d, 3]
        highest = 0.0
        for g in range(objects.shape[0]):
            iou[d, g] = 0.0
            width = min(right, objects[g, 2] + objects[g, 0]) - max(left, objects[g, 0])
            if width <= 0:
                continue
            height = min(bottom, objects[g, 3] + objects[g, 1]) - max(top, objects[g, 1])
            if height <= 0:
                continue
            intersection = width * height
            union = area if crowd[g] else area + objects[g, 2] * objects[g, 3] - intersection
            iou[d, g] = intersection / union
            highest = max(highest, iou[d, g])
        best[d] = highest


@kernel(
    int64(reads(float64, 2), int64, reads(boolean), reads(boolean), reads(boolean), reads(int64), float64)
)
def best_object(
    iou: Floats, d: int, ignored: Flags, crowd: Flags, taken: Flags, visit: Offsets, least: float
) -> int:
    """The object that detection `d` takes with an IoU of at `least` this, or NO_MATCH.

    `visit` lists the objects with the ignored ones last; among equals the last one wins, a counted object
    is never given up for an ignored one, and only crowd regions can be taken twice.
    """
    found = _NO_MATCH
    for g in visit:
        if taken[g] and not crowd[g]:
            continue
        if found != _NO_MATCH and not ignored[found] and ignored[g]:
            break
        if iou[d, g] < least:
            continue
        least = iou[d, g]
        found = g
    return found


@kernel(int64(reads(float64), reads(boolean), float64, float64, writes(boolean), writes(int64)))
def ignored_last(areas: Floats, crowd: Flags, low: float, high: float, ignored: Flags, visit: Offsets) -> int:
    """Which objects do not count in a size range, and all of them in order, those that count first.

    Returns how many count.
    """
    counted = 0
    for g in range(areas.shape[0]):
        ignored[g] = crowd[g] or areas[g] < low or areas[g] > high
        if not ignored[g]:
            visit[counted] = g
            counted += 1
    at = counted
    for g in range(areas.shape[0]):
        if ignored[g]:
            visit[at] = g
            at += 1
    return counted


@kernel(
    void(
        reads(float64, 2),
        reads(float64),
        reads(boolean),
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
    ignored: Flags,
    crowd: Flags,
    visit: Offsets,
    iou_thresholds: Floats,
    taken: Flags,
    partners: Rows,
) -> None:
    """Which object each detection takes at each IoU threshold: `partners` int32 [detections, thresholds]."""
    for t in range(iou_thresholds.shape[0]):
        taken[:] = False
        least = min(iou_thresholds[t], 1 - 1e-10)
        for d in range(best.shape[0]):
            partners[d, t] = _NO_MATCH
            if best[d] < least:  # most detections: not worth a call
                continue
            g = best_object(iou, d, ignored, crowd, taken, visit, least)
            if g != _NO_MATCH:
                taken[g] = True
                partners[d, t] = g


@kernel(types.UniTuple(int64, 3)(reads(int32), int64, int64, reads(int32), int64, int64))
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


@kernel(void(reads(float64, 2), reads(float64, 2), int64, uint32, writes(int32), writes(uint32, 3)))
def fill_unmatched(
    detections: Floats, size_limits: Floats, max_dets: int, every: np.uint32, ranks: Rows, bits: Bits
) -> None:
    """Ranks of the detections of a class on an image, and what they are if they match nothing."""
    for rank in range(detections.shape[0]):
        ranks[rank] = rank
        size = detections[rank, 2] * detections[rank, 3]
        for a in range(size_limits.shape[0]):
            outside = size < size_limits[a, 0] or size > size_limits[a, 1]
            bits[rank, a, 0] = every if rank >= max_dets else 0
            bits[rank, a, 1] = every if rank >= max_dets or outside else 0


@kernel(void(reads(int32, 2), reads(boolean), int64, writes(uint32, 3)))
def fill_matched(partners: Rows, ignored: Flags, a: int, bits: Bits) -> None:
    """Set the bits of what was matched, `partners` int32 [detections, thresholds], in size range `a`."""
    for d in range(partners.shape[0]):
        for t in range(partners.shape[1]):
            g = partners[d, t]
            if g == _NO_MATCH:
                continue
            bit = np.uint32(np.int64(1) << t)
            if ignored[g]:
                bits[d, a, 1] |= bit
            else:
                bits[d, a, 0] |= bit
                bits[d, a, 1] &= ~bit


@kernel(
    int64(
        int64,
        int64,
        _COLUMNS,
        reads(float64),
        reads(float64, 2),
        int64,
        writes(int32),
        writes(uint32, 3),
    )
)
def match_images(
    first: int,
    end: int,
    data: Columns,
    iou_thresholds: Floats,
    size_limits: Floats,
    max_dets: int,
    ranks: Rows,
    bits: Bits,
) -> int:
    """Match the images `first` to `end`, each class on each image by itself.

    Writes `ranks` int32 [detections], the position by score in the class on the image, and `bits` uint32
    [detections, size ranges, 2]: bit t of the first says true positive, of the second ignored, at IoU
    threshold t; neither means false positive, both that it stands behind the `max_dets` best and is not
    evaluated. At most 32 thresholds.
    """
    n_sizes, n_ious = size_limits.shape[0], iou_thresholds.shape[0]
    every = np.uint32((np.int64(1) << n_ious) - 1)
    most_objects = 0
    for image in range(first, end):
        most_objects = max(most_objects, data.object_offsets[image + 1] - data.object_offsets[image])
    iou = np.empty((max_dets, most_objects), dtype=np.float64)
    best = np.empty(max_dets, dtype=np.float64)
    ignored = np.empty(most_objects, dtype=np.bool_)
    taken = np.empty(most_objects, dtype=np.bool_)
    visit = np.empty(most_objects, dtype=np.int64)
    partners = np.empty((max_dets, n_ious), dtype=np.int32)
    uniform = np.empty((max_dets, n_ious), dtype=np.int32)
    for image in range(first, end):
        g1, last_object = data.object_offsets[image], data.object_offsets[image + 1]
        d0, last_detection = data.detection_offsets[image], data.detection_offsets[image + 1]
        while d0 < last_detection:
            d1, g0, g1 = next_group(
                data.detection_classes, d0, last_detection, data.object_classes, g1, last_object
            )
            fill_unmatched(
                data.detection_boxes[d0:d1], size_limits, max_dets, every, ranks[d0:d1], bits[d0:d1]
            )
            n_detections, n_objects = min(d1 - d0, max_dets), g1 - g0
            if n_objects > 0:
                crowd, areas = data.object_crowd[g0:g1], data.object_areas[g0:g1]
                pairwise_iou(
                    data.detection_boxes[d0 : d0 + n_detections],
                    data.object_boxes[g0:g1],
                    crowd,
                    iou[:n_detections],
                    best[:n_detections],
                )
                found_uniform = False
                for a in range(n_sizes):
                    counted = ignored_last(
                        areas,
                        crowd,
                        size_limits[a, 0],
                        size_limits[a, 1],
                        ignored[:n_objects],
                        visit[:n_objects],
                    )
                    # If all objects count or none does, who takes which object is the same
                    is_uniform = counted == 0 or counted == n_objects
                    taking = uniform if is_uniform else partners
                    if not is_uniform or not found_uniform:
                        match_group(
                            iou[:n_detections],
                            best[:n_detections],
                            ignored[:n_objects],
                            crowd,
                            visit[:n_objects],
                            iou_thresholds,
                            taken[:n_objects],
                            taking[:n_detections],
                        )
                        found_uniform = found_uniform or is_uniform
                    fill_matched(taking[:n_detections], ignored[:n_objects], a, bits[d0 : d0 + n_detections])
            d0 = d1
    return end


@kernel(
    int64(
        int64,
        int64,
        _COLUMNS,
        float64,
        float64,
        float64,
        int64,
        writes(int32),
        writes(int32),
    )
)
def match_at(
    first: int,
    end: int,
    data: Columns,
    iou_threshold: float,
    low: float,
    high: float,
    max_dets: int,
    matches: Rows,
    object_matches: Rows,
) -> int:
    """Who takes which object at one IoU threshold in one size range, on the images `first` to `end`.

    Writes `matches` int32 [detections] and `object_matches` int32 [objects], where something is matched.
    """
    threshold = np.array([iou_threshold])
    for image in range(first, end):
        g1, last_object = data.object_offsets[image], data.object_offsets[image + 1]
        d0, last_detection = data.detection_offsets[image], data.detection_offsets[image + 1]
        while d0 < last_detection:
            d1, g0, g1 = next_group(
                data.detection_classes, d0, last_detection, data.object_classes, g1, last_object
            )
            n_detections, n_objects = min(d1 - d0, max_dets), g1 - g0
            if n_objects > 0:
                crowd = data.object_crowd[g0:g1]
                iou = np.empty((n_detections, n_objects), dtype=np.float64)
                best = np.empty(n_detections, dtype=np.float64)
                ignored = np.empty(n_objects, dtype=np.bool_)
                taken = np.empty(n_objects, dtype=np.bool_)
                visit = np.empty(n_objects, dtype=np.int64)
                partners = np.empty((n_detections, 1), dtype=np.int32)
                found = data.detection_boxes[d0 : d0 + n_detections]
                pairwise_iou(found, data.object_boxes[g0:g1], crowd, iou, best)
                ignored_last(data.object_areas[g0:g1], crowd, low, high, ignored, visit)
                match_group(iou, best, ignored, crowd, visit, threshold, taken, partners)
                for d in range(n_detections):
                    g = partners[d, 0]
                    if g != _NO_MATCH:
                        matches[d0 + d] = g0 + g
                        object_matches[g0 + g] = d0 + d
            d0 = d1
    return end
