"""COCO's precision, recall and scores arrays from the outcomes of the detections of a class."""

from __future__ import annotations

import numpy as np

from inspector.dataset import Floats, Offsets, Rows
from inspector.kernels.jit import float64, int32, int64, kernel, reads, uint32, void, writes
from inspector.outcomes import Bits

_DIGIT = 11
"""Bits sorted by in one pass of the radix sort: 2,048 counters stay in the processor's nearest cache."""


@kernel(void(reads(float64), writes(int32)))
def sort_by_score(scores: Floats, rows: Rows) -> None:
    """Sort `rows` (int32, positions in `scores`) by descending score, stably: a radix sort of their bits.

    Bits of positive floating-point numbers order as the numbers do; those of negative ones in reverse.
    """
    n = rows.shape[0]
    keys = np.empty(n, dtype=np.uint64)
    for i in range(n):
        # + 0.0 makes -0.0 the same as 0.0
        keys[i] = np.float64(scores[rows[i]] + 0.0).view(np.uint64)
    top = np.uint64(1) << np.uint64(63)
    for i in range(n):
        # negative: as it is (its top bit makes it come last, its size counts the right way round)
        if keys[i] & top == np.uint64(0):
            keys[i] = ~keys[i] & ~top
    other_keys = np.empty(n, dtype=np.uint64)
    other_rows = np.empty(n, dtype=np.int32)
    counts = np.empty(1 << _DIGIT, dtype=np.int64)
    mask = np.uint64((1 << _DIGIT) - 1)
    source_keys, source_rows, target_keys, target_rows = keys, rows, other_keys, other_rows
    passes = 0
    for shift in range(0, 64, _DIGIT):
        counts[:] = 0
        for i in range(n):
            counts[(source_keys[i] >> np.uint64(shift)) & mask] += 1
        if n == 0 or counts[(source_keys[0] >> np.uint64(shift)) & mask] == n:
            continue  # all have the same digit
        total = 0
        for digit in range(1 << _DIGIT):
            count = counts[digit]
            counts[digit] = total
            total += count
        for i in range(n):
            digit = (source_keys[i] >> np.uint64(shift)) & mask
            place = counts[digit]
            counts[digit] = place + 1
            target_keys[place] = source_keys[i]
            target_rows[place] = source_rows[i]
        source_keys, target_keys = target_keys, source_keys
        source_rows, target_rows = target_rows, source_rows
        passes += 1
    if passes % 2:
        for i in range(n):
            rows[i] = source_rows[i]


@kernel(
    int64(
        reads(int32),
        reads(int32),
        reads(uint32, 3),
        int64,
        uint32,
        reads(int64),
        writes(int32),
        writes(int32, 2),
    )
)
def find_special(
    rows: Rows,
    ranks: Rows,
    bits: Bits,
    a: int,
    every: np.uint32,
    max_dets: Offsets,
    special: Rows,
    before: Rows,
) -> int:
    """The detections that are not the same at every IoU threshold in size range `a`; returns how many.

    Writes their rows to `special`, and to `before` int32 [max_dets, detections] how many detections that are
    not ignored at every threshold come before each of them.
    """
    found = 0
    counted = np.zeros(max_dets.shape[0], dtype=np.int32)
    for row in rows:
        tp, ignored = bits[row, a, 0], bits[row, a, 1]
        if tp == 0 and ignored == every:
            continue
        if tp | ignored:
            special[found] = row
            for m in range(max_dets.shape[0]):
                before[m, found] = counted[m]
            found += 1
        for m in range(max_dets.shape[0]):
            if ranks[row] < max_dets[m]:
                counted[m] += 1
    return found


