"""Verdicts are on disk before they are shown, survive, and can be undone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.file import ReviewFile
from inspector.review.verdicts import Judgement, Kind, Verdict
from inspector.sources import Sources
from tests.gui.conftest import LONG, records, write_set
from tests.gui.review.conftest import Reviewer

FIRST, SECOND = BoxRef(Side.OBJECT, 0), BoxRef(Side.DETECTION, 20)
MODEL, SPURIOUS = Verdict(Judgement.MODEL), Verdict(Judgement.LABEL, Kind.SPURIOUS)


def test_opening_and_looking_leave_nothing_behind(ada: Reviewer, sources: Sources) -> None:
    ada.session.show_image(3)
    ada.reviewing.flush()
    assert ada.reviewing.path == sources.detections.with_name("labels.review.sqlite")
    assert not list(sources.detections.parent.glob("*.sqlite*"))


def test_a_verdict_is_on_disk_before_it_is_shown(ada: Reviewer) -> None:
    seen: list[tuple[bool, bool]] = []

    def look() -> None:
        seen.append((FIRST in ada.reviewing.entries, bool(ada.on_disk())))

    ada.reviewing.changed.connect(look)
    ada.reviewing.judge([FIRST], Judgement.MODEL)
    assert ada.verdicts() == {}
    ada.keep()
    assert seen == [(True, True)]
    assert ada.verdicts() == {FIRST: MODEL}
    entry = ada.reviewing.entries[FIRST]
    assert entry.author == "Ada"


def test_the_window_never_waits_for_the_disk(ada: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, write = threading.Event(), ReviewFile.write

    def slowly(self: ReviewFile, *what: Any) -> Any:
        gate.wait(5)
        return write(self, *what)

    monkeypatch.setattr(ReviewFile, "write", slowly)
    for judgement in (Judgement.LABEL, Judgement.AMBIGUOUS, Judgement.MODEL):
        ada.reviewing.judge([FIRST], judgement)
    ada.reviewing.set_note([FIRST], " why? ")
    ada.reviewing.undo()
    ada.reviewing.undo()
    assert ada.verdicts() == {}
    gate.set()
    ada.keep()
    assert ada.verdicts() == {FIRST: Verdict(Judgement.AMBIGUOUS)}
    ada.reviewing.redo()
    ada.reviewing.redo()
    ada.keep()
    assert ada.verdicts() == {FIRST: Verdict(Judgement.MODEL, note="why?")}


def test_judged_tells_of_wishes_and_not_of_what_is_undone_or_noted(
    ada: Reviewer, seen: Callable[[Any], list[tuple[Any, ...]]]
) -> None:
    told = seen(ada.reviewing.judged)
    ada.reviewing.judge([FIRST, SECOND], Judgement.MODEL)
    ada.reviewing.set_note([FIRST], "x")
    ada.reviewing.undo()
    ada.reviewing.withdraw([SECOND])
    ada.reviewing.set_reviewed([0], True)
    ada.keep()
    assert told == [((FIRST, SECOND),)]
    ada.reviewing.judge([FIRST], Judgement.MODEL)  # said already: it is kept
    assert told[1:] == [((FIRST,),)]


def test_everything_is_undone_step_by_step_and_done_again(ada: Reviewer) -> None:
    reviewing, states = ada.reviewing, []
    refs: list[Ref] = [FIRST, SECOND, ImageRef(2)]
    for wish in (
        lambda: reviewing.judge(refs, Judgement.LABEL, Kind.MISSING),
        lambda: reviewing.set_note([FIRST], "a note"),
        lambda: reviewing.set_reviewed([2], True),
        lambda: reviewing.withdraw(refs),
        lambda: reviewing.judge_each({FIRST: SPURIOUS, SECOND: MODEL}),
    ):
        states.append(ada.verdicts())
        wish()
        ada.keep()
    last = ada.verdicts()
    assert last == {
        FIRST: Verdict(Judgement.LABEL, Kind.SPURIOUS, note="a note"),
        SECOND: MODEL,
        ImageRef(2): Verdict(reviewed=True),
    }
    for before in reversed(states):
        reviewing.undo()
        ada.keep()
        assert ada.verdicts() == before
        assert set(ada.on_disk().values()) == set(before.values())
    assert reviewing.undo_text == ""
    for _ in states:
        reviewing.redo()
    ada.keep()
    assert ada.verdicts() == last


def test_undo_goes_to_the_place_it_concerns(ada: Reviewer) -> None:
    session, far = ada.session, BoxRef(Side.OBJECT, 60)
    session.select(far)
    ada.reviewing.judge([far], Judgement.MODEL)
    ada.reviewing.set_reviewed([4], True)
    session.show_image(0)
    ada.reviewing.undo()
    assert session.image_row == 4
    ada.reviewing.undo()
    assert session.selected == far
    session.show_image(0)
    ada.reviewing.redo()
    assert session.selected == far
    ada.keep()


def test_a_verdict_that_cannot_be_kept_changes_nothing_nor_do_those_on_top_of_it(
    ada: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.reviewing.judge([FIRST], Judgement.MODEL)
    ada.keep()
    gate, write = threading.Event(), ReviewFile.write

    def full(self: ReviewFile, *what: Any) -> Any:
        gate.wait(5)
        self._connection.execute("PRAGMA max_page_count = 1")  # SQLite takes what there is
        self._connection.execute("CREATE TABLE filler AS SELECT randomblob(100000) AS x")
        return write(self, *what)

    monkeypatch.setattr(ReviewFile, "write", lambda self, *what: _translated(self, full, *what))
    ada.reviewing.judge([FIRST], Judgement.LABEL, Kind.SPURIOUS)
    ada.reviewing.set_note([FIRST], "on top of it")
    gate.set()
    ada.keep()
    assert ada.verdicts() == {FIRST: MODEL}
    assert len(ada.failures) == 1
    assert "the disk is full" in ada.failures[0]
    assert str(ada.reviewing.path) in ada.failures[0]
    monkeypatch.undo()
    ada.reviewing.undo()
    ada.keep()
    assert ada.verdicts() == {}


def _translated(file: ReviewFile, write: Callable[..., Any], *what: Any) -> Any:
    from inspector.review.database import clear_errors

    with clear_errors(file.path):
        return write(file, *what)


def test_verdicts_survive_and_the_person_is_where_they_were(
    ada: Reviewer, begin: Callable[..., Reviewer], sources: Sources
) -> None:
    ada.session.select(SECOND)
    ada.reviewing.judge([FIRST, SECOND], Judgement.MODEL)
    ada.keep()
    place = ada.session.image_row
    ada.reviewing.close()
    again = begin()
    again.open(sources)
    assert again.verdicts() == {FIRST: MODEL, SECOND: MODEL}
    assert (again.session.selected, again.session.image_row) == (SECOND, place)
    ben = begin("Ben")
    ben.open(sources)
    assert (ben.session.selected, ben.session.image_row) == (None, 0)


def test_two_windows_see_each_others_verdicts(
    ada: Reviewer, begin: Callable[..., Reviewer], sources: Sources
) -> None:
    ben = begin("Ben")
    ben.open(sources)
    ada.reviewing.judge([FIRST], Judgement.MODEL)
    ada.keep()
    ben.reviewing.judge([SECOND], Judgement.LABEL, Kind.MISSING)
    ben.keep()
    both = {FIRST: MODEL, SECOND: Verdict(Judgement.LABEL, Kind.MISSING)}
    assert ben.verdicts() == both
    ada.bot.waitUntil(lambda: ada.verdicts() == both, timeout=LONG)
    assert ada.reviewing.entries[SECOND].author == "Ben"
    ada.reviewing.withdraw([SECOND])
    ben.bot.waitUntil(lambda: ben.verdicts() == {FIRST: MODEL}, timeout=LONG)


def test_fewer_images_or_joined_classes_keep_what_was_said(ada: Reviewer) -> None:
    import numpy as np

    ada.reviewing.judge([FIRST, SECOND], Judgement.MODEL)
    ada.keep()
    with ada.bot.waitSignal(ada.session.results_changed, timeout=LONG):
        ada.session.restrict(np.array([0]))
    ada.keep()
    assert ada.verdicts() == {FIRST: MODEL}
    assert ada.reviewing.orphans == ()
    assert len(ada.reviewing.everything) == 2
    with ada.bot.waitSignal(ada.session.results_changed, timeout=LONG):
        ada.session.restrict(None)
    ada.keep()
    assert ada.verdicts() == {FIRST: MODEL, SECOND: MODEL}


def test_a_corrected_label_carries_its_verdict_and_judging_it_again_leaves_no_orphan(
    ada: Reviewer, sources: Sources
) -> None:
    ada.reviewing.judge([FIRST], Judgement.LABEL, Kind.WRONG_CLASS, right_class="zebra")
    ada.keep()
    truth, _ = records()
    dataset = ada.session.dataset
    assert dataset is not None
    truth["annotations"][int(dataset.objects.positions[0])]["category_id"] = 1
    write_set(sources.ground_truth.parent, truth, records()[1])
    ada.open(sources)
    assert [entry.verdict.right_class for entry in ada.reviewing.entries.values()] == ["zebra"]
    ref = next(iter(ada.reviewing.entries))
    ada.reviewing.judge([ref], Judgement.FINE)
    ada.keep()
    assert ada.verdicts() == {ref: Verdict(Judgement.FINE)}
    assert ada.reviewing.orphans == ()
    assert len(ada.on_disk()) == 1
    ada.reviewing.undo()
    ada.keep()
    assert [entry.verdict.right_class for entry in ada.reviewing.entries.values()] == ["zebra"]


def test_closing_waits_for_what_is_on_its_way(ada: Reviewer) -> None:
    for row in range(20):
        ada.reviewing.judge([BoxRef(Side.OBJECT, row)], Judgement.MODEL)
    ada.reviewing.close()
    assert len(ada.on_disk()) == 20


def test_who_judges_can_be_changed_and_is_remembered(ada: Reviewer) -> None:
    ada.reviewing.set_author("  ")
    assert ada.reviewing.author == "Ada"
    ada.reviewing.set_author(" Grace ")
    ada.reviewing.judge([FIRST], Judgement.MODEL)
    ada.keep()
    assert ada.reviewing.entries[FIRST].author == ada.memory.reviewer == "Grace"


def test_hundreds_at_once_are_kept_and_told_of_when_they_are_shown(ada: Reviewer) -> None:
    dataset = ada.session.dataset
    assert dataset is not None
    refs: list[Ref] = [BoxRef(Side.OBJECT, row) for row in range(len(dataset.objects))]
    refs += [BoxRef(Side.DETECTION, row) for row in range(len(dataset.detections))]
    refs = [*refs, *[ImageRef(row) for row in range(len(dataset.images))]] * 2
    assert len(set(refs)) > 130
    told: list[int] = []
    ada.reviewing.judged.connect(lambda judged: told.append(len(set(judged) & set(ada.reviewing.entries))))
    ada.reviewing.judge(refs, Judgement.MODEL)
    ada.reviewing.set_note(refs[:1], "one more")
    ada.keep()
    assert told == [len(set(refs))]
    assert ada.verdicts()[refs[0]] == Verdict(Judgement.MODEL, note="one more")
    ada.reviewing.undo()
    ada.reviewing.undo()
    ada.keep()
    assert ada.verdicts() == {}
