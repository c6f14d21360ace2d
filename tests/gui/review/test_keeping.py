"""Which file the verdicts are kept in, and what happens where that cannot be used."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.refs import BoxRef, Side
from inspector.review.file import ReviewFile
from inspector.review.verdicts import Judgement, Verdict
from inspector.sources import Sources
from tests.gui.conftest import LONG, records
from tests.gui.review.conftest import Reviewer

FIRST, SECOND = BoxRef(Side.OBJECT, 0), BoxRef(Side.DETECTION, 20)
MODEL = Verdict(Judgement.MODEL)


def test_a_file_that_is_not_ours_stops_only_the_judging_until_another_place_is_chosen(
    begin: Callable[..., Reviewer], sources: Sources, tmp_path: Path
) -> None:
    ours_not = sources.detections.with_name("labels.review.sqlite")
    ours_not.write_text("precious")
    ada = begin()
    ada.open(sources)
    assert len(ada.failures) == 1
    ada.reviewing.judge([FIRST], Judgement.MODEL)
    ada.keep()
    assert ada.verdicts() == {}
    assert len(ada.failures) == 2
    assert all("is not a review file" in text and "another place" in text for text in ada.failures)
    assert ours_not.read_text() == "precious"
    with ada.bot.waitSignal(ada.reviewing.file_changed, timeout=LONG):
        ada.reviewing.use(tmp_path / "mine.sqlite")
    ada.keep()
    ada.reviewing.judge([FIRST], Judgement.MODEL)
    ada.keep()
    assert ada.verdicts() == {FIRST: MODEL}
    assert len(ada.failures) == 2


def test_newer_detections_in_another_folder_keep_the_file_and_its_orphans(
    ada: Reviewer, sources: Sources, tmp_path: Path
) -> None:
    ada.reviewing.judge([FIRST, SECOND], Judgement.MODEL)
    ada.keep()
    dataset = ada.session.dataset
    assert dataset is not None
    position = int(dataset.detections.positions[SECOND.row])
    _, results = records()
    del results[position]
    newer = Sources(sources.ground_truth, tmp_path / "newer.json")
    newer.detections.write_text(json.dumps(results))
    path = ada.reviewing.path
    ada.open(newer)
    assert ada.reviewing.path == path
    assert ada.verdicts() == {FIRST: MODEL}
    assert [entry.place.target.value for entry in ada.reviewing.orphans] == ["detection"]
    ada.reviewing.undo()
    ada.keep()
    assert ada.verdicts() == {}
    assert ada.reviewing.orphans == ()
    assert path is not None
    with ReviewFile.open(path) as file:
        assert file.sources == newer


def test_other_sources_have_another_file_and_the_first_comes_back(
    ada: Reviewer, sources: Sources, other_sources: Sources
) -> None:
    ada.reviewing.judge([FIRST], Judgement.MODEL)
    ada.open(other_sources)
    assert ada.verdicts() == {}
    assert ada.reviewing.undo_text == ""
    ada.reviewing.judge([FIRST], Judgement.FINE)
    ada.open(sources)
    assert ada.verdicts() == {FIRST: MODEL}


@pytest.mark.parametrize("along", [False, True])
def test_another_place_may_take_the_verdicts_along(ada: Reviewer, tmp_path: Path, along: bool) -> None:
    ada.reviewing.judge([FIRST], Judgement.MODEL)
    ada.keep()
    old, new = ada.reviewing.path, tmp_path / "elsewhere.sqlite"
    with ada.bot.waitSignal(ada.reviewing.file_changed, timeout=LONG):
        ada.reviewing.use(new, take_along=along)
    ada.keep()
    assert ada.reviewing.path == new
    assert list(ada.memory.files.values()) == [new]
    assert ada.verdicts() == ({FIRST: MODEL} if along else {})
    ada.reviewing.judge([SECOND], Judgement.MODEL)
    ada.keep()
    assert old is not None
    with ReviewFile.open(old) as file:
        assert len(file.entries()) == 1


def test_a_place_that_cannot_be_used_leaves_the_one_that_can(ada: Reviewer, tmp_path: Path) -> None:
    ada.reviewing.judge([FIRST], Judgement.MODEL)
    ada.keep()
    bad = tmp_path / "bad.sqlite"
    bad.write_text("x")
    ada.reviewing.use(bad)
    ada.bot.waitUntil(lambda: bool(ada.failures), timeout=LONG)
    ada.reviewing.judge([SECOND], Judgement.MODEL)
    ada.keep()
    assert ada.verdicts() == {FIRST: MODEL, SECOND: MODEL} == dict.fromkeys(ada.verdicts(), MODEL)
    assert len(ada.on_disk()) == 2


def test_a_file_that_is_gone_is_named_once_and_the_usual_place_is_used(
    begin: Callable[..., Reviewer], sources: Sources, tmp_path: Path
) -> None:
    ada = begin()
    ada.memory.files[sources.ground_truth] = tmp_path / "unplugged" / "mine.sqlite"
    ada.open(sources)
    assert len(ada.failures) == 1
    assert "not there any more" in ada.failures[0]
    ada.reviewing.judge([FIRST], Judgement.MODEL)
    ada.keep()
    assert ada.memory.files[sources.ground_truth] == ada.reviewing.path


def test_a_file_that_is_chosen_before_anything_is_open_is_for_what_is_opened_first(
    begin: Callable[..., Reviewer], sources: Sources, other_sources: Sources, tmp_path: Path
) -> None:
    ada = begin()
    ada.reviewing.use(tmp_path / "mine.sqlite")
    ada.open(sources)
    ada.reviewing.judge([FIRST], Judgement.MODEL)
    ada.open(other_sources)
    assert ada.reviewing.path == other_sources.detections.with_name("labels.review.sqlite")
    ada.open(sources)
    assert ada.reviewing.path == tmp_path / "mine.sqlite"


def test_a_file_that_is_damaged_while_it_is_open_is_told_once(ada: Reviewer) -> None:
    ada.reviewing.judge([FIRST], Judgement.MODEL)
    ada.keep()
    assert ada.reviewing.path is not None
    other = sqlite3.connect(ada.reviewing.path)
    other.execute("DROP TRIGGER verdict_is_not_deleted")
    other.execute("DROP TABLE verdict")
    other.commit()
    other.close()
    ada.bot.waitUntil(lambda: bool(ada.failures), timeout=LONG)
    ada.bot.wait(1500)
    assert len(ada.failures) == 1
    assert ada.verdicts() == {FIRST: MODEL}
