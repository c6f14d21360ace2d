"""Sorting by a click on a header."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt

from inspector.image_columns import NUMBERS
from tests.gui.image_table.conftest import ALPHA, IMAGES, IMG9, Window

NAMES = list(IMAGES)


def test_without_sorting_the_images_stand_in_the_order_of_the_data_set(window: Window) -> None:
    assert window.names() == NAMES


def test_the_first_click_puts_the_failures_first_and_ties_stay_in_order(window: Window) -> None:
    window.click_header("fp")
    assert window.texts("fp") == ["2", "1", "1", "0", "0", "0"]
    assert window.names() == [
        "img9.jpg",
        "img10.jpg",
        "Zebra.jpg",
        "img2.jpg",
        "alpha.jpg",
        "empty.jpg",
    ]


def test_the_second_click_turns_the_order_but_not_the_ties(window: Window) -> None:
    window.click_header("fp")
    window.click_header("fp")
    assert window.texts("fp") == ["0", "0", "0", "1", "1", "2"]
    assert window.names()[:3] == ["img2.jpg", "alpha.jpg", "empty.jpg"]


def test_the_third_click_brings_back_the_order_of_the_data_set(window: Window) -> None:
    for _ in range(3):
        window.click_header("fp")
    assert window.names() == NAMES


@pytest.mark.parametrize("clicks", [1, 2])
@pytest.mark.parametrize("key", [column.key for column in NUMBERS])
def test_every_column_sorts_with_what_is_not_available_last(window: Window, key: str, clicks: int) -> None:
    for _ in range(clicks):
        window.click_header(key)
    values = window.numbers(key)
    there = [value for value in values if not math.isnan(value)]
    assert all(math.isnan(value) for value in values[len(there) :])
    assert there in (sorted(there), sorted(there, reverse=True))
    descending = window.table.horizontalHeader().sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    keys = np.array(window.model.dataset and [window.numbers(key)[window.names().index(n)] for n in NAMES])
    expected = np.argsort(-keys if descending else keys, kind="stable")
    assert window.names() == [NAMES[row] for row in expected]


def test_names_sort_with_their_numbers_as_numbers_and_without_case(window: Window) -> None:
    window.click_header("name")
    assert window.names() == ["alpha.jpg", "empty.jpg", "img2.jpg", "img9.jpg", "img10.jpg", "Zebra.jpg"]
    window.click_header("name")
    assert window.names()[:2] == ["Zebra.jpg", "img10.jpg"]


def test_the_selected_image_stays_selected_when_the_table_is_sorted(window: Window) -> None:
    window.session.show_image(IMG9)
    window.click_header("fn")
    assert window.selected_names() == ["img9.jpg"]
    assert window.session.image_row == IMG9


def test_persistent_indexes_follow_their_image(window: Window) -> None:
    from PySide6.QtCore import QPersistentModelIndex

    kept = QPersistentModelIndex(window.model.index(ALPHA, 1))
    window.click_header("fn")
    assert kept.row() == 0
    assert kept.data() == "alpha.jpg"
    window.type_filter("img")
    assert not kept.isValid()
