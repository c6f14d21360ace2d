"""Hovering, the card, and the selection."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from inspector.refs import BoxRef
from tests.gui.canvas.conftest import (
    CROWD_REF,
    FAINT,
    FOUND,
    FOUND_REF,
    HIT_REF,
    MISS,
    MISS_REF,
    SECOND,
    WRONG,
    WRONG_REF,
    Desk,
)
from widgets.canvas import Layer
from widgets.canvas.pointing import box_at
from widgets.theme import DARK, VERMILION


def _box_on_canvas(desk: Desk, box: list[float]) -> QRect:
    return QRect(desk.at(box[0], box[1]), desk.at(box[0] + box[2], box[1] + box[3]))


def test_hovering_a_hit_tells_its_score_outcome_iou_and_reason(opened: Desk) -> None:
    opened.point_at(62, 40)  # the right edge of the detection, which lies beyond the object's
    text = opened.card.text()
    assert opened.card.isVisible()
    for words in ("cat 0.900", "TP", "matches an object of its class", "IoU 0.905", "40 × 30 px"):
        assert words in text


def test_hovering_a_false_alarm_tells_why_it_is_one(opened: Desk) -> None:
    opened.point_at(90, 75)
    assert "FP" in opened.card.text()
    assert "background: no object overlaps" in opened.card.text()


def test_hovering_a_miss_shows_the_detection_below_the_threshold_as_a_ghost(opened: Desk) -> None:
    bottom = [FAINT[0] + 8, FAINT[1] + FAINT[3]]
    row = opened.at(*bottom).y()
    ghost = QColor(DARK.text).rgb()

    def pixels_of_the_ghost() -> int:
        image = opened.image()
        left, right = opened.at(MISS[0], 0).x(), opened.at(MISS[0] + MISS[2], 0).x()
        return sum(image.pixel(x, row) == ghost for x in range(left, right))

    assert pixels_of_the_ghost() == 0
    opened.point_at(140, 35)
    assert "FN" in opened.card.text()
    assert "scores 0.300, below the threshold" in opened.card.text()
    assert pixels_of_the_ghost() > 20


def test_the_hovered_box_is_filled_and_the_fill_goes_with_the_cursor(opened: Desk) -> None:
    inside = opened.at(WRONG[0] + 30, WRONG[1] + 20)
    plain = opened.image().pixelColor(inside)
    opened.point_at(WRONG[0] + 15, WRONG[1] + 15)
    assert opened.image().pixelColor(inside).red() > plain.red()
    QApplication.sendEvent(opened.canvas, QEvent(QEvent.Type.Leave))
    assert opened.image().pixelColor(inside) == plain
    assert not opened.card.isVisible()


def test_the_card_hides_neither_the_box_nor_the_cursor_and_stays_in_the_canvas(opened: Desk) -> None:
    for x, y, box in ((90, 75, WRONG), (140, 35, MISS)):
        opened.point_at(x, y)
        card = opened.card.geometry()
        assert opened.canvas.rect().contains(card)
        assert not card.intersects(_box_on_canvas(opened, box))
        assert not card.contains(opened.at(x, y))


def test_the_card_stays_in_the_canvas_when_the_box_fills_it(opened: Desk) -> None:
    for _ in range(14):
        opened.turn_wheel(opened.at(90, 75), 1)
    opened.point_at(90, 75)
    assert opened.card.isVisible()
    assert opened.canvas.rect().contains(opened.card.geometry())


def test_a_click_selects_the_box_under_the_cursor_and_beside_all_boxes_none(opened: Desk) -> None:
    seen: list[BoxRef | None] = []
    opened.session.selected_changed.connect(lambda: seen.append(opened.session.selected))
    opened.click(90, 75)
    assert opened.session.selected == WRONG_REF
    opened.click(90, 75)
    opened.click(140, 40)
    assert opened.session.selected == MISS_REF
    opened.click(90, 10)
    assert opened.session.selected is None
    assert seen == [WRONG_REF, MISS_REF, None]


def test_a_hand_that_shakes_a_little_still_clicks(opened: Desk) -> None:
    opened.drag(opened.at(90, 75), QPoint(2, 1))
    assert opened.session.selected == WRONG_REF


def test_a_box_can_be_picked_by_its_label(opened: Desk) -> None:
    start = opened.at(WRONG[0], WRONG[1]) + QPoint(10, -9)
    x, y = opened.viewport.to_page((start.x(), start.y()))
    opened.click(x, y)
    assert opened.session.selected == WRONG_REF


def test_the_card_of_the_selected_box_stays_in_a_corner(opened: Desk) -> None:
    opened.click(90, 75)
    opened.point_at(90, 10)
    assert "FP" in opened.card.text()
    card, whole = opened.card.geometry(), opened.canvas.rect()
    assert card.left() - whole.left() < 20
    assert whole.bottom() - card.bottom() < 20


@pytest.mark.parametrize("size", [(608, 460), (380, 300), (300, 220), (240, 200), (200, 180)])
@pytest.mark.parametrize("pointed", [False, True])
def test_the_card_hides_neither_the_selected_box_nor_its_partner_in_a_small_canvas(
    opened: Desk, size: tuple[int, int], pointed: bool
) -> None:
    opened.panel.resize(*size)
    opened.settle()
    opened.session.select(FOUND_REF)
    for _ in range(3):
        opened.panel.look_at_selected()
        opened.panel.zoom_in()
        opened.settle()
        if pointed:
            opened.point_at(FOUND[0] + FOUND[2] / 2, FOUND[1] + FOUND[3] / 2)
        boxes = [opened.canvas.rect_of(ref) for ref in (FOUND_REF, HIT_REF)]
        card = opened.card.geometry() if opened.card.isVisible() else QRect()
        for box in boxes:
            shared = card & box
            assert shared.width() * shared.height() <= 0.1 * box.width() * box.height()


def test_in_a_small_canvas_the_card_says_less(opened: Desk) -> None:
    opened.session.select(FOUND_REF)
    opened.settle()
    assert "matches an object" in opened.card.text()
    opened.panel.resize(240, 200)
    opened.settle()
    assert opened.card.isVisible()
    assert "0.900" in opened.card.text()
    assert "matches an object" not in opened.card.text()


def test_tab_goes_through_the_boxes_errors_first_and_then_leaves_the_canvas(opened: Desk) -> None:
    opened.canvas.setFocus()
    passed = []
    for _ in range(4):
        opened.press(Qt.Key.Key_Tab)
        passed.append(opened.session.selected)
    assert passed == [WRONG_REF, MISS_REF, FOUND_REF, CROWD_REF]
    opened.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert opened.session.selected == FOUND_REF
    opened.press(Qt.Key.Key_Tab)
    opened.press(Qt.Key.Key_Tab)
    assert opened.session.selected is None


def test_the_windows_action_goes_round(opened: Desk) -> None:
    opened.panel.select_next_box(-1)
    assert opened.session.selected == CROWD_REF
    opened.panel.select_next_box(1)
    assert opened.session.selected == WRONG_REF


def test_only_boxes_on_a_layer_are_stepped_to_and_hovered(opened: Desk) -> None:
    opened.panel.set_layer(Layer.PREDICTIONS, False)
    opened.panel.select_next_box(1)
    assert opened.session.selected == MISS_REF
    opened.panel.select_next_box(1)
    assert opened.session.selected == HIT_REF
    opened.click(90, 75)
    assert opened.session.selected is None


def test_escape_clears_the_selection(opened: Desk) -> None:
    opened.click(90, 75)
    opened.press(Qt.Key.Key_Escape)
    assert opened.session.selected is None


def test_a_box_far_away_is_brought_into_view_when_it_is_stepped_to(opened: Desk) -> None:
    for _ in range(12):
        opened.turn_wheel(opened.at(5, 5), 1)
    opened.panel.select_next_box(1)
    opened.settle()
    assert opened.canvas.rect().intersects(_box_on_canvas(opened, WRONG))


def test_another_image_has_no_selection(opened: Desk) -> None:
    opened.click(90, 75)
    opened.show_image(SECOND)
    assert opened.session.selected is None
    assert not opened.card.isVisible()


def test_a_selected_box_that_falls_below_the_threshold_stays_selected_as_a_ghost(opened: Desk) -> None:
    opened.click(90, 75)
    opened.point_at(90, 10)
    opened.session.set_confidence(0.95)
    opened.settle()
    assert opened.session.selected == WRONG_REF
    assert "<b>below the threshold</b>" in opened.card.text()
    assert "below the threshold of 0.950" in opened.card.text()
    assert not opened.holds(VERMILION)


def test_names_of_classes_are_text_and_never_markup(opened: Desk) -> None:
    path = opened.folder / "truth.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"cat"', '"<b>&cat"'), encoding="utf-8")
    opened.open()
    opened.point_at(90, 75)
    assert "&lt;b&gt;&amp;cat 0.800" in opened.card.text()


def test_the_copied_image_is_what_the_canvas_shows(opened: Desk) -> None:
    image = opened.panel.copy_image()
    assert image.size() == opened.canvas.size() * opened.canvas.devicePixelRatio()
    assert image.pixelColor(1, 1) == QColor(DARK.canvas)


def test_the_smallest_box_whose_edge_is_near_is_meant_before_any_that_is_around() -> None:
    rects = np.array([[0, 0, 100, 100], [10, 10, 20, 20], [40, 0, 60, 60]], dtype=np.float64)
    every = np.ones(3, dtype=np.bool_)
    assert box_at(rects, every, (99, 50), 2) == 2
    assert box_at(rects, every, (20, 20), 2) == 1
    assert box_at(rects, every, (5, 90), 2) == 0
    assert box_at(rects, every & [True, False, True], (20, 20), 2) == 0
    assert box_at(rects, every, (200, 200), 2) is None
    assert box_at(rects[:0], every[:0], (1, 1), 2) is None
