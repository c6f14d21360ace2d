"""Of two copies of a label only one has to go."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.dataset import Dataset
from inspector.refs import BoxRef, Side
from inspector.review.answered import Answered
from inspector.review.suspects import KINDS, NO_ROW, Suspects
from inspector.review.verdicts import Judgement, Kind, Verdict
from tests.builders import dataset_from

PAIR, TRIPLE, CHAIN, OTHER_IMAGE = (0, 1), (2, 3, 4), (5, 6, 7), 8
DUPLICATE = Verdict(Judgement.LABEL, Kind.DUPLICATE)


@pytest.fixture
def dataset() -> Dataset:
    """Two copies, three copies, and a chain whose ends do not lie on each other."""
    xs = [0, 2, 300, 302, 304, 600, 640, 680]
    annotations = [
        {
            "id": row + 1,
            "image_id": 1,
            "category_id": 1,
            "bbox": [x, 0, 200, 200],
            "area": 40000,
            "iscrowd": 0,
        }
        for row, x in enumerate(xs)
    ]
    annotations.append({**annotations[0], "id": 20, "image_id": 2})
    return dataset_from(
        {
            "images": [{"id": 1}, {"id": 2}],
            "categories": [{"id": 1, "name": "car"}],
            "annotations": annotations,
        },
        [],
    )


@pytest.fixture
def answered(dataset: Dataset) -> Answered:
    count = len(dataset.objects) - 1
    return Answered(
        dataset,
        Suspects(
            np.full(count, KINDS.index(Kind.DUPLICATE), dtype=np.uint8),
            np.linspace(0.9, 0.1, count),
            np.zeros(count, dtype=np.int32),
            np.arange(count, dtype=np.int32),
            np.full(count, NO_ROW, dtype=np.int32),
        ),
    )


def rows(answered: Answered, said: dict[int, Verdict]) -> set[int]:
    judged = np.zeros(9, dtype=np.bool_)
    judged[list(said)] = True

    def verdict(ref: BoxRef) -> Verdict:
        assert ref.kind is Side.OBJECT
        return said[ref.row]

    return set(answered.rows(judged, verdict))


@pytest.mark.parametrize("kind", [Kind.DUPLICATE, Kind.SPURIOUS, Kind.IGNORE])
def test_where_one_copy_goes_the_other_is_none_any_more(answered: Answered, kind: Kind) -> None:
    first, second = PAIR
    assert rows(answered, {first: Verdict(Judgement.LABEL, kind)}) == {second}
    assert rows(answered, {second: Verdict(Judgement.LABEL, kind)}) == {first}


@pytest.mark.parametrize(
    "said",
    [
        Verdict(Judgement.MODEL),
        Verdict(Judgement.FINE),
        Verdict(),
        Verdict(Judgement.LABEL, Kind.BADLY_PLACED),
        Verdict(Judgement.LABEL),
    ],
)
def test_a_copy_that_stays_answers_nothing(answered: Answered, said: Verdict) -> None:
    assert rows(answered, {PAIR[0]: said}) == set()


def test_of_three_copies_two_may_go(answered: Answered) -> None:
    first, second, third = TRIPLE
    assert rows(answered, {first: DUPLICATE}) == set()
    assert rows(answered, {first: DUPLICATE, third: DUPLICATE}) == {second}
    assert rows(answered, {first: DUPLICATE}) == set()  # taken back


def test_what_lay_on_the_one_that_goes_is_no_copy_any_more(answered: Answered) -> None:
    first, middle, last = CHAIN
    assert rows(answered, {middle: DUPLICATE}) == {first, last}


def test_other_copies_and_other_images_are_left_alone(answered: Answered) -> None:
    assert rows(answered, {OTHER_IMAGE: DUPLICATE}) == set()
    assert rows(answered, {OTHER_IMAGE: DUPLICATE, PAIR[0]: DUPLICATE}) == {PAIR[1]}
