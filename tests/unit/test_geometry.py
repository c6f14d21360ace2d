"""One box convention, one IoU."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.geometry import overlaps
from tests.oracle.evaluation import iou

boxes = st.lists(st.integers(0, 12), min_size=4, max_size=4)


@given(boxes, st.lists(st.tuples(boxes, st.booleans()), max_size=5))
def test_overlaps_equal_the_iou_of_each_pair(box: list[int], others: list[tuple[list[int], bool]]) -> None:
    objects = np.array([other for other, _ in others], dtype=np.float64).reshape(-1, 4)
    crowd = np.array([flag for _, flag in others], dtype=np.bool_)
    expected = [iou(box, other, flag) for other, flag in others]
    assert overlaps(np.array(box, dtype=np.float64), objects, crowd).tolist() == pytest.approx(expected)


def test_boxes_as_large_as_numbers_can_be_leave_the_others_alone() -> None:
    huge = [-1e308, -1e308, 1.7e308, 1.7e308]
    objects = np.array([huge, [0, 0, 2, 1]], dtype=np.float64)
    assert overlaps(np.array([0.0, 0.0, 2.0, 2.0]), objects).tolist() == [0.0, 0.5]
    assert overlaps(objects[0], objects)[1] == 0.0
