"""What the keys do, wherever the focus is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QToolBar,
)

from tests.gui.conftest import CLASSES, IMAGES, Program, records, write_set
from widgets.canvas import Layer
from widgets.filter_line.naming import NameDialog
from widgets.window.actions import KeyMap

Key = Qt.Key
# The offscreen platform knows no keyboard layout: a brace is a key of its own there, without Shift.
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def focus(program: Program, where: str) -> None:
    """Put the focus somewhere, as a click there does."""
    workspace = program.workspace
    if where == "canvas":
        program.click(workspace.canvas.canvas, QPoint(5, 5))
    elif where == "image table":
        table = workspace.images.table
        program.click(table.viewport(), table.visualRect(table.model().index(0, 1)).center())
    else:
        program.click(workspace.classes.viewport())
    assert QApplication.focusWidget() is not None


@pytest.fixture(params=["canvas", "image table", "class table"])
def anywhere(opened: Program, request: pytest.FixtureRequest) -> Program:
    """The focus in each of the views."""
    focus(opened, request.param)
    opened.session.show_image(0)
    return opened


def test_keys_go_through_the_images(anywhere: Program) -> None:
    seen = []
    for key in (Key.Key_D, Key.Key_Right, Key.Key_A, Key.Key_Left, Key.Key_End, Key.Key_D, Key.Key_Home):
        anywhere.key(key)
        seen.append(anywhere.session.image_row)
    assert seen == [1, 2, 1, 0, IMAGES - 1, IMAGES - 1, 0]


def test_keys_go_through_the_images_in_the_order_of_the_table(opened: Program) -> None:
    line = opened.workspace.images.filter_line
    opened.bot.keyClicks(line, "fp>0")
    opened.bot.keyClick(line, Key.Key_Return)
    rows = opened.workspace.images.image_rows()
    assert 1 < len(rows) < IMAGES
    focus(opened, "canvas")
    opened.key(Key.Key_Home)
    seen = [opened.session.image_row]
    for _ in rows[1:]:
        opened.key(Key.Key_D)
        seen.append(opened.session.image_row)
    assert seen == rows


def test_keys_move_the_thresholds(anywhere: Program) -> None:
    session = anywhere.session
    for key, wanted in (
        (Key.Key_BracketRight, 0.51),
        (Key.Key_BracketLeft, 0.5),
        (Key.Key_BracketLeft, 0.49),
    ):
        anywhere.key(key)
        assert session.point.confidence == wanted
    for key, index in ((Key.Key_BraceLeft, 0), (Key.Key_BraceRight, 1), (Key.Key_BraceRight, 2)):
        anywhere.key(key)
        assert session.wish.iou_index == index
        anywhere.bot.waitUntil(lambda: session.point == session.wish)
    for _ in range(12):
        anywhere.key(Key.Key_BraceRight)
    assert session.wish.iou_index == 9


def test_the_confidence_stays_within_its_range(opened: Program) -> None:
    opened.session.set_confidence(0.995)
    opened.key(Key.Key_BracketRight)
    assert opened.session.point.confidence == 1.0
    opened.session.set_confidence(0.003)
    opened.key(Key.Key_BracketLeft)
    assert opened.session.point.confidence == 0.0


@pytest.mark.parametrize(
    ("key", "layer"),
    [(Key.Key_G, Layer.GROUND_TRUTH), (Key.Key_P, Layer.PREDICTIONS), (Key.Key_L, Layer.LABELS)],
)
def test_a_key_switches_a_layer_off_and_on(anywhere: Program, key: Qt.Key, layer: Layer) -> None:
    canvas = anywhere.workspace.canvas
    anywhere.key(key)
    assert canvas.layers == frozenset(Layer) - {layer}
    anywhere.key(key)
    assert canvas.layers == frozenset(Layer)


def test_keys_fit_zoom_and_show_full_size(anywhere: Program) -> None:
    canvas = anywhere.workspace.canvas.canvas
    fitted = canvas.viewport.zoom
    anywhere.key(Key.Key_0, CONTROL)
    assert canvas.viewport.zoom == canvas.viewport.full != fitted
    anywhere.key(Key.Key_F)
    assert canvas.viewport.zoom == fitted
    anywhere.key(Key.Key_Plus)
    assert canvas.viewport.zoom > fitted
    anywhere.key(Key.Key_Minus)
    anywhere.key(Key.Key_Minus)
    assert canvas.viewport.zoom < fitted


def test_keys_go_through_the_boxes_and_select_nothing_again(anywhere: Program) -> None:
    session = anywhere.session
    anywhere.key(Key.Key_S)
    first = session.selected
    assert first is not None
    anywhere.key(Key.Key_S)
    assert session.selected not in (None, first)
    anywhere.key(Key.Key_W)
    assert session.selected == first
    anywhere.key(Key.Key_Escape)
    assert session.selected is None


def test_a_slash_leads_to_the_filter_line(anywhere: Program) -> None:
    anywhere.key(Key.Key_Slash)
    assert QApplication.focusWidget() is anywhere.workspace.images.filter_line


def test_the_filter_line_is_there_in_the_narrowest_window(
    opened: Program,
) -> None:
    opened.window.resize(opened.window.minimumSizeHint().width(), 600)
    opened.session.set_class_rows(frozenset(range(len(CLASSES) - 1)))
    opened.settle()
    assert opened.workspace.images.filter_line.isVisible()
    opened.key(Key.Key_Slash)
    assert QApplication.focusWidget() is opened.workspace.images.filter_line


def test_after_a_number_is_typed_the_keys_go_through_the_images_again(opened: Program) -> None:
    box = opened.part(QDoubleSpinBox)
    opened.click(box)
    box.selectAll()
    opened.bot.keyClicks(box, "0.3")
    opened.key(Key.Key_Return)
    opened.key(Key.Key_D)
    assert opened.session.point.confidence == 0.3
    assert opened.session.image_row == 1


def test_typing_a_filter_triggers_no_keys_of_the_program(opened: Program) -> None:
    opened.key(Key.Key_Slash)
    line = opened.workspace.images.filter_line
    point, layers = opened.session.point, opened.workspace.canvas.layers
    typed = "dafgplswc[]{}/?+-="
    opened.bot.keyClicks(line, typed)
    assert line.text() == typed
    assert opened.session.point == point
    assert opened.session.image_row == 0
    assert opened.workspace.canvas.layers == layers
    assert opened.session.selected is None
    assert QApplication.activePopupWidget() is None
    for key in (Key.Key_Left, Key.Key_Home, Key.Key_End, Key.Key_Right):
        opened.key(key)
    assert opened.session.image_row == 0


def test_escape_in_the_filter_line_clears_it(opened: Program) -> None:
    opened.key(Key.Key_Slash)
    line = opened.workspace.images.filter_line
    opened.bot.keyClicks(line, "fp>99")
    opened.bot.keyClick(line, Key.Key_Return)
    assert opened.workspace.images.image_rows() == []
    opened.key(Key.Key_Escape)
    assert line.text() == ""
    assert len(opened.workspace.images.image_rows()) == IMAGES


def test_a_key_saves_the_filter_from_anywhere_and_another_offers_the_saved_ones(opened: Program) -> None:
    opened.key(Key.Key_S, CONTROL)
    assert not opened.window.findChildren(NameDialog)  # there is no filter
    opened.workspace.images.set_filter("fp>0")
    opened.workspace.canvas.setFocus()
    opened.key(Key.Key_S, CONTROL)
    dialog = opened.part(NameDialog)
    opened.bot.keyClicks(dialog.findChild(QLineEdit), "wrong")
    opened.bot.keyClick(dialog.findChild(QLineEdit), Key.Key_Return)
    assert dict(opened.workspace.saved_filters.texts) == {"wrong": "fp>0"}
    with opened.bot.waitActive(opened.window):
        opened.window.activateWindow()
    opened.key(Key.Key_F, CONTROL | SHIFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "wrong\tfp>0" in [action.text() for action in menu.actions()]
    menu.close()


def test_escape_closes_the_suggestions_before_it_clears_the_filter_line(opened: Program) -> None:
    line = opened.workspace.images.filter_line
    line.setFocus()
    opened.bot.keyClicks(line, "fp>0 ver")
    assert line.completer().popup().isVisible()
    opened.bot.keyClick(line, Key.Key_Escape)
    assert not line.completer().popup().isVisible()
    assert line.text() == "fp>0 ver"
    opened.bot.keyClick(line, Key.Key_Escape)
    assert line.text() == ""


def test_escape_in_the_empty_filter_line_gives_the_keys_back(anywhere: Program) -> None:
    before = anywhere.window.focusWidget()
    anywhere.key(Key.Key_Slash)
    line = anywhere.workspace.images.filter_line
    assert line.hasFocus()
    anywhere.key(Key.Key_Escape)
    assert anywhere.window.focusWidget() is before
    anywhere.key(Key.Key_D)
    assert anywhere.session.image_row == 1
    assert line.text() == ""


def test_escape_in_the_image_table_clears_the_filter(opened: Program) -> None:
    opened.workspace.images.filter_line.set_text("fp>99")
    opened.workspace.images.table.setFocus()
    opened.key(Key.Key_S)
    opened.key(Key.Key_Escape)
    assert opened.session.selected is None
    assert opened.workspace.images.filter_line.text() == "fp>99"
    opened.key(Key.Key_Escape)
    assert opened.workspace.images.filter_line.text() == ""


def test_a_key_opens_the_list_of_classes(anywhere: Program) -> None:
    anywhere.key(Key.Key_C)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    assert popup.findChildren(QListWidget)[0].count() == 6
    popup.hide()


def test_a_question_mark_shows_every_key(opened: Program) -> None:
    opened.key(Key.Key_Question)
    page = opened.part(KeyMap)
    assert page.isVisible()
    texts = [label.text() for label in page.findChildren(QLabel)]
    for text, keys in (("Next image", "D, Right"), ("Raise the confidence", "]"), ("Choose classes", "C")):
        assert texts[texts.index(text) + 1] == keys
    page.close()


def test_every_command_with_keys_stands_in_a_menu(opened: Program) -> None:
    from_menus = {
        shortcut.toString()
        for top in opened.window.menuBar().actions()
        for action in top.menu().actions()
        for shortcut in action.shortcuts()
    }
    keys = (
        "D A Right Left Home End [ ] { } G P L F W S Esc / C ? Ctrl+0 Ctrl+S Ctrl+O F5 Ctrl+E Ctrl+C Ctrl+Q"
    )
    assert set(keys.split()) <= from_menus


def test_no_key_has_two_meanings(opened: Program) -> None:
    keys = [
        shortcut.toString()
        for action in opened.window.findChildren(QAction)
        for shortcut in action.shortcuts()
    ]
    assert len(keys) == len(set(keys))


def test_commands_that_need_data_are_greyed_out_until_something_is_open(
    program: Program, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def enabled(text: str) -> bool:
        actions = program.window.findChildren(QAction)
        return next(action for action in actions if action.text() == text).isEnabled()

    texts = ("Next image", "Copy", "Fit", "Ground truth", "Evaluate again", "Choose classes")
    assert not any(map(enabled, texts))
    assert enabled("Open the demo")
    for key in (Key.Key_D, Key.Key_F, Key.Key_BraceRight, Key.Key_Slash):
        program.key(key)  # nothing to act on, and no complaint
    program.open(write_set(tmp_path_factory.mktemp("set"), *records(images=2)))
    assert all(map(enabled, texts))


# --- copying ---


def test_copy_takes_the_selected_rows_where_the_table_has_the_focus(opened: Program) -> None:
    focus(opened, "image table")
    opened.key(Key.Key_Down, SHIFT)
    opened.key(Key.Key_C, CONTROL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Name\tReview\tObjects\tTP\tFP\tFN")
    assert [line.split("\t")[0] for line in lines[1:]] == ["shot_01.png", "shot_02.png"]


def test_copy_takes_the_selected_rows_of_the_class_table(opened: Program) -> None:
    focus(opened, "class table")
    classes = opened.workspace.classes
    opened.click(classes.viewport(), classes.visualRect(classes.model().index(1, 0)).center())
    opened.key(Key.Key_C, CONTROL)
    header, *rows = (line.split("\t") for line in QGuiApplication.clipboard().text().splitlines())
    assert header[:5] == ["Class", "Objects", "TP", "FP", "FN"]
    assert [row[0] for row in rows] == [classes.model().index(1, 0).data()]


def test_copy_takes_the_picture_elsewhere(opened: Program) -> None:
    focus(opened, "canvas")
    opened.key(Key.Key_C, CONTROL)
    image = QGuiApplication.clipboard().image()
    assert image.size() == opened.workspace.canvas.canvas.size() * image.devicePixelRatio()
    assert image == opened.workspace.canvas.canvas.grab().toImage()


def test_dialogs_are_gone_once_they_are_closed(opened: Program) -> None:
    for _ in range(3):
        opened.choose("Help", "Keys")
        page = opened.window.findChildren(QDialog)[-1]
        page.close()
    opened.choose("File", "Open…")
    opened.window.findChildren(QDialog)[-1].close()
    opened.bot.waitUntil(lambda: not opened.window.findChildren(QDialog))


def test_a_hidden_tool_bar_stays_hidden_when_other_files_are_opened(
    opened: Program, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bar, docks = opened.part(QToolBar), opened.workspace.docks
    bar.toggleViewAction().trigger()
    docks["Curves"].close()
    opened.open(write_set(tmp_path_factory.mktemp("set"), *records(images=2)))
    assert not bar.isVisible()
    assert not docks["Curves"].isVisible()


def test_enter_in_a_field_gives_the_keys_back_to_the_images(opened: Program) -> None:
    window = opened.window
    assert window.workspace is not None
    line = window.workspace.images.filter_line
    line.setFocus()
    QTest.keyClicks(line, "shot")
    QTest.keyClick(line, Key.Key_Return)
    before = opened.session.image_row
    QTest.keyClick(window.focusWidget(), Key.Key_D)
    assert opened.session.image_row == before + 1
    assert line.text() == "shot"
    number = window.findChild(QDoubleSpinBox)
    assert number is not None
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, "0.3")
    QTest.keyClick(number, Key.Key_Return)
    assert opened.session.point.confidence == 0.3
    assert not number.hasFocus()
