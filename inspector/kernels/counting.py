"""Counts at a confidence threshold: cuts through the match table, never a new matching.

The slow, readable twins are in tests/oracle/counting.py.
"""

from __future__ import annotations

import numpy as np

from inspector.dataset import Flags, Floats, Offsets, Rows
from inspector.kernels.jit import boolean, float64, int32, int64, kernel, reads, uint8, uint32, void, writes
from inspector.outcomes import FALSE_POSITIVE, TRUE_POSITIVE, Bits, Codes

_TP, _FP = int(TRUE_POSITIVE), int(FALSE_POSITIVE)


@kernel(
    void(
        reads(int64),
        reads(int64),
        reads(int32),
        reads(boolean),
        reads(boolean),
        writes(int32, 2),
    )
)
def count_objects(
    image_rows: Offsets, offsets: Offsets, classes: Rows, ignored: Flags, chosen: Flags, counts: Rows
) -> None:
    """Objects of the `chosen` classes (bool [classes]) on each image, into counts[:, 0]."""
    for i in range(image_rows.shape[0]):
        image = image_rows[i]
        found = 0
        for g in range(offsets[image], offsets[image + 1]):
            if chosen[classes[g]] and not ignored[g]:
                found += 1
        counts[i, 0] = found


@kernel(
    void(
        reads(int64),
        reads(int64),
        reads(int32),
        reads(float64),
        reads(uint8),
        reads(boolean),
        float64,
        writes(int32, 2),
        writes(float64),
    )
)
def count_detections(
    image_rows: Offsets,
    offsets: Offsets,
    classes: Rows,
    scores: Floats,
    outcomes: Codes,
    chosen: Flags,
    confidence: float,
    counts: Rows,
    top_false_positive: Floats,
) -> None:
    """Detections with score >= `confidence` of the `chosen` classes on each image.

    Writes counts[:, 1:4], the detections shown, the true and the false positives, and the highest score of
    a false positive (nan where there is none).
    """
    for i in range(image_rows.shape[0]):
        image = image_rows[i]
        shown, tp, fp = 0, 0, 0
        top = -np.inf
        for d in range(offsets[image], offsets[image + 1]):
            if scores[d] < confidence or not chosen[classes[d]]:
                continue
            shown += 1
            if outcomes[d] == _TP:
                tp += 1
            elif outcomes[d] == _FP:
                fp += 1
                if scores[d] > top:
                    top = scores[d]
        counts[i, 1] = shown
        counts[i, 2] = tp
        counts[i, 3] = fp
        top_false_positive[i] = top if fp else np.nan


@kernel(
    void(
        reads(int64),
        reads(int64),
        reads(int32),
        reads(float64),
        reads(uint8),
        reads(int32),
        reads(float64),
        reads(boolean),
        float64,
        writes(float64),
    )
)
def mean_matched_iou(
    image_rows: Offsets,
    offsets: Offsets,
    classes: Rows,
    scores: Floats,
    outcomes: Codes,
    matches: Rows,
    object_ious: Floats,
    chosen: Flags,
    confidence: float,
    mean_iou: Floats,
) -> None:
    """The mean IoU of each image's true positives with score >= `confidence`; nan where there is none."""
    for i in range(image_rows.shape[0]):
        image = image_rows[i]
        total, tp = 0.0, 0
        for d in range(offsets[image], offsets[image + 1]):
            if scores[d] >= confidence and outcomes[d] == _TP and chosen[classes[d]]:
                total += object_ious[matches[d]]
                tp += 1
        mean_iou[i] = total / tp if tp else np.nan


@kernel(void(reads(int64), reads(int32), reads(uint8), writes(int32), writes(int32)))
def cumulate_by_class(class_offsets: Offsets, rows: Rows, outcomes: Codes, tp: Rows, fp: Rows) -> None:
    """Cumulative counts of each class in descending score.

    `rows` int32 [detections]: the detection rows of class k stand from class_offsets[k] to
    class_offsets[k + 1]. Writes the true and the false positives so far within the class, int32 [detections]
    in the same order.
    """
    for k in range(class_offsets.shape[0] - 1):
        hits, misfits = 0, 0
        for i in range(class_offsets[k], class_offsets[k + 1]):
            code = outcomes[rows[i]]
            hits += code == _TP
            misfits += code == _FP
            tp[i] = hits
            fp[i] = misfits


