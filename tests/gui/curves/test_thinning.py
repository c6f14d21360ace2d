"""Long curves are drawn with fewer points and look the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.curves.thinning import keep_for_drawing


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    length=st.integers(0, 4000),
    columns=st.integers(1, 80),
    shape=st.sampled_from(["even", "ends", "steps"]),
)
def test_the_first_last_lowest_and_highest_point_of_each_column_stay(
    seed: int, length: int, columns: int, shape: str
) -> None:
    dice = np.random.default_rng(seed)
    x = np.sort(dice.random(length))
    if shape == "ends":
        x = np.round(x)  # every point at 0 or at 1
    elif shape == "steps":
        x = np.round(x * 7) / 7
    y = np.round(dice.random(length), 2)
    kept = keep_for_drawing(x, y, columns)

    assert np.array_equal(kept, np.unique(kept))
    assert len(kept) <= max(4 * columns, 0)
    column = np.minimum((x * columns).astype(int), columns - 1)
    for number in np.unique(column):
        all_of, kept_of = np.flatnonzero(column == number), kept[column[kept] == number]
        assert {all_of[0], all_of[-1]} <= set(kept_of)
        assert y[kept_of].min() == y[all_of].min()
        assert y[kept_of].max() == y[all_of].max()


def test_short_curves_stay_as_they_are() -> None:
    x = np.linspace(0, 1, 2400)
    assert np.array_equal(keep_for_drawing(x, x), np.arange(2400))


def test_long_curves_become_short() -> None:
    x = np.linspace(0, 1, 1_000_000)
    y = np.sin(x * 50)
    y[123_456] = 7.0
    kept = keep_for_drawing(x, y)
    assert len(kept) <= 2400
    assert 123_456 in kept
