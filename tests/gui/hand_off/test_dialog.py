"""Handing off in the window."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QProgressBar, QPushButton, QRadioButton

from inspector.refs import BoxRef, Side
from inspector.review.verdicts import Judgement, Kind
from inspector.sources import Sources
from tests.gui.conftest import LONG, Gate, Program
from widgets.hand_off import handing
from widgets.hand_off.dialog import HandOffDialog

CONTROL = Qt.KeyboardModifier.ControlModifier


class Hands:
    """The open dialog."""

    def __init__(self, program: Program) -> None:
        self.program = program
        program.window.activateWindow()
        program.bot.waitUntil(program.window.isActiveWindow, timeout=LONG)
        program.workspace.canvas.canvas.setFocus()
        program.key(Qt.Key.Key_H, CONTROL)
        self.dialog = next(found for found in program.window.findChildren(HandOffDialog) if found.isVisible())
        self.wait_for(lambda: "Counting …" not in self.words())

    def wait_for(self, happened: Callable[[], bool]) -> None:
        self.program.bot.waitUntil(happened, timeout=LONG)

    def words(self) -> str:
        return "\n".join(label.text() for label in self.dialog.findChildren(QLabel) if label.isVisible())

    def button(self, text: str) -> QPushButton:
        buttons = self.dialog.findChildren(QPushButton)
        return next(found for found in buttons if found.text().replace("&", "") == text)

    def choose(self, form: str) -> None:
        buttons = self.dialog.findChildren(QRadioButton)
        next(found for found in buttons if found.text().replace("&", "") == form).setChecked(True)

    def into(self, folder: Path) -> None:
        line = self.dialog.findChildren(QLineEdit)[0]
        line.selectAll()
        self.program.bot.keyClicks(line, str(folder))

    def write(self) -> None:
        self.program.click(self.button("Write"))
        self.wait_for(lambda: self.button("Write").isEnabled())

    def close(self) -> None:
        self.program.bot.keyClick(self.dialog, Qt.Key.Key_Escape)


@pytest.fixture
def flagged(opened: Program) -> Program:
    """Two objects are spurious, one has an unknown class."""
    spurious = [BoxRef(Side.OBJECT, row) for row in (0, 1)]
    opened.reviewing.judge(spurious, Judgement.LABEL, Kind.SPURIOUS)
    opened.reviewing.judge([BoxRef(Side.OBJECT, 9)], Judgement.LABEL, Kind.WRONG_CLASS)
    opened.keep()
    return opened


def test_without_flags_there_is_nothing_to_write(opened: Program) -> None:
    hands = Hands(opened)
    assert "No flags yet" in hands.words()
    assert not hands.button("Write").isEnabled()
    hands.close()


def test_it_proposes_a_folder_beside_a_review_file_that_was_chosen_elsewhere(
    opened: Program, tmp_path: Path
) -> None:
    hands = Hands(opened)
    assert hands.dialog.findChildren(QLineEdit)[0].text() == str(tmp_path / "first" / "hand-off")
    hands.close()
    elsewhere = tmp_path / "mine"
    elsewhere.mkdir()
    opened.reviewing.use(elsewhere / "said.sqlite")
    opened.bot.waitUntil(lambda: opened.reviewing.path == elsewhere / "said.sqlite", timeout=LONG)
    hands = Hands(opened)
    assert hands.dialog.findChildren(QLineEdit)[0].text() == str(elsewhere / "hand-off")
    hands.close()


def test_each_form_is_written_where_the_person_wants(flagged: Program, tmp_path: Path) -> None:
    hands = Hands(flagged)
    assert "3 flags on 2 images" in hands.words()
    hands.into(tmp_path / "out")
    for form, name in (
        ("List of the flags", "flags.csv"),
        ("Flagged images", "flagged.json"),
        ("Corrected ground truth", "corrected.json"),
        ("Crops", "crops"),
    ):
        hands.choose(form)
        hands.write()
        assert f"Written: {tmp_path / 'out' / name} (" in hands.words()
        assert (tmp_path / "out" / name).exists()
    assert len(list((tmp_path / "out" / "crops").glob("*.jpg"))) == 3
    assert len(json.loads((tmp_path / "out" / "corrected.json").read_text())["annotations"]) == 70
    hands.close()


def test_it_tells_what_is_left_out_and_what_will_be_replaced(flagged: Program, tmp_path: Path) -> None:
    hands = Hands(flagged)
    hands.choose("Corrected ground truth")
    hands.into(tmp_path)
    assert "1 flag left out: wrong class, and nobody said the right one (1)" in hands.words()
    assert "will be replaced" not in hands.words()
    hands.write()
    assert "(2 flags; 1 left out)" in hands.words()
    hands.choose("List of the flags")
    hands.choose("Corrected ground truth")
    assert f"{tmp_path / 'corrected.json'} is there already, and will be replaced." in hands.words()
    hands.close()


def test_it_tells_that_a_file_of_somebody_else_stays(flagged: Program, tmp_path: Path) -> None:
    (tmp_path / "flags.csv").write_text("mine")
    hands = Hands(flagged)
    hands.into(tmp_path)
    assert "is there already, but not from a hand-off: it will not be replaced." in hands.words()
    hands.write()
    assert "not replaced: this file was not written by a hand-off" in hands.words()
    assert (tmp_path / "flags.csv").read_text() == "mine"
    hands.close()


def test_nothing_in_it_is_cut_or_squeezed(flagged: Program, tmp_path: Path) -> None:
    (tmp_path / "corrected.json").write_text("mine")
    hands = Hands(flagged)
    hands.choose("Corrected ground truth")
    hands.into(tmp_path)
    texts = [*hands.dialog.findChildren(QLabel), *hands.dialog.findChildren(QRadioButton)]
    for text in texts:
        assert text.height() >= text.minimumSizeHint().height(), text.text()
        assert text.width() >= text.minimumSizeHint().width(), text.text()
    hands.close()


def test_what_goes_wrong_is_one_line_and_the_dialog_stays(flagged: Program, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    hands = Hands(flagged)
    hands.into(tmp_path / "file")
    hands.write()
    assert f"{tmp_path / 'file'}: cannot be made: " in hands.words()
    assert hands.dialog.isVisible()
    hands.close()


def test_the_open_ground_truth_is_not_overwritten(flagged: Program, sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "corrected.json").symlink_to(sources.ground_truth)
    before = sources.ground_truth.read_bytes()
    hands = Hands(flagged)
    hands.choose("Corrected ground truth")
    hands.into(tmp_path / "out")
    hands.write()
    assert "not overwritten: it is read here" in hands.words()
    assert sources.ground_truth.read_bytes() == before
    hands.close()


def test_writing_shows_how_far_it_is_and_can_be_cancelled(
    flagged: Program, tmp_path: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = handing.hand_off

    def slow(*given: object) -> object:
        gate.hold(given[-1], "Writing slowly")  # type: ignore[arg-type]
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(handing, "hand_off", slow)
    hands = Hands(flagged)
    hands.into(tmp_path / "out")
    flagged.click(hands.button("Write"))
    bar = hands.dialog.findChildren(QProgressBar)[0]
    hands.wait_for(lambda: "Writing slowly …" in hands.words() and bar.value() == 400)
    assert not hands.button("Write").isEnabled()
    hands.close()  # Escape cancels first
    assert "Cancelled" in hands.words()
    assert hands.dialog.isVisible()
    assert gate.was_cancelled.wait(LONG / 1000)
    assert not (tmp_path / "out").exists()
    hands.close()


def test_the_folder_is_remembered_and_can_be_opened(
    flagged: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", seen.append)
    hands = Hands(flagged)
    hands.into(tmp_path / "out")
    hands.write()
    flagged.click(hands.button("Open folder"))
    assert [Path(url.toLocalFile()) for url in seen] == [tmp_path / "out"]
    hands.close()
    QApplication.processEvents()
    again = Hands(flagged)
    assert again.dialog.findChildren(QLineEdit)[0].text() == str(tmp_path / "out")
    again.close()


def test_all_that_is_said_is_handed_off_whatever_is_shown(flagged: Program, tmp_path: Path) -> None:
    flagged.session.restrict(np.array([5]))
    flagged.settle()
    hands = Hands(flagged)
    assert "3 flags on 2 images" in hands.words()
    hands.into(tmp_path)
    hands.write()
    assert (tmp_path / "flags.csv").read_text(encoding="utf-8-sig").count("\n") == 4
    hands.close()
