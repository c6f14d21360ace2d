"""What is painted, pixel by pixel."""

from __future__ import annotations

import json

import pytest
from PIL import Image
from PySide6.QtGui import QColor

from tests.gui.canvas.conftest import (
    CROWD,
    FIRST,
    FOUND,
    HIT,
    MISS,
    MISSING,
    PAPER,
    SECOND,
    WRONG,
    Desk,
)
from widgets.canvas import Layer
from widgets.session import Session
from widgets.theme import BLUE, DARK, GREEN, LIGHT, VERMILION, Mode


def test_hits_are_green_false_alarms_vermilion_and_both_solid(opened: Desk) -> None:
    assert opened.share(FOUND, GREEN) > 0.9
    assert opened.share(WRONG, VERMILION) > 0.95


def test_misses_are_blue_and_dashed(opened: Desk) -> None:
    assert 0.4 < opened.share(MISS, BLUE) < 0.8
    assert opened.runs(MISS, BLUE) >= 4


def test_ignored_objects_are_grey_and_dotted(opened: Desk) -> None:
    assert 0.2 < opened.share(CROWD, DARK.ignored) < 0.7
    assert opened.runs(CROWD, DARK.ignored) >= 8


def test_a_matched_object_is_dotted_in_the_colour_of_a_hit(opened: Desk) -> None:
    opened.panel.set_layer(Layer.PREDICTIONS, False)
    assert opened.runs(HIT, GREEN) >= 8


def test_false_alarms_have_thicker_lines_than_hits(opened: Desk) -> None:
    image = opened.image()

    def thickness(box: list[float], colour: str) -> int:
        start, end = opened.at(box[0], box[1]), opened.at(box[0] + box[2], box[1] + box[3])
        x = (start.x() + end.x()) // 2
        wanted = QColor(colour).rgb()
        return sum(image.pixel(x, y) == wanted for y in range(end.y() - 6, end.y() + 7))

    assert thickness(WRONG, VERMILION) == 3
    opened.panel.set_layer(Layer.GROUND_TRUTH, False)
    image = opened.image()
    assert thickness(FOUND, GREEN) == 2


def test_lines_stay_as_thick_when_zoomed(opened: Desk) -> None:
    opened.panel.zoom_in()
    opened.panel.zoom_in()
    image, wanted = opened.image(), QColor(VERMILION).rgb()
    x, y = opened.at(WRONG[0] + 35, WRONG[1] + WRONG[3]).toTuple()
    assert sum(image.pixel(x, at) == wanted for at in range(y - 8, y + 9)) == 3


def test_the_layers_can_be_switched_off_and_on(opened: Desk) -> None:
    opened.panel.set_layer(Layer.LABELS, False)
    assert opened.holds(VERMILION)
    opened.panel.set_layer(Layer.PREDICTIONS, False)
    assert not opened.holds(VERMILION)
    assert opened.holds(BLUE)
    opened.panel.set_layer(Layer.GROUND_TRUTH, False)
    assert not opened.holds(BLUE)
    opened.panel.set_layer(Layer.PREDICTIONS, True)
    opened.panel.set_layer(Layer.GROUND_TRUTH, True)
    assert opened.holds(VERMILION)
    assert opened.holds(BLUE)
    assert opened.panel.layers == {Layer.GROUND_TRUTH, Layer.PREDICTIONS}


def test_a_label_stands_on_its_box_and_goes_with_its_layer(opened: Desk) -> None:
    def above() -> int:
        start = opened.at(WRONG[0], WRONG[1])
        return int(opened.image().pixel(start.x() + 2, start.y() - 6))

    assert above() == QColor(VERMILION).rgb()
    opened.panel.set_layer(Layer.LABELS, False)
    assert above() == QColor(PAPER).rgb()


def test_a_box_smaller_than_its_label_has_none(opened: Desk) -> None:
    for _ in range(5):
        opened.panel.zoom_out()
    start = opened.at(WRONG[0], WRONG[1])
    assert opened.image().pixel(start.x() + 2, start.y() - 6) == QColor(PAPER).rgb()


