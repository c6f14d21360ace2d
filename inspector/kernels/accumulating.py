"""COCO's precision, recall and scores arrays from the outcomes of the detections of a class."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inspector.dataset import Floats, Offsets, Rows
from inspector.kernels.jit import float64, inner, int32, int64, kernel, reads, types, uint32, void, writes
from inspector.outcomes import Bits


class Scratch(NamedTuple):
    """Room for a class of N detections at T IoU thresholds with M limits of detections."""

    special: Rows
    """int32 [N]: rows of the detections that are not the same at every IoU threshold."""
    words: Bits
    """uint32 [N, 2]: their outcomes."""
    before: Rows
    """int32 [M, N]: how many detections that are not ignored at every threshold come before each."""
    precision: Floats
    """float64 [T, N + 1]: the envelope at each true positive, counted from 1."""
    rows_at: Rows
    """int32 [T, N + 1]: the detection row of each true positive."""
    hits: Offsets
    """int64 [T]: how many true positives there are."""
    ignored: Offsets
    """int64 [T]: how many of the special detections were ignored so far."""
    counted: Offsets
    """int64 [M]: how many detections that are not ignored at every threshold came so far."""


_SCRATCH = types.NamedTuple(
    (
        writes(int32),
        writes(uint32, 2),
        writes(int32, 2),
        writes(float64, 2),
        writes(int32, 2),
        writes(int64),
        writes(int64),
        writes(int64),
    ),
    Scratch,
)


def scratch_for(n: int, n_ious: int, n_limits: int) -> Scratch:
    """Made in Python: compiling `np.empty` takes longer than all its calls."""
    return Scratch(
        np.empty(n, dtype=np.int32),
        np.empty((n, 2), dtype=np.uint32),
        np.empty((n_limits, n), dtype=np.int32),
        np.empty((n_ious, n + 1)),
        np.empty((n_ious, n + 1), dtype=np.int32),
        np.empty(n_ious, dtype=np.int64),
        np.empty(n_ious, dtype=np.int64),
        np.empty(n_limits, dtype=np.int64),
    )


@inner(
    int64(
        reads(int32),
        reads(int32),
        reads(uint32, 3),
        int64,
        uint32,
        reads(int64),
        _SCRATCH,
    )
)
def find_special(
    rows: Rows,
    ranks: Rows,
    bits: Bits,
    a: int,
    every: np.uint32,
    max_dets: Offsets,
    scratch: Scratch,
) -> int:
    """The detections that are not the same at every IoU threshold in size range `a`; returns how many.

    Fills `special`, `words` and `before`.
    """
    special, words, before, counted = scratch.special, scratch.words, scratch.before, scratch.counted
    n_limits = max_dets.shape[0]
    for m in range(n_limits):
        counted[m] = 0
    found = 0
    for i in range(rows.shape[0]):
        row = rows[i]
        tp, ignored = bits[row, a, 0], bits[row, a, 1]
        if tp == 0 and ignored == every:
            continue
        if tp | ignored:
            special[found] = row
            words[found, 0] = tp
            words[found, 1] = ignored
            for m in range(n_limits):
                before[m, found] = counted[m]
            found += 1
        for m in range(n_limits):
            if ranks[row] < max_dets[m]:
                counted[m] += 1
    return found


@inner(void(reads(int32), int64, int64, int64, int64, _SCRATCH))
def best_precision(ranks: Rows, found: int, m: int, limit: int, n_ious: int, scratch: Scratch) -> None:
    """The envelope at each IoU threshold: the best precision at or behind each true positive.

    Fills `precision`, `rows_at` and `hits`. One pass serves all thresholds: it goes from set bit to set bit.
    """
    words, precision, hits, ignored = scratch.words, scratch.precision, scratch.hits, scratch.ignored
    for t in range(n_ious):
        hits[t] = 0
        ignored[t] = 0
    for j in range(found):
        row = scratch.special[j]
        if ranks[row] >= limit:
            continue
        counted = scratch.before[m, j]
        t, tp = 0, words[j, 0]
        while tp:
            if tp & 1:
                # those before that count at this threshold: true positives and the rest
                fp = counted - hits[t] - ignored[t]
                hits[t] += 1
                # 2**-52 is np.spacing(1), which the COCO API adds to avoid 0 / 0
                precision[t, hits[t]] = hits[t] / (float(fp) + float(hits[t]) + 2.0**-52)
                scratch.rows_at[t, hits[t]] = row
            tp >>= 1
            t += 1
        t, out = 0, words[j, 1]
        while out:
            ignored[t] += out & 1
            out >>= 1
            t += 1
    for t in range(n_ious):
        for c in range(hits[t] - 1, 0, -1):
            if precision[t, c + 1] > precision[t, c]:
                precision[t, c] = precision[t, c + 1]


@inner(int64(reads(int32), reads(int32), int64))
def first_within(rows: Rows, ranks: Rows, limit: int) -> int:
    """The row of the best-scored detection within a limit, -1 where there is none."""
    for i in range(rows.shape[0]):
        if ranks[rows[i]] < limit:
            return int(rows[i])
    return -1


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
        _SCRATCH,
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
    scratch: Scratch,
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

    Tried and left: fetching the class's ranks and outcomes once into rows that lie together gains nothing
    at 500,000 detections, and at 10,000,000 less than the noise; going through the special detections
    threshold by threshold, instead of from bit to bit, takes three times as long.
    """
    n_limits = max_dets.shape[0]
    every = np.uint32((np.int64(1) << n_ious) - 1)
    precision, hits = scratch.precision, scratch.hits
    for a in range(positives.shape[0]):
        if positives[a] == 0:
            continue
        found = find_special(rows, ranks, bits, a, every, max_dets, scratch)
        for m in range(n_limits):
            best_precision(ranks, found, m, max_dets[m], n_ious, scratch)
            first = first_within(rows, ranks, max_dets[m])
            for t in range(n_ious):
                tp = hits[t]
                recall_out[t, a, m] = tp / positives[a]
                c = 1
                for r in range(recall_thresholds.shape[0]):
                    precision_out[t, r, a, m] = 0.0
                    scores_out[t, r, a, m] = 0.0
                    if recall_thresholds[r] <= 0:
                        # recall 0 is reached by the first detection, whatever its outcome
                        if first >= 0:
                            precision_out[t, r, a, m] = precision[t, 1] if tp else 0.0
                            scores_out[t, r, a, m] = scores[first]
                        continue
                    while c <= tp and c / positives[a] < recall_thresholds[r]:
                        c += 1
                    if c <= tp:
                        precision_out[t, r, a, m] = precision[t, c]
                        scores_out[t, r, a, m] = scores[scratch.rows_at[t, c]]
