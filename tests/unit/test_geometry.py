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
