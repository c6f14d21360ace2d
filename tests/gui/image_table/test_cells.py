"""What the cells show, and when."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPixmap

from inspector.image_columns import COLUMNS
from inspector.refs import BoxRef, ImageRef, Side
from inspector.review.verdicts import Judgement, Verdict
from tests.gui.image_table.conftest import ALPHA, EMPTY, IMAGES, IMG10, Window, records
from widgets.image_table import Role
from widgets.image_table.model import section_of
from widgets.theme import DARK, Mode


def test_the_numbers_are_those_of_the_operating_point(window: Window) -> None:
    assert window.texts("objects") == ["3", "2", "1", "0", "4", "0"]
    assert window.texts("detections") == ["3", "3", "1", "1", "0", "0"]
    assert window.texts("tp") == ["2", "1", "1", "0", "0", "0"]
    assert window.texts("fp") == ["1", "2", "0", "1", "0", "0"]
    assert window.texts("fn") == ["1", "1", "0", "0", "4", "0"]
    assert window.texts("precision") == ["0.667", "0.333", "1.000", "0.000", "n/a", "n/a"]
    assert window.texts("recall") == ["0.667", "0.500", "1.000", "n/a", "0.000", "n/a"]
    assert window.texts("f1") == ["0.667", "0.400", "1.000", "0.000", "0.000", "n/a"]
    assert window.texts("miou") == ["1.000", "1.000", "1.000", "n/a", "n/a", "n/a"]
    assert window.texts("fpscore") == ["0.800", "0.700", "n/a", "0.950", "n/a", "n/a"]


def test_another_confidence_changes_the_numbers_at_once_and_the_order_after_the_drag(
    window: Window,
) -> None:
    window.click_header("fp")
    assert window.names()[:2] == ["img9.jpg", "img10.jpg"]
    window.drag_to(0.6, 0.7, 0.75)
    assert window.names()[:2] == ["img9.jpg", "img10.jpg"]
    assert window.texts("fp")[:2] == ["0", "1"]
    window.bot.waitUntil(lambda: window.names()[:2] == ["img10.jpg", "Zebra.jpg"])


def test_settling_sorts_at_once(window: Window) -> None:
    window.click_header("fp")
    window.drag_to(0.75)
    window.panel.settle()
    assert window.names()[0] == "img10.jpg"


def test_average_precision_does_not_move_with_the_confidence(window: Window) -> None:
    before = window.texts("ap50")
    window.drag_to(0.95)
    assert window.texts("ap50") == before
    assert "does not move with the confidence" in window.model.headerData(
        section_of("ap50"), Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
    )


def test_choosing_classes_counts_only_these(window: Window) -> None:
    with window.bot.waitSignal(window.session.results_changed):
        window.session.set_class_rows(frozenset({1}))
    assert window.texts("objects") == ["0", "0", "1", "0", "0", "0"]
    assert window.texts("ap50") == ["n/a", "n/a", "1.000", "n/a", "n/a", "n/a"]


def test_until_the_evaluation_ends_every_number_is_not_available(window: Window) -> None:
    window.type_filter("fp>0")
    window.open(*records(IMAGES), evaluated=False)
    if window.session.results is None:
        assert window.names() == list(IMAGES)  # the filter waits
        assert set(window.texts("fp")) == {"n/a"}
        tip = window.model.index(0, section_of("fp")).data(Qt.ItemDataRole.ToolTipRole)
        assert tip == "Not evaluated yet"
        window.table.viewport().grab()
    window.bot.waitUntil(lambda: window.session.results is not None)
    assert window.names() == ["img10.jpg", "img9.jpg", "Zebra.jpg"]


def test_a_cell_that_is_not_available_says_why(window: Window) -> None:
    index = window.model.index(ALPHA, section_of("precision"))
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "n/a: no detection that counts is shown on this image"
    assert window.model.index(ALPHA, section_of("fp")).data(Qt.ItemDataRole.ToolTipRole) is None


def test_a_cell_answers_by_role(window: Window) -> None:
    def ask(row: int, key: str, role: int) -> Any:
        return window.model.index(row, section_of(key)).data(role)

    assert ask(IMG10, "fp", Role.RAW) == 1
    assert ask(IMG10, "precision", Role.RAW) == pytest.approx(2 / 3)
    assert ask(EMPTY, "precision", Role.RAW) is None
    assert math.isnan(ask(EMPTY, "precision", Role.SORT))
    assert ask(IMG10, "name", Role.RAW) == "img10.jpg"
    assert ask(ALPHA, "fn", Role.IMAGE) == ALPHA
    assert ask(ALPHA, "fn", Qt.ItemDataRole.AccessibleTextRole) == "FN 4"
    assert ask(IMG10, "name", Qt.ItemDataRole.ToolTipRole) == "img10.jpg\nid 0, 640 × 480 pixels"


def test_headers_explain_their_columns(window: Window) -> None:
    for column in COLUMNS:
        section = section_of(column.key)
        across, tip = Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
        assert window.model.headerData(section, across) == column.title
        assert window.model.headerData(section, across, tip) == column.tooltip


def test_copying_gives_the_visible_columns_as_tab_separated_text(window: Window) -> None:
    for key in ("detections", "ap50", "miou", "fpscore", "f1"):
        window.table.setColumnHidden(section_of(key), True)
    window.reviewing.set_reviewed([1], True)
    window.bot.waitUntil(lambda: bool(window.reviewing.reviewed()[1]))
    window.click_row(1)
    window.click_row(3, Qt.KeyboardModifier.ControlModifier)
    window.bot.keyClick(window.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == (
        "Name\tReview\tObjects\tTP\tFP\tFN\tP\tR\n"
        "img9.jpg\treviewed\t2\t1\t2\t1\t0.333\t0.500\n"
        "Zebra.jpg\t\t0\t0\t1\t0\t0.000\tn/a\n"
    )


def test_the_header_menu_hides_and_shows_columns(window: Window) -> None:
    menu = window.table.titles.column_menu()
    actions = {action.text(): action for action in menu.actions()}
    assert not actions["Name"].isEnabled()
    actions["TP"].trigger()
    assert window.table.isColumnHidden(section_of("tp"))
    actions["Reset columns"].trigger()
    assert not window.table.isColumnHidden(section_of("tp"))


def test_columns_and_sorting_come_back(window: Window) -> None:
    table, panel = window.table, window.panel
    window.click_header("fn")
    table.setColumnHidden(section_of("tp"), True)
    table.setColumnWidth(section_of("name"), 222)
    state = panel.state()
    window.click_header("name")
    table.setColumnHidden(section_of("tp"), False)
    table.setColumnWidth(section_of("name"), 100)
    panel.restore_state(state)
    assert window.names()[:3] == ["alpha.jpg", "img10.jpg", "img9.jpg"]
    assert table.isColumnHidden(section_of("tp"))
    assert table.columnWidth(section_of("name")) == 222


@pytest.mark.parametrize(
    "state", [{}, {"header": QByteArray(b"junk"), "by_hand": 3}, {"header": None, "columns": "a b"}]
)
def test_a_state_that_makes_no_sense_changes_nothing(window: Window, state: dict[str, object]) -> None:
    window.panel.restore_state(state)
    assert window.names() == list(IMAGES)


def test_thumbnails_arrive_by_themselves_and_say_what_is_missing(window: Window) -> None:
    model = window.model
    window.bot.waitUntil(lambda: isinstance(model.index(0, 0).data(Qt.ItemDataRole.DecorationRole), QPixmap))
    tip = Qt.ItemDataRole.ToolTipRole
    window.bot.waitUntil(lambda: model.index(EMPTY, 0).data(tip) is not None)
    assert model.index(EMPTY, 0).data(tip).startswith("not found in ")
    assert model.index(0, 0).data(tip) is None
    window.bot.waitUntil(lambda: not window.thumbnails.is_busy, timeout=60_000)


def test_a_number_that_the_edge_would_cut_is_not_shown_as_another_one(window: Window) -> None:
    table, section, name = window.table, section_of("precision"), section_of("name")
    right = table.columnViewportPosition(section) + table.columnWidth(section)
    table.setColumnWidth(name, table.columnWidth(name) + table.viewport().width() + 12 - right)
    left = table.columnViewportPosition(section)
    shown = table.viewport().grab().toImage()
    width, height = table.viewport().width() - left, table.row_height
    first, second = (shown.copy(left, row * height, width, height) for row in (1, 2))
    assert window.texts("precision")[1:3] == ["0.333", "1.000"]
    assert first == second


def test_light_and_dark_paint_the_table_in_other_colours(window: Window) -> None:
    window.theme.set_mode(Mode.DARK)
    dark = window.table.viewport().grab().toImage().pixelColor(600, 3)
    window.theme.set_mode(Mode.LIGHT)
    light = window.table.viewport().grab().toImage().pixelColor(600, 3)
    assert dark.lightness() < 100 < light.lightness()


def test_a_hundred_thousand_images_scroll_sort_filter_and_step(window: Window) -> None:
    ground_truth, results = records(IMAGES)
    ground_truth["images"] = [{"id": number, "file_name": f"img_{number}.jpg"} for number in range(100_000)]
    window.open(ground_truth, results)
    model = window.model
    assert model.rowCount() == 100_000
    window.click_header("fn")
    assert window.model.index(0, 1).data() == "img_4.jpg"
    window.table.verticalScrollBar().setValue(window.table.verticalScrollBar().maximum())
    window.table.viewport().grab()
    window.panel.last()
    assert window.session.image_row == 99_999
    window.panel.step(-1)
    assert window.session.image_row == 99_998
    window.bot.waitUntil(lambda: model.index(0, 1).data(Role.SORT) is not None)
    window.click_header("name")
    window.bot.waitUntil(lambda: model.index(11, 1).data() == "img_11.jpg", timeout=20_000)
    window.type_filter("img_9999* objects=0")
    window.bot.waitUntil(lambda: model.rowCount() == 11, timeout=20_000)
    assert np.array_equal(window.panel.image_rows(), [9_999, *range(99_990, 100_000)])


def test_a_column_tells_what_was_said_of_each_image(window: Window) -> None:
    reviewing = window.reviewing
    reviewing.set_reviewed([0], True)
    reviewing.judge([BoxRef(Side.OBJECT, 0), BoxRef(Side.OBJECT, 1), ImageRef(1)], Judgement.LABEL)
    reviewing.judge([BoxRef(Side.DETECTION, 0)], Judgement.MODEL)
    window.bot.waitUntil(lambda: not reviewing.is_busy, timeout=60_000)
    assert window.texts("verdicts") == ["reviewed, 2 flags, 1 model wrong", "1 flag", "", "", "", ""]
    window.click_header("verdicts")
    assert window.numbers("verdicts") == [5, 2, 0, 0, 0, 0]
    window.click_header("verdicts")
    assert window.texts("verdicts")[-2:] == ["1 flag", "reviewed, 2 flags, 1 model wrong"]
    reviewing.withdraw([BoxRef(Side.OBJECT, 0), BoxRef(Side.OBJECT, 1), ImageRef(1)])
    window.bot.waitUntil(lambda: not reviewing.is_busy, timeout=60_000)
    assert window.texts("verdicts") == ["", "", "", "", "", "reviewed, 1 model wrong"]


@pytest.mark.parametrize("judgement", [*Judgement, None])
def test_each_verdict_leaves_its_trace_in_the_table_within_its_column(
    window: Window, judgement: Judgement | None
) -> None:
    places = [BoxRef(Side.DETECTION, 0), BoxRef(Side.OBJECT, 0), ImageRef(0)]
    assert not painted(window, 70)
    if judgement is None:
        window.reviewing.set_note(places, "look")
    else:
        window.reviewing.judge(places, judgement)
    window.bot.waitUntil(lambda: not window.reviewing.is_busy, timeout=60_000)
    assert "3" in window.texts("verdicts")[0]
    assert painted(window, 70)
    window.reviewing.set_note(places, "look")
    window.reviewing.judge_each(
        dict(zip(places, map(Verdict, (Judgement.MODEL, Judgement.AMBIGUOUS, Judgement.FINE)), strict=True))
    )
    window.reviewing.judge([BoxRef(Side.OBJECT, 1)], Judgement.LABEL)
    window.bot.waitUntil(lambda: not window.reviewing.is_busy, timeout=60_000)
    for width in (30, 50, 70):
        assert max(painted(window, width)) < width


def painted(window: Window, width: int) -> set[int]:
    """The columns of pixels that a cell so wide has something in."""
    image = QImage(300, 30, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    window.model.states.paint(painter, 0, QRect(0, 0, width, 30), DARK)
    painter.end()
    return {x for x in range(300) if any(image.pixel(x, y) & 0xFFFFFF for y in range(30))}
