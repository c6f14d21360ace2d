"""The first page, opening by button, by drop and from the recent list, and what happens when it fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QMenu, QMessageBox

from inspector.sources import Sources
from tests.gui.conftest import LONG, Gate, Program, records, write_set
from widgets.opening import OpenDialog
from widgets.window.tool_bar import ConfidenceField


def recent_actions(program: Program) -> list[QAction]:
    menus = [menu for menu in program.window.findChildren(QMenu) if menu.title() == "Open recent"]
    return menus[0].actions()


def test_the_program_starts_with_a_page_that_says_what_to_do(program: Program) -> None:
    assert program.is_at_welcome
    assert {"Open files…", "Open the demo"} <= set(program.buttons())
    assert "Recent" not in program.welcome_texts()
    assert any("drop the files here" in text for text in program.welcome_texts())
    assert not program.part(ConfidenceField).isVisible()


def test_the_demo_button_makes_and_opens_the_demo(program: Program, tmp_path: Path) -> None:
    with program.bot.waitSignal(program.session.results_changed, timeout=30_000):
        program.click(program.buttons()["Open the demo"])
    program.settle()
    assert not program.is_at_welcome
    assert program.session.dataset is not None
    assert len(program.session.dataset.images) >= 120
    assert "128 images" in program.status()
    assert program.session.dataset.ground_truth_path.is_relative_to(tmp_path / "cache")


def test_opening_shows_every_view(opened: Program) -> None:
    workspace = opened.workspace
    assert not opened.is_at_welcome
    for view in (workspace.canvas, workspace.images, workspace.curves, workspace.classes):
        assert view.isVisible()
    assert opened.part(ConfidenceField).isVisible()
    assert workspace.images.filter_line.isVisible()
    assert "first" in opened.window.windowTitle()
    assert "found.json" in opened.window.windowTitle()


def test_the_dialog_opens_what_its_fields_name(program: Program, sources: Sources) -> None:
    program.click(program.buttons()["Open files…"])
    dialog = program.part(OpenDialog)
    fields = {edit.accessibleName(): edit for edit in dialog.findChildren(QLineEdit)}
    accept = dialog.findChildren(QDialogButtonBox)[0].button(QDialogButtonBox.StandardButton.Open)
    assert not accept.isEnabled()
    program.bot.keyClicks(fields["Ground truth"], str(sources.ground_truth))
    program.bot.keyClicks(fields["Detections"], str(sources.detections) + "x")
    program.bot.waitUntil(lambda: not accept.isEnabled(), timeout=LONG)
    program.bot.keyClick(fields["Detections"], "\b")
    program.bot.waitUntil(accept.isEnabled, timeout=LONG)
    with program.bot.waitSignal(program.session.results_changed, timeout=LONG):
        program.click(accept)
    assert program.session.sources == sources


def test_the_dialog_starts_with_what_is_open(opened: Program, sources: Sources) -> None:
    opened.choose("File", "Open…")
    dialog = opened.part(OpenDialog)
    texts = {edit.accessibleName(): edit.text() for edit in dialog.findChildren(QLineEdit)}
    assert texts["Ground truth"] == str(sources.ground_truth)
    assert texts["Detections"] == str(sources.detections)
    dialog.reject()


# --- recent files ---


def test_what_was_open_can_be_opened_again_after_a_restart(
    opened: Program, sources: Sources, start: Callable[[], Program]
) -> None:
    opened.window.close()
    again = start()
    assert "Recent" in again.welcome_texts()
    button = again.buttons()["first  –  found.json"]
    with again.bot.waitSignal(again.session.results_changed, timeout=LONG):
        again.click(button)
    assert again.session.sources == sources


def test_the_last_one_opened_comes_first_and_each_only_once(
    opened: Program, sources: Sources, other_sources: Sources
) -> None:
    opened.open(other_sources)
    opened.open(sources)
    titles = [action.text() for action in recent_actions(opened)]
    assert titles == ["first  –  found.json", "second  –  found.json"]
    with opened.bot.waitSignal(opened.session.results_changed, timeout=LONG):
        recent_actions(opened)[1].trigger()
    assert opened.session.sources == other_sources


def test_files_that_are_gone_leave_the_recent_list(
    opened: Program, sources: Sources, other_sources: Sources, start: Callable[[], Program]
) -> None:
    opened.open(other_sources)
    opened.window.close()
    sources.detections.unlink()
    again = start()
    assert [action.text() for action in recent_actions(again)] == ["second  –  found.json"]
    assert "first  –  found.json" not in again.buttons()


# --- dropping ---


@pytest.mark.parametrize("order", ["truth first", "detections first", "folder"])
def test_dropped_files_and_folders_are_opened_in_any_order(
    program: Program, sources: Sources, order: str
) -> None:
    paths = {
        "truth first": [sources.ground_truth, sources.detections],
        "detections first": [sources.detections, sources.ground_truth],
        "folder": [sources.ground_truth.parent],
    }[order]
    with program.bot.waitSignal(program.session.results_changed, timeout=LONG):
        assert program.drop(*paths)
    assert program.session.sources == sources


def test_detections_dropped_alone_are_compared_with_the_open_ground_truth(
    opened: Program, sources: Sources, tmp_path: Path
) -> None:
    other = tmp_path / "another_model.json"
    other.write_text(json.dumps(records()[1][:5]))
    with opened.bot.waitSignal(opened.session.results_changed, timeout=LONG):
        assert opened.drop(other)
    assert opened.session.sources == Sources(sources.ground_truth, other)
    assert opened.session.dataset is not None
    assert len(opened.session.dataset.detections) == 5


def test_dropped_rubbish_says_one_line_and_keeps_what_was_open(
    opened: Program, sources: Sources, tmp_path: Path
) -> None:
    before = opened.session.dataset, opened.session.results
    rubbish = tmp_path / "holiday.png"
    rubbish.write_bytes(b"\x89PNG")
    assert opened.drop(rubbish)
    opened.bot.waitUntil(lambda: bool(opened.messages()), timeout=LONG)
    (text,) = opened.messages()
    assert text == f"{rubbish}: is an image: drop the ground truth or detections"
    assert (opened.session.dataset, opened.session.results) == before
    assert opened.session.sources == sources


def test_a_dropped_link_to_a_page_is_not_taken(program: Program) -> None:
    from PySide6.QtCore import QMimeData, Qt, QUrl
    from PySide6.QtGui import QDragEnterEvent
    from PySide6.QtWidgets import QApplication

    data = QMimeData()
    data.setUrls([QUrl("https://example.com/labels.json")])
    entering = QDragEnterEvent(
        program.window.rect().center(),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    entering.ignore()
    QApplication.sendEvent(program.window, entering)
    assert not entering.isAccepted()


# --- failing ---


def test_the_first_page_says_why_the_first_opening_failed(
    program: Program, sources: Sources, tmp_path: Path
) -> None:
    program.window.open_sources(Sources(sources.ground_truth, tmp_path / "gone.json"))
    program.bot.waitUntil(
        lambda: f"{tmp_path / 'gone.json'}: there is no such file" in program.welcome_texts(), timeout=LONG
    )
    assert program.is_at_welcome
    assert program.messages() == []
    with program.bot.waitSignal(program.session.results_changed, timeout=LONG):
        program.window.open_sources(sources)
    assert not program.is_at_welcome


def test_the_reason_of_a_failure_goes_when_something_else_is_opened(
    program: Program, sources: Sources, tmp_path: Path, gate: Gate
) -> None:
    program.window.open_sources(Sources(tmp_path / "gone.json", tmp_path / "gone.json"))
    program.bot.waitUntil(lambda: any("gone.json" in text for text in program.welcome_texts()), timeout=LONG)
    program.window.open_found(gate.find(sources))
    assert not any("gone.json" in text for text in program.welcome_texts())


def test_a_later_failure_is_said_in_a_box_and_the_window_stays_as_it_was(
    opened: Program, tmp_path: Path
) -> None:
    title, status = opened.window.windowTitle(), opened.status()
    opened.window.open_sources(Sources(tmp_path / "gone.json", tmp_path / "gone.json"))
    opened.bot.waitUntil(lambda: bool(opened.messages()), timeout=LONG)
    assert opened.messages() == [f"{tmp_path / 'gone.json'}: there is no such file"]
    assert (opened.window.windowTitle(), opened.status()) == (title, status)
    opened.part(QMessageBox).close()
    opened.bot.waitUntil(lambda: not opened.window.findChildren(QMessageBox))


def test_reading_the_files_again_shows_what_changed_in_them(opened: Program, sources: Sources) -> None:
    opened.workspace.images.last()
    truth, results = records(images=3)
    write_set(sources.ground_truth.parent, truth, results)
    with opened.bot.waitSignal(opened.session.results_changed, timeout=LONG):
        opened.choose("File", "Read the files again")
    assert opened.session.dataset is not None
    assert len(opened.session.dataset.images) == 3
    assert opened.session.image_row == 0
    opened.settle()
    assert "IoU 0.50" in opened.status()
    assert "3 images" in opened.status()
