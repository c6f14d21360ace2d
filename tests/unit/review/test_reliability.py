"""What is learned of a model from its matches."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.review.reliability import confusions, misfit, miss_rates, precision_curve, precisions

SCORES = (np.arange(101) / 100).clip(1e-4, 1 - 1e-4)


def _counts(share: np.ndarray, total: int) -> np.ndarray:
    return np.stack([np.full(len(SCORES), total), np.round(share * total)], axis=1).astype(np.int64)


def test_the_precision_of_scores_is_found_again() -> None:
    right = SCORES**2
    found = precisions(precision_curve(SCORES, _counts(right, 1000)), SCORES)
    assert found == pytest.approx(right, abs=0.05)


def test_precision_never_falls_with_the_score() -> None:
    found = precisions(precision_curve(SCORES, _counts(1 - SCORES, 1000)), SCORES)
    assert np.all(np.diff(found) >= 0)


def test_without_detections_the_score_is_the_precision() -> None:
    found = precisions(precision_curve(SCORES, _counts(SCORES, 0)), SCORES)
    assert found == pytest.approx(SCORES)


def test_the_miss_rate_of_a_label_leaves_itself_out() -> None:
    classes = np.array([0] * 1000 + [1], dtype=np.int32)
    unseen = np.array([0.0] * 1000 + [1.0])
    rates = miss_rates(unseen, classes, np.zeros_like(classes))
    assert rates[-1] < 1 / 1000  # one label says nothing of its class
    assert rates[0] < 1 / 1000


def test_a_class_is_missed_where_it_is_small() -> None:
    classes, sizes = (np.repeat(row, 100).astype(np.int32) for row in ([0, 0, 1, 1], [0, 1, 0, 1]))
    often = (classes == 0) & (sizes == 0)
    unseen = np.where(often & (np.arange(400) % 5 == 0), 1.0, 0.001)
    rates = miss_rates(unseen, classes, sizes)
    assert rates[often] == pytest.approx(0.2, rel=0.15)
    assert rates[~often].max() < 0.02


def test_pairs_of_classes_that_are_often_mixed_up_are_told_from_others() -> None:
    said, seen = np.array([0] * 9 + [1], dtype=np.int32), np.array([1] * 9 + [0], dtype=np.int32)
    rates = confusions(said, seen, np.ones(10), 2, np.array([20, 20]))
    assert rates[:9] == pytest.approx(8 / 25)
    assert rates[9] == 0.0


def test_a_misfit_is_measured_by_what_is_usual() -> None:
    rng = np.random.default_rng(3)
    for usual in (0.9, 0.7):
        iou = (usual + rng.normal(0, 0.03, 500)).clip(0.0, 1.0)
        iou[0] = 0.45
        found = misfit(iou, np.zeros(500), np.zeros(500), iou > 0.4)
        assert np.abs(np.median(found)) < 0.3
        assert found[0] > 3.0
        assert found.argmax() == 0