@kernel(
    int64(
        reads(int32),
        reads(int32),
        reads(uint32, 3),
        reads(float64),
        reads(int32),
        int64,
        int64,
        int64,
        writes(float64),
        writes(float64),
    )
)
def best_precision(
    special: Rows,
    ranks: Rows,
    bits: Bits,
    scores: Floats,
    before: Rows,
    a: int,
    t: int,
    limit: int,
    precision: Floats,
    score_at: Floats,
) -> int:
    """The envelope: the best precision at or behind each true positive, counted from 1; returns how many.

    Writes `precision` and `score_at` float64 [true positives + 1].
    """
    bit = np.uint32(np.int64(1) << t)
    tp, ignored = 0, 0
    for j in range(special.shape[0]):
        row = special[j]
        if ranks[row] >= limit:
            continue
        if bits[row, a, 0] & bit:
            tp += 1
            fp = before[j] - (tp - 1) - ignored
            # 2**-52 is np.spacing(1), which the COCO API adds to avoid 0 / 0
            precision[tp] = tp / (float(fp) + float(tp) + 2.0**-52)
            score_at[tp] = scores[row]
        elif bits[row, a, 1] & bit:
            ignored += 1
    for c in range(tp - 1, 0, -1):
        precision[c] = max(precision[c], precision[c + 1])
    return tp


@kernel(
    void(
        reads(int32),
        reads(int32),
        reads(uint32, 3),
        reads(float64),
        int64,
        reads(int64),
        reads(int64),
        reads(float64),
        writes(float64, 4, "A"),
        writes(float64, 3, "A"),
        writes(float64, 4, "A"),
    )
)
def accumulate_class(
    rows: Rows,
    ranks: Rows,
    bits: Bits,
    scores: Floats,
    n_ious: int,
    positives: Offsets,
    max_dets: Offsets,
    recall_thresholds: Floats,
    precision_out: Floats,
    recall_out: Floats,
    scores_out: Floats,
) -> None:
    """Precision at fixed recalls for one class, as `accumulate` of the COCO API's cocoeval.py computes it.

    `rows` int32: the class's detections by descending score. By detection row: `ranks` int32 and `bits`
    uint32 [detections, size ranges, 2] as `match_images` writes them, `scores` float64. `positives` int64
    [size ranges]: objects that count. Writes precision and scores [IoU thresholds, recall thresholds, size
    ranges, max_dets] and recall [IoU thresholds, size ranges, max_dets].

    Recall rises only at a true positive, and between two of them precision never rises; so the envelope and
    the first detection that reaches a recall need only the true positives. Most detections are a false
    positive, or ignored, at every IoU threshold: they are counted once for all thresholds, and only the
    others are gone through for each.
    """
    n_limits, n = max_dets.shape[0], rows.shape[0]
    every = np.uint32((np.int64(1) << n_ious) - 1)
    special, before = np.empty(n, dtype=np.int32), np.empty((n_limits, n), dtype=np.int32)
    first_score, seen = np.zeros(n_limits, dtype=np.float64), np.zeros(n_limits, dtype=np.int64)
    for row in rows:
        for m in range(n_limits):
            if ranks[row] < max_dets[m]:
                if seen[m] == 0:
                    first_score[m] = scores[row]
                seen[m] += 1
    for a in range(positives.shape[0]):
        if positives[a] == 0:
            continue
        found = find_special(rows, ranks, bits, a, every, max_dets, special, before)
        precision, score_at = np.empty(found + 1, dtype=np.float64), np.empty(found + 1, dtype=np.float64)
        for m in range(n_limits):
            for t in range(n_ious):
                tp = best_precision(
                    special[:found], ranks, bits, scores, before[m], a, t, max_dets[m], precision, score_at
                )
                recall_out[t, a, m] = tp / positives[a] if seen[m] else 0.0
                c = 1
                for r in range(recall_thresholds.shape[0]):
                    precision_out[t, r, a, m] = 0.0
                    scores_out[t, r, a, m] = 0.0
                    if recall_thresholds[r] <= 0:
                        # recall 0 is reached by the first detection, whatever its outcome
                        if seen[m]:
                            precision_out[t, r, a, m] = precision[1] if tp else 0.0
                            scores_out[t, r, a, m] = first_score[m]
                        continue
                    while c <= tp and c / positives[a] < recall_thresholds[r]:
                        c += 1
                    if c <= tp:
                        precision_out[t, r, a, m] = precision[c]
                        scores_out[t, r, a, m] = score_at[c]
