"""Judging by one key, wherever the focus is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QPushButton

from inspector.refs import BoxRef, ImageRef, Side
from inspector.review.verdicts import Judgement, Kind, Verdict
from tests.gui.conftest import Program
from widgets.judging.kind_menu import KindMenu

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
OBJECT, DETECTION = BoxRef(Side.OBJECT, 1), BoxRef(Side.DETECTION, 3)
"""The detection is at no label of its class."""


def focus(program: Program, where: str) -> None:
    """Put the focus somewhere, as a click there does."""
    workspace = program.workspace
    match where:
        case "canvas":
            program.click(workspace.canvas.canvas, QPoint(5, 5))
        case "image table":
            table = workspace.images.table
            program.click(table.viewport(), table.visualRect(table.model().index(0, 1)).center())
        case "class table":
            program.click(workspace.classes.viewport())
        case _:
            workspace.show_doctor()
    assert QApplication.focusWidget() is not None


@pytest.fixture(params=["canvas", "image table", "class table", "doctor"])
def anywhere(opened: Program, request: pytest.FixtureRequest) -> Program:
    """The focus in each of the views."""
    focus(opened, request.param)
    opened.session.show_image(0)
    return opened


def menu() -> KindMenu:
    """The open menu of kinds."""
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, KindMenu)
    return popup


def press_in_menu(program: Program, key: Key) -> None:
    program.bot.keyClick(menu(), key)
    program.window.activateWindow()  # a window manager does that
    program.keep()


def one_key_says_who_is_wrong(anywhere: Program) -> None:
    focused = QApplication.focusWidget()
    anywhere.session.select(OBJECT)
    for key, judgement in (
        (Key.Key_2, Judgement.MODEL),
        (Key.Key_3, Judgement.AMBIGUOUS),
        (Key.Key_4, Judgement.FINE),
    ):
        anywhere.key(key)
        assert anywhere.reviewing.verdict(OBJECT) == Verdict(judgement)
    for key in (Key.Key_0, Key.Key_Backspace):
        anywhere.key(Key.Key_2)
        anywhere.key(key)
        assert anywhere.reviewing.verdict(OBJECT) == Verdict()
    assert anywhere.session.selected == OBJECT
    assert QApplication.focusWidget() is focused


def a_menu_asks_and_gives_the_focus_back(anywhere: Program) -> None:
    focused = QApplication.focusWidget()
    anywhere.session.select(OBJECT)
    anywhere.key(Key.Key_1)
    press_in_menu(anywhere, Key.Key_2)
    assert anywhere.reviewing.verdict(OBJECT) == Verdict(Judgement.LABEL, Kind.SPURIOUS)
    assert QApplication.activePopupWidget() is None
    assert QApplication.focusWidget() is focused


def a_detection_or_an_image_lacks_a_label(anywhere: Program) -> None:
    missing = Verdict(Judgement.LABEL, Kind.MISSING)
    anywhere.session.select(DETECTION)
    anywhere.key(Key.Key_1)
    anywhere.session.select(None)
    anywhere.key(Key.Key_1)
    assert QApplication.activePopupWidget() is None
    assert anywhere.reviewing.verdict(DETECTION) == missing
    assert anywhere.reviewing.verdict(ImageRef(0)) == missing


def space_marks_the_image_and_goes_on(anywhere: Program) -> None:
    for row in (1, 2):
        anywhere.key(Key.Key_Space)
        assert anywhere.session.image_row == row
    anywhere.key(Key.Key_A)
    anywhere.key(Key.Key_A)
    anywhere.key(Key.Key_Space)  # already reviewed: goes on all the same
    assert anywhere.session.image_row == 1
    anywhere.key(Key.Key_Space, SHIFT)
    assert anywhere.session.image_row == 1
    assert anywhere.reviewing.reviewed().nonzero()[0].tolist() == [0]


def test_every_key_judges_wherever_the_focus_is(anywhere: Program) -> None:
    one_key_says_who_is_wrong(anywhere)
    a_menu_asks_and_gives_the_focus_back(anywhere)
    a_detection_or_an_image_lacks_a_label(anywhere)
    space_marks_the_image_and_goes_on(anywhere)
    if not anywhere.workspace.doctor.list.hasFocus():  # whose rows take Enter
        a_suspicion_is_agreed_with(anywhere, (Key.Key_Return,))


def test_space_stays_at_an_image_whose_mark_cannot_be_kept(opened: Program) -> None:
    place = opened.reviewing.path
    assert place is not None
    place.mkdir()  # a folder lies where the file should be
    opened.key(Key.Key_Space)
    assert opened.session.image_row == 0
    assert "another place" in opened.messages()[0]
    place.rmdir()
    opened.choose("Review", "Image reviewed, next image")
    opened.keep()
    assert opened.session.image_row == 1
    assert opened.reviewing.reviewed()[0]


def test_space_goes_on_in_the_order_that_the_person_saw(opened: Program) -> None:
    images = opened.workspace.images
    images.table.sortByColumn(2, Qt.SortOrder.AscendingOrder)  # by what was said
    opened.settle()
    before = images.image_rows()
    opened.session.show_image(before[0])
    opened.key(Key.Key_Space)
    assert opened.session.image_row == before[1]


def test_the_menu_takes_numbers_letters_and_enter(opened: Program) -> None:
    opened.session.select(OBJECT)
    for key, kind in (
        (Key.Key_5, Kind.DUPLICATE),
        (Key.Key_S, Kind.SPURIOUS),
        (Key.Key_D, Kind.DUPLICATE),
        (Key.Key_6, Kind.IGNORE),
        (Key.Key_Return, Kind.SPURIOUS),
        (Key.Key_I, Kind.IGNORE),
    ):
        opened.key(Key.Key_1)
        press_in_menu(opened, key)
        assert opened.reviewing.verdict(OBJECT) == Verdict(Judgement.LABEL, kind)


def test_escape_leaves_everything_as_it_was(opened: Program) -> None:
    opened.session.select(OBJECT)
    opened.key(Key.Key_3)
    opened.key(Key.Key_1)
    press_in_menu(opened, Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert opened.reviewing.verdict(OBJECT) == Verdict(Judgement.AMBIGUOUS)
    assert opened.session.selected == OBJECT


def test_the_menu_opens_beside_the_box(opened: Program) -> None:
    opened.session.select(OBJECT)
    opened.settle()
    opened.key(Key.Key_1)
    box = opened.workspace.canvas.place_of(OBJECT)
    area = menu().geometry()
    assert not area.intersects(box)
    assert abs(area.center().x() - box.center().x()) < box.width() + area.width()
    assert abs(area.center().y() - box.center().y()) < box.height() + area.height()
    press_in_menu(opened, Key.Key_Escape)


def test_typing_in_a_field_judges_nothing(opened: Program) -> None:
    opened.session.select(OBJECT)
    line = opened.workspace.images.filter_line
    line.setFocus()
    for key in (Key.Key_1, Key.Key_2, Key.Key_0, Key.Key_Space, Key.Key_3, Key.Key_Backspace):
        opened.key(key)
    assert line.text() == "120 "
    number = opened.part(QDoubleSpinBox)
    number.setFocus()
    number.selectAll()
    for key in (Key.Key_0, Key.Key_Period, Key.Key_3, Key.Key_4, Key.Key_Backspace, Key.Key_Return):
        opened.key(key)
    assert opened.session.point.confidence == 0.3
    assert not opened.reviewing.entries
    assert opened.session.image_row == 0


def test_a_button_takes_space_where_tab_led_to_it_but_not_after_a_click(opened: Program) -> None:
    before, button = QPushButton("Before"), QPushButton("Anything")
    for part in (before, button):
        opened.window.statusBar().addPermanentWidget(part)
    pressed: list[object] = []
    button.clicked.connect(lambda: pressed.append(button))
    opened.click(button)
    assert QApplication.focusWidget() is button
    opened.key(Key.Key_Space)
    assert (len(pressed), opened.session.image_row) == (1, 1)
    before.setFocus()
    opened.key(Key.Key_Tab)
    assert QApplication.focusWidget() is button
    opened.key(Key.Key_Space)
    assert (len(pressed), opened.session.image_row) == (2, 1)


def test_at_the_start_no_button_takes_the_keys(opened: Program) -> None:
    opened.key(Key.Key_Space)
    assert opened.session.image_row == 1
    assert opened.reviewing.reviewed()[0]


# --- suspects ---


def suspect(program: Program, kinds: tuple[Kind, ...]) -> int:
    """The first row of the queue that is of one of these kinds, and the best of its box."""
    queue = program.workspace.queue
    assert queue.suspects is not None
    for row in range(len(queue.suspects)):
        ref, kind = queue.suspects.ref(row), queue.suspects.kind(row)
        found = queue.suggestion(ref)
        if kind in kinds and found is not None and found.kind is kind:
            return row
    raise AssertionError(kinds)


def said(program: Program, ref: BoxRef) -> Verdict:
    """What the queue suggests of a box."""
    found = program.workspace.queue.suggestion(ref)
    assert found is not None
    return Verdict(Judgement.LABEL, found.kind, found.right_class, found.right_box)


def a_suspicion_is_agreed_with(anywhere: Program, keys: tuple[Key, ...]) -> None:
    queue = anywhere.workspace.queue
    queue.set_going_on(False)
    assert queue.suspects is not None
    row = suspect(anywhere, (Kind.WRONG_CLASS, Kind.SPURIOUS, Kind.BADLY_PLACED, Kind.DUPLICATE))
    ref = queue.suspects.ref(row)
    queue.show(row)
    wanted = said(anywhere, ref)
    anywhere.key(keys[0])
    for key in keys[1:]:
        press_in_menu(anywhere, key)
    assert anywhere.reviewing.verdict(ref) == wanted
    assert anywhere.session.selected == ref


def test_the_first_of_the_menu_agrees_with_the_suspicion(opened: Program) -> None:
    a_suspicion_is_agreed_with(opened, (Key.Key_1, Key.Key_1))
    opened.key(Key.Key_0)
    a_suspicion_is_agreed_with(opened, (Key.Key_1, Key.Key_Return))


def test_other_kinds_keep_their_letters_beside_a_suggestion(opened: Program) -> None:
    queue = opened.workspace.queue
    assert queue.suspects is not None
    row = suspect(opened, (Kind.WRONG_CLASS, Kind.SPURIOUS, Kind.BADLY_PLACED))
    queue.show(row)
    opened.key(Key.Key_1)
    assert menu().actions()[0].text().startswith("1   as suspected: ")
    press_in_menu(opened, Key.Key_I)
    assert opened.reviewing.verdict(queue.suspects.ref(row)).kind is Kind.IGNORE
    opened.session.select(queue.suspects.ref(row))
    opened.key(Key.Key_1)
    press_in_menu(opened, Key.Key_5)  # the same number as where nothing is suspected
    assert opened.reviewing.verdict(queue.suspects.ref(row)).kind is Kind.DUPLICATE


def test_enter_does_what_it_did_where_nothing_is_suspected(opened: Program) -> None:
    opened.session.select(None)
    classes = opened.workspace.classes
    opened.click(classes.viewport(), classes.visualRect(classes.model().index(0, 0)).center())
    opened.key(Key.Key_Return)
    assert opened.session.wish.class_rows is not None  # that class alone
    assert not opened.reviewing.entries


def test_several_in_the_list_are_judged_in_one_wish(opened: Program) -> None:
    opened.reviewing.judge([OBJECT, DETECTION], Judgement.MODEL)
    opened.keep()
    opened.choose("Review", "List of verdicts")
    opened.settle()
    opened.workspace.verdicts.table.selectAll()
    opened.key(Key.Key_1)
    press_in_menu(opened, Key.Key_S)
    assert opened.reviewing.verdict(OBJECT) == Verdict(Judgement.LABEL, Kind.SPURIOUS)
    assert opened.reviewing.verdict(DETECTION) == Verdict(Judgement.LABEL, Kind.MISSING)
    opened.reviewing.undo()
    opened.keep()
    assert {opened.reviewing.verdict(ref) for ref in (OBJECT, DETECTION)} == {Verdict(Judgement.MODEL)}
