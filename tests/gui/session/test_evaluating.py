"""How a session evaluates, and what may happen meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import widgets.results
from inspector.sources import Sources
from tests.gui.conftest import APPLE, CAT, LONG, Gate, open_in
from tests.gui.session.states import Seen, fits, idle
from widgets.session import Session


def test_cancelling_the_evaluation_leaves_the_data_set_open_and_it_can_be_evaluated_later(
    qtbot: QtBot, session: Session, sources: Sources, slow_evaluation: Gate, seen: Seen
) -> None:
    failures, results = seen(session.failed), seen(session.results_changed)
    session.open(lambda _progress: sources)
    qtbot.waitUntil(lambda: session.activity == ("Evaluating", 0.4), timeout=LONG)
    session.cancel()
    assert slow_evaluation.was_cancelled.wait(10)
    assert session.activity is None
    assert session.sources == sources
    assert session.results is None
    assert results == failures == []
    slow_evaluation.opened.set()
    with qtbot.waitSignal(session.results_changed, timeout=LONG):
        session.evaluate()
    assert session.results is not None


def test_a_failed_opening_does_not_stop_the_evaluation_of_what_is_open(
    qtbot: QtBot, session: Session, sources: Sources, tmp_path: Path, slow_evaluation: Gate, seen: Seen
) -> None:
    failures = seen(session.failed)
    session.open(lambda _progress: sources)
    qtbot.waitUntil(slow_evaluation.entered.is_set, timeout=LONG)
    session.open(lambda _progress: Sources(tmp_path / "gone.json", tmp_path / "gone.json"))
    qtbot.waitUntil(lambda: bool(failures), timeout=LONG)
    slow_evaluation.opened.set()
    qtbot.waitUntil(lambda: session.results is not None, timeout=LONG)
    assert session.sources == sources


@pytest.mark.usefixtures("slow_evaluation")
def test_while_other_files_are_read_their_progress_is_shown(
    qtbot: QtBot, session: Session, sources: Sources, other_sources: Sources
) -> None:
    session.open(lambda _progress: sources)
    qtbot.waitUntil(lambda: session.activity == ("Evaluating", 0.4), timeout=LONG)
    reading, stages = Gate(), []
    session.activity_changed.connect(lambda: stages.append(session.activity))
    session.open(reading.find(other_sources))
    qtbot.waitUntil(lambda: session.activity == ("Waiting", 0.4), timeout=LONG)
    del stages[:]
    qtbot.waitUntil(lambda: len(stages) >= 3, timeout=LONG)
    reading.opened.set()
    assert set(stages) == {("Waiting", 0.4)}


def test_results_of_a_data_set_that_is_no_longer_open_are_dropped(
    qtbot: QtBot, session: Session, sources: Sources, other_sources: Sources, slow_evaluation: Gate
) -> None:
    session.open(lambda _progress: sources)
    qtbot.waitUntil(slow_evaluation.entered.is_set, timeout=LONG)
    with qtbot.waitSignal(session.dataset_changed, timeout=LONG):
        session.open(lambda _progress: other_sources)
    slow_evaluation.opened.set()
    qtbot.waitUntil(lambda: session.results is not None, timeout=LONG)
    assert session.dataset is not None
    assert session.results is not None
    assert len(session.results.evaluation.by_score) == len(session.dataset.detections)
    assert session.sources == other_sources


def test_a_slice_of_a_data_set_that_is_no_longer_open_is_dropped(
    qtbot: QtBot, opened: Session, other_sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, slice_at = opened.dataset, widgets.results.slice_at
    entered, leave = threading.Event(), threading.Event()

    def slice_slowly(dataset: Any, *rest: Any) -> Any:
        if dataset is old:
            entered.set()
            leave.wait()
        return slice_at(dataset, *rest)

    monkeypatch.setattr(widgets.results, "slice_at", slice_slowly)
    fits_the_data: list[bool] = []

    def look() -> None:
        assert opened.dataset is not None
        assert opened.results is not None
        fits_the_data.append(len(opened.results.at.class_scores) == len(opened.dataset.detections))

    opened.results_changed.connect(look)
    opened.set_iou_index(3)
    assert entered.wait(10)
    open_in(qtbot, opened, other_sources)
    leave.set()
    for _ in range(5):
        with qtbot.waitSignal(opened.results_changed, timeout=LONG):
            opened.evaluate()
    assert all(fits_the_data)
    assert opened.point.iou_index == 3


def test_evaluating_without_anything_open_does_nothing(session: Session, seen: Seen) -> None:
    activity = seen(session.activity_changed)
    session.evaluate()
    assert activity == []


def test_a_confidence_chosen_while_evaluating_is_kept(
    qtbot: QtBot, session: Session, sources: Sources, slow_evaluation: Gate
) -> None:
    session.open(lambda _progress: sources)
    qtbot.waitUntil(slow_evaluation.entered.is_set, timeout=LONG)
    session.set_confidence(0.85)
    assert session.point.confidence == 0.85
    slow_evaluation.opened.set()
    qtbot.waitUntil(lambda: session.results is not None, timeout=LONG)
    assert session.point.confidence == session.wish.confidence == 0.85


def test_classes_and_an_iou_threshold_chosen_while_evaluating_follow(
    qtbot: QtBot, session: Session, sources: Sources, slow_evaluation: Gate
) -> None:
    fit: list[bool] = []
    session.operating_point_changed.connect(lambda: fit.append(fits(session)))
    session.open(lambda _progress: sources)
    qtbot.waitUntil(slow_evaluation.entered.is_set, timeout=LONG)
    session.set_iou_index(4)
    session.set_class_rows(frozenset({APPLE, CAT}))
    slow_evaluation.opened.set()
    qtbot.waitUntil(lambda: session.results is not None and idle(session), timeout=LONG)
    assert (session.point.iou_index, session.point.class_rows) == (4, frozenset({APPLE, CAT}))
    assert fits(session)
    assert all(fit)