@kernel(
    void(
        reads(int64),
        reads(float64),
        reads(int32),
        reads(int32),
        float64,
        writes(int64, 2),
    )
)
def count_classes(
    class_offsets: Offsets, class_scores: Floats, tp: Rows, fp: Rows, confidence: float, counts: Offsets
) -> None:
    """True and false positives of each class with score >= `confidence`, into counts [classes, 2]."""
    for k in range(class_offsets.shape[0] - 1):
        first = class_offsets[k]
        low, high = first, class_offsets[k + 1]
        while low < high:  # the first detection below the threshold
            middle = (low + high) // 2
            if class_scores[middle] >= confidence:
                low = middle + 1
            else:
                high = middle
        counts[k, 0] = tp[low - 1] if low > first else 0
        counts[k, 1] = fp[low - 1] if low > first else 0


@kernel(
    int64(
        reads(int32),
        reads(int32),
        reads(float64),
        reads(uint8),
        reads(boolean),
        int64,
        writes(float64),
        writes(int64, 2),
    )
)
def pooled_curve(
    by_score: Rows,
    classes: Rows,
    scores: Floats,
    outcomes: Codes,
    chosen: Flags,
    density: int,
    thresholds: Floats,
    counts: Offsets,
) -> int:
    """Points of the curve over all `chosen` classes together, in descending threshold.

    A point stands behind the last detection of each score (a threshold cannot part equal scores). Of a long
    curve, the first `density` points are kept, then one at each growth by 1 / density, and the last.
    Writes thresholds [points] and counts [points, 2] (true and false positives) and returns the number of
    points; room for 25 * density + 2 points is enough for 2**31 detections.
    """
    points, tp, fp, written_at = 0, 0, 0, 0
    pending = False
    threshold = 0.0
    for d in by_score:
        if not chosen[classes[d]] or (outcomes[d] != _TP and outcomes[d] != _FP):
            continue
        if pending and scores[d] != threshold and (tp + fp - written_at) * density >= written_at:
            thresholds[points] = threshold
            counts[points, 0] = tp
            counts[points, 1] = fp
            written_at = tp + fp
            points += 1
        threshold = scores[d]
        pending = True
        if outcomes[d] == _TP:
            tp += 1
        else:
            fp += 1
    if pending:
        thresholds[points] = threshold
        counts[points, 0] = tp
        counts[points, 1] = fp
        points += 1
    return points


@kernel(
    void(
        int64,
        int64,
        reads(int32),
        reads(float64),
        reads(uint32, 3),
        int64,
        float64,
        writes(int64, 2),
        writes(int64, 4),
    )
)
def count_sizes(
    first: int,
    end: int,
    classes: Rows,
    scores: Floats,
    bits: Bits,
    n_ious: int,
    confidence: float,
    always_fp: Offsets,
    counts: Offsets,
) -> None:
    """Add the detections `first` to `end` with score >= `confidence` to `counts`.

    `bits` as `match_images` writes them; `counts` int64 [classes, size ranges, IoU thresholds, 2]: true and
    false positives. Most detections are the same at every threshold, so those are counted once, in
    `always_fp` int64 [classes, size ranges]: scratch, all 0.
    """
    every = np.uint32((np.int64(1) << n_ious) - 1)
    for d in range(first, end):
        if scores[d] < confidence:
            continue
        k = classes[d]
        for a in range(counts.shape[1]):
            tp, ignored = bits[d, a, 0], bits[d, a, 1]
            if ignored == every:
                continue
            if tp | ignored == 0:
                always_fp[k, a] += 1
                continue
            for t in range(n_ious):
                bit = np.uint32(np.int64(1) << t)
                if not ignored & bit:
                    counts[k, a, t, 0 if tp & bit else 1] += 1
    for k in range(counts.shape[0]):
        for a in range(counts.shape[1]):
            for t in range(n_ious):
                counts[k, a, t, 1] += always_fp[k, a]
