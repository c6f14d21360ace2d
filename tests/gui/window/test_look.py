"""Light and dark, findings in the files, and errors that nobody expected."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton

from tests.gui.conftest import Program, records, write_set
from widgets.canvas import MaskStyle
from widgets.theme import DARK, LIGHT, Colours, ink_on
from widgets.window.choice_menu import ChoiceMenu


def corner(program: Program) -> str:
    """The colour beside the image on the canvas."""
    canvas = program.workspace.canvas.canvas
    page = canvas.viewport
    left, top = page.to_widget((0.0, 0.0))
    assert left > 3 or top > 3
    return canvas.grab().toImage().pixelColor(1, 1).name()


def luminance(colour: str) -> float:
    """Relative luminance, by WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [DARK, LIGHT])
def test_words_on_labels_and_marks_can_be_read(colours: Colours) -> None:
    for plate in (colours.tp, colours.fp, colours.fn, colours.verdict, colours.ignored, colours.muted):
        darker, lighter = sorted((luminance(plate), luminance(ink_on(plate))))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_another_theme_repaints_everything(opened: Program) -> None:
    assert corner(opened) == DARK.canvas
    opened.choose_theme("Light")
    assert corner(opened) == LIGHT.canvas
    plot = opened.workspace.curves.plot.grab().toImage()
    assert plot.pixelColor(plot.width() - 2, 2).name() == LIGHT.panel
    table = opened.workspace.images.table.viewport().grab().toImage()
    assert table.pixelColor(table.width() - 2, table.height() - 2).name() == LIGHT.panel
    classes = opened.class_table.viewport().grab().toImage()
    assert QColor(LIGHT.panel) == classes.pixelColor(classes.width() // 2, classes.height() - 2)
    assert LIGHT.tp_text in opened.status_html()
    opened.choose_theme("Dark")
    assert corner(opened) == DARK.canvas
    assert DARK.tp_text in opened.status_html()


def test_a_plot_that_was_behind_has_the_new_colours_when_it_comes_forward(opened: Program) -> None:
    opened.workspace.curves.set_tab(1)
    opened.workspace.curves.set_tab(0)
    opened.choose_theme("Light")
    opened.workspace.curves.set_tab(1)
    plot = opened.workspace.curves.plot.grab().toImage()
    assert plot.pixelColor(plot.width() - 2, 2).name() == LIGHT.panel


def test_the_menu_shows_how_masks_are_drawn_and_changes_it(opened: Program) -> None:
    menu = next(menu for menu in opened.window.findChildren(ChoiceMenu) if menu.title() == "Masks")

    def checked() -> list[str]:
        return [action.text() for action in menu.actions() if action.isChecked()]

    assert checked() == ["Filled"]
    opened.key(Qt.Key.Key_M)
    assert checked() == ["Outlined"]
    next(action for action in menu.actions() if action.text() == "Off").trigger()
    assert opened.workspace.canvas.mask_style is MaskStyle.OFF
    opened.key(Qt.Key.Key_M)
    assert checked() == ["Filled"]


# --- findings ---


@pytest.fixture
def odd(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A data set with detections on images that do not exist."""
    truth, results = records(images=3)
    strays = [{**results[0], "image_id": 900 + number} for number in range(7)]
    program.open(write_set(tmp_path_factory.mktemp("set"), truth, [*results, *strays], pictures=True))
    return program


def _button(program: Program) -> QPushButton | None:
    return next((button for text, button in program.buttons().items() if "finding" in text), None)


def test_a_button_counts_the_findings_by_the_worst_and_shows_them(odd: Program) -> None:
    findings = odd.workspace.doctor.list
    assert not findings.isVisible()
    button = _button(odd)
    assert button is not None
    assert any(word in button.text() for word in ("error", "warning"))
    odd.click(button)
    assert findings.isVisible()
    assert any("unknown image" in finding.title for finding in findings.findings)


def test_without_findings_there_is_no_button(
    odd: Program, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.doctor.examine", lambda *_, **__: ())
    odd.open(write_set(tmp_path_factory.mktemp("clean"), *records(images=2), pictures=True))
    assert _button(odd) is None
    odd.workspace.show_doctor()
    assert odd.workspace.doctor.list.empty_text.startswith("Nothing to remark")
