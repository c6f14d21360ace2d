"""The dataset's order, by numpy for few rows and by kernels for many: the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.progress import no_progress
from inspector.readers import ordering

IMAGES = 5
rows = st.lists(
    st.tuples(st.integers(0, IMAGES - 1), st.integers(0, 2), st.sampled_from([0.0, 0.25, 0.5, 1.0])),
    max_size=150,
)


@pytest.mark.parametrize("many", [0, 10**9], ids=["kernels", "numpy"])
@pytest.mark.parametrize("with_scores", [True, False])
@given(rows=rows)
@settings(max_examples=100, deadline=None)
def test_rows_are_sorted_by_image_class_score_and_position(
    many: int, with_scores: bool, rows: list[tuple[int, int, float]]
) -> None:
    images, classes = (np.array([row[part] for row in rows], dtype=np.int32) for part in (0, 1))
    scores = np.array([row[2] for row in rows])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordering, "_MANY", many)
        patch.setattr(ordering, "_ROWS_PER_CALL", 20)
        order = ordering.dataset_order(
            images, classes, scores if with_scores else None, IMAGES, no_progress, ""
        )

    def key(row: int) -> tuple[int, int, float]:
        image, class_row, score = rows[row]
        return image, class_row, -score if with_scores else 0.0

    assert order.tolist() == sorted(range(len(rows)), key=key)


@pytest.mark.parametrize("many", [0, 10**9], ids=["in pieces", "at once"])
def test_columns_are_put_in_order(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "_MANY", many)
    monkeypatch.setattr(ordering, "_ROWS_PER_CALL", 7)
    order = np.random.default_rng(3).permutation(50).astype(np.int32)
    boxes = np.arange(200.0).reshape(50, 4)
    assert np.array_equal(ordering.reorder(boxes, order), boxes[order])
