"""Counts at an operating point against slow twins, and against each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.evaluation.iou_slice import image_average_precision, slice_at
from inspector.evaluation.matching import evaluate, match_table
from inspector.evaluation.operating_point import (
    OperatingPoint,
    class_counts,
    image_counts,
    size_counts,
    total_counts,
)
from inspector.evaluation.protocol import ApRule, Protocol
from inspector.outcomes import FALSE_POSITIVE, TRUE_POSITIVE
from tests.builders import dataset_from
from tests.oracle.coco_api import coco_evaluation
from tests.oracle.counting import image_row, size_row
from tests.properties.cases import Case, cases

points = st.builds(
    OperatingPoint,
    iou_index=st.integers(0, 9),
    confidence=st.sampled_from([0.0, 0.2, 0.5, 0.6, 0.95, 1.0]),
    class_rows=st.none() | st.frozensets(st.just(0)),
)


@given(cases, points)
@settings(max_examples=200, deadline=None)
def test_image_counts_equal_counting_box_by_box(case: Case, point: OperatingPoint) -> None:
    dataset = dataset_from(*case)
    table = match_table(dataset, evaluate(dataset), point.iou_index)
    counts = image_counts(dataset, table, point)
    for image in range(len(dataset.images)):
        expected = image_row(dataset, table, point, image)
        for name in ("objects", "detections", "tp", "fp", "fn"):
            assert getattr(counts, name)[image] == getattr(expected, name), name
        for name in ("mean_iou", "top_false_positive"):
            assert getattr(counts, name)[image] == pytest.approx(getattr(expected, name), nan_ok=True), name


@given(cases, points)
@settings(max_examples=200, deadline=None)
def test_totals_classes_and_images_tell_the_same(case: Case, point: OperatingPoint) -> None:
    dataset = dataset_from(*case)
    evaluation = evaluate(dataset)
    chosen = point.chosen(len(dataset.classes))
    at = slice_at(dataset, evaluation, point.iou_index, chosen)
    total = total_counts(at, point.confidence)
    images = image_counts(dataset, at.table, point)
    assert (images.tp.sum(), images.fp.sum(), images.fn.sum()) == (total.tp, total.fp, total.fn)
    by_class = class_counts(at, point.confidence)
    for row in range(len(dataset.classes)):
        alone = OperatingPoint(point.iou_index, point.confidence, frozenset({row}))
        one = image_counts(dataset, at.table, alone)
        assert by_class[row].tolist() == [one.tp.sum(), one.fp.sum(), one.fn.sum()]


@given(cases, st.integers(0, 9))
@settings(max_examples=200, deadline=None)
def test_the_raw_curve_has_a_point_for_every_score_with_the_counts_at_it(case: Case, iou_index: int) -> None:
    dataset = dataset_from(*case)
    evaluation = evaluate(dataset)
    at = slice_at(dataset, evaluation, iou_index, np.ones(len(dataset.classes), dtype=np.bool_))
    outcomes = at.table.outcomes
    counted = (outcomes == TRUE_POSITIVE) | (outcomes == FALSE_POSITIVE)
    assert at.curve.thresholds.tolist() == sorted(set(dataset.detections.scores[counted]), reverse=True)
    for threshold, tp, fp in zip(at.curve.thresholds, at.curve.tp, at.curve.fp, strict=True):
        counts = total_counts(at, float(threshold))
        assert (counts.tp, counts.fp) == (tp, fp)


@given(cases)
@settings(max_examples=100, deadline=None)
def test_the_ap_of_an_image_is_what_the_coco_api_says_of_that_image_alone(case: Case) -> None:
    dataset = dataset_from(*case)
    evaluation, chosen = evaluate(dataset), np.ones(len(dataset.classes), dtype=np.bool_)
    at = slice_at(dataset, evaluation, 3, chosen)
    assert at.image_ap50 is not None
    ap = image_average_precision(dataset, evaluation, at.table.object_ignored, chosen)
    for image, image_id in enumerate(dataset.images.ids):
        assert isinstance(image_id, int)
        stats = coco_evaluation(*case, image_ids=[image_id]).stats
        for actual, expected in zip((ap[image], at.image_ap50[image]), stats, strict=False):
            assert math.isnan(actual) if expected == -1 else actual == pytest.approx(expected, abs=1e-12)


@given(cases, st.sampled_from(["coco", "voc07"]), st.sampled_from([0.0, 0.4, 0.5, 1.0]))
@settings(max_examples=50, deadline=None)
def test_counts_by_class_size_and_iou_equal_counting_box_by_box(
    case: Case, rule: ApRule, confidence: float
) -> None:
    dataset = dataset_from(*case)
    # 33 thresholds: more than one word of bits
    protocol = Protocol(
        iou_thresholds=tuple(np.linspace(0.18, 0.98, 33).tolist()), max_dets=(5,), ap_rule=rule
    )
    counts = size_counts(dataset, evaluate(dataset, protocol), confidence)
    for t in (0, 13, 31, 32):
        for a, size in enumerate(protocol.size_ranges):
            for row in range(len(dataset.classes)):
                expected = size_row(dataset, protocol, size, protocol.iou_thresholds[t], confidence, row)
                assert tuple(counts[row, a, t].tolist()) == expected
