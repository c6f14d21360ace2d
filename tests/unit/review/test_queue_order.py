"""Suspects box by box."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.dataset import Dataset
from inspector.refs import BoxRef, Side
from inspector.review.queue_order import QueueOrder, Suggestion
from inspector.review.suspects import KINDS, NO_ROW, Suspects
from inspector.review.verdicts import Kind
from tests.builders import dataset_from

FIRST, SECOND, FOUND = BoxRef(Side.OBJECT, 0), BoxRef(Side.OBJECT, 1), BoxRef(Side.DETECTION, 1)


@pytest.fixture
def dataset() -> Dataset:
    """Two cars, and a detected car and bus."""
    truth = {
        "images": [{"id": 1}],
        "categories": [{"id": 1, "name": "car"}, {"id": 2, "name": "bus"}],
        "annotations": [
            {"id": row, "image_id": 1, "category_id": 1, "bbox": [row, 0, 9, 9], "area": 81, "iscrowd": 0}
            for row in (1, 2)
        ],
    }
    found = [
        {"image_id": 1, "category_id": category, "bbox": [5, 6, 7, 8], "score": 0.5} for category in (1, 2)
    ]
    return dataset_from(truth, found)


@pytest.fixture
def queue(dataset: Dataset) -> QueueOrder:
    rows = [
        (Kind.SPURIOUS, 1, NO_ROW),
        (Kind.WRONG_CLASS, 0, 1),
        (Kind.BADLY_PLACED, 1, 0),
        (Kind.MISSING, NO_ROW, 1),
        (Kind.DUPLICATE, 0, NO_ROW),
    ]
    kinds, objects, detections = zip(*rows, strict=True)
    suspects = Suspects(
        np.array([KINDS.index(kind) for kind in kinds], dtype=np.uint8),
        np.linspace(0.9, 0.1, len(rows)),
        np.zeros(len(rows), dtype=np.int32),
        np.array(objects, dtype=np.int32),
        np.array(detections, dtype=np.int32),
    )
    return QueueOrder(dataset, suspects)


def test_each_box_stands_where_its_best_suspicion_does(queue: QueueOrder) -> None:
    assert queue.boxes.tolist() == [0, 1, 3]
    assert [queue.row_of(ref) for ref in (SECOND, FIRST, FOUND)] == [0, 1, 3]
    assert queue.row_of(BoxRef(Side.DETECTION, 0)) is None
    assert [queue.number(row) for row in range(5)] == [1, 2, 1, 3, 2]


def test_the_next_is_the_next_box_that_is_open(queue: QueueOrder) -> None:
    everything = np.ones(3, dtype=np.bool_)
    assert [queue.after(row, 1, everything) for row in (-1, 0, 1, 2, 3)] == [0, 1, 3, 3, None]
    assert [queue.after(row, -1, everything) for row in (0, 1, 3, 4)] == [None, 0, 1, 3]
    assert queue.after(0, 1, np.array([True, False, True])) == 3
    assert queue.after(3, -1, np.array([False, False, True])) is None


def test_which_boxes_are_judged_is_told_by_both_sides(queue: QueueOrder) -> None:
    judged = {Side.OBJECT: np.array([True, False]), Side.DETECTION: np.array([False, True])}
    assert queue.judged(judged).tolist() == [False, True, True]


def test_a_box_leaves_that_was_a_copy_most_of_all(queue: QueueOrder) -> None:
    assert queue.without([]).tolist() == [True] * 5
    assert queue.without([0]).tolist() == [True, True, True, True, False]  # its class may still be wrong


def test_a_copy_leaves_with_all_that_is_suspected_of_it(dataset: Dataset) -> None:
    suspects = Suspects(
        np.array([KINDS.index(Kind.DUPLICATE), KINDS.index(Kind.SPURIOUS)], dtype=np.uint8),
        np.array([0.9, 0.1]),
        np.zeros(2, dtype=np.int32),
        np.array([1, 1], dtype=np.int32),
        np.full(2, NO_ROW, dtype=np.int32),
    )
    assert QueueOrder(dataset, suspects).without([1]).tolist() == [False, False]


def test_boxes_are_told_by_image_and_by_class(queue: QueueOrder) -> None:
    here, nowhere = np.array([True]), np.array([False])
    assert queue.within(here, np.array([True, False])).tolist() == [True, True, False]
    assert queue.within(here, np.array([False, True])).tolist() == [False, False, True]
    assert not queue.within(nowhere, np.array([True, True])).any()


def test_a_suspicion_says_what_the_detection_says(queue: QueueOrder) -> None:
    assert queue.suggestion(0) == Suggestion(Kind.SPURIOUS)
    assert queue.suggestion(1) == Suggestion(Kind.WRONG_CLASS, right_class="bus")
    assert queue.suggestion(2) == Suggestion(Kind.BADLY_PLACED, right_box=(5.0, 6.0, 7.0, 8.0))
    assert queue.suggestion(3) == Suggestion(Kind.MISSING)
