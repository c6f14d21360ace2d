"""What is open, and the operating point."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import widgets.session
from inspector.evaluation.matching import evaluate
from inspector.progress import Progress
from inspector.sources import Sources
from tests.gui.conftest import APPLE, BUS, CAT, CLASSES, IMAGES, KITE, LONG, Gate, open_in, records, write_set
from widgets.session import Session

Seen = Callable[[Any], list[tuple[Any, ...]]]


@pytest.fixture
def opened(qtbot: QtBot, session: Session, sources: Sources) -> Session:
    """The data set, evaluated."""
    open_in(qtbot, session, sources)
    return session


@pytest.fixture
def slow_evaluation(monkeypatch: pytest.MonkeyPatch, gate: Gate) -> Gate:
    """Every evaluation waits for the gate first."""

    def evaluate_behind_the_gate(dataset: Any, progress: Progress) -> Any:
        gate.hold(progress, "Evaluating")
        return evaluate(dataset, progress=progress)

    monkeypatch.setattr(widgets.session, "evaluate", evaluate_behind_the_gate)
    return gate


def state(session: Session) -> tuple[object, ...]:
    """Everything that a failure must leave alone."""
    return (
        session.sources,
        session.dataset,
        session.results,
        session.point,
        session.wish,
        session.image_row,
    )


def fits(session: Session) -> bool:
    """Whether results and operating point belong together."""
    results, point = session.results, session.point
    if results is None:
        return True
    assert session.dataset is not None
    same_classes = (results.at.chosen == point.chosen(len(session.dataset.classes))).all()
    return bool(results.at.table.iou_index == point.iou_index and same_classes)


def idle(session: Session) -> bool:
    return session.activity is None and session.wish == session.point


# --- opening ---


def test_what_is_opened_is_evaluated_by_itself(qtbot: QtBot, session: Session, sources: Sources) -> None:
    order: list[str] = []
    for name in ("dataset_changed", "results_changed", "operating_point_changed", "image_changed"):
        getattr(session, name).connect(lambda name=name: order.append(name))
    without_results = []
    session.dataset_changed.connect(lambda: without_results.append(session.results))
    open_in(qtbot, session, sources)
    assert order == [
        "dataset_changed",
        "operating_point_changed",
        "image_changed",
        "results_changed",
        "operating_point_changed",
    ]
    assert without_results == [None]
    assert session.sources == sources
    assert session.image_row == 0
    assert fits(session)
    qtbot.waitUntil(lambda: session.activity is None, timeout=LONG)


def test_another_data_set_keeps_the_thresholds_and_shows_all_classes(
    qtbot: QtBot, opened: Session, other_sources: Sources
) -> None:
    opened.set_confidence(0.3)
    opened.set_iou_index(2)
    opened.set_class_rows(frozenset({BUS}))
    qtbot.waitUntil(lambda: idle(opened), timeout=LONG)
    opened.show_image(IMAGES - 1)
    open_in(qtbot, opened, other_sources)
    assert (opened.point.confidence, opened.point.iou_index, opened.point.class_rows) == (0.3, 2, None)
    assert opened.image_row == 0
    assert fits(opened)


def bad_files(folder: Path) -> dict[str, Sources]:
    """One failure of each kind."""
    truth, results = records()
    good = write_set(folder / "good", truth, results)

    def bad(name: str, part: str, content: str | bytes) -> Sources:
        path = folder / f"{name}.json"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        pair = {"truth": good.ground_truth, "found": good.detections, part: path}
        return Sources(pair["truth"], pair["found"])

    return {
        "missing truth": Sources(folder / "gone.json", good.detections),
        "missing detections": Sources(good.ground_truth, folder / "gone.json"),
        "folder": Sources(folder, good.detections),
        "empty": bad("empty", "truth", b""),
        "truncated": bad("truncated", "truth", json.dumps(truth)[:-40]),
        "not JSON": bad("rubbish", "found", b"\x89PNG\r\n\x1a\n\x00\x00"),
        "wrong shape": bad("shape", "truth", json.dumps(results)),
        "missing key": bad("key", "truth", json.dumps({key: truth[key] for key in ("images", "categories")})),
        "wrong type": bad("type", "found", json.dumps([{**results[0], "bbox": "wide"}])),
        "no images": bad("bare", "truth", json.dumps({**truth, "images": [], "annotations": []})),
        "no classes": bad("nameless", "truth", json.dumps({**truth, "categories": [], "annotations": []})),
        "UTF-16": bad("wide", "found", json.dumps(results).encode("utf-16")),
    }


@pytest.mark.parametrize(
    "kind",
    [
        "missing truth",
        "missing detections",
        "folder",
        "empty",
        "truncated",
        "not JSON",
        "wrong shape",
        "missing key",
        "wrong type",
        "no images",
        "no classes",
        "UTF-16",
    ],
)
def test_a_failed_opening_says_one_line_and_changes_nothing(
    qtbot: QtBot, opened: Session, tmp_path: Path, seen: Seen, kind: str
) -> None:
    opened.set_confidence(0.7)
    opened.show_image(3)
    before, failures, changes = state(opened), seen(opened.failed), seen(opened.dataset_changed)
    wrong = bad_files(tmp_path)[kind]
    opened.open(lambda _progress: wrong)
    qtbot.waitUntil(lambda: bool(failures), timeout=LONG)
    qtbot.waitUntil(lambda: opened.activity is None, timeout=LONG)
    assert len(failures) == 1
    (text,) = failures[0]
    assert text.startswith(str(tmp_path))
    assert len(text.splitlines()) == 1
    assert changes == []
    assert state(opened) == before


def test_a_failure_before_anything_is_open_leaves_nothing_open(
    qtbot: QtBot, session: Session, tmp_path: Path, seen: Seen
) -> None:
    failures = seen(session.failed)
    session.open(lambda _progress: Sources(tmp_path / "gone.json", tmp_path / "gone.json"))
    qtbot.waitUntil(lambda: bool(failures), timeout=LONG)
    assert state(session)[:3] == (None, None, None)
    assert session.image_row is None


@pytest.mark.parametrize(
    ("error", "said"),
    [(MemoryError(), "not enough memory"), (KeyError("weight"), "KeyError: 'weight'")],
)
def test_an_error_that_is_not_the_persons_is_one_line_as_well(
    qtbot: QtBot, opened: Session, seen: Seen, error: Exception, said: str
) -> None:
    before, failures = state(opened), seen(opened.failed)

    def find(_progress: Progress) -> Sources:
        raise error

    opened.open(find)
    qtbot.waitUntil(lambda: bool(failures), timeout=LONG)
    assert said in failures[0][0]
    assert state(opened) == before


def test_cancelling_while_reading_keeps_what_was_open(
    qtbot: QtBot, opened: Session, other_sources: Sources, gate: Gate, seen: Seen
) -> None:
    before, failures = state(opened), seen(opened.failed)
    opened.open(gate.find(other_sources))
    qtbot.waitUntil(lambda: opened.activity == ("Waiting", 0.4), timeout=LONG)
    opened.cancel()
    assert opened.activity is None
    assert gate.was_cancelled.wait(10)
    open_again = seen(opened.results_changed)
    opened.evaluate()  # ends after whatever the cancelled job could still report
    qtbot.waitUntil(lambda: bool(open_again), timeout=LONG)
    assert failures == []
    assert (state(opened)[:2], state(opened)[3:]) == (before[:2], before[3:])


def test_of_two_openings_the_last_one_counts(
    qtbot: QtBot, session: Session, sources: Sources, other_sources: Sources, gate: Gate, seen: Seen
) -> None:
    changes = seen(session.dataset_changed)
    session.open(gate.find(sources))
    assert gate.entered.wait(10)
    open_in(qtbot, session, other_sources)
    gate.opened.set()
    assert session.sources == other_sources
    assert len(changes) == 1


# --- evaluating ---


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
    old, slice_at = opened.dataset, widgets.session.slice_at
    entered, leave = threading.Event(), threading.Event()

    def slice_slowly(dataset: Any, *rest: Any) -> Any:
        if dataset is old:
            entered.set()
            leave.wait()
        return slice_at(dataset, *rest)

    monkeypatch.setattr(widgets.session, "slice_at", slice_slowly)
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


# --- the operating point ---


@pytest.mark.parametrize(
    ("wanted", "given"), [(0.25, 0.25), (-1, 0.0), (7, 1.0), (math.inf, 1.0), (-math.inf, 0.0)]
)
def test_a_confidence_is_brought_into_its_range_and_announced_once(
    opened: Session, seen: Seen, wanted: float, given: float
) -> None:
    changes, results = seen(opened.operating_point_changed), seen(opened.results_changed)
    opened.set_confidence(wanted)
    assert opened.point.confidence == given
    assert len(changes) == 1
    assert results == []


@pytest.mark.parametrize("wanted", [0.5, math.nan])
def test_a_confidence_that_is_none_or_the_same_changes_nothing(
    opened: Session, seen: Seen, wanted: float
) -> None:
    changes = seen(opened.operating_point_changed)
    opened.set_confidence(wanted)
    assert opened.point.confidence == 0.5
    assert changes == []


def test_results_and_operating_point_change_together(qtbot: QtBot, opened: Session) -> None:
    moments: list[bool] = []
    for signal in (opened.operating_point_changed, opened.results_changed):
        signal.connect(lambda: moments.append(fits(opened)))
    opened.set_iou_index(5)
    assert fits(opened)  # the views go on showing the old one until the new one is ready
    opened.set_confidence(0.6)
    assert opened.point.confidence == 0.6  # which does not wait
    opened.set_class_rows(frozenset({BUS, KITE}))
    qtbot.waitUntil(lambda: idle(opened), timeout=LONG)
    opened.set_class_rows(None)
    qtbot.waitUntil(lambda: idle(opened), timeout=LONG)
    opened.set_class_rows(frozenset())
    qtbot.waitUntil(lambda: idle(opened), timeout=LONG)
    assert len(moments) >= 7
    assert all(moments)
    assert opened.point == opened.wish
    assert (opened.point.iou_index, opened.point.confidence) == (5, 0.6)


def test_of_quick_changes_of_the_iou_threshold_the_last_one_counts(qtbot: QtBot, opened: Session) -> None:
    fit: list[bool] = []
    opened.operating_point_changed.connect(lambda: fit.append(fits(opened)))
    for iou_index in (1, 2, 3, 9, 4, 8, 6):
        opened.set_iou_index(iou_index)
    assert opened.wish.iou_index == 6
    qtbot.waitUntil(lambda: idle(opened), timeout=LONG)
    assert opened.results is not None
    assert opened.results.at.table.iou_index == opened.point.iou_index == 6
    assert all(fit)


def test_going_back_before_the_new_results_are_ready_ends_where_it_began(
    qtbot: QtBot, opened: Session
) -> None:
    before = opened.results
    opened.set_iou_index(7)
    opened.set_iou_index(0)
    assert opened.wish == opened.point
    opened.set_confidence(0.55)
    with qtbot.waitSignal(opened.results_changed, timeout=LONG):
        opened.evaluate()
    assert opened.results is not before
    assert opened.point.iou_index == 0
    assert fits(opened)


def test_a_confidence_dragged_while_the_classes_change_is_kept(qtbot: QtBot, opened: Session) -> None:
    opened.set_class_rows(frozenset({CAT}))
    for step in range(1, 30):
        opened.set_confidence(step / 100)
    qtbot.waitUntil(lambda: idle(opened), timeout=LONG)
    assert opened.point.confidence == 0.29
    assert opened.point.class_rows == frozenset({CAT})
    assert fits(opened)


def test_the_same_classes_again_are_no_change(qtbot: QtBot, opened: Session, seen: Seen) -> None:
    opened.set_class_rows(frozenset({CAT}))
    qtbot.waitUntil(lambda: idle(opened), timeout=LONG)
    changes = seen(opened.operating_point_changed)
    opened.set_class_rows(frozenset({CAT}))
    assert changes == []


def test_the_average_precision_of_a_class_is_that_of_the_whole_evaluation(opened: Session) -> None:
    assert opened.results is not None
    assert len(opened.results.class_ap) == len(CLASSES)
    assert math.isnan(opened.results.class_ap[KITE])
    assert 0 < opened.results.class_ap[APPLE] < 1


# --- the current image ---


def test_only_images_that_exist_are_shown(opened: Session, seen: Seen) -> None:
    changes = seen(opened.image_changed)
    opened.show_image(IMAGES - 1)
    for wrong in (-1, IMAGES, 10**9):
        opened.show_image(wrong)
    opened.show_image(IMAGES - 1)
    assert opened.image_row == IMAGES - 1
    assert len(changes) == 1


def test_no_image_is_shown_where_nothing_is_open(session: Session) -> None:
    session.show_image(0)
    assert session.image_row is None


def test_closing_while_it_works_ends_the_work(session: Session, sources: Sources, gate: Gate) -> None:
    session.open(gate.find(sources))
    assert gate.entered.wait(10)
    session.close()
    assert gate.was_cancelled.is_set()


def test_closing_as_soon_as_the_files_are_read_starts_no_evaluation(
    qtbot: QtBot, session: Session, sources: Sources
) -> None:
    session.dataset_changed.connect(session.close)
    with qtbot.waitSignal(session.dataset_changed, timeout=LONG):
        session.open(lambda _progress: sources)
    qtbot.wait(1)  # what was put off until the event loop turns
    session.evaluate()
    assert session.results is None
