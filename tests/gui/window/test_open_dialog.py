"""The dialog that asks what is opened: candidates, formats, matching, and what is wrong beside its field."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QDialogButtonBox, QLabel, QLineEdit, QPushButton

from inspector.reading import Reading
from inspector.sources import Sources
from tests.gui.conftest import LONG, Gate, Program, records, write_set
from widgets.opening import OpenDialog
from widgets.window.status_bar import StatusBar


class Asked:
    """The open dialog, and hands to use it."""

    def __init__(self, program: Program) -> None:
        self._program = program
        program.bot.waitUntil(lambda: bool(self._shown()), timeout=LONG)
        self.dialog = self._shown()[-1]
        self.paths = {edit.accessibleName(): edit for edit in self.dialog.findChildren(QLineEdit)}
        self.boxes = {box.accessibleName(): box for box in self.dialog.findChildren(QComboBox)}
        buttons = self.dialog.findChildren(QDialogButtonBox)[0]
        self.accept = buttons.button(QDialogButtonBox.StandardButton.Open)

    def _shown(self) -> list[OpenDialog]:
        return [item for item in self._program.window.findChildren(OpenDialog) if item.isVisible()]

    def says(self, part: str) -> None:
        """Wait until a label says so."""

        def is_said() -> bool:
            labels = (label for label in self.dialog.findChildren(QLabel) if label.isVisible())
            return any(part in label.text() for label in labels)

        self._program.bot.waitUntil(is_said, timeout=LONG)

    def type(self, name: str, text: str) -> None:
        self.paths[name].selectAll()
        self._program.bot.keyClicks(self.paths[name], text)

    def open(self) -> None:
        self._program.bot.waitUntil(self.accept.isEnabled, timeout=LONG)
        with self._program.bot.waitSignal(self._program.session.dataset_changed, timeout=LONG):
            self._program.click(self.accept)


@pytest.fixture
def two_models(tmp_path: Path) -> Path:
    """A data set with two files of detections."""
    folder = tmp_path / "two"
    write_set(folder, *records(images=3), pictures=True)
    (folder / "other_model.json").write_text(json.dumps(records(images=3, seed=3)[1]))
    return folder


def test_what_is_ambiguous_when_dropped_is_asked_about_with_the_best_choice_made(
    program: Program, two_models: Path
) -> None:
    program.drop(two_models)
    asked = Asked(program)
    assert asked.paths["Ground truth"].text() == str(two_models / "labels.json")
    assert asked.paths["Detections"].text() == str(two_models / "found.json")
    box = next(
        item for item in asked.dialog.findChildren(QComboBox) if item.lineEdit() is asked.paths["Detections"]
    )
    assert [box.itemText(row) for row in range(box.count())] == [
        str(two_models / "found.json"),
        str(two_models / "other_model.json"),
    ]
    assert box.itemData(1, Qt.ItemDataRole.UserRole).startswith("other_model.json   COCO results, ")
    asked.says("2 found in two")
    program.bot.keyClick(box, Qt.Key.Key_Down)
    asked.open()
    assert program.session.sources == Sources(two_models / "labels.json", two_models / "other_model.json")


def test_the_recognised_formats_and_the_consequence_of_matching_are_told(opened: Program) -> None:
    opened.choose("File", "Open…")
    asked = Asked(opened)
    asked.says("detections find their image")
    formats = asked.boxes["Format of ground truth"], asked.boxes["Format of detections"]
    assert [box.currentText() for box in formats] == ["COCO JSON", "COCO results"]
    assert opened.session.dataset is not None
    found = len(opened.session.dataset.detections)
    asked.says(f"by id: {found:,} of {found:,} detections find their class")
    asked.boxes["Match images"].setCurrentIndex(3)
    asked.says(f"by name: 0 of {found:,} detections find their image")
    asked.open()
    assert opened.session.sources is not None
    assert opened.session.sources.reading == Reading(images_by="name")
    opened.choose("File", "Open…")
    assert Asked(opened).boxes["Match images"].currentText() == "by name"


def test_large_files_are_counted_when_asked_for_and_it_can_be_stopped(
    opened: Program, monkeypatch: pytest.MonkeyPatch, gate: Gate
) -> None:
    monkeypatch.setattr("widgets.opening.dialog.is_quick", lambda _sources, _progress: False)
    opened.choose("File", "Open…")
    asked = Asked(opened)
    asked.says("Many files, or large ones")
    buttons = {button.text(): button for button in asked.dialog.findChildren(QPushButton)}
    with monkeypatch.context() as patched:
        patched.setattr("widgets.opening.dialog.joined_of", lambda _sources, progress: gate.hold(progress))
        opened.click(buttons["C&ount"])
        opened.bot.waitUntil(gate.entered.is_set, timeout=LONG)
        opened.click(buttons["Stop"])
        opened.bot.waitUntil(gate.was_cancelled.is_set, timeout=LONG)
        asked.says("Not counted")
    opened.click(buttons["C&ount"])
    asked.says("detections find their image")
    asked.dialog.reject()


def test_one_side_alone_is_enough_but_none_is_not(program: Program, sources: Sources) -> None:
    program.click(program.buttons()["Open files…"])
    asked = Asked(program)
    assert not asked.accept.isEnabled()
    asked.type("Ground truth", str(sources.ground_truth))
    asked.says("when both sides are chosen")
    asked.open()
    assert program.session.sources == Sources(sources.ground_truth, None)


def test_what_is_wrong_stands_beside_its_field(program: Program, sources: Sources, tmp_path: Path) -> None:
    program.click(program.buttons()["Open files…"])
    asked = Asked(program)
    for name, path, told in (
        ("Ground truth", tmp_path / "gone", "There is no such file or folder"),
        ("Images", tmp_path / "nowhere", "There is no such folder"),
        ("Class names", tmp_path / "names.txt", "There is no such file"),
    ):
        asked.type(name, str(path))
        asked.says(told)
        program.bot.waitUntil(lambda: not asked.accept.isEnabled(), timeout=LONG)
        asked.type(name, str(sources.ground_truth) if name == "Ground truth" else "\b")
    program.bot.waitUntil(asked.accept.isEnabled, timeout=LONG)
    asked.dialog.reject()


def test_files_that_cannot_be_opened_are_asked_about_again_beside_their_field(
    opened: Program, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('[{"image_id": 1, "category_id": 1, "bbox": [1, 2], "score": 0.5}]')
    opened.choose("File", "Open…")
    asked = Asked(opened)
    asked.type("Detections", str(broken))
    opened.bot.waitUntil(asked.accept.isEnabled, timeout=LONG)
    with opened.bot.waitSignal(opened.session.failed, timeout=LONG):  # before it is counted, which fails too
        asked.dialog.accept()
        asked.dialog.chosen.emit(asked.dialog.sources())
    again = Asked(opened)
    again.says(f"{broken}: [0].bbox")
    assert again.paths["Detections"].text() == str(broken)
    assert opened.messages() == []
    again.dialog.reject()


def test_another_format_can_be_chosen_and_goes_with_the_path(opened: Program, sources: Sources) -> None:
    opened.choose("File", "Open…")
    asked = Asked(opened)
    box = asked.boxes["Format of ground truth"]
    box.setCurrentIndex(box.findText("COCO JSON", Qt.MatchFlag.MatchExactly) or 1)
    chosen = asked.dialog.sources()
    assert chosen is not None
    assert chosen.reading.ground_truth_format is not None
    asked.type("Ground truth", str(sources.ground_truth) + "x")
    assert asked.dialog.sources().reading.ground_truth_format is None
    asked.dialog.reject()


def test_a_folder_that_is_dropped_on_a_field_fills_the_others_too(program: Program, two_models: Path) -> None:
    program.click(program.buttons()["Open files…"])
    asked = Asked(program)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(two_models))])
    field = asked.paths["Ground truth"].parentWidget().parentWidget()
    copy, left, nothing = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(field, QDragEnterEvent(QPoint(5, 5), copy, data, left, nothing))
    QApplication.sendEvent(field, QDropEvent(QPointF(5, 5), copy, data, left, nothing))
    program.bot.waitUntil(lambda: bool(asked.paths["Detections"].text()), timeout=LONG)
    assert asked.paths["Ground truth"].text() == str(two_models / "labels.json")
    asked.dialog.reject()


def test_the_formats_are_told_in_the_status_bar_and_lead_to_the_dialog(opened: Program) -> None:
    def button() -> QPushButton | None:
        return opened.buttons(opened.part(StatusBar)).get("COCO JSON · COCO results")

    opened.bot.waitUntil(lambda: button() is not None, timeout=LONG)
    opened.click(button())
    Asked(opened).dialog.reject()


def test_how_files_were_read_is_remembered_with_them(
    program: Program, sources: Sources, start: Callable[[], Program]
) -> None:
    chosen = Sources(sources.ground_truth, sources.detections, None, Reading(images_by="id"))
    program.open(chosen)
    program.window.close()
    again = start()
    with again.bot.waitSignal(again.session.results_changed, timeout=LONG):
        again.click(again.buttons()["first  –  found.json"])
    assert again.session.sources == chosen


def test_label_pictures_that_are_dropped_are_answered_with_not_yet(program: Program, tmp_path: Path) -> None:
    Image.new("P", (8, 6), 3).save(tmp_path / "a.png")
    program.drop(tmp_path)
    program.bot.waitUntil(
        lambda: any("semantic segmentation" in text for text in program.welcome_texts()), timeout=LONG
    )
