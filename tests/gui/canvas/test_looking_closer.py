"""Boxes that are too small to be judged are shown larger."""

from __future__ import annotations

import json

from tests.gui.canvas.conftest import HIT_REF, MISS_REF, Desk

SMALL = [20.0, 20, 4, 3]


def opened_with_a_small_box(desk: Desk) -> Desk:
    path = desk.folder / "truth.json"
    truth = json.loads(path.read_text(encoding="utf-8"))
    truth["annotations"][0]["bbox"] = SMALL
    path.write_text(json.dumps(truth), encoding="utf-8")
    desk.open()
    return desk


def test_a_small_box_that_is_reached_is_enlarged_in_the_middle(desk: Desk) -> None:
    opened_with_a_small_box(desk)
    fitted = desk.viewport.zoom
    desk.session.select(HIT_REF)
    desk.panel.look_at_reached()
    assert desk.viewport.zoom > 2 * fitted
    left, top = desk.viewport.to_widget((22, 21.5))
    centre = desk.viewport.centre
    assert abs(left - centre[0]) < 2
    assert abs(top - centre[1]) < 2


def test_a_box_that_is_large_enough_is_shown_with_the_whole_image(desk: Desk) -> None:
    opened_with_a_small_box(desk)
    fitted = desk.viewport
    desk.session.select(HIT_REF)
    desk.panel.look_at_reached()
    desk.session.select(MISS_REF)
    desk.panel.look_at_reached()
    assert desk.viewport == fitted


def test_nothing_is_enlarged_where_that_is_switched_off(desk: Desk) -> None:
    opened_with_a_small_box(desk)
    fitted = desk.viewport
    desk.panel.set_enlarging(False)
    desk.session.select(HIT_REF)
    desk.panel.look_at_reached()
    assert desk.viewport == fitted


def test_a_box_that_is_selected_from_elsewhere_comes_into_view(desk: Desk) -> None:
    opened_with_a_small_box(desk)
    desk.session.select(HIT_REF)
    desk.panel.look_at_reached()
    desk.session.select(MISS_REF)
    assert desk.canvas.rect().intersects(desk.canvas.rect_of(MISS_REF))


def test_what_a_key_led_to_is_spoken_of_though_the_mouse_rests_on_another_box(desk: Desk) -> None:
    desk.open()
    desk.point_at(140, 35)
    assert desk.card.isVisible()
    spoken_of = desk.card.text()
    desk.session.select(HIT_REF)
    desk.settle()
    assert desk.card.text() != spoken_of
    desk.point_at(140, 36)
    assert desk.card.text() == spoken_of
