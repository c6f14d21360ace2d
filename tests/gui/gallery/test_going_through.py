"""Going through the gallery by keys and mouse, selecting, judging."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication

from inspector.review.verdicts import Judgement
from tests.gui.gallery.conftest import Gallery
from widgets.gallery.items import Mode

Key = Qt.Key
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def test_its_key_shows_it_with_the_focus_and_hides_it_again(gallery: Gallery) -> None:
    dock = gallery.program.workspace.docks["Gallery"]
    assert gallery.grid.hasFocus()
    gallery.key(Key.Key_V)
    assert dock.isHidden()
    assert gallery.program.workspace.canvas.canvas.hasFocus()
    gallery.key(Key.Key_V)
    assert gallery.grid.hasFocus()
    gallery.program.workspace.canvas.setFocus()
    gallery.key(Key.Key_V)
    assert gallery.grid.hasFocus()


def test_a_click_shows_the_image_and_selects_the_box_on_the_canvas(gallery: Gallery) -> None:
    session = gallery.program.session
    gallery.click(3)
    ref = gallery.refs()[3]
    assert session.selected == ref
    assert session.dataset is not None
    assert session.image_row == session.dataset.detections.images[ref.row]
    assert gallery.panel.selected_refs() == (ref,)
    assert gallery.grid.hasFocus()


def test_arrows_go_through_it_and_the_canvas_follows(gallery: Gallery) -> None:
    refs, session = gallery.refs(), gallery.program.session
    columns = gallery.columns
    for key, place in (
        (Key.Key_Right, 0),
        (Key.Key_Right, 1),
        (Key.Key_Down, 1 + columns),
        (Key.Key_Left, columns),
        (Key.Key_Up, 0),
        (Key.Key_Up, 0),
        (Key.Key_End, len(refs) - 1),
        (Key.Key_Right, len(refs) - 1),
        (Key.Key_Home, 0),
        (Key.Key_Left, 0),
    ):
        gallery.key(key)
        assert gallery.grid.selection.current == place
        assert session.selected == refs[place]
        assert gallery.is_in_view(place)


def test_pages_are_as_long_as_what_is_visible(gallery: Gallery) -> None:
    gallery.panel.set_side(48)
    gallery.program.workspace.docks["Gallery"].setMinimumHeight(10)
    gallery.settle()
    gallery.key(Key.Key_Home)
    page = gallery.grid.viewport().height() // gallery.grid.rect_of(0).height() * gallery.columns
    gallery.key(Key.Key_PageDown)
    assert gallery.grid.selection.current == min(page, len(gallery.refs()) - 1)
    gallery.key(Key.Key_PageUp)
    assert gallery.grid.selection.current == 0


def test_shift_and_ctrl_select_several_as_in_lists(gallery: Gallery) -> None:
    gallery.click(1)
    gallery.key(Key.Key_Right, SHIFT)
    gallery.key(Key.Key_Right, SHIFT)
    assert gallery.chosen() == [1, 2, 3]
    gallery.key(Key.Key_Left, SHIFT)
    assert gallery.chosen() == [1, 2]
    gallery.click(5, CTRL)
    assert gallery.chosen() == [1, 2, 5]
    gallery.click(2, CTRL)
    assert gallery.chosen() == [1, 5]
    assert gallery.program.session.selected == gallery.refs()[2]
    gallery.click(4, SHIFT)
    assert gallery.chosen() == [2, 3, 4]
    gallery.key(Key.Key_A, CTRL)
    assert gallery.chosen() == list(range(len(gallery.refs())))
    assert f"{len(gallery.refs())} selected" in gallery.words()
    gallery.key(Key.Key_Escape)
    assert gallery.chosen() == [4]


def test_ctrl_and_an_arrow_only_move_and_ctrl_space_selects(gallery: Gallery) -> None:
    gallery.click(0)
    gallery.key(Key.Key_Right, CTRL)
    gallery.key(Key.Key_Right, CTRL)
    assert gallery.chosen() == [0]
    gallery.key(Key.Key_Space, CTRL)
    assert gallery.chosen() == [0, 2]


def test_drawing_over_cells_selects_them(gallery: Gallery) -> None:
    bot, viewport = gallery.program.bot, gallery.grid.viewport()
    bot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=gallery.grid.rect_of(1).center())
    bot.mouseMove(viewport, gallery.grid.rect_of(3).center())
    QApplication.processEvents()
    bot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=gallery.grid.rect_of(3).center())
    assert gallery.chosen() == [1, 2, 3]


def test_a_key_judges_all_that_are_selected(gallery: Gallery) -> None:
    gallery.click(1)
    gallery.click(3, SHIFT)
    gallery.key(Key.Key_2)
    verdicts = [gallery.program.reviewing.verdict(ref).judgement for ref in gallery.refs()[:5]]
    assert verdicts == [None, Judgement.MODEL, Judgement.MODEL, Judgement.MODEL, None]
    assert gallery.chosen() == [1, 2, 3]
    assert "model wrong" in gallery.grid.tip(2)
    marked = gallery.program.theme.colours.verdict.lower()
    assert marked in gallery.colours_of(gallery.grid.rect_of(2))
    assert marked not in gallery.colours_of(gallery.grid.rect_of(4))


def test_judged_ones_can_be_hidden_and_the_next_takes_their_place(gallery: Gallery) -> None:
    gallery.check("Hide judged")
    refs = gallery.refs()
    gallery.click(2)
    gallery.key(Key.Key_2)
    gallery.key(Key.Key_3)
    assert gallery.refs() == [*refs[:2], *refs[4:]]
    assert gallery.panel.selected_refs() == (refs[4],)
    assert gallery.program.session.selected == refs[4]
    gallery.program.reviewing.undo()
    gallery.program.keep()
    gallery.settle()
    assert gallery.refs() == [*refs[:2], *refs[3:]]
    gallery.check("Hide judged")
    assert gallery.refs() == refs


def test_the_last_one_judged_leaves_the_one_before_current(gallery: Gallery) -> None:
    gallery.check("Hide judged")
    refs = gallery.refs()
    gallery.key(Key.Key_End)
    gallery.key(Key.Key_4)
    assert gallery.panel.selected_refs() == (refs[-2],)
    gallery.key(Key.Key_A, CTRL)
    gallery.key(Key.Key_4)
    assert gallery.refs() == []
    assert gallery.grid.text == "No FP at this operating point; judged ones are hidden."


def test_what_is_selected_elsewhere_is_selected_here_and_comes_into_view(gallery: Gallery) -> None:
    gallery.panel.set_side(384)
    gallery.settle()
    refs, session = gallery.refs(), gallery.program.session
    session.select(refs[-1])
    assert gallery.panel.selected_refs() == (refs[-1],)
    assert gallery.is_in_view(len(refs) - 1)


def test_what_is_not_shown_here_leaves_nothing_selected_so_that_keys_speak_of_the_canvas(
    gallery: Gallery,
) -> None:
    gallery.show(Mode.FN)
    missed = gallery.refs()[0]
    gallery.show(Mode.FP)
    gallery.click(2)
    gallery.program.session.select(missed)
    assert gallery.panel.selected_refs() == ()
    gallery.grid.setFocus()
    gallery.key(Key.Key_2)
    assert gallery.program.reviewing.verdict(missed).judgement is Judgement.MODEL
    assert list(gallery.program.reviewing.entries) == [missed]


def test_nothing_is_marked_while_something_else_is_looked_at(gallery: Gallery) -> None:
    gallery.show(Mode.FP)
    gallery.grid.setFocus()
    session, accent = gallery.program.session, gallery.program.theme.colours.accent.lower()

    def is_marked(place: int) -> bool:
        return accent in gallery.colours_of(gallery.grid.rect_of(place))

    gallery.click(1)
    assert is_marked(1)
    gallery.show(Mode.FN)
    elsewhere = gallery.refs()[0]
    gallery.show(Mode.FP)
    gallery.grid.setFocus()
    gallery.click(1)
    session.select(elsewhere)
    assert not is_marked(1)
    assert gallery.panel.selected_refs() == ()
    assert "the selected box is not shown here" in gallery.words()
    gallery.key(Key.Key_2)
    assert set(gallery.program.reviewing.entries) == {elsewhere}
    gallery.click(1)
    assert is_marked(1)
    assert "not shown here" not in gallery.words()
    gallery.key(Key.Key_Z, CTRL)  # leads to what was judged
    assert session.selected == elsewhere
    assert not is_marked(1)
    gallery.click(1)
    gallery.key(Key.Key_Space)
    assert session.selected is None
    assert not is_marked(1)
    gallery.key(Key.Key_Right)  # the arrows go on from where they were
    assert gallery.panel.selected_refs() == (gallery.refs()[2],)


def test_enter_agrees_with_a_suspicion_and_the_focus_stays(gallery: Gallery) -> None:
    gallery.click(2)
    gallery.key(Key.Key_Return)
    assert gallery.grid.hasFocus()
    assert list(gallery.program.reviewing.entries) == [gallery.refs()[2]]


def test_a_double_click_goes_on_to_the_canvas(gallery: Gallery) -> None:
    canvas = gallery.program.workspace.canvas.canvas
    at = gallery.grid.rect_of(3).center()
    gallery.click(3)
    gallery.program.bot.mouseDClick(gallery.grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert canvas.hasFocus()
    assert gallery.program.session.selected == gallery.refs()[3]


def test_plus_and_minus_and_the_wheel_change_the_size_here_and_not_the_zoom(gallery: Gallery) -> None:
    zoom = gallery.program.workspace.canvas.canvas.viewport.zoom
    gallery.key(Key.Key_Plus)
    assert gallery.panel.choices.side == 144
    gallery.key(Key.Key_Minus)
    gallery.key(Key.Key_Minus)
    assert gallery.panel.choices.side == 112
    at = QPointF(20, 20)
    turned = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        CTRL,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(gallery.grid.viewport(), turned)
    assert gallery.panel.choices.side == 128
    assert gallery.program.workspace.canvas.canvas.viewport.zoom == zoom
    for _ in range(40):
        gallery.key(Key.Key_Minus)
    assert gallery.panel.choices.side == 48


def test_the_selected_boxes_are_copied_as_a_list(gallery: Gallery) -> None:
    gallery.click(1)
    gallery.click(2, SHIFT)
    gallery.key(Key.Key_2)
    QGuiApplication.clipboard().clear()
    gallery.key(Key.Key_C, CTRL)
    gallery.program.bot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()))
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0][:4] == ["Image", "Class", "Score", "IoU"]
    dataset = gallery.program.session.dataset
    assert dataset is not None
    for line, ref in zip(lines[1:], gallery.refs()[1:3], strict=True):
        image = dataset.detections.images[ref.row]
        expected = [dataset.images.file_names[image], dataset.detection_name(ref.row)]
        assert line[:2] == expected
        assert float(line[2]) == round(float(dataset.detections.scores[ref.row]), 4)
        assert line[-1] == "model wrong"


def test_another_order_keeps_the_selected_boxes_selected(gallery: Gallery) -> None:
    gallery.click(1)
    gallery.click(3, SHIFT)
    chosen = set(gallery.panel.selected_refs())
    sorting = gallery.panel.choices.sorting
    gallery.panel.set_sorting(type(sorting)(sorting.order, not sorting.descending))
    gallery.settle()
    assert set(gallery.panel.selected_refs()) == chosen
    assert len(chosen) == 3


def test_it_can_float_and_its_keys_go_on_working(gallery: Gallery) -> None:
    dock = gallery.program.workspace.docks["Gallery"]
    dock.setFloating(True)
    gallery.panel.activateWindow()
    gallery.grid.setFocus()
    QApplication.processEvents()
    gallery.key(Key.Key_Right)
    assert gallery.program.session.selected == gallery.refs()[0]
    gallery.program.choose("View", "Standard layout")
    assert not dock.isFloating()
    assert dock.isHidden()
