"""The review file and the reviewer's name, from the menu; and what a new start knows of them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QInputDialog, QMessageBox

from inspector.refs import BoxRef, Side
from inspector.review.file import ReviewFile
from inspector.review.verdicts import Judgement
from inspector.sources import Sources
from tests.gui.conftest import LONG, Program

FIRST = BoxRef(Side.OBJECT, 0)


@pytest.fixture
def judged(opened: Program) -> Program:
    """One verdict is given."""
    opened.reviewing.judge([FIRST], Judgement.MODEL)
    opened.keep()
    return opened


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[[Program, Path], None]:
    """Chooses a review file in the dialog of the system."""

    def choose(program: Program, path: Path) -> None:
        monkeypatch.setattr(
            "widgets.window.review_place.QFileDialog.getSaveFileName", lambda *_at, **_how: (str(path), "")
        )
        program.choose("Review", "Review file…")

    return choose


def wait_for(program: Program, path: Path) -> None:
    program.bot.waitUntil(lambda: program.reviewing.path == path, timeout=LONG)
    program.keep()


@pytest.mark.parametrize(("answer", "verdicts"), [("Copy", 1), ("Begin empty", 0)])
def test_a_new_file_begins_with_a_copy_or_empty(
    judged: Program, choose: Callable[[Program, Path], None], tmp_path: Path, answer: str, verdicts: int
) -> None:
    choose(judged, tmp_path / "other")
    judged.click(judged.buttons(judged.part(QMessageBox))[answer])
    wait_for(judged, tmp_path / "other.sqlite")
    assert len(judged.reviewing.entries) == verdicts


def test_cancel_stays_with_the_file(
    judged: Program, choose: Callable[[Program, Path], None], tmp_path: Path
) -> None:
    before = judged.reviewing.path
    choose(judged, tmp_path / "other.sqlite")
    judged.click(judged.buttons(judged.part(QMessageBox))["Cancel"])
    judged.keep()
    assert judged.reviewing.path == before
    assert not (tmp_path / "other.sqlite").exists()


def test_an_existing_file_is_opened_and_never_overwritten(
    judged: Program, choose: Callable[[Program, Path], None], tmp_path: Path
) -> None:
    assert judged.reviewing.path is not None
    shutil.copy(judged.reviewing.path, tmp_path / "copy.sqlite")
    choose(judged, tmp_path / "copy.sqlite")
    wait_for(judged, tmp_path / "copy.sqlite")
    (tmp_path / "letter.txt").write_text("precious")
    choose(judged, tmp_path / "letter.txt")
    judged.bot.waitUntil(lambda: bool(judged.messages()), timeout=LONG)
    assert "is not a review file" in judged.messages()[0]
    assert (tmp_path / "letter.txt").read_text() == "precious"
    assert judged.reviewing.path == tmp_path / "copy.sqlite"


def test_the_name_is_asked_for_and_remembered(start: Callable[[], Program], sources: Sources) -> None:
    first = start()
    first.open(sources)
    first.choose("Review", "Reviewer's name…")
    dialog = first.part(QInputDialog)
    assert dialog.textValue() == "Ada"
    dialog.setTextValue("Grace")
    dialog.accept()
    first.reviewing.judge([FIRST], Judgement.MODEL)
    first.keep()
    assert first.reviewing.entries[FIRST].author == "Grace"
    first.window.close()
    assert start().reviewing.author == "Grace"


def test_newer_detections_after_a_restart_find_the_file_of_their_ground_truth(
    start: Callable[[], Program], sources: Sources, tmp_path: Path
) -> None:
    first = start()
    first.open(sources)
    first.reviewing.judge([FIRST], Judgement.MODEL)
    first.keep()
    first.window.close()
    newer = tmp_path / "newer"
    newer.mkdir()
    shutil.copy(sources.detections, newer / "found.json")
    second = start()
    second.open(Sources(sources.ground_truth, newer / "found.json"))
    assert list(second.reviewing.entries) == [FIRST]
    assert not list(newer.glob("*.sqlite"))


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be renamed there")
def test_a_window_that_cannot_keep_the_last_verdict_says_so_before_it_closes(judged: Program) -> None:
    path = judged.reviewing.path
    assert path is not None
    path.rename(path.with_name("moved.sqlite"))
    judged.reviewing.judge([BoxRef(Side.OBJECT, 1)], Judgement.MODEL)
    assert not judged.window.close()
    assert judged.window.isVisible()
    assert any("was moved, deleted or replaced" in text for text in judged.messages())
    assert judged.window.close()
    with ReviewFile.open(path.with_name("moved.sqlite")) as file:
        assert len(file.entries()) == 1
