"""A box that is moved and resized stays a box on the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.review.verdicts import Box
from widgets.canvas.box_editing import Grip, clamped, grip_at, moved

PAGE = (200.0, 100.0)
BOX: Box = (20.0, 30.0, 60.0, 40.0)
sides = st.integers(-300, 300).map(float)
lengths = st.integers(0, 400).map(float)
grips = st.sampled_from(
    [
        Grip.INSIDE,
        Grip.LEFT,
        Grip.TOP,
        Grip.RIGHT,
        Grip.BOTTOM,
        Grip.LEFT | Grip.TOP,
        Grip.RIGHT | Grip.BOTTOM,
    ]
)


def is_on_page(box: Box) -> bool:
    x, y, width, height = box
    return x >= 0 and y >= 0 and min(width, height) >= 1 and x + width <= PAGE[0] and y + height <= PAGE[1]


@given(st.tuples(sides, sides, lengths, lengths), grips, sides, sides)
def test_whatever_is_dragged_stays_on_the_page_and_a_pixel_large(
    box: Box, grip: Grip, dx: float, dy: float
) -> None:
    start = clamped(box, PAGE)
    assert is_on_page(start)
    assert is_on_page(moved(start, grip, dx, dy, PAGE))


@given(grips, st.integers(-15, 15).map(float), st.integers(-15, 15).map(float))
def test_sides_that_are_not_held_stay(grip: Grip, dx: float, dy: float) -> None:
    x, y, width, height = moved(BOX, grip, dx, dy, PAGE)
    before = {Grip.LEFT: BOX[0], Grip.TOP: BOX[1], Grip.RIGHT: BOX[0] + BOX[2], Grip.BOTTOM: BOX[1] + BOX[3]}
    after = {Grip.LEFT: x, Grip.TOP: y, Grip.RIGHT: x + width, Grip.BOTTOM: y + height}
    by = {Grip.LEFT: dx, Grip.RIGHT: dx, Grip.TOP: dy, Grip.BOTTOM: dy}
    for side, place in before.items():
        assert after[side] == place + (by[side] if grip & side else 0)


@pytest.mark.parametrize(
    ("point", "grip"),
    [
        ((21, 31), Grip.LEFT | Grip.TOP),
        ((83, 73), Grip.RIGHT | Grip.BOTTOM),
        ((50, 29), Grip.TOP),
        ((79, 50), Grip.RIGHT),
        ((50, 50), Grip.INSIDE),
        ((10, 50), Grip.NONE),
        ((50, 90), Grip.NONE),
    ],
)
def test_a_press_takes_hold_of_what_is_near(point: tuple[float, float], grip: Grip) -> None:
    assert grip_at(BOX, point, 5.0) == grip


def test_the_middle_of_a_small_box_takes_it_as_a_whole() -> None:
    assert grip_at((10, 10, 8, 8), (14, 14), 20.0) == Grip.INSIDE
