"""The selector of splits in the tool bar, its menu and its key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from inspector.sources import Sources
from tests.gui.conftest import LONG, Program
from tests.gui.splits import split_reading
from widgets.window.split_field import SplitField, SplitMenu
from widgets.window.status_bar import StatusBar

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def split(program: Program, sources: Sources, monkeypatch: pytest.MonkeyPatch) -> Program:
    """The data set in three splits."""
    split_reading(monkeypatch)
    program.open(sources)
    return program


def entries(program: Program) -> list[str]:
    field = program.part(SplitField)
    return [field.itemText(place) for place in range(field.count())]


def listed(program: Program) -> list[int]:
    dataset = program.session.dataset
    assert dataset is not None
    return [int(dataset.images.ids[row]) for row in program.workspace.images.image_rows()]


def step(program: Program, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    with program.bot.waitSignal(program.session.results_changed, timeout=LONG):
        program.key(key, modifier)
    program.settle()


def test_without_splits_there_is_no_selector(opened: Program) -> None:
    assert not opened.part(SplitField).isVisible()
    assert not opened.part(SplitMenu).isEnabled()
    opened.key(Qt.Key.Key_T, CTRL)
    assert opened.session.activity is None


def test_the_selector_counts_images_and_shows_only_those_of_a_split(split: Program) -> None:
    field = split.part(SplitField)
    assert field.isVisible()
    assert entries(split) == ["All splits (12)", "train (6)", "valid (4)", "test (2)"]
    field.setFocus()
    with split.bot.waitSignal(split.session.results_changed, timeout=LONG):
        QTest.keyClick(field, Qt.Key.Key_Down)
    split.settle()
    assert field.currentText() == "train (6)"
    assert listed(split) == [1, 2, 3, 4, 5, 6]


def test_a_key_goes_from_split_to_split_and_back_to_all(split: Program) -> None:
    seen = []
    for _ in range(4):
        step(split, Qt.Key.Key_T, CTRL)
        seen.append((split.part(SplitField).currentText(), len(listed(split))))
    assert seen == [("train (6)", 6), ("valid (4)", 4), ("test (2)", 2), ("All splits (12)", 12)]


def test_the_menu_ticks_the_split_and_chooses_another(split: Program) -> None:
    step(split, Qt.Key.Key_T, CTRL)
    menu = next(menu for menu in split.window.findChildren(QMenu) if isinstance(menu, SplitMenu))
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["train (6)"]
    with split.bot.waitSignal(split.session.results_changed, timeout=LONG):
        menu.actions()[2].trigger()
    split.settle()
    assert listed(split) == [7, 8, 9, 10]


def test_listed_images_are_counted_of_the_split(split: Program) -> None:
    for _ in range(2):
        step(split, Qt.Key.Key_T, CTRL)
    split.workspace.images.set_filter("name:shot_07 or name:shot_09")
    split.settle()
    step(split, Qt.Key.Key_L, CTRL)
    assert "2 of 4 images of valid  ✕" in split.buttons()
    split.workspace.images.clear_filter()
    step(split, Qt.Key.Key_L, CTRL | SHIFT)
    assert listed(split) == [7, 8, 9, 10]
    assert split.part(SplitField).currentText() == "valid (4)"
    step(split, Qt.Key.Key_L, CTRL | SHIFT)
    assert len(listed(split)) == 12


def shown_columns(program: Program) -> list[str]:
    header = program.workspace.images.table.titles
    model = header.model()
    return [
        str(model.headerData(section, Qt.Orientation.Horizontal))
        for section in range(header.count())
        if not header.isSectionHidden(section)
    ]


def test_only_where_there_are_splits_the_images_have_a_column_that_sorts_by_them(split: Program) -> None:
    assert shown_columns(split)[:3] == ["", "Name", "Split"]
    model = split.workspace.images.table.model()
    assert [model.index(row, 2).data() for row in (0, 6, 11)] == ["train", "valid", "test"]
    split.workspace.images.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    split.settle()
    assert listed(split)[:3] == [11, 12, 7]
    header = split.workspace.images.table.titles
    assert "Split" in [action.text() for action in header.column_menu().actions()]
    step(split, Qt.Key.Key_T, CTRL)  # all of one split
    assert "Split" not in shown_columns(split)
    assert "Split" not in [action.text() for action in header.column_menu().actions()]
    header.reset_requested.emit()
    assert "Split" not in shown_columns(split)


def test_the_filter_line_completes_and_keeps_a_split(split: Program) -> None:
    line = split.workspace.images.filter_line
    line.setFocus()
    QTest.keyClicks(line, "split:va")
    QTest.keyClick(line.completer().popup(), Qt.Key.Key_Return)
    split.bot.waitUntil(lambda: listed(split) == [7, 8, 9, 10], timeout=LONG)
    assert line.text() == "split:valid"


def test_what_the_files_are_gives_way_to_what_is_evaluated(split: Program) -> None:
    bar = split.part(StatusBar)
    bar.show_formats("YOLO · YOLO text with confidence")
    before = bar.minimumSizeHint().width()
    bar.show_formats("a format · another one of an endless name, longer than a window is wide" * 3)
    split.settle()
    assert bar.minimumSizeHint().width() == before


def test_the_split_of_a_data_set_is_remembered(
    split: Program, other_sources: Sources, sources: Sources
) -> None:
    for _ in range(2):
        step(split, Qt.Key.Key_T, CTRL)
    split.open(other_sources)
    assert split.session.split is None
    split.open(sources)
    assert split.session.split == "valid"
    assert listed(split) == [7, 8, 9, 10]
    for _ in range(2):
        step(split, Qt.Key.Key_T, CTRL)
    split.open(sources)
    assert split.session.split is None
