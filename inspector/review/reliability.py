"""How reliable a model is, learned from the data itself: most of its labels are right.

Every estimate is drawn towards a sensible value by a few made-up observations, so that a handful of boxes is
enough to ask, and many of them make the value their own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Flags, Floats, Offsets, Rows

_MADE_UP: Final = 5.0
"""Observations that a class or a size is given beforehand: as reliable as all others."""
_MADE_UP_MISS: Final = 1.0
"""Labels that are missed, as many as expected, which a class or a size is given beforehand."""
_CURVE_BEFOREHAND: Final = (1.0, 1.0, 0.0)
"""The score is the precision."""
_CURVE_WEIGHT: Final = 2.0
_CLOSENESS_BEFOREHAND: Final = -1.6
"""ln(1.02 - IoU) of a detection that fits well: an IoU of 0.82."""
_SPREAD_BEFOREHAND: Final = 0.5
_ROUNDS: Final = 50
_LONGEST_STEP: Final = 1.0
"""Newton's method may leap too far where few detections tell right from wrong."""
_LARGE: Final = 100.0
_MOST_PAIRS: Final = 1 << 22


def sigmoid(log_odds: Floats) -> Floats:
    """The probability."""
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds, -_LARGE, _LARGE)))


def precision_curve(scores: Floats, counts: Offsets) -> Floats:
    """float64 [3]: a, b, c, so that the log-odds of a detection to be right are a ln s - b ln(1 - s) + c.

    `counts` int64 [scores, 2]: detections of each score, and how many of them are matched. This is beta
    calibration (Kull, Silva Filho, Flach: Beyond sigmoids, 2017): a logistic regression, fitted by Newton's
    method, which never falls with the score and, unlike steps, tells the highest scores apart.
    """
    some = counts[:, 0] > 0
    share, total, hits = scores[some], counts[some, 0].astype(np.float64), counts[some, 1]
    terms = np.stack([np.log(share), -np.log1p(-share), np.ones_like(share)], axis=1)
    beforehand = np.array(_CURVE_BEFOREHAND)
    curve = beforehand.copy()
    for _ in range(_ROUNDS):
        expected = sigmoid(terms @ curve)
        slope = terms.T @ (hits - total * expected) - _CURVE_WEIGHT * (curve - beforehand)
        bend = (terms * (total * expected * (1.0 - expected))[:, None]).T @ terms
        step = np.linalg.solve(bend + _CURVE_WEIGHT * np.eye(3), slope)
        curve += step * (_LONGEST_STEP / max(np.abs(step).max(), _LONGEST_STEP))
        if np.abs(step).max() < 1e-9:
            break
    curve[:2] = np.maximum(curve[:2], 0.05)
    return curve


def precisions(curve: Floats, scores: Floats) -> Floats:
    """How likely detections of these scores, between 0 and 1, are to be right."""
    right: Floats = sigmoid(curve[0] * np.log(scores) - curve[1] * np.log1p(-scores) + curve[2])
    return right


def group_shift(sums: Floats) -> Floats:
    """float64 [groups]: ln((matched + 5) / (expected + 5)) of each class or size; `sums` are those two."""
    shift: Floats = np.log((sums[:, 0] + _MADE_UP) / (sums[:, 1] + _MADE_UP))
    return shift


def miss_rates(unseen: Floats, classes: Rows, sizes: Rows) -> Floats:
    """float64 [labels]: how often the model does not see other labels of the class and size of each.

    `unseen` are the probabilities that it does not see a label; `sizes` are numbers of size ranges. The rate
    of all labels is corrected by that of the size, then by that of the class, then by that of both together.
    The label itself is left out.
    """
    if len(unseen) == 0:
        return unseen
    rates = np.full(len(unseen), unseen.mean())
    for groups in (sizes, classes, classes.astype(np.int64) * (int(sizes.max()) + 1) + sizes):
        missed = np.bincount(groups, unseen)[groups] - unseen
        expected = np.bincount(groups, rates)[groups] - rates
        rates = rates * (missed + _MADE_UP_MISS) / (expected + _MADE_UP_MISS)
    return rates


def confusions(said: Rows, seen: Rows, certain: Floats, n_classes: int, labels: NDArray[np.int64]) -> Floats:
    """float64 [labels]: how often other labels of the class `said` are taken for the class `seen`.

    `certain` are the probabilities of the detections that say so; `labels` int64 [classes] how many labels
    there are. Where there are more than 4 million pairs of classes, some of them share a count.
    """
    pairs = (said.astype(np.int64) * n_classes + seen) % _MOST_PAIRS
    totals = np.bincount(pairs, certain, min(n_classes * n_classes, _MOST_PAIRS))
    rates: Floats = (totals[pairs] - certain) / (labels[said] + _MADE_UP)
    return rates


def misfit(iou: Floats, odds: Floats, size: Floats, ordinary: Flags) -> Floats:
    """float64 [labels]: by how many standard deviations detections fit their labels worse than usual.

    What is usual depends on the detection's log-odds and the label's size: ln(1.02 - IoU) is fitted by a
    linear regression over the `ordinary` ones; the deviation is the median's, so that outliers do not hide
    each other.
    """
    looseness = np.log(1.02 - np.minimum(iou, 1.0))
    terms = np.stack([np.ones_like(odds), odds, size], axis=1)
    known = terms[ordinary]
    weights = np.diag([1.0, 20.0, 20.0])
    beforehand = np.array([_CLOSENESS_BEFOREHAND, 0.0, 0.0])
    usual = np.linalg.solve(known.T @ known + weights, known.T @ looseness[ordinary] + weights @ beforehand)
    rest = looseness - terms @ usual
    count = len(known)
    median = float(np.median(np.abs(rest[ordinary]))) if count else 0.0
    deviation = (1.4826 * median * count + _SPREAD_BEFOREHAND * 10.0) / (count + 10.0)
    deviations: Floats = rest / deviation
    return deviations
