"""What the flags would change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.dataset import Dataset
from inspector.errors import CancelledError
from inspector.evaluation.iou_slice import slice_at
from inspector.evaluation.matching import evaluate
from inspector.evaluation.operating_point import OperatingPoint, class_counts
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.summary import class_summaries, headline
from inspector.refs import Ref
from inspector.review.correcting import corrected, ignoring
from inspector.review.corrections import NO_BOX, corrections, masks_left_out
from inspector.review.verdicts import Kind, Verdict
from inspector.review.what_if import Comparison, compared, what_if
from tests.unit.export.handoff.conftest import write_street
from tests.unit.review.street import LEFT_CAR, RIGHT_CAR, UNLABELLED, flag, said, street, truth

SAID: dict[Ref, Verdict] = {
    LEFT_CAR: flag(Kind.BADLY_PLACED),
    RIGHT_CAR: flag(Kind.WRONG_CLASS, right_class="van"),
    UNLABELLED: flag(Kind.MISSING),
}


def comparison(verdicts: dict[Ref, Verdict], point: OperatingPoint | None = None) -> Comparison:
    dataset, point = street(), point or OperatingPoint()
    evaluation = evaluate(dataset)
    at = slice_at(dataset, evaluation, point.iou_index, point.chosen(2))
    made = what_if(dataset, evaluation, said(dataset, verdicts))
    return compared(made, class_counts(at, point.confidence), point)


def cases(verdicts: dict[Ref, Verdict]) -> list[Dataset]:
    dataset = street()
    attached = said(dataset, verdicts)
    return [dataset, ignoring(dataset, attached), corrected(dataset, corrections(dataset, attached))]


def same(found: object, expected: object) -> bool:
    return np.array_equal(np.array(found, float), np.array(expected, float), equal_nan=True)


@pytest.mark.parametrize("confidence", [0.0, 0.75, 1.0])
def test_each_case_has_the_numbers_of_its_own_evaluation(confidence: float) -> None:
    point = OperatingPoint(iou_index=3, confidence=confidence)
    found = comparison(SAID, point)
    for case, dataset in enumerate(cases(SAID)):
        evaluation = evaluate(dataset)
        for name, value in headline(evaluation).items():
            assert same(found.overall[name][case], np.nan if value is None else value)
        summaries = class_summaries(dataset, evaluation)
        assert same(found.classes["AP50"][:, case], [summary.ap50 for summary in summaries])
        assert same(found.classes["AP"][:, case], [summary.ap for summary in summaries])
        at = slice_at(dataset, evaluation, point.iou_index, point.chosen(2))
        counts = class_counts(at, confidence)
        for place, name in enumerate(("TP", "FP", "FN")):
            assert same(found.classes[name][:, case], counts[:, place])
            assert found.overall[name][case] == counts[:, place].sum()


def test_without_flags_the_cases_are_the_same() -> None:
    found = comparison({RIGHT_CAR: Verdict(note="hm")})
    for numbers in (*found.overall.values(), *found.classes.values()):
        assert same(numbers[..., 1:], numbers[..., :1].repeat(2, axis=-1))


def test_the_overall_numbers_are_those_of_the_chosen_classes() -> None:
    found = comparison(SAID, OperatingPoint(class_rows=frozenset({1})))
    assert same(found.overall["AP50"], found.classes["AP50"][1])
    assert found.overall["TP"].tolist() == [0.0, 0.0, 1.0]


def test_it_tells_how_many_flags_count_and_which_cannot_be_corrected() -> None:
    dataset = street()
    made = what_if(dataset, evaluate(dataset), said(dataset, SAID))
    assert (made.flags, made.left_out) == (3, {NO_BOX: 1})


def test_it_can_be_cancelled() -> None:
    def cancel(_stage: str, _fraction: float) -> None:
        raise CancelledError

    dataset = street()
    with pytest.raises(CancelledError):
        what_if(dataset, evaluate(dataset), said(dataset, SAID), cancel)


def test_it_tells_how_many_masks_take_no_part_because_their_boxes_were_corrected(tmp_path: Path) -> None:
    content = truth()
    outline = [[100.0, 10.0, 140.0, 10.0, 140.0, 50.0, 100.0, 50.0]]
    content["annotations"] = [item | {"segmentation": outline} for item in content["annotations"]]
    dataset = write_street(tmp_path, content).dataset
    moved = flag(Kind.BADLY_PLACED, right_box=(1.0, 2.0, 30.0, 40.0))
    verdicts = said(dataset, {LEFT_CAR: moved, RIGHT_CAR: flag(Kind.SPURIOUS)})
    counts = [
        what_if(dataset, evaluate(dataset, Protocol(iou_type=iou_type)), verdicts).masks
        for iou_type in ("segm", "bbox")
    ]
    assert counts == [1, 0]
    assert (masks_left_out(1), masks_left_out(1200)) == (
        "1 mask left out: its box was corrected",
        "1,200 masks left out: their boxes were corrected",
    )
