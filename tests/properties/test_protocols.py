"""Every other protocol than COCO's own, with the COCO API or the VOC development kit as the judge."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.evaluation.iou_slice import image_average_precision
from inspector.evaluation.matching import Evaluation, evaluate, match_table
from inspector.evaluation.options import Options, parse_ious, parse_max_dets, parse_sizes, prepare
from inspector.evaluation.protocol import AP_RULES, ApRule, Protocol
from inspector.evaluation.summary import mean_average_precision
from inspector.outcomes import NOT_EVALUATED
from inspector.selection import restricted
from tests.builders import dataset_from
from tests.oracle.coco_api import coco_evaluation
from tests.oracle.evaluation import match, voc_average_precision
from tests.properties.cases import Case, cases

options = st.builds(
    Options,
    iou_thresholds=st.sampled_from([".6:.1:.9", "0.5", "0.75", ".05:.02:.95", "0.25:0.25:1"]).map(parse_ious),
    max_dets=st.sampled_from(["1,10,100", "1", "2,3", "100,5,500,20"]).map(parse_max_dets),
    sizes=st.sampled_from(
        ["coco", "percentile", "tiny=..400,other=400..", "a=0..1000,b=500..5000,none=7..7"]
    ).map(parse_sizes),
)


def assert_equal(evaluation: Evaluation, judge: dict[str, object]) -> None:
    for name in ("precision", "recall", "scores"):
        assert np.array_equal(getattr(evaluation, name), judge[name]), name


@given(cases, options)
@settings(max_examples=300, deadline=None)
def test_any_thresholds_limits_and_sizes_equal_the_coco_api_bit_for_bit(case: Case, wish: Options) -> None:
    dataset, protocol = prepare(dataset_from(*case), wish)
    assert_equal(evaluate(dataset, protocol), coco_evaluation(*case, protocol=protocol).eval)


@given(cases, options)
@settings(max_examples=300, deadline=None)
def test_class_agnostic_evaluation_equals_the_coco_api_without_categories_bit_for_bit(
    case: Case, wish: Options
) -> None:
    dataset, protocol = prepare(dataset_from(*case), replace(wish, class_agnostic=True))
    judge = coco_evaluation(*case, use_classes=False, protocol=protocol)
    assert_equal(evaluate(dataset, protocol), judge.eval)


@given(cases, st.integers(0, 31), st.integers(0, 7), options)
@settings(max_examples=300, deadline=None)
def test_some_images_and_classes_equal_the_coco_apis_own_subsets_bit_for_bit(
    case: Case, images: int, classes: int, wish: Options
) -> None:
    whole = dataset_from(*case)
    image_rows = np.array([row for row in range(len(whole.images)) if images >> row & 1], dtype=np.int64)
    class_rows = np.array([row for row in range(len(whole.classes)) if classes >> row & 1], dtype=np.int64)
    if not len(image_rows) or not len(class_rows):
        return  # the API takes an empty list for everything
    dataset, protocol = prepare(restricted(whole, image_rows, class_rows), wish)
    judge = coco_evaluation(
        *case,
        image_ids=[int(whole.images.ids[row]) for row in image_rows],
        class_ids=[int(whole.classes.ids[row]) for row in class_rows],
        protocol=protocol,
    )
    assert_equal(evaluate(dataset, protocol), judge.eval)


@pytest.mark.parametrize("rule", ["voc07", "voc10"])
@given(case=cases, iou=st.sampled_from([0.3, 0.5, 0.75]))
@settings(max_examples=300, deadline=None)
def test_voc_averages_equal_the_development_kits_definition(rule: ApRule, case: Case, iou: float) -> None:
    dataset = dataset_from(*case)
    protocol = Protocol(iou_thresholds=(iou,), max_dets=(4, 100), ap_rule=rule)
    evaluation = evaluate(dataset, protocol)
    for m, limit in enumerate(protocol.max_dets):
        limited = replace(protocol, max_dets=(limit,))
        for a, size in enumerate(protocol.size_ranges):
            outcomes = match(dataset, limited, iou, size.low, size.high).outcomes
            for row in range(len(dataset.classes)):
                expected = _average(dataset, outcomes, row, size.low, size.high, rule)
                assert evaluation.average[0, row, a, m] == pytest.approx(expected, abs=1e-12)


@given(cases, st.sampled_from(sorted(AP_RULES)), st.sampled_from([".6:.1:.9", "0.5", ".02:.03:.98"]))
@settings(max_examples=100, deadline=None)
def test_the_ap_of_an_image_is_what_evaluating_only_that_image_gives(
    case: Case, rule: ApRule, ious: str
) -> None:
    whole = dataset_from(*case)
    protocol = Protocol(iou_thresholds=parse_ious(ious), max_dets=(3, 20), ap_rule=rule)
    evaluation, last = evaluate(whole, protocol), len(protocol.iou_thresholds) - 1
    chosen = np.arange(len(whole.classes)) != 1
    ignored = match_table(whole, evaluation, 0).object_ignored
    overall = image_average_precision(whole, evaluation, ignored, chosen)
    at_last = image_average_precision(whole, evaluation, ignored, chosen, last)
    for image in range(len(whole.images)):
        alone = evaluate(restricted(whole, np.array([image]), np.flatnonzero(chosen)), protocol)
        for actual, part in ((overall, slice(None)), (at_last, slice(last, None))):
            expected = mean_average_precision(alone, part)
            assert actual[image] == pytest.approx(math.nan if expected is None else expected, nan_ok=True)


def _average(
    dataset: Dataset, outcomes: dict[int, int], class_row: int, low: float, high: float, rule: ApRule
) -> float:
    """Of one class; -1 where it has no object."""
    objects, detections = dataset.objects, dataset.detections
    there = (objects.classes == class_row) & ~objects.crowd & ~objects.difficult
    positives = int((there & (objects.areas >= low) & (objects.areas <= high)).sum())
    found = np.flatnonzero(detections.classes == class_row)
    ranked = found[np.argsort(-detections.scores[found], kind="stable")].tolist()
    seen = [outcomes[row] for row in ranked if outcomes[row] != NOT_EVALUATED]
    return voc_average_precision(seen, positives, rule) if positives else -1.0
