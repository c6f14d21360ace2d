"""What a key asks for before it judges: the class, the box, the note."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from inspector.geometry import overlaps
from inspector.refs import BoxRef, ImageRef, Side
from inspector.review.verdicts import Box, Judgement, Kind, Verdict
from tests.gui.conftest import CLASSES, Program
from widgets.canvas.correction import Correction
from widgets.judging.class_chooser import ClassChooser, matching, ordered
from widgets.judging.kind_menu import KindMenu
from widgets.judging.note_editor import NoteEditor

Key = Qt.Key
NO_MODIFIER = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
OBJECT, OTHER = BoxRef(Side.OBJECT, 1), BoxRef(Side.OBJECT, 2)
DETECTION = BoxRef(Side.DETECTION, 1)
Kind_ = TypeVar("Kind_", bound=QWidget)


def popup(kind: type[Kind_]) -> Kind_:
    found = QApplication.activePopupWidget()
    assert isinstance(found, kind)
    return found


def ask(program: Program, ref: BoxRef, letter: Key) -> None:
    """1 and a letter of the menu."""
    program.session.select(ref)
    program.key(Key.Key_1)
    program.bot.keyClick(popup(KindMenu), letter)


def press(
    program: Program,
    widget: QWidget,
    key: Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """A key in something that is open; what it judged is kept."""
    program.bot.keyClick(widget, key, modifier)
    program.window.activateWindow()  # a window manager does that
    program.keep()


def name_of(program: Program, ref: BoxRef) -> str:
    assert program.session.dataset is not None
    return program.session.dataset.object_name(ref.row)


def box_of(program: Program, ref: BoxRef) -> Box:
    assert program.session.dataset is not None
    x, y, width, height = program.session.dataset.objects.boxes[ref.row].tolist()
    return x, y, width, height


def correction(program: Program) -> Correction:
    """The box that is being dragged."""
    found = [one for one in program.window.findChildren(Correction) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def is_correcting(program: Program) -> bool:
    return any(one.isVisible() for one in program.window.findChildren(Correction))


# --- the class ---


def test_letters_and_enter_say_the_right_class(opened: Program) -> None:
    ask(opened, OBJECT, Key.Key_C)
    chooser = popup(ClassChooser)
    opened.bot.keyClicks(chooser.field, "zeb")
    assert chooser.offered == ["zebra"]
    press(opened, chooser.field, Key.Key_Return)
    assert opened.reviewing.verdict(OBJECT) == Verdict(Judgement.LABEL, Kind.WRONG_CLASS, right_class="zebra")
    assert QApplication.activePopupWidget() is None
    assert opened.session.selected == OBJECT


def test_the_class_that_was_said_last_is_offered_next(opened: Program) -> None:
    now = {name_of(opened, OBJECT), name_of(opened, OTHER)}
    rest = sorted(set(CLASSES) - now)
    ask(opened, OBJECT, Key.Key_C)
    opened.bot.keyClicks(popup(ClassChooser).field, rest[-1])
    press(opened, popup(ClassChooser).field, Key.Key_Return)
    ask(opened, OTHER, Key.Key_C)
    chooser = popup(ClassChooser)
    assert rest[-1] in chooser.offered[:2]
    assert name_of(opened, OTHER) not in chooser.offered
    place = chooser.offered.index(rest[-1])
    for _ in range(place):
        press(opened, chooser.field, Key.Key_Down)
    assert chooser.current == rest[-1]
    press(opened, chooser.field, Key.Key_Return)
    assert opened.reviewing.verdict(OTHER).right_class == rest[-1]


def test_what_no_class_is_called_says_nothing(opened: Program) -> None:
    ask(opened, OBJECT, Key.Key_C)
    chooser = popup(ClassChooser)
    opened.bot.keyClicks(chooser.field, "xyz")
    press(opened, chooser.field, Key.Key_Return)
    assert chooser.isVisible()
    press(opened, chooser.field, Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert not opened.reviewing.entries


def test_a_click_takes_a_class(opened: Program) -> None:
    ask(opened, OBJECT, Key.Key_C)
    chooser = popup(ClassChooser)
    second = chooser.offered[1]
    opened.click(chooser.list.viewport(), chooser.list.visualRect(chooser.list.model().index(1, 0)).center())
    opened.keep()
    assert opened.reviewing.verdict(OBJECT).right_class == second


def test_classes_are_listed_by_how_well_they_match() -> None:
    names = ordered(["traffic light", "light bulb", "flashlight", "car", "Bus"], ["car", "unknown", "car"])
    assert names == ["car", "Bus", "flashlight", "light bulb", "traffic light"]
    assert matching(names, "light") == ["light bulb", "traffic light", "flashlight"]
    assert matching(names, "") == names
    assert matching(names, "nothing") == []


# --- the box ---


def test_arrow_keys_move_the_box_and_enter_takes_it(opened: Program) -> None:
    ask(opened, OBJECT, Key.Key_B)
    x, y, width, height = box_of(opened, OBJECT)
    box = correction(opened)
    for key, modifier in ((Key.Key_Right, None), (Key.Key_Down, SHIFT), (Key.Key_Left, CONTROL)):
        press(opened, box, key, modifier or NO_MODIFIER)
    press(opened, box, Key.Key_Return)
    verdict = opened.reviewing.verdict(OBJECT)
    assert (verdict.judgement, verdict.kind) == (Judgement.LABEL, Kind.BADLY_PLACED)
    assert verdict.right_box == (x + 1, y + 10, width - 1, height)
    assert not is_correcting(opened)
    assert opened.session.selected == OBJECT
    assert opened.session.image_row == 0


def test_b_corrects_the_selected_box_at_once_and_gives_the_focus_back(opened: Program) -> None:
    table = opened.workspace.images.table
    table.setFocus()
    opened.session.select(OBJECT)
    opened.key(Key.Key_B)
    opened.key(Key.Key_Up, SHIFT)
    opened.key(Key.Key_Return)
    x, y, width, height = box_of(opened, OBJECT)
    assert opened.reviewing.verdict(OBJECT).right_box == (x, y - 10, width, height)
    assert QApplication.focusWidget() is table
    opened.key(Key.Key_B)  # goes on from where it was said to be
    opened.key(Key.Key_Up, SHIFT)
    opened.key(Key.Key_Return)
    assert opened.reviewing.verdict(OBJECT).right_box == (x, max(0.0, y - 20), width, height)


def test_escape_leaves_the_box(opened: Program) -> None:
    opened.session.select(OBJECT)
    opened.key(Key.Key_B)
    opened.key(Key.Key_Right)
    opened.key(Key.Key_Escape)
    assert not is_correcting(opened)
    assert opened.session.selected == OBJECT
    assert not opened.reviewing.entries


@pytest.mark.parametrize("key", [Key.Key_D, Key.Key_E, Key.Key_Tab, Key.Key_Space])
def test_going_on_takes_a_box_that_was_moved(opened: Program, key: Key) -> None:
    opened.session.select(OBJECT)
    x, y, width, height = box_of(opened, OBJECT)
    opened.key(Key.Key_B)
    opened.key(key)  # nothing was moved yet
    opened.settle()
    assert not is_correcting(opened)
    assert opened.reviewing.verdict(OBJECT) == Verdict()
    opened.session.select(OBJECT)
    opened.key(Key.Key_B)
    opened.key(Key.Key_Right)
    opened.key(key)
    opened.settle()
    assert not is_correcting(opened)
    assert opened.reviewing.verdict(OBJECT).right_box == (x + 1, y, width, height)
    assert "The corrected box was kept" in opened.window.statusBar().currentMessage()
    assert opened.session.selected != OBJECT  # and the key did its work


def test_a_verdict_takes_a_box_that_was_moved_and_then_replaces_it(opened: Program) -> None:
    opened.session.select(OBJECT)
    opened.key(Key.Key_B)
    opened.key(Key.Key_Right)
    opened.key(Key.Key_2)
    assert opened.reviewing.verdict(OBJECT) == Verdict(Judgement.MODEL)
    assert "Ctrl+Z brings it back" in opened.window.statusBar().currentMessage()
    opened.key(Key.Key_Z, CONTROL)
    assert opened.reviewing.verdict(OBJECT).kind is Kind.BADLY_PLACED


def test_a_box_that_lies_where_the_label_is_corrects_nothing(opened: Program) -> None:
    opened.session.select(OBJECT)
    opened.key(Key.Key_B)
    for move in ((), (Key.Key_Down, Key.Key_Up)):
        for key in move:
            opened.key(key)
        opened.key(Key.Key_Return)
        assert is_correcting(opened)
        assert "move it first" in opened.window.statusBar().currentMessage()
    opened.key(Key.Key_D)
    assert not opened.reviewing.entries


def test_undo_begins_a_correction_anew(opened: Program) -> None:
    opened.session.select(OBJECT)
    opened.key(Key.Key_4)
    opened.key(Key.Key_B)
    opened.key(Key.Key_Right)
    opened.key(Key.Key_Z, CONTROL)
    assert correction(opened).box == box_of(opened, OBJECT)
    assert opened.reviewing.verdict(OBJECT) == Verdict(Judgement.FINE)


def test_a_corner_and_the_middle_of_the_box_are_dragged(opened: Program) -> None:
    opened.session.select(OBJECT)
    opened.key(Key.Key_B)
    box = correction(opened)
    x, y, width, height = box.box
    viewport = opened.workspace.canvas.canvas.viewport

    def drag(start: tuple[float, float], end: tuple[float, float]) -> None:
        points = [QPoint(*map(round, viewport.to_widget(point))) for point in (start, end)]
        QTest.mousePress(box, Qt.MouseButton.LeftButton, pos=points[0])
        QTest.mouseMove(box, (points[0] + points[1]) / 2)
        QTest.mouseMove(box, points[1])
        QTest.mouseRelease(box, Qt.MouseButton.LeftButton, pos=points[1])

    drag((x + width, y + height), (x + width + 20, y + height + 10))
    assert box.box[:2] == (x, y)
    near = 1.5 / viewport.zoom
    assert abs(box.box[2] - width - 20) <= near
    assert abs(box.box[3] - height - 10) <= near
    size = box.box[2:]
    drag((x + width / 2, y + height / 2), (x + width / 2 - 2000, y + height / 2 - 2000))
    assert box.box == (0, 0, *size)
    opened.key(Key.Key_Return)
    assert opened.reviewing.verdict(OBJECT).right_box == (0, 0, *size)


def test_the_box_of_a_detection_is_not_corrected_but_it_is_said(opened: Program) -> None:
    opened.session.select(DETECTION)
    opened.key(Key.Key_B)
    assert not is_correcting(opened)
    assert "Select one object" in opened.window.statusBar().currentMessage()


# --- a detection at the place of a label ---


def pair(program: Program) -> tuple[BoxRef, BoxRef]:
    """A detection and the label of its class that it overlaps most."""
    dataset = program.session.dataset
    assert dataset is not None
    for row in range(len(dataset.detections)):
        there = dataset.objects_of(int(dataset.detections.images[row]))
        iou = overlaps(dataset.detections.boxes[row], dataset.objects.boxes[there])
        iou[dataset.objects.classes[there] != dataset.detections.classes[row]] = 0.0
        if 0.5 <= iou.max(initial=0.0) < 0.99:
            return BoxRef(Side.DETECTION, row), BoxRef(Side.OBJECT, there.start + int(iou.argmax()))
    raise AssertionError


@pytest.mark.parametrize("key", [Key.Key_1, Key.Key_M, Key.Key_Return])
def test_where_a_label_is_already_it_is_asked_whether_another_one_lacks(opened: Program, key: Key) -> None:
    found, label = pair(opened)
    ask(opened, found, Key.Key_Escape)
    assert not opened.reviewing.entries
    opened.key(Key.Key_1)
    press(opened, popup(KindMenu), key)
    assert opened.reviewing.verdict(found) == Verdict(Judgement.LABEL, Kind.MISSING)
    assert opened.reviewing.verdict(label) == Verdict()


def test_of_the_label_that_a_detection_lies_on_the_other_kinds_are_said(opened: Program) -> None:
    found, label = pair(opened)
    ask(opened, found, Key.Key_5)
    opened.window.activateWindow()
    opened.keep()
    assert opened.reviewing.verdict(label) == Verdict(Judgement.LABEL, Kind.DUPLICATE)
    assert opened.reviewing.verdict(found) == Verdict()
    assert opened.session.selected == label
    ask(opened, found, Key.Key_B)
    opened.window.activateWindow()
    opened.key(Key.Key_Return)  # the detection's own box is what it begins with
    assert opened.session.dataset is not None
    x, y, width, height = opened.session.dataset.detections.boxes[found.row].tolist()
    assert opened.reviewing.verdict(label).right_box == (x, y, width, height)


# --- the note ---


def test_a_note_hangs_on_a_box_or_the_image_and_does_not_judge(opened: Program) -> None:
    for ref in (OBJECT, DETECTION, None):
        opened.session.select(ref)
        opened.key(Key.Key_N)
        editor = popup(NoteEditor)
        opened.bot.keyClicks(editor.field, "why 1 and 2?")
        press(opened, editor.field, Key.Key_Return)
        assert opened.reviewing.verdict(ref or ImageRef(0)) == Verdict(note="why 1 and 2?")


def test_a_note_is_changed_or_left(opened: Program) -> None:
    opened.session.select(OBJECT)
    opened.reviewing.set_note([OBJECT], "before")
    opened.keep()
    opened.key(Key.Key_N)
    editor = popup(NoteEditor)
    assert editor.field.toPlainText() == "before"
    opened.bot.keyClicks(editor.field, "gone")
    press(opened, editor.field, Key.Key_Escape)
    assert editor.isVisible()  # something was written: it takes a second Esc
    press(opened, editor.field, Key.Key_Escape)
    assert opened.reviewing.verdict(OBJECT).note == "before"
    opened.key(Key.Key_N)
    editor = popup(NoteEditor)
    press(opened, editor.field, Key.Key_Escape)  # nothing was
    assert QApplication.activePopupWidget() is None
    opened.key(Key.Key_N)
    editor = popup(NoteEditor)
    opened.bot.keyClicks(editor.field, "one")
    press(opened, editor.field, Key.Key_Return, SHIFT)
    opened.bot.keyClicks(editor.field, "two")
    press(opened, editor.field, Key.Key_Return, CONTROL)
    assert opened.reviewing.verdict(OBJECT).note == "one\ntwo"


def test_a_click_elsewhere_keeps_the_note(opened: Program) -> None:
    opened.session.select(OBJECT)
    opened.key(Key.Key_N)
    editor = popup(NoteEditor)
    opened.bot.keyClicks(editor.field, "kept")
    opened.bot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=QPoint(-50, -50))
    assert QApplication.activePopupWidget() is None
    opened.keep()
    assert opened.reviewing.verdict(OBJECT).note == "kept"
