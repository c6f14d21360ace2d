"""The dock that lists what was said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton

from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.listing import Scope
from inspector.review.verdicts import Judgement, Kind, Verdict
from inspector.sources import Sources
from tests.gui.conftest import LONG, Program, records, write_set
from widgets.theme import PURPLE
from widgets.verdicts.panel import VerdictsPanel

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
FIRST, SECOND = BoxRef(Side.OBJECT, 1), BoxRef(Side.OBJECT, 8)
FOUND = BoxRef(Side.DETECTION, 1)


def panel(program: Program) -> VerdictsPanel:
    return program.workspace.verdicts


def cells(program: Program, section: int) -> list[str]:
    program.settle()
    model = panel(program).table.model()
    return [str(model.index(row, section).data()) for row in range(model.rowCount())]


def said(program: Program) -> list[tuple[str, str]]:
    return list(zip(cells(program, 2), cells(program, 3), strict=True))


def texts(program: Program) -> str:
    """What the head of the list says."""
    parts = [*panel(program).findChildren(QLabel), *panel(program).findChildren(QPushButton)]
    return " ".join(part.text() for part in parts if part.isVisible()).replace("\N{NO-BREAK SPACE}", " ")


def go_to_row(program: Program, row: int) -> None:
    table = panel(program).table
    program.click(table.viewport(), table.visualRect(table.model().index(row, 0)).center())
    program.settle()


def shows_verdict_colour(program: Program) -> bool:
    """Whether any pixel of the canvas has it."""
    image, wanted = program.workspace.canvas.copy_image(), QColor(PURPLE).rgb()
    return any(image.pixel(x, y) == wanted for y in range(image.height()) for x in range(image.width()))


@pytest.fixture
def listed(opened: Program) -> Program:
    """Some verdicts, a note and a reviewed image, and the dock in front with the focus."""
    reviewing = opened.reviewing
    reviewing.judge([FIRST], Judgement.LABEL, Kind.WRONG_CLASS, right_class="zebra")
    opened.keep()
    reviewing.judge([SECOND], Judgement.MODEL)
    opened.keep()
    reviewing.set_note([FOUND], "look at this")
    reviewing.set_reviewed([0], True)
    opened.keep()
    opened.choose("Review", "List of verdicts")
    opened.settle()
    return opened


def test_an_empty_list_says_what_to_do(opened: Program) -> None:
    opened.choose("Review", "List of verdicts")
    opened.settle()
    assert "press 1, 2, 3 or 4" in panel(opened).table.empty_text
    opened.session.select(FIRST)
    opened.key(Key.Key_2)
    assert said(opened) == [("model wrong", "")]


def test_the_newest_verdict_comes_first(listed: Program) -> None:
    assert said(listed)[0] == ("", "")
    assert cells(listed, 4)[0] == "look at this"
    assert said(listed)[1:] == [("model wrong", ""), ("label wrong", "wrong class: zebra")]
    assert cells(listed, 0)[2] == "shot_01.png"
    assert cells(listed, 1)[2].endswith(", object")
    assert set(cells(listed, 5)) == {"Ada"}


def test_the_head_counts_what_was_said(listed: Program) -> None:
    for words in ("label wrong 1", "model wrong 1", "notes 1", "images reviewed 1"):
        assert words in texts(listed)


def test_a_click_on_a_title_sorts(listed: Program) -> None:
    header = panel(listed).table.horizontalHeader()
    at = header.viewport().rect().center()
    at.setX(header.sectionViewportPosition(0) + 10)
    for wanted in (
        ["shot_01.png", "shot_01.png", "shot_02.png"],
        ["shot_02.png", "shot_01.png", "shot_01.png"],
    ):
        listed.click(header.viewport(), at)
        assert cells(listed, 0) == wanted


def test_a_row_leads_to_its_box(listed: Program) -> None:
    go_to_row(listed, 1)
    assert (listed.session.image_row, listed.session.selected) == (1, SECOND)
    listed.key(Key.Key_Down)
    listed.bot.waitUntil(lambda: listed.session.selected == FIRST, timeout=LONG)
    assert listed.session.image_row == 0
    listed.session.show_image(5)
    listed.session.select(None)
    go_to_row(listed, 2)
    listed.workspace.canvas.setFocus()
    listed.session.show_image(5)
    go_to_row(listed, 2)
    assert listed.session.selected == FIRST


def test_keys_judge_from_the_list_and_change_ones_mind(listed: Program) -> None:
    go_to_row(listed, 1)
    listed.key(Key.Key_3)
    assert listed.reviewing.verdict(SECOND) == Verdict(Judgement.AMBIGUOUS)
    go_to_row(listed, 0)
    listed.key(Key.Key_A, CONTROL)
    listed.key(Key.Key_4)
    assert {listed.reviewing.verdict(ref).judgement for ref in (FIRST, SECOND, FOUND)} == {Judgement.FINE}


def test_rows_stay_where_they_are_while_somebody_works_through_them(listed: Program) -> None:
    go_to_row(listed, 1)
    listed.key(Key.Key_3)
    assert said(listed)[1] == ("ambiguous", "")
    listed.key(Key.Key_Down)
    listed.bot.waitUntil(lambda: listed.session.selected == FIRST, timeout=LONG)
    listed.key(Key.Key_3)
    assert said(listed)[2] == ("ambiguous", "")
    listed.reviewing.judge([BoxRef(Side.OBJECT, 3)], Judgement.MODEL)  # what is new comes first
    listed.keep()
    assert [verdict for verdict, _ in said(listed)] == ["model wrong", "", "ambiguous", "ambiguous"]
    listed.click(listed.workspace.classes.viewport())  # elsewhere: the newest first again
    assert [verdict for verdict, _ in said(listed)] == ["model wrong", "ambiguous", "ambiguous", ""]


def test_what_is_selected_is_taken_back(listed: Program) -> None:
    for key in (Key.Key_Delete, Key.Key_0, Key.Key_Backspace):
        listed.session.select(SECOND)
        listed.settle()
        listed.key(key)
        assert listed.reviewing.verdict(SECOND) == Verdict()
        assert cells(listed, 2) == ["", "label wrong"]
        assert listed.session.selected in (FIRST, FOUND)  # the row that came up
        listed.reviewing.undo()
        listed.keep()
        assert listed.reviewing.verdict(SECOND) == Verdict(Judgement.MODEL)


def test_a_note_alone_is_taken_back_too(listed: Program) -> None:
    go_to_row(listed, 0)
    listed.key(Key.Key_Delete)
    assert listed.reviewing.verdict(FOUND) == Verdict()


def test_words_are_searched_in_all_columns(listed: Program) -> None:
    field = panel(listed).findChild(QLineEdit)
    assert field is not None
    listed.click(field)
    listed.bot.keyClicks(field, "zebra shot_01")
    listed.bot.waitUntil(lambda: len(cells(listed, 0)) == 1, timeout=LONG)
    assert said(listed) == [("label wrong", "wrong class: zebra")]
    assert not listed.reviewing.verdict(ImageRef(0)).judgement  # 0 and 1 were typed
    listed.bot.keyClicks(field, " nowhere")
    listed.bot.waitUntil(lambda: not cells(listed, 0), timeout=LONG)
    assert "Nothing like that" in panel(listed).table.empty_text
    listed.key(Key.Key_Escape)
    listed.bot.waitUntil(lambda: len(cells(listed, 0)) == 3, timeout=LONG)


def test_a_kind_of_verdicts_is_chosen(listed: Program) -> None:
    choice = panel(listed).findChild(QComboBox)
    assert choice is not None
    for scope, verdicts in (
        (Scope.MODEL, ["model wrong"]),
        (Scope.REVIEWED, ["reviewed"]),
        (Scope.NOTES, [""]),
        (Scope.ORPHANS, []),
    ):
        choice.setCurrentIndex(list(Scope).index(scope))
        choice.activated.emit(choice.currentIndex())
        assert cells(listed, 2) == verdicts


def test_rows_are_copied_as_text(listed: Program) -> None:
    go_to_row(listed, 2)
    listed.key(Key.Key_C, CONTROL)
    header, row = (line.split("\t") for line in QGuiApplication.clipboard().text().splitlines())
    assert header == ["Image", "What", "Verdict", "How", "Note", "By", "When"]
    assert row[2:4] == ["label wrong", "wrong class: zebra"]


def test_the_list_follows_the_canvas(listed: Program) -> None:
    table = panel(listed).table
    listed.session.select(SECOND)
    listed.settle()
    assert [row.ref for row in table.selected_rows()] == [SECOND]
    unjudged: Ref = BoxRef(Side.OBJECT, 3)
    listed.session.select(unjudged)
    listed.settle()
    assert table.selected_rows() == []
    listed.key(Key.Key_2)
    assert listed.reviewing.verdict(unjudged) == Verdict(Judgement.MODEL)


def test_what_hangs_on_nothing_is_listed_and_can_be_given_up(
    listed: Program, tmp_path: Path, sources: Sources
) -> None:
    truth, results = records()
    truth["annotations"] = [one for one in truth["annotations"] if one["image_id"] != 2]
    other = write_set(tmp_path / "first", truth, results)
    assert other.ground_truth == sources.ground_truth
    listed.open(replace(sources, ground_truth=other.ground_truth))
    listed.settle()
    assert "1 verdict hangs on nothing that is open" in texts(listed)
    listed.click(next(b for b in panel(listed).findChildren(QPushButton) if "hangs" in b.text()))
    assert said(listed) == [("model wrong", "")]
    go_to_row(listed, 0)
    assert (listed.session.image_row, listed.session.selected) == (1, None)
    listed.settle()
    assert shows_verdict_colour(listed)  # where the box was
    listed.session.show_image(0)
    listed.session.show_image(1)
    listed.settle()
    assert shows_verdict_colour(listed)
    listed.key(Key.Key_3)  # there is nothing to judge
    assert not listed.reviewing.verdict(ImageRef(1)).judgement
    assert len(listed.reviewing.orphans) == 1
    listed.key(Key.Key_Delete)
    assert listed.reviewing.orphans == ()
    listed.settle()
    assert not shows_verdict_colour(listed)
    listed.reviewing.undo()
    listed.keep()
    assert len(listed.reviewing.orphans) == 1
