"""The dock Doctor, the line above the image, and remedies."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton

from inspector.doctor import Finding, Severity
from inspector.progress import Progress
from inspector.reading import AS_WRITTEN
from inspector.refs import BoxRef, Side
from inspector.sources import Sources
from tests.gui.conftest import LONG, Gate, Program, records, write_set
from widgets.doctor import AlertBar, DoctorPanel

Key = Qt.Key


def _shifted(folder: Path) -> Sources:
    """Detections whose class ids begin at 0 where those of the ground truth begin at 1."""
    truth, results = records(images=12)
    moved = [{**result, "category_id": result["category_id"] - 1} for result in results]
    return write_set(folder, truth, moved, pictures=True)


@pytest.fixture
def shifted(program: Program, tmp_path: Path) -> Program:
    program.open(_shifted(tmp_path / "shifted"))
    return program


def _finding(program: Program, severity: Severity) -> Finding:
    found = program.workspace.examination.findings
    return next(one for one in found if one.severity is severity and one.remedies)


def _panel(program: Program) -> DoctorPanel:
    return program.workspace.doctor


def _said(widget: DoctorPanel | AlertBar) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def _press(program: Program, button: QPushButton) -> None:
    with program.bot.waitSignal(program.session.results_changed, timeout=LONG):
        program.click(button)
    program.settle()


def test_an_error_is_told_above_the_image_with_its_remedy(shifted: Program) -> None:
    bar, error = shifted.part(AlertBar), _finding(shifted, Severity.ERROR)
    assert bar.isVisible()
    assert error.title in _said(bar)
    assert {error.remedies[0].title, "Show"} <= set(shifted.buttons(bar))
    shifted.click(shifted.buttons(bar)["Show"])
    assert _panel(shifted).list.current == error
    assert error.remedies[0].title in shifted.buttons(_panel(shifted))


def test_what_is_dismissed_stays_away_until_other_files_are_opened(
    shifted: Program, sources: Sources, tmp_path: Path
) -> None:
    bar = shifted.part(AlertBar)
    while bar.isVisible():  # there may be several errors
        shifted.click(next(button for button in bar.findChildren(QToolButton) if button.isVisible()))
    assert shifted.session.sources is not None
    shifted.open(shifted.session.sources)
    assert not bar.isVisible()
    shifted.open(sources)
    shifted.open(_shifted(tmp_path / "others"))
    assert bar.isVisible()


def test_a_remedy_is_applied_and_taken_back_and_never_touches_the_files(shifted: Program) -> None:
    sources, error = shifted.session.sources, _finding(shifted, Severity.ERROR)
    assert sources is not None
    assert sources.detections is not None
    held, before = sources.detections.read_bytes(), shifted.counts().tp
    shifted.session.show_image(4)
    shifted.workspace.images.set_filter("class:apple")
    shifted.session.set_confidence(0.3)
    shifted.workspace.show_doctor(error.code)
    _press(shifted, shifted.buttons(_panel(shifted))[error.remedies[0].title])
    assert shifted.session.sources == replace(sources, reading=error.remedies[0].reading)
    assert shifted.counts().tp > before
    assert (shifted.session.image_row, shifted.session.point.confidence) == (4, 0.3)
    assert shifted.workspace.images.filter_line.text() == "class:apple"
    assert "Applied: " in _said(_panel(shifted))
    assert not shifted.part(AlertBar).isVisible()
    assert sources.detections.read_bytes() == held
    _press(shifted, shifted.buttons(_panel(shifted))["Take back"])
    assert shifted.session.sources.reading == AS_WRITTEN
    assert "Applied: " not in _said(_panel(shifted))


def test_the_focus_goes_from_a_remedy_to_its_way_back_and_what_was_selected_stays(shifted: Program) -> None:
    error, panel = _finding(shifted, Severity.ERROR), _panel(shifted)
    box = BoxRef(Side.OBJECT, 9)
    shifted.session.select(box)
    shifted.workspace.show_doctor(error.code)
    _press(shifted, shifted.buttons(panel)[error.remedies[0].title])
    shifted.bot.waitUntil(lambda: shifted.workspace.examination.is_known, timeout=LONG)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Take back"
    assert panel.list.current is None or panel.list.current.code == error.code
    assert shifted.session.selected == box
    _press(shifted, shifted.buttons(panel)["Take back"])
    assert QApplication.focusWidget() is panel.list
    shifted.bot.waitUntil(lambda: panel.list.current is not None, timeout=LONG)
    assert panel.list.current is not None
    assert panel.list.current.code == error.code


def test_a_remedy_that_was_applied_is_still_in_force_when_the_files_are_opened_again(
    shifted: Program, start: Callable[[], Program]
) -> None:
    error = _finding(shifted, Severity.ERROR)
    shifted.workspace.show_doctor(error.code)
    _press(shifted, shifted.buttons(_panel(shifted))[error.remedies[0].title])
    shifted.window.close()
    again = start()
    title = next(text for text in again.buttons() if "found.json" in text)
    with again.bot.waitSignal(again.session.results_changed, timeout=LONG):
        again.click(again.buttons()[title])
    again.settle()
    again.workspace.show_doctor()
    assert "Applied: " in _said(_panel(again))


def test_an_example_is_shown_by_a_key_and_by_a_click(opened: Program, tmp_path: Path) -> None:
    truth, results = records(images=5)
    results[7] = {**results[7], "bbox": [10, 10, 0, 20], "score": 0.9}
    opened.open(write_set(tmp_path / "odd", truth, results, pictures=True))
    opened.key(Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    panel = _panel(opened)
    assert panel.isVisible()
    assert QApplication.focusWidget() is panel.list
    code = next(one.code for one in opened.workspace.examination.findings if "zero" in one.title)
    panel.choose(code)
    opened.key(Key.Key_Return)
    assert QApplication.focusWidget() is panel.details.examples
    opened.key(Key.Key_Return)
    selected = opened.session.selected
    assert isinstance(selected, BoxRef)
    assert selected.kind is Side.DETECTION
    dataset = opened.session.dataset
    assert dataset is not None
    assert dataset.detections.boxes[selected.row].tolist() == [10, 10, 0, 20]
    opened.session.select(None)
    item = panel.details.examples.visualItemRect(panel.details.examples.item(0)).center()
    opened.click(panel.details.examples.viewport(), item)
    assert opened.session.selected == selected


def test_an_example_is_shown_among_some_of_the_images_as_well(opened: Program, tmp_path: Path) -> None:
    truth, results = records(images=5)
    results[-1] = {**results[-1], "bbox": [10, 10, 0, 20], "score": 0.9}
    opened.open(write_set(tmp_path / "odd", truth, results, pictures=True))
    finding = next(one for one in opened.workspace.examination.findings if "zero" in one.title)
    panel = _panel(opened)
    opened.workspace.show_doctor(finding.code)
    with opened.bot.waitSignal(opened.session.results_changed, timeout=LONG):
        opened.session.restrict(np.array([4]))
    opened.settle()
    panel.details.examples.setCurrentRow(0)
    panel.details.examples.setFocus()
    opened.key(Key.Key_Return)
    selected, dataset = opened.session.selected, opened.session.dataset
    assert isinstance(selected, BoxRef)
    assert dataset is not None
    assert dataset.detections.boxes[selected.row].tolist() == [10, 10, 0, 20]
    with opened.bot.waitSignal(opened.session.results_changed, timeout=LONG):
        opened.session.restrict(None)
    with opened.bot.waitSignal(opened.session.results_changed, timeout=LONG):
        opened.session.restrict(np.array([0]))
    opened.settle()
    opened.key(Key.Key_Return)
    assert "not among those that are shown" in opened.window.statusBar().currentMessage()


def test_a_finding_is_copied_as_text_and_all_of_them_are_saved(shifted: Program, tmp_path: Path) -> None:
    error = _finding(shifted, Severity.ERROR)
    shifted.workspace.show_doctor(error.code)
    shifted.key(Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert error.title.split()[0] in QGuiApplication.clipboard().text()
    target, text = tmp_path / "findings.json", tmp_path / "findings.txt"
    for path in (target, text):
        _panel(shifted).save(path)
        shifted.bot.waitUntil(path.exists, timeout=LONG)
    codes = [record["code"] for record in json.loads(target.read_text())["findings"]]
    assert codes == [finding.code for finding in shifted.workspace.examination.findings]
    assert error.remedies[0].title in text.read_text(encoding="utf-8").replace("\n" + " " * 11, " ")


def test_the_files_that_are_open_are_not_overwritten(shifted: Program) -> None:
    sources = shifted.session.sources
    assert sources is not None
    assert sources.detections is not None
    held = sources.detections.read_bytes()
    _panel(shifted).save(sources.detections)
    assert "not overwritten" in shifted.window.statusBar().currentMessage()
    assert sources.detections.read_bytes() == held


def test_what_takes_longer_is_measured_when_asked_for_and_can_be_cancelled(
    opened: Program, monkeypatch: pytest.MonkeyPatch, gate: Gate
) -> None:
    def slowly(
        _dataset: object, _sources: object, _protocol: object, progress: Progress, **_: bool
    ) -> tuple[Finding, ...]:
        gate.hold(progress, "Measuring")
        return (Finding("late", Severity.ERROR, "late", 0),)

    monkeypatch.setattr("inspector.doctor.examine", slowly)
    opened.workspace.show_doctor()
    before = opened.workspace.examination.findings
    opened.click(opened.buttons(_panel(opened))["Examine again"])
    opened.bot.waitUntil(gate.entered.is_set, timeout=LONG)
    assert "measuring" in _said(_panel(opened))
    opened.click(opened.buttons(_panel(opened))["Cancel"])
    opened.bot.waitUntil(gate.was_cancelled.is_set, timeout=LONG)
    assert opened.workspace.examination.findings == before
    assert "Examine again" in opened.buttons(_panel(opened))
