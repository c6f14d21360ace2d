"""Filters with names, filters used before, and what is offered while typing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QMenu, QPushButton

from inspector.refs import ImageRef
from inspector.review.verdicts import Judgement
from tests.gui.image_table.conftest import Window

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SAVE_ENTRY = "Save filter…\tCtrl+S"
SAVE, UP, DOWN, ENTER = Qt.Key.Key_S, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return


def dialog_of(window: Window) -> QDialog:
    window.bot.waitUntil(lambda: any(d.isVisible() for d in window.panel.filter_line.findChildren(QDialog)))
    return next(d for d in window.panel.filter_line.findChildren(QDialog) if d.isVisible())


def save_as(window: Window, name: str) -> None:
    """Ctrl+S in the line, a name, Enter."""
    window.bot.keyClick(window.panel.filter_line, SAVE, CONTROL)
    give_name(window, name)


def give_name(window: Window, name: str) -> None:
    dialog = dialog_of(window)
    field = dialog.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.selectAll()
    window.bot.keyClicks(field, name)
    window.bot.keyClick(field, ENTER)
    window.bot.waitUntil(lambda: not window.panel.filter_line.findChildren(QDialog))
    with window.bot.waitActive(window.panel.window()):
        window.panel.window().activateWindow()


@pytest.fixture
def menu(window: Window) -> Callable[[], QMenu]:
    def open_menu() -> QMenu:
        window.bot.keyClick(window.panel.filter_line, DOWN, ALT)
        found = QApplication.activePopupWidget()
        assert isinstance(found, QMenu)
        return found

    return open_menu


def close_menu() -> None:
    while popup := QApplication.activePopupWidget():
        popup.close()


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def entry(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text().split("\t")[0] == text)


def under(menu: QMenu, title: str, text: str) -> QAction:
    submenu = entry(menu, title).menu()
    assert isinstance(submenu, QMenu)
    return entry(submenu, text)


def suggestions(window: Window) -> list[str]:
    completer = window.panel.filter_line.completer()
    assert completer is not None
    assert completer.popup().isVisible()
    model = completer.completionModel()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_a_filter_is_saved_under_a_name_and_chosen_from_the_menu(
    window: Window, menu: Callable[[], QMenu]
) -> None:
    assert entries(menu()) == [SAVE_ENTRY, "No filter is saved yet"]
    close_menu()
    window.type_filter("class:person fp>0")
    save_as(window, "wrong  people")
    window.type_filter("img")
    opened = menu()
    assert entries(opened) == [
        SAVE_ENTRY,
        "wrong people\tclass:person fp>0",
        "Rename",
        "Delete",
    ]
    entry(opened, "wrong people").trigger()
    assert window.panel.filter_line.text() == "class:person fp>0"
    assert window.names() == ["img10.jpg", "img9.jpg"]


def test_what_is_no_filter_cannot_be_saved(window: Window, menu: Callable[[], QMenu]) -> None:
    window.type_filter("fp>")
    assert not entry(menu(), "Save filter…").isEnabled()
    close_menu()
    window.bot.keyClick(window.panel.filter_line, SAVE, CONTROL)
    assert not window.panel.filter_line.findChildren(QDialog)
    window.type_filter("fp>0")
    assert entry(menu(), "Save filter…").isEnabled()
    close_menu()


def test_before_a_filter_is_replaced_the_dialog_says_so(window: Window) -> None:
    window.type_filter("fp>0")
    save_as(window, "mine")
    window.type_filter("fn>0")
    window.bot.keyClick(window.panel.filter_line, SAVE, CONTROL)
    dialog = dialog_of(window)
    field, save = dialog.findChild(QLineEdit), dialog.findChildren(QPushButton)[0]
    assert isinstance(field, QLineEdit)
    assert not save.isEnabled()
    window.bot.keyClicks(field, "mine")
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert "There is a filter of this name, which is replaced: fp>0" in texts
    window.bot.mouseClick(save, Qt.MouseButton.LeftButton)
    assert window.saved.texts == {"mine": "fn>0"}


def test_a_saved_filter_is_renamed_and_deleted(window: Window, menu: Callable[[], QMenu]) -> None:
    window.type_filter("fp>0")
    save_as(window, "R&D")
    under(menu(), "Rename", "R&&D").trigger()
    close_menu()
    give_name(window, "research")
    assert window.saved.texts == {"research": "fp>0"}
    under(menu(), "Delete", "research").trigger()
    close_menu()
    assert window.saved.texts == {}


def test_a_saved_filter_is_offered_by_its_name(window: Window) -> None:
    window.saved.save("night people", "class:person or night")
    line = window.panel.filter_line
    line.setFocus()
    window.bot.keyClicks(line, "nig")
    assert suggestions(window) == ["night people → class:person or night"]
    popup = line.completer().popup()
    window.bot.keyClick(popup, DOWN)
    assert line.text() == "class:person or night"
    window.bot.keyClick(popup, ENTER)
    line.selectAll()
    window.bot.keyClicks(line, "fp>0 nig")
    window.bot.keyClick(popup, DOWN)
    assert line.text() == "fp>0 (class:person or night)"
    popup.hide()


def test_going_through_suggestions_replaces_only_what_was_typed(window: Window) -> None:
    line = window.panel.filter_line
    line.setFocus()
    window.bot.keyClicks(line, "fp>0 verd fn>0")
    for _ in range(5):
        window.bot.keyClick(line, Qt.Key.Key_Left)
    window.bot.keyClicks(line, "i")  # "verdi", with the cursor behind it
    assert suggestions(window)[:3] == ["verdict:", "verdict:label", "verdict:model"]
    popup = line.completer().popup()
    for expected in ("fp>0 verdict: fn>0", "fp>0 verdict:label fn>0", "fp>0 verdict:model fn>0"):
        window.bot.keyClick(popup, DOWN)
        assert line.text() == expected
    popup.hide()


def test_the_second_of_several_values_is_completed(window: Window) -> None:
    line = window.panel.filter_line
    line.setFocus()
    window.bot.keyClicks(line, "-class:car,pe")
    assert suggestions(window) == ["class:person"]
    window.bot.keyClick(line.completer().popup(), DOWN)
    assert line.text() == "-class:car,person"
    line.completer().popup().hide()


def test_what_is_typed_in_full_is_not_offered_again(window: Window) -> None:
    line = window.panel.filter_line
    line.setFocus()
    window.bot.keyClicks(line, "verdict:labe")
    assert suggestions(window) == ["verdict:label"]
    window.bot.keyClicks(line, "l")
    assert not line.completer().popup().isVisible()


def test_escape_closes_the_suggestions_first_and_clears_the_line_then(window: Window) -> None:
    line = window.panel.filter_line
    line.setFocus()
    window.bot.keyClicks(line, "fp>0 verd")
    popup = line.completer().popup()
    assert popup.isVisible()
    window.bot.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert line.text() == "fp>0 verd"
    window.bot.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == ""


def test_up_and_down_go_through_the_filters_that_were_entered(window: Window) -> None:
    window.type_filter("fp>0")
    window.type_filter("fn>0")
    line = window.panel.filter_line
    line.setFocus()
    line.selectAll()
    window.bot.keyClicks(line, "img")
    window.bot.keyClick(line, UP)
    assert line.text() == "fn>0"
    window.bot.keyClick(line, UP)
    window.bot.keyClick(line, UP)
    assert line.text() == "fp>0"
    window.bot.keyClick(line, DOWN)
    window.bot.keyClick(line, DOWN)
    assert line.text() == "img"
    window.bot.keyClick(line, UP)
    window.bot.waitUntil(lambda: window.names() == ["img10.jpg", "img9.jpg", "alpha.jpg"])


TAB = Qt.Key.Key_Tab


def typing(window: Window, text: str) -> QLineEdit:
    line = window.panel.filter_line
    line.setFocus()
    line.selectAll()
    window.bot.keyClicks(line, text)
    return line


@pytest.mark.parametrize("key", [TAB, ENTER])
def test_tab_and_enter_take_the_first_suggestion_and_stay_in_the_line(window: Window, key: Qt.Key) -> None:
    line = typing(window, "fp>0 class:per")
    popup = line.completer().popup()
    window.bot.keyClick(popup, key)
    assert line.text() == "fp>0 class:person"
    assert line.hasFocus()
    assert not popup.isVisible()
    window.bot.keyClick(line, ENTER)
    assert window.table.hasFocus()
    assert window.names() == ["img10.jpg", "img9.jpg"]


def test_tab_takes_what_is_highlighted_and_the_values_of_a_field_follow(window: Window) -> None:
    line = typing(window, "rev")
    popup = line.completer().popup()
    window.bot.keyClick(popup, TAB)
    assert line.text() == "reviewed:"
    assert suggestions(window) == ["reviewed:", "reviewed:yes", "reviewed:no"]
    for _ in range(3):
        window.bot.keyClick(popup, DOWN)
    window.bot.keyClick(popup, TAB)
    assert line.text() == "reviewed:no"
    assert line.hasFocus()


def test_tab_completes_in_the_middle_of_a_line(window: Window) -> None:
    line = typing(window, "class:pe fp>0")
    line.setCursorPosition(len("class:pe"))
    window.bot.keyClicks(line, "r")
    window.bot.keyClick(line.completer().popup(), TAB)
    assert (line.text(), line.cursorPosition()) == ("class:person fp>0", len("class:person"))


def test_enter_applies_what_is_a_whole_term_and_not_a_longer_line_of_before(window: Window) -> None:
    window.type_filter("fp>0 class:person")
    line = typing(window, "fp>0")
    assert suggestions(window) == ["fp>0 class:person"]
    window.bot.keyClick(line.completer().popup(), ENTER)
    assert line.text() == "fp>0"
    assert window.names() == ["img10.jpg", "img9.jpg", "Zebra.jpg"]
    line = typing(window, "class:car")
    window.bot.keyClick(line, ENTER)
    assert window.names() == ["img2.jpg", "Zebra.jpg"]


def test_who_has_said_something_is_offered_behind_author(window: Window) -> None:
    window.reviewing.set_author("Ada Lovelace")
    window.reviewing.judge([ImageRef(0)], Judgement.FINE)
    window.settle()
    line = typing(window, "author:")
    assert suggestions(window) == ["author:", 'author:"Ada Lovelace"']
    window.bot.keyClick(line.completer().popup(), DOWN)
    window.bot.keyClick(line.completer().popup(), DOWN)
    window.bot.keyClick(line.completer().popup(), TAB)
    window.bot.keyClick(line, ENTER)
    assert window.names() == ["img10.jpg"]
