"""The rules of matching, one by one, and the kernels against their twins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.errors import CancelledError
from inspector.evaluation.matching import Evaluation, MatchTable, evaluate, match_table, outcomes_at
from inspector.evaluation.protocol import Protocol
from inspector.outcomes import FALSE_POSITIVE, IGNORED, NO_MATCH, NOT_EVALUATED, TRUE_POSITIVE
from tests.builders import dataset_from
from tests.oracle.evaluation import match, precision_at_recalls
from tests.properties.cases import Case, cases


def an_object(number: int, box: list[float], **changes: Any) -> dict[str, Any]:
    plain = {"id": number, "image_id": 1, "category_id": 1, "bbox": box, "iscrowd": 0}
    plain["area"] = box[2] * box[3]
    return {**plain, **changes}


def a_detection(score: float, box: list[float], **changes: Any) -> dict[str, Any]:
    return {"image_id": 1, "category_id": 1, "bbox": box, "score": score, **changes}


def dataset_of(annotations: list[dict[str, Any]], results: list[dict[str, Any]]) -> Dataset:
    ground_truth = {"images": [{"id": 1}], "categories": [{"id": 1}, {"id": 2}], "annotations": annotations}
    return dataset_from(ground_truth, results)


def evaluated(annotations: list[dict[str, Any]], results: list[dict[str, Any]]) -> Evaluation:
    return evaluate(dataset_of(annotations, results))


def matched(annotations: list[dict[str, Any]], results: list[dict[str, Any]]) -> MatchTable:
    """At IoU 0.50."""
    dataset = dataset_of(annotations, results)
    return match_table(dataset, evaluate(dataset), 0)


@given(cases)
@settings(max_examples=60, deadline=None)
def test_matches_and_outcomes_equal_the_slow_twins(case: Case) -> None:
    dataset = dataset_from(*case)
    protocol = Protocol()
    evaluation = evaluate(dataset)
    for t in (0, 4, 9):
        table = match_table(dataset, evaluation, t)
        size = protocol.size_ranges[0]
        expected = match(dataset, protocol, protocol.iou_thresholds[t], size.low, size.high)
        for d in range(len(dataset.detections)):
            assert table.outcomes[d] == expected.outcomes[d]
            assert table.matches[d] == expected.partners.get(d, NO_MATCH)
        for g in range(len(dataset.objects)):
            assert table.object_matches[g] == expected.takers.get(g, NO_MATCH)


@given(cases)
@settings(max_examples=60, deadline=None)
def test_precision_equals_its_definition(case: Case) -> None:
    dataset = dataset_from(*case)
    evaluation = evaluate(dataset)
    for class_row in range(len(dataset.classes)):
        rows = np.flatnonzero(dataset.detections.classes == class_row)
        rows = rows[np.argsort(-dataset.detections.scores[rows], kind="stable")]
        outcomes = [code for code in outcomes_at(evaluation, 2)[rows] if code != NOT_EVALUATED]
        positives = int(evaluation.positives[class_row, 0])
        if positives:
            expected = precision_at_recalls(outcomes, positives, evaluation.protocol.recall_thresholds)
            assert evaluation.precision[2, :, class_row, 0, -1].tolist() == pytest.approx(expected)


def test_the_higher_score_takes_the_object_and_the_other_is_a_false_positive() -> None:
    table = matched(
        [an_object(7, [0, 0, 10, 10])], [a_detection(0.5, [0, 0, 10, 10]), a_detection(0.9, [0, 0, 10, 9])]
    )
    assert table.outcomes.tolist() == [TRUE_POSITIVE, FALSE_POSITIVE]  # in descending score
    assert table.matches.tolist() == [0, NO_MATCH]


def test_equal_scores_keep_the_order_of_the_file() -> None:
    first, second = a_detection(0.5, [0, 0, 10, 8]), a_detection(0.5, [0, 0, 10, 10])
    table = matched([an_object(7, [0, 0, 10, 10])], [first, second])
    assert table.outcomes.tolist() == [TRUE_POSITIVE, FALSE_POSITIVE]


def test_of_equal_overlaps_the_last_object_is_taken() -> None:
    twins = [an_object(7, [0, 0, 10, 10]), an_object(8, [0, 0, 10, 10])]
    assert matched(twins, [a_detection(0.5, [0, 0, 10, 10])]).matches.tolist() == [1]


def test_a_crowd_region_takes_any_number_of_detections_and_counts_none() -> None:
    crowd = an_object(7, [0, 0, 100, 100], iscrowd=1)
    table = matched([crowd], [a_detection(score, [10, 10, 10, 10]) for score in (0.9, 0.8, 0.7)])
    assert table.outcomes.tolist() == [IGNORED] * 3
    assert table.object_ignored.tolist() == [True]


def test_an_object_that_counts_is_preferred_to_a_crowd_that_overlaps_better() -> None:
    crowd, person = an_object(7, [0, 0, 100, 100], iscrowd=1), an_object(8, [0, 0, 10, 10])
    table = matched([crowd, person], [a_detection(0.9, [0, 0, 10, 8])])
    assert table.outcomes.tolist() == [TRUE_POSITIVE]


def test_detections_beyond_the_hundredth_of_a_class_on_an_image_are_not_evaluated() -> None:
    results = [a_detection(1 - n / 1000, [500, 500, 10, 10]) for n in range(100)]
    table = matched([an_object(7, [0, 0, 10, 10])], [*results, a_detection(0.1, [0, 0, 10, 10])])
    assert table.outcomes[99] == FALSE_POSITIVE
    assert table.outcomes[100] == NOT_EVALUATED


def test_objects_of_another_class_are_never_matched() -> None:
    table = matched([an_object(7, [0, 0, 10, 10], category_id=2)], [a_detection(0.5, [0, 0, 10, 10])])
    assert table.outcomes.tolist() == [FALSE_POSITIVE]


def test_annotation_id_zero_is_an_object_like_any_other() -> None:
    # The COCO API stores matches by id and takes 0 for "no match"; this is the one place where we differ.
    table = matched([an_object(0, [0, 0, 10, 10])], [a_detection(0.5, [0, 0, 10, 10])])
    assert table.outcomes.tolist() == [TRUE_POSITIVE]


def test_a_class_without_objects_has_no_precision_and_one_without_detections_has_zero() -> None:
    evaluation = evaluated([an_object(7, [0, 0, 10, 10])], [])
    assert set(evaluation.precision[:, :, 0, 0, :].ravel()) == {0.0}
    assert set(evaluation.precision[:, :, 1, 0, :].ravel()) == {-1.0}


def test_cancelling_stops_the_evaluation() -> None:
    def cancel(stage: str, _fraction: float) -> None:
        if stage == "Evaluating":
            raise CancelledError

    ground_truth = {
        "images": [{"id": 1}],
        "categories": [{"id": 1}],
        "annotations": [an_object(7, [0, 0, 1, 1])],
    }
    with pytest.raises(CancelledError):
        evaluate(dataset_from(ground_truth, []), progress=cancel)


def test_all_result_arrays_are_read_only() -> None:
    evaluation = evaluated([an_object(7, [0, 0, 10, 10])], [a_detection(0.5, [0, 0, 10, 10])])
    table = matched([an_object(7, [0, 0, 10, 10])], [a_detection(0.5, [0, 0, 10, 10])])
    for array in (
        evaluation.precision,
        evaluation.bits[0],
        table.outcomes,
        table.matches,
        evaluation.by_score,
    ):
        assert not array.flags.writeable


@given(st.lists(st.floats(allow_nan=False, width=64) | st.sampled_from([0.0, -0.0, 0.5, 1.0])))
def test_rows_are_sorted_by_descending_score_and_equal_scores_keep_their_order(scores: list[float]) -> None:
    from inspector.kernels.row_order import sort_by_score

    values, rows = np.array(scores, dtype=np.float64), np.arange(len(scores), dtype=np.int32)
    sort_by_score(values, rows)
    assert rows.tolist() == sorted(range(len(scores)), key=lambda row: -scores[row])


@given(st.lists(st.integers(0, 6)))
def test_rows_are_grouped_by_class_in_their_order(classes: list[int]) -> None:
    from inspector.kernels.row_order import rows_by_key

    offsets, rows = np.empty(8, dtype=np.int64), np.empty(len(classes), dtype=np.int32)
    rows_by_key(np.array(classes, dtype=np.int32), 7, offsets, rows)
    assert rows.tolist() == sorted(range(len(classes)), key=classes.__getitem__)
    assert offsets.tolist() == [sum(k < bound for k in classes) for bound in range(8)]
