"""Boxes of the whole dataset by their outcome, against the outcomes image by image."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.errors import CancelledError
from inspector.evaluation import outcome_rows as module
from inspector.evaluation.image_outcomes import outcomes_of
from inspector.evaluation.matching import MatchTable, evaluate, match_table
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.outcome_rows import Measure, Outcome, measured, outcome_rows, sorted_by
from inspector.evaluation.protocol import Protocol
from inspector.outcomes import FALSE_NEGATIVE, FALSE_POSITIVE, NO_MATCH, TRUE_POSITIVE
from inspector.refs import Side
from tests.builders import dataset_from
from tests.oracle.evaluation import iou
from tests.properties.cases import Case, cases, random_case

points = st.builds(
    OperatingPoint,
    iou_index=st.integers(0, 9),
    confidence=st.sampled_from([0.0, 0.4, 0.5, 1.0]),
    class_rows=st.none() | st.frozensets(st.just(0)),
)
protocols = st.sampled_from([Protocol(), Protocol(max_dets=(1, 2)), Protocol(ap_rule="voc10")])


def twin(dataset: Dataset, table: MatchTable, point: OperatingPoint, outcome: Outcome) -> list[int]:
    """Image by image."""
    found: list[int] = []
    for image in range(len(dataset.images)):
        here = outcomes_of(dataset, table, point, image)
        if outcome is Outcome.FN:
            found += here.objects[here.object_codes == FALSE_NEGATIVE].tolist()
            continue
        codes = {Outcome.TP: TRUE_POSITIVE, Outcome.FP: FALSE_POSITIVE}
        hits = here.detection_codes == TRUE_POSITIVE
        counted = hits | (here.detection_codes == FALSE_POSITIVE)
        among = here.detection_codes == codes[outcome] if outcome in codes else ~counted
        found += here.detections[among].tolist()
    return found


@given(cases, points, protocols)
@settings(max_examples=150, deadline=None)
def test_every_box_is_found_that_has_the_outcome_on_its_image(
    case: Case, point: OperatingPoint, protocol: Protocol
) -> None:
    dataset = dataset_from(*case)
    table = match_table(dataset, evaluate(dataset, protocol), point.iou_index)
    for outcome in Outcome:
        assert outcome_rows(dataset, table, point, outcome).tolist() == twin(dataset, table, point, outcome)


def test_blocks_do_not_change_what_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 3)
    for seed in range(20):
        dataset = dataset_from(*random_case(seed))
        table = match_table(dataset, evaluate(dataset), 0)
        point = OperatingPoint(0, 0.3)
        for outcome in Outcome:
            rows = outcome_rows(dataset, table, point, outcome)
            assert rows.tolist() == twin(dataset, table, point, outcome)
            assert len(measured(dataset, table, outcome.side, rows, Measure.IOU)) == len(rows)


def iou_of_detection(dataset: Dataset, table: MatchTable, row: int) -> float:
    """With its object, or else the best with any."""
    match, box = table.matches[row], dataset.detections.boxes[row]
    objects = dataset.objects
    if match != NO_MATCH and table.object_matches[match] == row:
        return iou(box, objects.boxes[match], bool(objects.crowd[match]))
    there = dataset.objects_of(int(dataset.detections.images[row]))
    everything = range(there.start, there.stop)
    return max((iou(box, objects.boxes[g], bool(objects.crowd[g])) for g in everything), default=0.0)


@given(cases, points)
@settings(max_examples=100, deadline=None)
def test_measures_are_those_of_the_box_and_its_match(case: Case, point: OperatingPoint) -> None:
    dataset = dataset_from(*case)
    table = match_table(dataset, evaluate(dataset), point.iou_index)
    detections, objects = dataset.detections, dataset.objects
    for outcome in Outcome:
        rows = outcome_rows(dataset, table, point, outcome)
        values = {
            measure: measured(dataset, table, outcome.side, rows, measure).tolist() for measure in Measure
        }
        for place, row in enumerate(rows.tolist()):
            found = {measure: values[measure][place] for measure in Measure}
            if outcome.side is Side.DETECTION:
                width, height = detections.boxes[row, 2:]
                expected = (detections.scores[row], width * height, detections.images[row])
                overlap = iou_of_detection(dataset, table, row)
                assert found[Measure.IOU] == pytest.approx(overlap, abs=1e-12)
            else:
                match = table.object_matches[row]
                score = math.nan if match == NO_MATCH else detections.scores[match]
                expected = (score, objects.areas[row], objects.images[row])
                assert found[Measure.IOU] == pytest.approx(float(table.object_ious[row]), nan_ok=True)
                assert not score >= point.confidence
            assert found[Measure.SCORE] == pytest.approx(expected[0], nan_ok=True)
            assert (found[Measure.SIZE], found[Measure.IMAGE]) == expected[1:]


numbers = st.sampled_from([0.0, -0.0, 1.5, -2.0, 7.0, math.nan])


@given(st.lists(numbers), st.booleans())
def test_sorting_keeps_equals_as_they_stand_and_puts_what_has_no_value_last(
    values: list[float], descending: bool
) -> None:
    order = sorted_by(np.array(values, dtype=np.float64), descending=descending).tolist()

    def place(position: int) -> tuple[bool, float]:
        value = values[position]
        return math.isnan(value), 0.0 if math.isnan(value) else (-value if descending else value)

    assert order == sorted(range(len(values)), key=place)


def test_it_can_be_cancelled() -> None:
    dataset = dataset_from(*random_case(3))
    table = match_table(dataset, evaluate(dataset), 0)

    def stop(_stage: str, _fraction: float) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        outcome_rows(dataset, table, OperatingPoint(0, 0.0), Outcome.FP, stop)
