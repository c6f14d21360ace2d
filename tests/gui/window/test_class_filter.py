"""Choosing classes with the button in the tool bar."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListWidget,
    QPushButton,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from tests.gui.conftest import APPLE, BUS, CAT, CLASSES, DOG, KITE, Program, records, write_set
from widgets.window.class_filter import ClassFilter

Key = Qt.Key


class Popup:
    """The open list, and hands to use it with."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.button = program.part(ClassFilter)
        self.open()

    def open(self) -> None:
        self.program.click(self.button)
        popup = QApplication.activePopupWidget()
        assert popup is not None
        self.widget: QWidget = popup
        self.search = popup.findChildren(QLineEdit)[0]
        self.list = popup.findChildren(QListWidget)[0]

    def visible(self) -> list[str]:
        rows = range(self.list.count())
        return [self.list.item(row).text() for row in rows if not self.list.item(row).isHidden()]

    def ticked(self) -> list[str]:
        rows = range(self.list.count())
        checked = Qt.CheckState.Checked
        return [self.list.item(row).text() for row in rows if self.list.item(row).checkState() is checked]

    def tick(self, row: int) -> None:
        """Click on the box to tick."""
        rect = self.list.visualItemRect(self.list.item(row))
        option = QStyleOptionViewItem()
        option.rect = rect
        option.widget = self.list
        option.features = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        element = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box = self.list.style().subElementRect(element, option, self.list)
        self.program.bot.mouseClick(self.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())

    def press(self, text: str) -> None:
        buttons = {button.text(): button for button in self.widget.findChildren(QPushButton)}
        self.program.click(buttons[text])

    @property
    def chosen(self) -> frozenset[int] | None:
        self.program.settle()
        return self.program.session.point.class_rows


@pytest.fixture
def popup(opened: Program) -> Popup:
    return Popup(opened)


def test_the_list_opens_ready_to_type_with_every_class_ticked(popup: Popup) -> None:
    assert popup.visible() == list(CLASSES)
    assert popup.ticked() == list(CLASSES)
    assert popup.search.hasFocus()
    assert popup.button.text() == "All classes (6) ▾"


def test_typing_finds_classes(popup: Popup) -> None:
    popup.program.bot.keyClicks(popup.search, "E")
    assert popup.visible() == ["apple", "kite", "zebra"]
    popup.program.bot.keyClicks(popup.search, "b")
    assert popup.visible() == ["zebra"]


def test_opened_again_the_list_shows_every_class(popup: Popup) -> None:
    popup.program.bot.keyClicks(popup.search, "zebra")
    popup.widget.hide()
    popup.open()
    assert popup.search.text() == ""
    assert popup.visible() == list(CLASSES)


def test_ticks_choose_classes(popup: Popup) -> None:
    popup.tick(KITE)
    assert popup.chosen == frozenset(range(6)) - {KITE}
    popup.tick(CAT)
    assert popup.chosen == frozenset(range(6)) - {KITE, CAT}
    assert popup.button.text() == "4 of 6 classes ▾"
    popup.tick(CAT)
    popup.tick(KITE)
    assert popup.chosen is None
    assert popup.button.text() == "All classes (6) ▾"


def test_all_and_none(popup: Popup) -> None:
    popup.press("None")
    assert popup.chosen == frozenset()
    assert popup.ticked() == []
    assert popup.button.text() == "0 of 6 classes ▾"
    assert popup.program.counts().tp == popup.program.counts().fn == 0
    assert "TP 0 FP 0 FN 0 precision n/a recall n/a F1 n/a" in popup.program.status()
    popup.tick(BUS)
    assert popup.chosen == frozenset({BUS})
    popup.press("All")
    assert popup.chosen is None
    assert popup.ticked() == list(CLASSES)


def test_enter_shows_the_first_class_found_alone(popup: Popup) -> None:
    popup.program.bot.keyClicks(popup.search, "do")
    popup.program.bot.keyClick(popup.search, Key.Key_Return)
    assert popup.chosen == frozenset({DOG})
    assert not popup.widget.isVisible()
    assert popup.button.text() == "dog ▾"


def test_enter_with_nothing_found_changes_nothing(popup: Popup) -> None:
    popup.program.bot.keyClicks(popup.search, "unicorn")
    popup.program.bot.keyClick(popup.search, Key.Key_Return)
    assert popup.chosen is None
    assert popup.visible() == []


def test_down_leads_into_the_list_where_the_space_bar_ticks(popup: Popup) -> None:
    popup.program.bot.keyClicks(popup.search, "app")
    popup.program.bot.keyClick(popup.search, Key.Key_Down)
    assert popup.list.hasFocus()
    popup.program.bot.keyClick(popup.list, Key.Key_Space)
    assert popup.chosen == frozenset(range(6)) - {APPLE}


def test_a_double_click_on_a_class_shows_it_alone(popup: Popup) -> None:
    at = popup.list.visualItemRect(popup.list.item(BUS)).center() + QPoint(30, 0)
    popup.program.bot.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    popup.program.bot.mouseDClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert popup.chosen == frozenset({BUS})


def test_the_list_shows_what_was_chosen_elsewhere(popup: Popup) -> None:
    popup.widget.hide()
    popup.program.session.set_class_rows(frozenset({CAT, DOG}))
    popup.program.settle()
    popup.open()
    assert popup.ticked() == ["cat", "dog"]
    assert popup.button.text() == "2 of 6 classes ▾"


def test_other_files_bring_other_classes(popup: Popup, tmp_path_factory: pytest.TempPathFactory) -> None:
    popup.press("None")
    popup.widget.hide()
    truth, results = records(images=2)
    truth["categories"] = [{"id": row + 1, "name": f"kind {row}"} for row in range(7)]
    popup.program.open(write_set(tmp_path_factory.mktemp("set"), truth, results))
    popup.open()
    assert popup.visible() == [f"kind {row}" for row in range(7)]
    assert popup.ticked() == popup.visible()
    assert popup.chosen is None


def test_without_data_there_is_no_list(program: Program) -> None:
    program.key(Key.Key_C)
    program.part(ClassFilter).open_list()
    assert QApplication.activePopupWidget() is None
