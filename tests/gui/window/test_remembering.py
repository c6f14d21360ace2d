"""What survives closing the window and starting again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QTabBar

from inspector.sources import Sources
from tests.gui.conftest import LONG, Program
from widgets.canvas import Layer, MaskStyle
from widgets.image_table.model import section_of
from widgets.theme import Mode

Start = Callable[[], Program]


def test_the_options_are_remembered(opened: Program, sources: Sources, start: Start) -> None:
    opened.session.set_confidence(0.625)
    opened.session.set_iou_index(5)
    opened.bot.waitUntil(lambda: opened.session.point.iou_index == 5, timeout=LONG)
    opened.key(Qt.Key.Key_L)
    opened.key(Qt.Key.Key_M)
    opened.window.resize(800, 640)  # the offscreen screen is a small one
    opened.choose_theme("Light")
    tabs = opened.workspace.curves.findChildren(QTabBar)[0]
    opened.click(tabs, tabs.tabRect(1).center())
    opened.window.close()

    again = start()
    assert again.session.point.confidence == 0.625
    assert again.window.height() == 640
    assert again.theme.mode is Mode.LIGHT
    again.open(sources)
    assert again.session.point.confidence == 0.625
    assert again.session.point.iou_index == 5
    assert again.workspace.canvas.layers == {Layer.GROUND_TRUTH, Layer.PREDICTIONS}
    assert again.workspace.canvas.mask_style is MaskStyle.OUTLINED
    assert again.workspace.curves.tab == 1


def test_the_columns_are_remembered_and_the_filter_is_not(
    opened: Program, sources: Sources, start: Start
) -> None:
    table = opened.workspace.images.table
    table.titles.moveSection(table.titles.visualIndex(section_of("f1")), 1)
    table.setColumnHidden(section_of("miou"), True)
    table.titles.resizeSection(section_of("tp"), 91)
    opened.workspace.images.filter_line.set_text("fn>0")
    opened.window.close()

    again = start()
    again.open(sources)
    titles = again.workspace.images.table.titles
    assert titles.visualIndex(section_of("f1")) == 1
    assert titles.isSectionHidden(section_of("miou"))
    assert again.workspace.images.filter_line.text() == ""


def test_saved_filters_are_remembered_at_once_and_two_windows_lose_none(
    opened: Program, sources: Sources, start: Start
) -> None:
    opened.workspace.saved_filters.save("Überfüllt / 100 %", 'class:"traffic light" fp>2')
    other = start()
    other.open(sources)
    both, mine = other.workspace.saved_filters, opened.workspace.saved_filters
    assert dict(both.texts) == {"Überfüllt / 100 %": 'class:"traffic light" fp>2'}
    both.save("night", "night")
    mine.save("day", "day")
    assert set(mine.texts) == {"day", "night", "Überfüllt / 100 %"}
    both.remove("Überfüllt / 100 %")
    both.rename("night", "dark")
    mine.save("empty", "objects=0")
    other.window.close()
    opened.window.close()

    again = start()
    again.open(sources)
    assert dict(again.workspace.saved_filters.texts) == {"dark": "night", "day": "day", "empty": "objects=0"}


def test_the_layout_is_remembered_and_can_be_put_back(
    opened: Program, sources: Sources, start: Start
) -> None:
    opened.workspace.docks["Curves"].close()
    opened.workspace.show_doctor()
    opened.window.close()

    again = start()
    again.open(sources)

    def visible() -> list[str]:
        docks = again.workspace.docks
        return [title for title in ("Images", "Curves", "Classes", "Doctor") if docks[title].isVisible()]

    assert visible() == ["Images", "Classes", "Doctor"]
    again.choose("View", "Standard layout")
    assert visible() == ["Images", "Curves", "Classes"]


def test_closing_on_the_first_page_keeps_the_layout_of_before(
    opened: Program, sources: Sources, start: Start
) -> None:
    opened.workspace.docks["Curves"].close()
    opened.window.close()
    start().window.close()
    third = start()
    third.open(sources)
    assert not third.workspace.docks["Curves"].isVisible()


@pytest.mark.parametrize("value", ["rubbish", "nan", "inf", "-3", "", "1e400"])
def test_damaged_settings_are_left_out(
    settings_file: Path, start: Start, sources: Sources, value: str
) -> None:
    store = QSettings(str(settings_file), QSettings.Format.IniFormat)
    keys = (
        "confidence",
        "curve_tab",
        "theme",
        "geometry",
        "layout",
        "table/header",
        "table/columns",
        "masks",
        "filters",
    )
    for key in (*keys, "iou", "protocol/iou", "protocol/ap", "protocol/sizes", "protocol/max_dets"):
        store.setValue(key, value)
    store.setValue("recent/0/ground_truth", value)
    store.setValue("recent/0/detections", value)
    store.sync()
    program = start()
    assert 0 <= program.session.point.confidence <= 1
    assert "Recent" not in program.welcome_texts()
    program.open(sources)
    hidden = {title for title, dock in program.workspace.docks.items() if dock.isHidden()}
    assert hidden == {"Gallery", "Doctor"}
    assert program.workspace.curves.tab in (0, 1)


def test_a_settings_file_that_is_rubbish_does_no_harm(
    settings_file: Path, start: Start, sources: Sources
) -> None:
    settings_file.write_bytes(bytes(range(256)) * 20)
    program = start()
    program.open(sources)
    assert program.session.point.confidence == 0.5
