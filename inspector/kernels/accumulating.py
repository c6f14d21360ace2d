"""COCO's precision, recall and scores arrays from the outcomes of the detections of a class."""

from __future__ import annotations

import numpy as np

from inspector.dataset import Floats, Offsets, Rows
from inspector.kernels.jit import float64, inner, int32, int64, kernel, reads, uint32, void, writes
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


@inner(
    int64(
        reads(int32),
        reads(int32),
        reads(uint32, 3),
        int64,
        uint32,
        reads(int64),
        writes(int32),
        writes(uint32, 2),
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
    words: Bits,
    before: Rows,
) -> int:
    """The detections that are not the same at every IoU threshold in size range `a`; returns how many.

    Writes their rows to `special`, their outcomes to `words` uint32 [detections, 2], and to `before` int32
    [max_dets, detections] how many detections that are not ignored at every threshold come before each.
    """
    found = 0
    counted = np.zeros(max_dets.shape[0], dtype=np.int32)
    for i in range(rows.shape[0]):
        row = rows[i]
        tp, ignored = bits[row, a, 0], bits[row, a, 1]
        if tp == 0 and ignored == every:
            continue
        if tp | ignored:
            special[found] = row
            words[found, 0] = tp
            words[found, 1] = ignored
            for m in range(max_dets.shape[0]):
                before[m, found] = counted[m]
            found += 1
        for m in range(max_dets.shape[0]):
            if ranks[row] < max_dets[m]:
                counted[m] += 1
    return found


@inner(
    void(
        reads(int32),
        reads(int32),
        reads(uint32, 2),
        reads(int32, 2),
        int64,
        int64,
        int64,
        int64,
        writes(int32, 2),
        writes(float64, 2),
        writes(int64),
    )
)
def best_precision(
    special: Rows,
    ranks: Rows,
    words: Bits,
    before: Rows,
    found: int,
    m: int,
    limit: int,
    n_ious: int,
    rows_at: Rows,
    precision: Floats,
    hits: Offsets,
) -> None:
    """The envelope at each IoU threshold: the best precision at or behind each true positive, counted from 1.

    Writes `precision` float64 and `rows_at` int32 [IoU thresholds, true positives + 1], the envelope and the
    detection row of each true positive, and `hits` int64 [IoU thresholds], how many there are. One pass serves all
    thresholds: it goes from set bit to set bit.
    """
    ignored = np.zeros(n_ious, dtype=np.int64)
    for t in range(n_ious):
        hits[t] = 0
    for j in range(found):
        row = special[j]
        if ranks[row] >= limit:
            continue
        counted = before[m, j]
        t, tp = 0, words[j, 0]
        while tp:
            if tp & 1:
                # those before that count at this threshold: true positives and the rest
                fp = counted - hits[t] - ignored[t]
                hits[t] += 1
                # 2**-52 is np.spacing(1), which the COCO API adds to avoid 0 / 0
                precision[t, hits[t]] = hits[t] / (float(fp) + float(hits[t]) + 2.0**-52)
                rows_at[t, hits[t]] = row
            tp >>= 1
            t += 1
        t, out = 0, words[j, 1]
        while out:
            ignored[t] += out & 1
            out >>= 1
            t += 1
    for t in range(n_ious):
        for c in range(hits[t] - 1, 0, -1):
            precision[t, c] = max(precision[t, c], precision[t, c + 1])


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
        writes(float64, 4),
        writes(float64, 3),
        writes(float64, 4),
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
    others are gone through again.
    """
    n_limits, n = max_dets.shape[0], rows.shape[0]
    every = np.uint32((np.int64(1) << n_ious) - 1)
    special, before = np.empty(n, dtype=np.int32), np.empty((n_limits, n), dtype=np.int32)
    words = np.empty((n, 2), dtype=np.uint32)
    precision, rows_at = np.empty((n_ious, n + 1)), np.empty((n_ious, n + 1), dtype=np.int32)
    hits = np.empty(n_ious, dtype=np.int64)
    first_score, seen = np.zeros(n_limits, dtype=np.float64), np.zeros(n_limits, dtype=np.int64)
    for i in range(n):
        for m in range(n_limits):
            if ranks[rows[i]] < max_dets[m]:
                if seen[m] == 0:
                    first_score[m] = scores[rows[i]]
                seen[m] += 1
    for a in range(positives.shape[0]):
        if positives[a] == 0:
            continue
        found = find_special(rows, ranks, bits, a, every, max_dets, special, words, before)
        for m in range(n_limits):
            best_precision(
                special, ranks, words, before, found, m, max_dets[m], n_ious, rows_at, precision, hits
            )
            for t in range(n_ious):
                tp = hits[t]
                recall_out[t, a, m] = tp / positives[a] if seen[m] else 0.0
                c = 1
                for r in range(recall_thresholds.shape[0]):
                    precision_out[t, r, a, m] = 0.0
                    scores_out[t, r, a, m] = 0.0
                    if recall_thresholds[r] <= 0:
                        # recall 0 is reached by the first detection, whatever its outcome
                        if seen[m]:
                            precision_out[t, r, a, m] = precision[t, 1] if tp else 0.0
                            scores_out[t, r, a, m] = first_score[m]
                        continue
                    while c <= tp and c / positives[a] < recall_thresholds[r]:
                        c += 1
                    if c <= tp:
                        precision_out[t, r, a, m] = precision[t, c]
                        scores_out[t, r, a, m] = scores[rows_at[t, c]]
