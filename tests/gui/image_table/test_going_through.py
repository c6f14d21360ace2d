"""Selecting images, next and previous, and what stands beside the current one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.gui.image_table.conftest import ALPHA, EMPTY, IMG2, IMG9, IMG10, ZEBRA, Window, records


def test_clicking_a_row_shows_its_image(window: Window) -> None:
    window.click_header("fn")
    window.click_row(0)
    assert window.session.image_row == ALPHA
    assert window.selected_names() == ["alpha.jpg"]


def test_the_arrow_keys_show_the_next_image(window: Window) -> None:
    window.click_row(1)
    window.bot.keyClick(window.table, Qt.Key.Key_Down)
    assert window.session.image_row == IMG2
    window.bot.keyClick(window.table, Qt.Key.Key_Up)
    window.bot.keyClick(window.table, Qt.Key.Key_Up)
    assert window.session.image_row == IMG10
    window.bot.keyClick(window.table, Qt.Key.Key_End)
    assert window.session.image_row == EMPTY
    window.bot.keyClick(window.table, Qt.Key.Key_Home)
    assert window.session.image_row == IMG10


def test_an_image_shown_elsewhere_is_selected_without_an_echo(
    window: Window, count_of: Callable[[Any], list[object]]
) -> None:
    requests = count_of(window.table.image_requested)
    window.session.show_image(ZEBRA)
    assert window.selected_names() == ["Zebra.jpg"]
    assert requests == []


def test_getting_the_focus_shows_no_other_image(window: Window) -> None:
    window.session.show_image(ZEBRA)
    window.type_filter("img")
    window.table.setFocus()
    assert window.session.image_row == ZEBRA


@pytest.mark.parametrize(("steps", "expected"), [(1, IMG9), (-1, IMG10)])
def test_stepping_from_an_image_that_the_filter_leaves_out_goes_to_its_neighbour(
    window: Window, steps: int, expected: int
) -> None:
    window.session.show_image(ZEBRA)
    window.click_header("name")
    window.click_header("name")  # Zebra, img10, img9, img2, empty, alpha
    window.session.show_image(IMG10 if steps > 0 else IMG9)
    window.type_filter("-10" if steps > 0 else "-9")
    window.panel.step(steps)
    assert window.session.image_row == expected


def test_stepping_beyond_what_the_filter_keeps_goes_to_the_nearest(window: Window) -> None:
    window.session.show_image(EMPTY)
    window.type_filter("img")
    window.panel.step(1)
    assert window.session.image_row == IMG2


def test_stepping_with_nothing_shown_does_nothing(window: Window) -> None:
    window.type_filter("fp>99")
    window.panel.step(1)
    window.panel.first()
    window.panel.last()
    assert window.session.image_row == IMG10
    assert window.panel.neighbours(3) == []


def test_neighbours_are_the_nearest_rows_after_and_before(window: Window) -> None:
    window.session.show_image(IMG2)
    assert window.panel.neighbours(2) == [ZEBRA, IMG9, ALPHA, IMG10]
    window.session.show_image(EMPTY)
    assert window.panel.neighbours(1) == [ALPHA]
    window.type_filter("img")
    assert window.panel.neighbours(2) == [IMG2, IMG9]


def test_another_order_is_announced_once(window: Window, count_of: Callable[[Any], list[object]]) -> None:
    changes = count_of(window.panel.order_changed)
    window.click_header("fn")
    assert len(changes) == 1
    window.panel.settle()
    assert len(changes) == 1


def test_several_selected_rows_keep_one_current_image(window: Window) -> None:
    window.click_row(0)
    window.click_row(2, Qt.KeyboardModifier.ShiftModifier)
    assert window.selected_names() == ["img10.jpg", "img9.jpg", "img2.jpg"]
    assert window.session.image_row == IMG2
    window.table.viewport().grab()
    window.click_header("name")
    assert window.selected_names() == ["img2.jpg", "img9.jpg", "img10.jpg"]


def test_sorting_shows_the_top_and_a_drag_keeps_the_current_image_in_view(window: Window) -> None:
    images = {f"{number:03}.jpg": (1, 1, [0.9], [number / 100]) for number in range(100)}
    window.open(*records(images))
    window.session.show_image(3)
    window.click_header("fpscore")
    bar = window.table.verticalScrollBar()
    assert bar.value() == 0
    window.click_header("name")
    window.session.show_image(60)
    window.panel.settle()
    window.type_filter("fp>0 or 060")
    current = window.table.visualRect(window.table.currentIndex())
    assert window.table.viewport().rect().contains(current.center())
