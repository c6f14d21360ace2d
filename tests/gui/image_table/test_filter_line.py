"""Filtering by typing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip

from tests.gui.image_table.conftest import IMAGES, IMG9, IMG10, ZEBRA, Window
from widgets.filter_line.problem import ProblemNote

NAMES = list(IMAGES)


def test_typing_a_filter_shows_only_what_it_keeps(window: Window) -> None:
    window.type_filter("fp>0 or fn>0")
    assert window.names() == ["img10.jpg", "img9.jpg", "Zebra.jpg", "alpha.jpg"]


def test_a_filter_counts_by_itself_shortly_after_the_last_key(window: Window) -> None:
    window.bot.keyClicks(window.panel.filter_line, "class:car")
    window.bot.waitUntil(lambda: window.names() == ["img2.jpg", "Zebra.jpg"])


def test_filters_combine_class_count_and_name(window: Window) -> None:
    window.type_filter("class:person fp>0 img -10")
    assert window.names() == ["img9.jpg"]


def test_an_invalid_filter_is_marked_and_the_old_one_stays(window: Window) -> None:
    window.type_filter("fp>0")
    kept = window.names()
    window.type_filter("foo>1")
    line = window.panel.filter_line
    assert window.names() == kept
    assert line.property("invalid") is True
    assert line.toolTip().startswith("unknown field 'foo'; known: ")
    assert line.problem.startswith("unknown field 'foo'")
    window.type_filter("fn>0")
    assert line.property("invalid") is False
    assert not line.problem
    assert window.names() == ["img10.jpg", "img9.jpg", "alpha.jpg"]


def note_of(window: Window) -> ProblemNote:
    found = window.panel.window().findChild(ProblemNote)
    assert isinstance(found, ProblemNote)
    return found


def test_what_is_wrong_is_told_below_the_line_while_the_person_is_there(window: Window) -> None:
    line = window.panel.filter_line
    line.setFocus()
    window.bot.keyClicks(line, "class:person scoer<0.5")
    note = note_of(window)
    assert not note.isVisible()  # it may become a field yet
    window.bot.waitUntil(note.isVisible)
    assert note.text().startswith("unknown field 'scoer'; known: ")
    below = line.mapTo(line.window(), QPoint(0, line.height()))
    assert note.geometry().top() >= below.y()
    assert note.geometry().right() <= line.window().width()
    at = line.rect().center()
    QApplication.sendEvent(line, QHelpEvent(QEvent.Type.ToolTip, at, line.mapToGlobal(at)))
    assert not QToolTip.isVisible()  # it would lie over the note
    with window.bot.waitActive(line.window()):
        line.window().activateWindow()
    window.table.setFocus()
    assert not note.isVisible()
    line.setFocus()
    assert note.isVisible()
    window.type_filter("class:person score<0.5")
    assert not note.isVisible()


def test_a_mistake_is_underlined_where_it_is(window: Window) -> None:
    line = window.panel.filter_line
    window.type_filter("class:person foo>1 img")
    picture, colour = line.grab().toImage(), QColor(window.theme.colours.fp_text)
    ratio = picture.devicePixelRatio()
    marked = [
        x / ratio
        for x in range(int(8 * ratio), int((line.width() - 8) * ratio))
        for y in range(int(line.height() * ratio * 0.6), int((line.height() - 4) * ratio))
        if QColor(picture.pixelColor(x, y)) == colour
    ]
    before, word = (line.fontMetrics().horizontalAdvance(text) for text in ("class:person ", "foo>1"))
    start = line.cursorPositionAt(QPoint(int(min(marked)), line.height() // 2))
    assert start in (len("class:person "), len("class:person ") + 1)
    assert abs(max(marked) - min(marked) - word) <= 4
    assert before > 0


def test_a_mistake_that_is_mended_is_unmarked_at_once(window: Window) -> None:
    window.type_filter("fp>")
    line = window.panel.filter_line
    assert line.problem
    line.setFocus()
    line.end(False)
    window.bot.keyClicks(line, "1")
    assert not line.problem


def test_escape_in_the_line_clears_the_filter(window: Window) -> None:
    window.type_filter("fp>0")
    window.bot.keyClick(window.panel.filter_line, Qt.Key.Key_Escape)
    assert window.names() == NAMES
    assert window.panel.filter_line.text() == ""


def test_escape_in_the_table_clears_a_filter_that_keeps_nothing(window: Window) -> None:
    window.type_filter("fp>99")
    assert window.names() == []
    window.table.viewport().grab()  # the empty table can be painted
    window.bot.keyClick(window.table, Qt.Key.Key_Escape)
    assert window.names() == NAMES


@pytest.mark.parametrize("half", ["kind:", "fp ", "not", "(fp>2"])
def test_while_a_term_is_begun_the_last_filter_stays(window: Window, half: str) -> None:
    window.type_filter("class:person fp>0")
    line = window.panel.filter_line
    line.setFocus()
    line.selectAll()
    for letter in half:
        window.bot.keyClicks(line, letter)
        window.bot.wait(230)  # longer than the pause after which it counts
        assert window.names() == ["img10.jpg", "img9.jpg"], line.text()


def test_a_begun_term_counts_as_soon_as_the_person_says_so_or_goes(window: Window) -> None:
    line = window.panel.filter_line
    window.type_filter("a")
    assert window.names() == ["Zebra.jpg", "alpha.jpg"]
    line.setFocus()
    line.selectAll()
    window.bot.keyClicks(line, "p")
    window.bot.keyClick(line.completer().popup(), Qt.Key.Key_Escape)
    window.table.setFocus()
    assert window.names() == NAMES
    assert line.filter.text == "p"


def test_escape_in_an_empty_line_goes_back_where_the_keys_were(window: Window) -> None:
    other = QLineEdit(window.panel.window())
    other.show()
    line = window.panel.filter_line
    for before in (other, window.table):
        before.setFocus()
        line.setFocus()
        window.bot.keyClicks(line, "zebra")
        window.bot.keyClick(line, Qt.Key.Key_Escape)
        assert line.hasFocus()
        window.bot.keyClick(line, Qt.Key.Key_Escape)
        assert before.hasFocus()


def test_enter_stays_in_a_line_that_cannot_be_understood(window: Window) -> None:
    line = window.panel.filter_line
    line.setFocus()
    window.type_filter("fp>")
    assert line.hasFocus()
    window.type_filter("fp>0")
    assert window.table.hasFocus()


def test_an_empty_table_says_that_only_shown_detections_were_asked(window: Window) -> None:
    window.type_filter("score<0.5")
    assert window.names() == []
    assert window.table.empty_text.endswith(
        "Of detections, only those that are shown are asked: the confidence is 0.500."
    )
    window.type_filter("score<0.1")
    window.drag_to(0.2)
    window.bot.waitUntil(lambda: "the confidence is 0.200" in window.table.empty_text)
    window.type_filter("unicorn")
    assert window.table.empty_text == "No image matches the filter - Esc clears it."


def test_the_current_image_stays_when_the_filter_leaves_it_out_and_comes_back_selected(
    window: Window,
) -> None:
    window.session.show_image(ZEBRA)
    window.type_filter("img")
    assert window.session.image_row == ZEBRA
    assert window.selected_names() == []
    window.type_filter("jpg")
    assert window.selected_names() == ["Zebra.jpg"]


def test_the_filter_and_the_sorting_work_together(window: Window) -> None:
    window.click_header("fn")
    window.type_filter("fn>0")
    assert window.names() == ["alpha.jpg", "img10.jpg", "img9.jpg"]


def test_a_filter_follows_the_confidence_when_the_drag_ends(window: Window) -> None:
    window.type_filter("fp>0")
    assert window.names() == ["img10.jpg", "img9.jpg", "Zebra.jpg"]
    window.drag_to(0.75)
    assert window.names() == ["img10.jpg", "img9.jpg", "Zebra.jpg"]
    window.bot.waitUntil(lambda: window.names() == ["img10.jpg", "Zebra.jpg"])


def test_the_line_above_the_table_says_how_many_are_shown_and_why(window: Window) -> None:
    from widgets.image_table.summary import SummaryLine

    line = window.panel.findChild(SummaryLine)
    assert isinstance(line, SummaryLine)
    assert line.text == "6 images"
    window.type_filter("fp>0")
    assert line.text == "Filter: fp>0 - 3 of 6 images"
    window.type_filter("class:bus")
    assert line.text == "no class is called 'bus' - 0 of 6 images"
    window.type_filter("fp>")
    assert line.text.startswith("a number is missing after 'fp >'")


def test_fields_and_classes_are_offered_while_typing(window: Window) -> None:
    completer = window.panel.filter_line.completer()
    assert completer is not None
    window.bot.keyClicks(window.panel.filter_line, "fp>0 class:p")
    completer.setCompletionPrefix("fp>0 class:p")
    assert completer.currentCompletion() == "fp>0 class:person"
    completer.popup().hide()


def test_next_and_previous_follow_the_filter_and_the_order(window: Window) -> None:
    window.type_filter("fn>0")
    window.click_header("fn")
    window.panel.first()
    seen = [window.current_name()]
    for _ in range(4):
        window.panel.step(1)
        seen.append(window.current_name())
    assert seen == ["alpha.jpg", "img10.jpg", "img9.jpg", "img9.jpg", "img9.jpg"]
    window.panel.step(-1)
    assert window.session.image_row == IMG10
    window.panel.last()
    assert window.session.image_row == IMG9
