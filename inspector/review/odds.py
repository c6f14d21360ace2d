"""From evidence to the odds of each kind of label error.

The log-odds of an error are a weighted sum of a few terms, all of them log-odds or logarithms themselves. The
weights were fitted once by logistic regression on errors planted in 5 and 10 % of the labels of the demo and
of 128 photos of COCO (`tests/benchmarks/planting.py`; an intercept for each set, then the mean) and rounded.
Weights fitted on either set alone, or on 79 other photos and another model, change a kind's mean average
precision by no more than 0.04. What differs from model to model is in the terms; see `reliability`.

That nothing supports a label says the more, the fewer labels of its class and size go without support: their
share bounds the odds of a spurious one, whose intercept is therefore the same for all sets.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from inspector.dataset import Floats
from inspector.kernels.suspecting import (
    ANY_NEAR,
    OTHER,
    OTHER_TIGHT,
    OWN_NEAR,
    OWN_TIGHT,
    OWN_TOUCHING,
    PLACED,
    TWIN_IOU,
)
from inspector.review.reliability import sigmoid

MISSING: Final = np.array([-3.5, 1.07, 3.6, 2.4, 0.3, 3.0])
"""1; the detection's log-odds; ln(1.01 - IoU) with labels of its class; with labels of other classes; ln(1 +
labels of its class on the image); how many worse detections of its class agree with it."""
_SPURIOUS: Final = np.array([-16.0, -1.5, -1.4])
"""1; the support; the logarithm of how often labels of the class and size have none."""
_WRONG_CLASS: Final = np.array([-14.5, 0.69, -0.61, -0.72, -0.73])
"""1; the best detection of another class; of its own class that touches, that lies near; how often the two
are mixed up."""
_BADLY_PLACED: Final = np.array([-10.8, 0.66, -0.23, 1.46, -0.49, -0.33])
"""1; the misfit; its square; the misfit times the probability of the detection; the best detection that fits
tightly, of its class, of others."""
_TWIN: Final = (9.2, 6.0)
"""Log-odds of a duplicate: even at an IoU of 0.8 with the other label, 20 to 1 against it at 0.7."""


def support(evidence: Floats) -> Floats:
    """float64 [labels]: how much speaks for a label's being there: the log-odds of the best detections of its
    class that touch and that lie near, and of any class that lie near, in their weighted mean."""
    return (evidence[:, OWN_TOUCHING] + 2.0 * evidence[:, OWN_NEAR] + evidence[:, ANY_NEAR]) / 4.0


def label_odds(evidence: Floats, missed: Floats, mixed_up: Floats, misfits: Floats) -> Floats:
    """float64 [labels, 4]: probabilities of spurious, wrong class, badly placed and duplicate.

    A label is right or wrong in one of these ways: their odds against a right one add up. `evidence` as
    `kernels.suspecting` gives it; `missed` shares; `mixed_up` log-odds; `misfits` in standard deviations.
    """
    one = np.ones(len(evidence))
    loose = np.clip(misfits, -3.0, 6.0)
    own = evidence[:, OWN_TOUCHING], evidence[:, OWN_NEAR]
    sums = (
        (_SPURIOUS, (one, support(evidence), np.log(missed))),
        (_WRONG_CLASS, (one, evidence[:, OTHER], *own, mixed_up)),
        (
            _BADLY_PLACED,
            (
                one,
                loose,
                np.maximum(loose, 0.0) ** 2,
                loose * sigmoid(evidence[:, PLACED]),
                evidence[:, OWN_TIGHT],
                evidence[:, OTHER_TIGHT],
            ),
        ),
    )
    log_odds = np.empty((len(evidence), 4))
    for column, (weights, terms) in enumerate(sums):
        log_odds[:, column] = sum(weight * term for weight, term in zip(weights, terms, strict=True))
    log_odds[:, 3] = -_TWIN[1] * np.log(1.02 - np.minimum(evidence[:, TWIN_IOU], 1.0)) - _TWIN[0]
    odds = np.exp(np.clip(log_odds, -30.0, 30.0))
    probabilities: Floats = odds / (1.0 + odds.sum(axis=1, keepdims=True))
    return probabilities
