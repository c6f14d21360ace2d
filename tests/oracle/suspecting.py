"""Slow, readable twin of the search for suspect labels: everything but the estimates of `reliability` and the
weights of `odds` is written again, box by box."""

from __future__ import annotations

import math

import numpy as np

from inspector.dataset import Dataset
from inspector.evaluation.protocol import Protocol
from inspector.kernels.suspecting import (
    ANY_NEAR,
    EVIDENCE,
    FLOOR,
    LEAST_SCORE,
    OTHER,
    OTHER_TIGHT,
    OWN_NEAR,
    OWN_TIGHT,
    OWN_TOUCHING,
    PLACED,
    PLACED_IOU,
    SCORE_BINS,
    SIZE_BINS,
    TWIN_IOU,
)
from inspector.review.odds import MISSING, label_odds
from inspector.review.reliability import (
    confusions,
    group_shift,
    misfit,
    miss_rates,
    precision_curve,
    precisions,
    sigmoid,
)
from inspector.review.suspects import NO_ROW
from inspector.review.verdicts import Kind
from tests.oracle.evaluation import iou, match

Found = dict[tuple[Kind, int, int], float]
"""The score by kind, object row and detection row."""


def suspicions(dataset: Dataset) -> Found:
    """Every suspicion, however weak."""
    objects, detections = dataset.objects, dataset.detections
    labels = [g for g in range(len(objects)) if not objects.crowd[g]]
    partners = match(dataset, Protocol(max_dets=(10_000,)), 0.5, 0.0, math.inf).partners
    matches = [partners.get(d, NO_ROW) for d in range(len(detections))]
    odds = _detection_odds(dataset, matches)
    found = _missing(dataset, matches, odds)
    evidence = np.zeros((len(labels), EVIDENCE))
    other, placed, twin = ({} for _ in range(3))  # type: dict[int, int], dict[int, int], dict[int, int]
    for row, g in enumerate(labels):
        other[g], placed[g], twin[g] = _weigh(dataset, g, matches, odds, evidence[row])
    probabilities = _probabilities(dataset, labels, evidence, other, placed)
    fits = dict(zip(labels, evidence[:, PLACED_IOU].tolist(), strict=True))
    for g, (spurious, wrong_class, badly_placed, duplicate) in zip(
        labels, probabilities.tolist(), strict=True
    ):
        found[Kind.SPURIOUS, g, NO_ROW] = spurious
        if other[g] != NO_ROW:
            found[Kind.WRONG_CLASS, g, other[g]] = wrong_class
        if placed[g] != NO_ROW:
            found[Kind.BADLY_PLACED, g, placed[g]] = badly_placed
        if twin[g] != NO_ROW:
            rather_original = (fits[g], -g) > (fits[twin[g]], -twin[g])
            first_of_two = twin[twin[g]] == g and rather_original
            found[Kind.DUPLICATE, g, NO_ROW] = duplicate * (0.1 if first_of_two else 1.0)
    return found


def _detection_odds(dataset: Dataset, matches: list[int]) -> list[float]:
    objects, detections = dataset.objects, dataset.detections
    top = max([1.0, *detections.scores.tolist()])
    shares = [min(max(score / top, LEAST_SCORE), 1 - LEAST_SCORE) for score in detections.scores.tolist()]
    bins = [int(share * SCORE_BINS + 0.5) for share in shares]
    counted = [d for d, g in enumerate(matches) if g == NO_ROW or not objects.crowd[g]]
    counts = np.zeros((SCORE_BINS + 1, 2), dtype=np.int64)
    for d in counted:
        counts[bins[d]] += (1, matches[d] != NO_ROW)
    of_bins = (np.arange(SCORE_BINS + 1) / SCORE_BINS).clip(LEAST_SCORE, 1 - LEAST_SCORE)
    curve = precision_curve(of_bins, counts)
    expected = precisions(curve, of_bins)
    sizes = [_size(box) for box in detections.boxes.tolist()]
    by_class, by_size = np.zeros((len(dataset.classes), 2)), np.zeros((SIZE_BINS, 2))
    for d in counted:
        by_class[detections.classes[d]] += (matches[d] != NO_ROW, expected[bins[d]])
        by_size[sizes[d]] += (matches[d] != NO_ROW, expected[bins[d]])
    class_shift, size_shift = group_shift(by_class), group_shift(by_size)
    a, b, c = curve.tolist()
    return [
        min(
            max(
                a * math.log(share)
                - b * math.log(1 - share)
                + c
                + class_shift[detections.classes[d]]
                + size_shift[sizes[d]],
                -FLOOR,
            ),
            FLOOR,
        )
        for d, share in enumerate(shares)
    ]


def _size(box: list[float]) -> int:
    return sum(box[2] * box[3] >= (8 * 2**n) ** 2 for n in range(SIZE_BINS - 1))


def _on_image(dataset: Dataset, image: int) -> tuple[range, list[int]]:
    """The detections and the labels that are no crowd regions."""
    seen, there = dataset.detections_of(image), dataset.objects_of(image)
    labels = [g for g in range(there.start, there.stop) if not dataset.objects.crowd[g]]
    return range(seen.start, seen.stop), labels


def _overlap(dataset: Dataset, d: int, g: int) -> float:
    return iou(dataset.detections.boxes[d], dataset.objects.boxes[g], False)