def test_the_confidence_moves_boxes_between_the_outcomes(opened: Desk) -> None:
    opened.session.set_confidence(0.85)
    assert opened.share(WRONG, VERMILION) == 0
    opened.session.set_confidence(0.2)
    assert opened.share(MISS, BLUE) == 0
    assert "TP 2" in opened.header_text


def test_before_the_evaluation_boxes_are_neutral_and_then_take_their_colours(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Session, "evaluate", lambda _session: None)
        desk.open(evaluated=False)
    assert "detections 2  objects 3  not evaluated yet" in desk.header_text
    assert not desk.holds(VERMILION)
    assert desk.share(WRONG, DARK.accent) > 0.9
    desk.point_at(90, 75)
    assert "not evaluated yet" in desk.card.text()
    desk.point_at(90, 10)
    with desk.bot.waitSignal(desk.session.results_changed, timeout=60_000):
        desk.session.evaluate()
    assert desk.share(WRONG, VERMILION) > 0.95
    assert "TP 1  FP 1  FN 1  ignored 1" in desk.header_text


def test_the_header_names_the_image_and_its_size(opened: Desk) -> None:
    assert opened.header_text.startswith("first.png  200 × 100")
    opened.show_image(SECOND)
    assert opened.header_text.startswith("second.png  100 × 200")


def test_what_is_odd_about_an_image_stands_in_the_header(opened: Desk) -> None:
    Image.new("RGB", (50, 100), PAPER).save(opened.folder / "second.png")
    opened.show_image(SECOND)
    assert "decoded 50 x 100, the ground truth declares 100 x 200" in opened.header_text
    assert opened.viewport.page == (100, 200)


def test_a_missing_image_is_a_blank_page_with_its_boxes_and_the_reason(opened: Desk) -> None:
    opened.show_image(MISSING)
    opened.panel.set_layer(Layer.LABELS, False)
    assert opened.image().pixelColor(opened.at(5, 290)) == QColor(DARK.blank)
    assert 0.3 < opened.share([10, 10, 60, 60], BLUE) < 0.9
    assert opened.holds(DARK.text)


def test_a_broken_image_is_a_blank_page_too(opened: Desk) -> None:
    (opened.folder / "second.png").write_bytes(b"not an image")
    opened.show_image(SECOND)
    assert opened.image().pixelColor(opened.at(5, 195)) == QColor(DARK.blank)


def test_an_unknown_size_is_that_of_the_image(desk: Desk) -> None:
    truth = json.loads((desk.folder / "truth.json").read_text(encoding="utf-8"))
    for image in truth["images"]:
        del image["width"], image["height"]
    (desk.folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    desk.open()
    assert desk.viewport.page == (200, 100)
    desk.show_image(MISSING)
    assert desk.viewport.page == (70, 70)  # what its boxes span


def test_the_picture_lies_under_the_boxes_at_every_zoom(opened: Desk) -> None:
    opened.panel.set_layer(Layer.PREDICTIONS, False)
    opened.panel.set_layer(Layer.GROUND_TRUTH, False)
    for notches in (0, -2, 6, 12):
        opened.turn_wheel(opened.at(100, 50), notches)
        assert opened.image().pixelColor(opened.at(100, 50)) == QColor(PAPER)


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_the_canvas_takes_the_colours_of_the_theme(opened: Desk, mode: Mode) -> None:
    opened.theme.set_mode(mode)
    colours = LIGHT if mode is Mode.LIGHT else DARK
    assert opened.image().pixelColor(1, 1) == QColor(colours.canvas)
    opened.show_image(MISSING)
    assert opened.image().pixelColor(opened.at(5, 290)) == QColor(colours.blank)
    opened.show_image(FIRST)


def test_nothing_is_shown_and_nothing_fails_without_a_data_set(desk: Desk) -> None:
    desk.point_at(0, 0)
    desk.panel.fit()
    desk.panel.full_size()
    desk.panel.select_next_box(1)
    assert desk.header_text == ""
    assert desk.image().pixelColor(5, 5) == QColor(DARK.canvas)
