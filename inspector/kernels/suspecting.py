"""What the detections say of each label, and which of them may be labels that are missing.

The slow, readable twins are in tests/oracle/suspecting.py.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from inspector.dataset import Flags, Floats, Offsets, Rows
from inspector.kernels.jit import boolean, float64, inner, int32, int64, kernel, reads, types, void, writes
from inspector.kernels.match_data import COLUMNS, Columns

SCORE_BINS = 10_000
"""Scores are told apart by 1/10,000 where they are counted."""
SIZE_BINS = 8
"""Sides below 8, 16, 32, ... 512 pixels, and above."""
LEAST_SCORE = 1e-4
SAME_PLACE = 0.5
"""IoU from which detections of a class speak of the same object."""
FLOOR = 8.0
"""Log-odds lie within ±FLOOR; -FLOOR stands where there is nothing."""

OWN_TOUCHING, OWN_NEAR, OWN_TIGHT, ANY_NEAR, OTHER_TIGHT, OTHER, PLACED, PLACED_IOU, TWIN_IOU = range(9)
"""Columns of the evidence. First the highest log-odds that a detection is right, among those of the label's
class that overlap it by .1, .3 and .7; of any class by .3; of other classes by .7; of other classes by .35
that no label of theirs explains; of its class that belong to no other label. Then the IoU of that last one,
and the highest IoU with another label of its class."""
EVIDENCE = 9
OTHER_ROW, PLACED_ROW, TWIN_ROW = range(3)
"""Columns of the partners: the detections of OTHER and PLACED, and the object of TWIN_IOU; -1 for none."""
PARTNERS = 3


class Trust(NamedTuple):
    """How far a detection can be trusted: its log-odds to be right."""

    curve: Floats
    """float64 [3]: a ln s - b ln(1 - s) + c of the score s."""
    top: float
    """What a score of 1 is: more than 1 where scores are."""
    classes: Floats
    """float64 [classes], added."""
    sizes: Floats
    """float64 [SIZE_BINS], added."""


TRUST = types.NamedTuple((reads(float64), float64, reads(float64), reads(float64)), Trust)


class Found(NamedTuple):
    """What `weigh_images` fills."""

    evidence: Floats
    """float64 [objects, EVIDENCE]."""
    partners: Rows
    """int32 [objects, PARTNERS]."""
    missing: Floats
    """float64 [detections]: log-odds that a label is missing; -inf where that is no question."""


FOUND = types.NamedTuple((writes(float64, 2), writes(int32, 2), writes(float64)), Found)


@inner(float64(float64, float64))
def fraction(score: float, top: float) -> float:
    """The score as a number that has a logarithm, as its complement to 1 has."""
    share = score / top
    if not share > LEAST_SCORE:
        return LEAST_SCORE
    return share if share < 1.0 - LEAST_SCORE else 1.0 - LEAST_SCORE


@inner(int64(reads(float64, 2), int64))
def size_bin(boxes: Floats, row: int) -> int:
    """Of the side of the square that has the area of a box."""
    area, limit, found = boxes[row, 2] * boxes[row, 3], 64.0, 0
    while found < SIZE_BINS - 1 and area >= limit:
        limit *= 4.0
        found += 1
    return found


@inner(float64(reads(float64, 2), int64, reads(float64, 2), int64))
def box_iou(some: Floats, i: int, others: Floats, j: int) -> float:
    """Intersection over union of two boxes; 0 where that is no number."""
    x, y, w, h = some[i, 0], some[i, 1], some[i, 2], some[i, 3]
    left, top, wide, high = others[j, 0], others[j, 1], others[j, 2], others[j, 3]
    width = (x + w if x + w < left + wide else left + wide) - (x if x > left else left)
    if not width > 0:
        return 0.0
    height = (y + h if y + h < top + high else top + high) - (y if y > top else top)
    if not height > 0:
        return 0.0
    iou = width * height / (w * h + wide * high - width * height)
    return iou if iou >= 0.0 else 0.0


@kernel(void(int64, int64, reads(float64), float64, reads(int32), reads(boolean), writes(int64, 2)))
def count_scores(
    first: int, end: int, scores: Floats, top: float, matches: Rows, crowd: Flags, counts: Offsets
) -> None:
    """How many detections have a score, and how many of them are matched: adds to int64 [SCORE_BINS + 1, 2].

    Of the detection rows `first` to `end`. `matches` are object rows; what met a crowd region is not counted.
    """
    for d in range(first, end):
        g = matches[d]
        if g >= 0 and crowd[g]:
            continue
        place = int(fraction(scores[d], top) * SCORE_BINS + 0.5)
        counts[place, 0] += 1
        if g >= 0:
            counts[place, 1] += 1


@kernel(
    void(
        int64,
        int64,
        reads(float64),
        float64,
        reads(int32),
        reads(boolean),
        reads(int32),
        reads(float64, 2),
        reads(float64),
        writes(float64, 2),
        writes(float64, 2),
    )
)
def sum_expected(
    first: int,
    end: int,
    scores: Floats,
    top: float,
    matches: Rows,
    crowd: Flags,
    classes: Rows,
    boxes: Floats,
    expected: Floats,
    by_class: Floats,
    by_size: Floats,
) -> None:
    """Matched detections, and how many were expected by their scores: adds to float64 [groups, 2].

    Of the detection rows `first` to `end`. `expected` is the share by score, float64 [SCORE_BINS + 1].
    """
    for d in range(first, end):
        g = matches[d]
        if g >= 0 and crowd[g]:
            continue
        hit = 1.0 if g >= 0 else 0.0
        share = expected[int(fraction(scores[d], top) * SCORE_BINS + 0.5)]
        size = size_bin(boxes, d)
        by_class[classes[d], 0] += hit
        by_class[classes[d], 1] += share
        by_size[size, 0] += hit
        by_size[size, 1] += share


@inner(float64(TRUST, float64, int64, int64))
def log_odds(trust: Trust, score: float, class_row: int, size: int) -> float:
    share = fraction(score, trust.top)
    curve = trust.curve[0] * math.log(share) - trust.curve[1] * math.log(1.0 - share) + trust.curve[2]
    odds = curve + trust.classes[class_row] + trust.sizes[size]
    if odds > FLOOR:
        return FLOOR
    return odds if odds > -FLOOR else -FLOOR


@inner(void(COLUMNS, int64, int64, int64, int64, writes(float64, 2), writes(float64), writes(float64)))
def compare(
    data: Columns, d0: int, d1: int, g0: int, g1: int, iou: Floats, own: Floats, other: Floats
) -> None:
    """`iou` [detections, objects], and the highest of each detection with labels of its class and of others.

    Crowd regions are no labels here: their IoU is 0.
    """
    for d in range(d0, d1):
        own[d - d0] = 0.0
        other[d - d0] = 0.0
        for g in range(g0, g1):
            if data.object_crowd[g]:
                iou[d - d0, g - g0] = 0.0
                continue
            overlap = box_iou(data.detection_boxes, d, data.object_boxes, g)
            iou[d - d0, g - g0] = overlap
            if data.object_classes[g] == data.detection_classes[d]:
                if overlap > own[d - d0]:
                    own[d - d0] = overlap
            elif overlap > other[d - d0]:
                other[d - d0] = overlap


@inner(
    void(
        COLUMNS,
        int64,
        int64,
        int64,
        int64,
        reads(int32),
        writes(float64, 2),
        writes(float64),
        writes(float64),
        FOUND,
    )
)
def weigh_label(
    data: Columns,
    g: int,
    g0: int,
    d0: int,
    d1: int,
    matches: Rows,
    iou: Floats,
    own: Floats,
    odds: Floats,
    found: Found,
) -> None:
    """The evidence on one label from the detections of its image."""
    seen, partners = found.evidence[g], found.partners[g]
    for column in range(PLACED + 1):
        seen[column] = -FLOOR
    seen[PLACED_IOU] = 0.0
    partners[OTHER_ROW] = -1
    partners[PLACED_ROW] = -1
    for d in range(d0, d1):
        overlap, odd = iou[d - d0, g - g0], odds[d - d0]
        if overlap < 0.1:
            continue
        if overlap >= 0.3 and odd > seen[ANY_NEAR]:
            seen[ANY_NEAR] = odd
        if data.detection_classes[d] == data.object_classes[g]:
            if odd > seen[OWN_TOUCHING]:
                seen[OWN_TOUCHING] = odd
            if overlap >= 0.3 and odd > seen[OWN_NEAR]:
                seen[OWN_NEAR] = odd
            if overlap >= 0.7 and odd > seen[OWN_TIGHT]:
                seen[OWN_TIGHT] = odd
            belongs = (matches[d] < 0 or matches[d] == g) and overlap >= own[d - d0]
            if belongs and (partners[PLACED_ROW] < 0 or odd > seen[PLACED]):
                seen[PLACED] = odd
                seen[PLACED_IOU] = overlap
                partners[PLACED_ROW] = d
        else:
            if overlap >= 0.7 and odd > seen[OTHER_TIGHT]:
                seen[OTHER_TIGHT] = odd
            unexplained = overlap >= 0.35 and own[d - d0] < 0.5
            if unexplained and (partners[OTHER_ROW] < 0 or odd > seen[OTHER]):
                seen[OTHER] = odd
                partners[OTHER_ROW] = d


@inner(void(COLUMNS, int64, int64, int64, FOUND))
def find_twin(data: Columns, g: int, g0: int, g1: int, found: Found) -> None:
    """The label of the same class that lies most on the same place."""
    seen, partners = found.evidence[g], found.partners[g]
    seen[TWIN_IOU] = 0.0
    partners[TWIN_ROW] = -1
    for other in range(g0, g1):
        if other == g or data.object_crowd[other] or data.object_classes[other] != data.object_classes[g]:
            continue
        overlap = box_iou(data.object_boxes, other, data.object_boxes, g)
        if overlap > seen[TWIN_IOU]:
            seen[TWIN_IOU] = overlap
            partners[TWIN_ROW] = other


@inner(boolean(COLUMNS, int64, int64))
def is_first(data: Columns, d: int, d0: int) -> bool:
    """No better detection of its class lies at its place; those of a class on an image descend by score."""
    better = d - 1
    while better >= d0 and data.detection_classes[better] == data.detection_classes[d]:
        if box_iou(data.detection_boxes, better, data.detection_boxes, d) >= SAME_PLACE:
            return False
        better -= 1
    return True


@inner(float64(COLUMNS, int64, int64, int64, reads(float64)))
def sum_agreeing(data: Columns, d: int, d0: int, d1: int, odds: Floats) -> float:
    """How many of the worse detections of its class at its place would be right, by their odds."""
    total, worse = 0.0, d + 1
    while worse < d1 and data.detection_classes[worse] == data.detection_classes[d]:
        if box_iou(data.detection_boxes, worse, data.detection_boxes, d) >= SAME_PLACE:
            total += 1.0 / (1.0 + math.exp(-odds[worse - d0]))
        worse += 1
    return total


@inner(int64(COLUMNS, int64, int64, int64))
def count_labels(data: Columns, class_row: int, g0: int, g1: int) -> int:
    """How many labels of a class an image has."""
    count = 0
    for g in range(g0, g1):
        if data.object_classes[g] == class_row and not data.object_crowd[g]:
            count += 1
    return count


@kernel(
    void(
        int64,
        int64,
        COLUMNS,
        reads(float64),
        reads(int32),
        TRUST,
        reads(float64),
        writes(float64, 2),
        writes(float64, 2),
        FOUND,
    )
)
def weigh_images(
    first: int,
    end: int,
    data: Columns,
    scores: Floats,
    matches: Rows,
    trust: Trust,
    weights: Floats,
    iou: Floats,
    room: Floats,
    found: Found,
) -> None:
    """Fill `found` for the images `first` to `end`.

    `matches` int32 [detections]: object rows, a crowd region's as well, or -1. `weights` float64 [6]: those
    of a missing label (see `inspector.review.odds`). `iou` float64 [D, G] and `room` [3, D] are scratch for
    the largest image.
    """
    own, other, odds = room[0], room[1], room[2]
    for image in range(first, end):
        g0, g1 = data.object_offsets[image], data.object_offsets[image + 1]
        d0, d1 = data.detection_offsets[image], data.detection_offsets[image + 1]
        compare(data, d0, d1, g0, g1, iou, own, other)
        for d in range(d0, d1):
            size = size_bin(data.detection_boxes, d)
            odds[d - d0] = log_odds(trust, scores[d], data.detection_classes[d], size)
        for g in range(g0, g1):
            weigh_label(data, g, g0, d0, d1, matches, iou, own, odds, found)
            find_twin(data, g, g0, g1, found)
        for d in range(d0, d1):
            found.missing[d] = -np.inf
            if matches[d] < 0 and is_first(data, d, d0):
                found.missing[d] = (
                    weights[0]
                    + weights[1] * odds[d - d0]
                    + weights[2] * math.log(1.01 - own[d - d0])
                    + weights[3] * math.log(1.01 - other[d - d0])
                    + weights[4] * math.log(1.0 + count_labels(data, data.detection_classes[d], g0, g1))
                    + weights[5] * sum_agreeing(data, d, d0, d1, odds)
                )
