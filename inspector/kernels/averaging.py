"""Average precision by the rules of COCO and of the VOC challenges, of each image alone.

The slow, readable twins are in tests/oracle/evaluation.py.
"""

from __future__ import annotations

from typing import Final

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
    uint8,
    uint32,
    writes,
)
from inspector.outcomes import FALSE_POSITIVE, TRUE_POSITIVE, Bits, Codes

COCO, VOC07, VOC10 = 0, 1, 2
RULES: Final = {"coco": COCO, "voc07": VOC07, "voc10": VOC10}
_TP, _FP = int(TRUE_POSITIVE), int(FALSE_POSITIVE)


@inner(float64(reads(uint8), int64, int64, reads(float64), int64, writes(float64)))
def average_precision(
    outcomes: Codes, n: int, positives: int, recall_thresholds: Floats, rule: int, precision: Floats
) -> float:
    """Average precision of the first `n` outcomes, for `positives` objects.

    COCO: the mean of the envelope at `recall_thresholds`, with 2**-52 added to each denominator, as
    `accumulate` of cocoeval.py has it. VOC07: the same with its own 11 thresholds and nothing added. VOC10:
    the area under the envelope (VOCevaldet.m and VOCap.m of the VOC development kit). `precision` float64
    [n + 1] is scratch.
    """
    added = 2.0**-52 if rule == COCO else 0.0
    tp, fp = 0, 0
    for i in range(n):
        if outcomes[i] == _TP:
            tp += 1
            precision[tp] = tp / (float(fp) + float(tp) + added)
        elif outcomes[i] == _FP:
            fp += 1
    for c in range(tp - 1, 0, -1):
        if precision[c + 1] > precision[c]:
            precision[c] = precision[c + 1]
    total = 0.0
    if rule == VOC10:
        for c in range(1, tp + 1):
            total += (c / positives - (c - 1) / positives) * precision[c]
        return total
    c, points = 1, recall_thresholds.shape[0]
    for r in range(points):
        while c <= tp and c / positives < recall_thresholds[r]:
            c += 1
        if c > tp:
            break
        total += precision[c] / points if rule == VOC07 else precision[c]
    return total if rule == VOC07 else total / points


@inner(
    float64(
        reads(uint32, 3), int64, int64, int64, int64, reads(float64), int64, writes(uint8), writes(float64)
    )
)
def summed_average_precision(
    bits: Bits,
    first: int,
    end: int,
    asked: int,
    positives: int,
    recall_thresholds: Floats,
    rule: int,
    outcomes: Codes,
    precision: Floats,
) -> float:
    """The sum over the `asked` IoU thresholds (a bit for each) of the average precision of some detections.

    They are the rows `first` to `end`, by descending score; `outcomes` and `precision` are scratch. Where
    nothing is found, average precision is 0.
    """
    hits = np.int64(0)
    for d in range(first, end):
        hits |= np.int64(bits[d, 0, 0]) & ~np.int64(bits[d, 0, 1])
    hits &= asked
    total, t = 0.0, 0
    while hits >> t:
        bit = np.int64(1) << t
        t += 1
        if not hits & bit:
            continue
        n = 0
        for d in range(first, end):
            if not bits[d, 0, 1] & bit:
                outcomes[n] = _TP if bits[d, 0, 0] & bit else _FP
                n += 1
        total += average_precision(outcomes, n, positives, recall_thresholds, rule, precision)
    return total


@kernel(
    int64(
        int64,
        int64,
        reads(int64),
        reads(int32),
        reads(int64),
        reads(int32),
        reads(boolean),
        reads(uint32, 3),
        int64,
        reads(boolean),
        reads(float64),
        int64,
        writes(uint8),
        writes(float64),
        writes(float64),
    )
)
def image_average_precision(
    first: int,
    end: int,
    object_offsets: Offsets,
    object_classes: Rows,
    offsets: Offsets,
    classes: Rows,
    ignored: Flags,
    bits: Bits,
    asked: int,
    chosen: Flags,
    recall_thresholds: Floats,
    rule: int,
    outcomes: Codes,
    precision: Floats,
    sums: Floats,
) -> int:
    """Average precision of each of the images `first` to `end` alone, by one of the `RULES`.

    It is the mean over the `chosen` classes that the image shows; the sum of it over the `asked` IoU
    thresholds (a bit for each) is added to `sums` float64 [images], nan where an image has no object that
    counts. Objects and detections are sorted by class on an image, detections then by descending score.
    `outcomes` uint8 [n] and `precision` float64 [n + 1] are scratch, for the most detections on an image.
    """
    for image in range(first, end):
        g, last_object = object_offsets[image], object_offsets[image + 1]
        d, last_detection = offsets[image], offsets[image + 1]
        total, present = 0.0, 0
        while g < last_object:
            k = object_classes[g]
            positives = 0
            while g < last_object and object_classes[g] == k:
                positives += not ignored[g]
                g += 1
            while d < last_detection and classes[d] < k:
                d += 1
            d0 = d
            while d < last_detection and classes[d] == k:
                d += 1
            if positives and chosen[k]:
                present += 1
                total += summed_average_precision(
                    bits, d0, d, asked, positives, recall_thresholds, rule, outcomes, precision
                )
        sums[image] += total / present if present else np.nan
    return end
