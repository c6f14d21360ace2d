"""Average precision of classes by the rules of the VOC challenges (COCO's is the mean of its array).

The slow, readable twins are in tests/oracle/evaluation.py.
"""

from __future__ import annotations

import numpy as np

from inspector.dataset import Floats, Offsets, Rows
from inspector.kernels.averaging import average_precision
from inspector.kernels.jit import float64, int32, int64, kernel, reads, uint8, uint32, void, writes
from inspector.outcomes import FALSE_POSITIVE, TRUE_POSITIVE, Bits, Codes

_TP, _FP = int(TRUE_POSITIVE), int(FALSE_POSITIVE)


@kernel(
    void(
        reads(int32),
        reads(int32),
        reads(uint32, 3),
        int64,
        reads(int64),
        reads(int64),
        reads(float64),
        int64,
        writes(uint8),
        writes(float64),
        writes(float64, 3),
    )
)
def average_class(
    rows: Rows,
    ranks: Rows,
    bits: Bits,
    n_ious: int,
    positives: Offsets,
    max_dets: Offsets,
    recall_thresholds: Floats,
    rule: int,
    outcomes: Codes,
    precision: Floats,
    average: Floats,
) -> None:
    """Average precision of one class: `average` float64 [IoU thresholds, size ranges, max_dets].

    `rows`, `ranks`, `bits` and `positives` as in `accumulating.accumulate_class`; where a size range has no
    object, nothing is written. `outcomes` uint8 [rows] and `precision` float64 [rows + 1] are scratch.
    """
    for a in range(positives.shape[0]):
        if positives[a] == 0:
            continue
        for t in range(n_ious):
            bit = np.uint32(np.int64(1) << t)
            for m in range(max_dets.shape[0]):
                n = 0
                for i in range(rows.shape[0]):
                    row = rows[i]
                    if ranks[row] < max_dets[m] and not bits[row, a, 1] & bit:
                        outcomes[n] = _TP if bits[row, a, 0] & bit else _FP
                        n += 1
                average[t, a, m] = average_precision(
                    outcomes, n, positives[a], recall_thresholds, rule, precision
                )
