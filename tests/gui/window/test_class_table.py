"""The table of classes: sorting, one class alone, and what cannot be computed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.gui.conftest import BUS, CLASSES, Program
from widgets.window.class_model import COLUMNS

TITLES = [column.title for column in COLUMNS]


def click_header(program: Program, title: str) -> None:
    header = program.class_table.horizontalHeader()
    section = TITLES.index(title)
    program.class_table.scrollTo(program.class_table.model().index(0, section))
    x = header.sectionViewportPosition(section) + header.sectionSize(section) // 2
    program.bot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, header.height() // 2))


def row_of(program: Program, name: str) -> int:
    return program.class_texts(0).index(name)


def double_click(program: Program, name: str) -> None:
    table = program.class_table
    table.scrollTo(table.model().index(row_of(program, name), 0))
    at = table.visualRect(table.model().index(row_of(program, name), 0)).center()
    program.bot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    program.bot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_classes_with_the_most_objects_come_first(opened: Program) -> None:
    objects = [int(text) for text in opened.class_texts(1)]
    assert objects == sorted(objects, reverse=True)
    assert opened.class_texts(0)[-1] == "kite"


@pytest.mark.parametrize("title", TITLES)
def test_every_column_sorts_both_ways_with_what_is_not_available_last(opened: Program, title: str) -> None:
    click_header(opened, title)
    column = TITLES.index(title)
    orders = []
    for _ in range(2):
        texts = opened.class_texts(column)
        there = [text for text in texts if text != "n/a"]
        assert texts == there + ["n/a"] * (len(texts) - len(there))
        keys = there if column == 0 else [float(text) for text in there]
        orders.append("up" if keys == sorted(keys) else "down" if keys == sorted(keys, reverse=True) else "")
        click_header(opened, title)
    assert sorted(orders) == ["down", "up"]


def test_what_cannot_be_computed_says_why(opened: Program) -> None:
    model = opened.class_table.model()

    def cell(name: str, title: str) -> tuple[str, str | None]:
        index = model.index(row_of(opened, name), TITLES.index(title))
        return index.data(), index.data(Qt.ItemDataRole.ToolTipRole)

    assert cell("kite", "AP") == ("n/a", "n/a: no object of this class to compute from")
    assert cell("kite", "R")[0] == "n/a"
    assert cell("zebra", "P") == ("n/a", "n/a: nothing of this class is detected at this confidence")
    assert cell("zebra", "R") == ("0.000", None)
    assert cell("zebra", "AP") == ("0.000", None)


def test_the_numbers_follow_the_threshold_but_the_rows_stay_in_place(opened: Program) -> None:
    click_header(opened, "FP")
    names, before = opened.class_texts(0), opened.class_texts(TITLES.index("FP"))
    opened.session.set_confidence(0.95)
    assert opened.class_texts(0) == names
    assert opened.class_texts(TITLES.index("FP")) != before
    assert opened.class_texts(TITLES.index("FP"))[names.index("bus")] == "0"


def test_a_double_click_shows_one_class_alone_and_the_next_one_all_again(opened: Program) -> None:
    double_click(opened, "bus")
    opened.settle()
    assert opened.session.point.class_rows == frozenset({BUS})
    assert len(opened.class_texts(0)) == len(CLASSES)
    row = row_of(opened, "bus")
    assert opened.counts().tp == int(opened.class_texts(TITLES.index("TP"))[row])
    double_click(opened, "bus")
    opened.settle()
    assert opened.session.point.class_rows is None


def test_enter_shows_the_current_class_alone_and_all_again(opened: Program) -> None:
    table = opened.class_table
    table.setFocus()
    table.selectRow(row_of(opened, "bus"))
    opened.key(Qt.Key.Key_Return)
    opened.settle()
    assert opened.session.point.class_rows == frozenset({BUS})
    opened.key(Qt.Key.Key_Return)
    opened.settle()
    assert opened.session.point.class_rows is None


def test_the_current_class_stays_current_when_the_table_is_sorted(opened: Program) -> None:
    opened.class_table.selectRow(row_of(opened, "cat"))
    for title in ("Class", "FN", "FN"):
        click_header(opened, title)
        current = opened.class_table.currentIndex()
        assert opened.class_texts(0)[current.row()] == "cat"


def test_the_order_is_kept_when_other_classes_are_chosen(opened: Program) -> None:
    click_header(opened, "Class")
    names = opened.class_texts(0)
    opened.session.set_class_rows(frozenset({BUS}))
    opened.settle()
    assert opened.class_texts(0) == names
