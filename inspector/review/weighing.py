"""From what the detections say of each label to how likely it is wrong, and in which way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from inspector.dataset import Dataset, Floats, Rows
from inspector.review.reliability import confusions, misfit, miss_rates, sigmoid
from inspector.review.suspects import NO_ROW
from inspector.review.verdicts import Kind

if TYPE_CHECKING:
    from inspector.kernels.suspecting import Found

_UNSEEN = -4.0
"""Log-odds: with so much support a label is as much seen as not."""
_BLIND = 0.9
"""Where the model misses so many labels, it says nothing that it does not see one more."""
_LARGEST_RANGE = 7
"""Sides below 8, 16, 32, ... 512 pixels, and above."""
_REAL_FIT = 0.4
"""IoU from which a detection counts for how well detections usually fit."""
_LEAST_RATE = 3e-4
_SIZES = (-3.0, 4.0)
"""In powers of two around 32 pixels."""
_LEAST_SIDE = 0.01
_ORIGINAL = 0.1
"""Two of three times the label that the detection fits less is the copy; a pair is one place of the queue."""


def weighed(dataset: Dataset, found: Found) -> Iterator[tuple[Kind, Floats, Rows]]:
    """Of each kind that a label can have: float64 [objects] how likely it is wrong in this way, 0 for crowd
    regions, and int32 [objects] the detection that says so, or NO_ROW."""
    from inspector.kernels.suspecting import OTHER_ROW, PLACED_ROW
    from inspector.review.odds import label_odds

    labels = np.flatnonzero(~dataset.objects.crowd).astype(np.int32)
    partners = found.partners[labels]
    terms = _terms(dataset, labels, found.evidence[labels], partners)
    probabilities = label_odds(found.evidence[labels], *terms)
    nobody = np.full(len(labels), NO_ROW, dtype=np.int32)
    other, placed = partners[:, OTHER_ROW], partners[:, PLACED_ROW]
    probabilities[terms[0] > _BLIND, 0] = 0.0
    probabilities[other == NO_ROW, 1] = 0.0
    probabilities[placed == NO_ROW, 2] = 0.0
    probabilities[:, 3] *= _copies(found, labels)
    by_kind = (
        (Kind.SPURIOUS, nobody),
        (Kind.WRONG_CLASS, other),
        (Kind.BADLY_PLACED, placed),
        (Kind.DUPLICATE, nobody),
    )
    for column, (kind, detections) in enumerate(by_kind):
        scores, rows = np.zeros(len(dataset.objects)), np.full(len(dataset.objects), NO_ROW, dtype=np.int32)
        scores[labels], rows[labels] = probabilities[:, column], detections
        yield kind, scores, rows


def _terms(dataset: Dataset, labels: Rows, evidence: Floats, partners: Rows) -> tuple[Floats, Floats, Floats]:
    """What `label_odds` takes beside the evidence."""
    from inspector.kernels.suspecting import OTHER, OTHER_ROW, PLACED, PLACED_IOU, PLACED_ROW
    from inspector.review.odds import support

    classes, n_classes = dataset.objects.classes[labels], len(dataset.classes)
    sides = np.log2(np.maximum(dataset.objects.boxes[labels, 2:], _LEAST_SIDE)).mean(axis=1)
    ranges = np.clip(np.floor(sides) - 2.0, 0.0, _LARGEST_RANGE).astype(np.int32)
    missed = np.maximum(miss_rates(sigmoid(_UNSEEN - support(evidence)), classes, ranges), _LEAST_RATE)
    sizes = np.clip(sides - 5.0, *_SIZES)
    mixed_up = np.zeros(len(labels))
    seen = partners[:, OTHER_ROW] != NO_ROW
    others = dataset.detections.classes[partners[seen, OTHER_ROW]]
    counts = np.bincount(classes, minlength=n_classes)
    mixed_up[seen] = confusions(classes[seen], others, sigmoid(evidence[seen, OTHER]), n_classes, counts)
    fits = np.zeros(len(labels))
    placed = partners[:, PLACED_ROW] != NO_ROW
    iou = evidence[placed, PLACED_IOU]
    fits[placed] = misfit(iou, evidence[placed, PLACED], sizes[placed], iou > _REAL_FIT)
    return missed, _log_odds(mixed_up), fits


def _log_odds(rates: Floats) -> Floats:
    kept = np.clip(rates, _LEAST_RATE, 1.0 - _LEAST_RATE)
    return np.log(kept / (1.0 - kept))


def _copies(found: Found, labels: Rows) -> Floats:
    """1 for the label of a pair that is rather the copy: which the detection fits less; for the other, which
    nobody needs to see when the first was judged, so little that it comes late; 0 where there is no pair."""
    from inspector.kernels.suspecting import PLACED_IOU, TWIN_ROW

    twins, fits = found.partners[:, TWIN_ROW], found.evidence[:, PLACED_IOU]
    twin = twins[labels]
    mutual = twins[twin] == labels
    original = mutual & ((fits[labels] > fits[twin]) | ((fits[labels] == fits[twin]) & (labels < twin)))
    return np.where(twin == NO_ROW, 0.0, np.where(original, _ORIGINAL, 1.0))