def _explained(dataset: Dataset, d: int, labels: list[int], same: bool) -> float:
    """The highest IoU of a detection with labels of its class, or of others."""
    classes, own = dataset.objects.classes, dataset.detections.classes[d]
    return max([_overlap(dataset, d, g) for g in labels if (classes[g] == own) == same], default=0.0)


def _missing(dataset: Dataset, matches: list[int], odds: list[float]) -> Found:
    detections, found = dataset.detections, {}
    for image in range(len(dataset.images)):
        seen, labels = _on_image(dataset, image)
        for d in seen:
            better = [
                e
                for e in range(seen.start, d)
                if detections.classes[e] == detections.classes[d]
                and iou(detections.boxes[e], detections.boxes[d], False) >= 0.5
            ]
            if matches[d] == NO_ROW and not better:
                own, other = (_explained(dataset, d, labels, same) for same in (True, False))
                alike = [g for g in labels if dataset.objects.classes[g] == detections.classes[d]]
                agreeing = [
                    1 / (1 + math.exp(-odds[e]))
                    for e in range(d + 1, seen.stop)
                    if detections.classes[e] == detections.classes[d]
                    and iou(detections.boxes[e], detections.boxes[d], False) >= 0.5
                ]
                places = [math.log(1.01 - own), math.log(1.01 - other), math.log(1 + len(alike))]
                terms = np.array([1.0, odds[d], *places, sum(agreeing)])
                found[Kind.MISSING, NO_ROW, d] = float(sigmoid(MISSING @ terms))
    return found


def _weigh(
    dataset: Dataset, g: int, matches: list[int], odds: list[float], evidence: np.ndarray
) -> tuple[int, int, int]:
    """Fill the evidence on a label; returns the detections of OTHER and PLACED and its twin."""
    seen, labels = _on_image(dataset, int(dataset.objects.images[g]))
    overlap = {d: _overlap(dataset, d, g) for d in seen}
    own = [d for d in seen if dataset.detections.classes[d] == dataset.objects.classes[g]]
    others = [d for d in seen if d not in own]

    def best(rows: list[int], least: float) -> float:
        return max([odds[d] for d in rows if overlap[d] >= least], default=-FLOOR)

    for column, rows, least in (
        (OWN_TOUCHING, own, 0.1),
        (OWN_NEAR, own, 0.3),
        (OWN_TIGHT, own, 0.7),
        (ANY_NEAR, list(seen), 0.3),
        (OTHER_TIGHT, others, 0.7),
    ):
        evidence[column] = best(rows, least)
    strangers = [d for d in others if overlap[d] >= 0.35 and _explained(dataset, d, labels, same=True) < 0.5]
    mine = [
        d
        for d in own
        if overlap[d] >= 0.1
        and matches[d] in (g, NO_ROW)
        and overlap[d] >= _explained(dataset, d, labels, same=True)
    ]
    other = max(strangers, key=lambda d: (odds[d], -d), default=NO_ROW)
    placed = max(mine, key=lambda d: (odds[d], -d), default=NO_ROW)
    evidence[OTHER] = odds[other] if strangers else -FLOOR
    evidence[PLACED] = odds[placed] if mine else -FLOOR
    evidence[PLACED_IOU] = overlap[placed] if mine else 0.0
    boxes, classes = dataset.objects.boxes, dataset.objects.classes
    twins = {h: iou(boxes[h], boxes[g], False) for h in labels if h != g and classes[h] == classes[g]}
    twin = max((h for h in twins if twins[h] > 0), key=lambda h: (twins[h], -h), default=NO_ROW)
    evidence[TWIN_IOU] = twins.get(twin, 0.0)
    return other, placed, twin


def _probabilities(
    dataset: Dataset, labels: list[int], evidence: np.ndarray, other: dict[int, int], placed: dict[int, int]
) -> np.ndarray:
    objects, detections, n_classes = dataset.objects, dataset.detections, len(dataset.classes)
    classes = objects.classes[labels]
    touching, own, near = (evidence[:, column] for column in (OWN_TOUCHING, OWN_NEAR, ANY_NEAR))
    unseen = 1 / (1 + np.exp((touching + 2 * own + near) / 4 + 4))
    sides = [math.sqrt(max(w, 0.01) * max(h, 0.01)) for w, h in objects.boxes[labels, 2:].tolist()]
    ranges = np.array([sum(side >= 8 * 2**n for n in range(7)) for side in sides], dtype=np.int32)
    rates = miss_rates(unseen, classes, ranges)
    sizes = np.array([min(max(math.log2(side / 32), -3.0), 4.0) for side in sides])
    mixed = np.zeros(len(labels))
    some = np.array([other[g] != NO_ROW for g in labels], dtype=bool)
    kinds = detections.classes[[other[g] for g in labels if other[g] != NO_ROW]]
    counts = np.bincount(classes, minlength=n_classes)
    mixed[some] = confusions(classes[some], kinds, sigmoid(evidence[some, OTHER]), n_classes, counts)
    fits = np.zeros(len(labels))
    some = np.array([placed[g] != NO_ROW for g in labels], dtype=bool)
    near = evidence[some, PLACED_IOU]
    fits[some] = misfit(near, evidence[some, PLACED], sizes[some], near > 0.4)
    mixed = np.clip(mixed, 3e-4, 1 - 3e-4)
    rates = np.maximum(rates, 3e-4)
    probabilities = label_odds(evidence, rates, np.log(mixed / (1 - mixed)), fits)
    probabilities[rates > 0.9, 0] = 0.0
    return probabilities
