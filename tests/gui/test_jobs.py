"""Work on worker threads: tickets, cancelling, progress."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from inspector.progress import Progress
from tests.gui.conftest import LONG, Gate
from widgets.jobs import Jobs


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    del qtbot
    made = Jobs(threads=2)
    yield made
    made.close()


def unwanted(value: object) -> None:
    raise AssertionError(f"nobody asked for {value!r}")


def test_the_result_arrives_on_the_thread_of_the_window(qtbot: QtBot, jobs: Jobs) -> None:
    worked: list[int] = []
    arrived: list[tuple[int, QThread]] = []

    def work(_progress: Progress) -> int:
        worked.append(threading.get_ident())
        return 42

    jobs.start("sum", work, lambda result: arrived.append((result, QThread.currentThread())), unwanted)
    qtbot.waitUntil(lambda: bool(arrived), timeout=LONG)
    assert arrived == [(42, jobs.thread())]
    assert worked != [threading.get_ident()]
    assert not jobs.is_running("sum")


def test_an_error_arrives_as_it_was_raised(qtbot: QtBot, jobs: Jobs) -> None:
    error, caught = ValueError("no such thing"), []

    def work(_progress: Progress) -> None:
        raise error

    jobs.start("sum", work, unwanted, caught.append)
    qtbot.waitUntil(lambda: bool(caught), timeout=LONG)
    assert caught == [error]
    assert not jobs.is_running("sum")


@pytest.mark.parametrize("end", ["result", "error"])
def test_a_newer_job_of_the_same_kind_drops_everything_from_the_older_one(
    qtbot: QtBot, jobs: Jobs, seen: Callable[[Any], list[Any]], end: str
) -> None:
    entered, leave, left = threading.Event(), threading.Event(), threading.Event()
    progressed, arrived = seen(jobs.progressed), []

    def stubborn(_progress: Progress) -> str:
        entered.set()
        leave.wait()
        try:
            if end == "error":
                raise ValueError("old")
            return "old"
        finally:
            left.set()

    jobs.start("sum", stubborn, arrived.append, arrived.append)
    assert entered.wait(10)
    jobs.start("sum", lambda _progress: (leave.set(), left.wait(10), "new")[2], arrived.append, unwanted)
    qtbot.waitUntil(lambda: bool(arrived), timeout=LONG)
    jobs.start("other", lambda _progress: "behind it in the queue", arrived.append, unwanted)
    qtbot.waitUntil(lambda: "behind it in the queue" in arrived, timeout=LONG)
    assert arrived == ["new", "behind it in the queue"]
    assert progressed == []


def test_progress_that_is_on_its_way_when_a_newer_job_starts_is_dropped(
    qtbot: QtBot, jobs: Jobs, seen: Callable[[Any], list[Any]]
) -> None:
    progressed, arrived = seen(jobs.progressed), []
    reported = threading.Event()

    def old(progress: Progress) -> None:
        progress("old", 0.5)
        reported.set()

    jobs.start("sum", old, unwanted, unwanted)
    assert reported.wait(10)  # the report waits in the queue of this thread

    def new(progress: Progress) -> str:
        progress("new", 0.5)
        return "new"

    jobs.start("sum", new, arrived.append, unwanted)
    qtbot.waitUntil(lambda: bool(arrived), timeout=LONG)
    assert [stage for _kind, stage, _fraction in progressed] == ["new"]


def test_jobs_of_different_kinds_do_not_disturb_each_other(qtbot: QtBot, jobs: Jobs, gate: Gate) -> None:
    arrived: list[str] = []
    jobs.start("one", lambda progress: (gate.hold(progress), "one")[1], arrived.append, unwanted)
    jobs.start("two", lambda _progress: "two", arrived.append, unwanted)
    qtbot.waitUntil(lambda: arrived == ["two"], timeout=LONG)
    assert jobs.is_running("one")
    gate.opened.set()
    qtbot.waitUntil(lambda: arrived == ["two", "one"], timeout=LONG)


def test_a_cancelled_job_calls_nobody(qtbot: QtBot, jobs: Jobs, gate: Gate) -> None:
    jobs.start("sum", gate.hold, unwanted, unwanted)
    assert gate.entered.wait(10)
    assert jobs.cancel("sum")
    assert not jobs.is_running("sum")
    assert gate.was_cancelled.wait(10)
    arrived: list[str] = []
    jobs.start("other", lambda _progress: "after it", arrived.append, unwanted)
    qtbot.waitUntil(lambda: arrived == ["after it"], timeout=LONG)


def test_a_job_that_is_cancelled_before_its_turn_never_runs(qtbot: QtBot, gate: Gate) -> None:
    jobs, ran, arrived = Jobs(threads=1), [], []
    jobs.start("first", gate.hold, arrived.append, unwanted)
    jobs.start("second", lambda _progress: ran.append("second"), unwanted, unwanted)
    jobs.cancel("second")
    gate.opened.set()
    qtbot.waitUntil(lambda: bool(arrived), timeout=LONG)
    jobs.close()
    assert ran == []


def test_cancelling_what_does_not_run_says_so_and_announces_nothing(
    jobs: Jobs, seen: Callable[[Any], list[Any]]
) -> None:
    activity = seen(jobs.activity_changed)
    assert not jobs.cancel("sum")
    assert activity == []


def test_starting_ending_and_cancelling_are_announced(
    qtbot: QtBot, jobs: Jobs, gate: Gate, seen: Callable[[Any], list[Any]]
) -> None:
    activity = seen(jobs.activity_changed)
    jobs.start("sum", gate.hold, unwanted, unwanted)
    assert len(activity) == 1
    jobs.cancel("sum")
    assert len(activity) == 2
    done: list[None] = []
    jobs.start("sum", lambda _progress: None, done.append, unwanted)
    qtbot.waitUntil(lambda: len(activity) == 4, timeout=LONG)
    assert done == [None]


def test_progress_arrives_but_not_every_report(
    qtbot: QtBot, jobs: Jobs, seen: Callable[[Any], list[Any]]
) -> None:
    progressed, done = seen(jobs.progressed), []

    def work(progress: Progress) -> None:
        for step in range(1000):
            progress("Counting", step / 1000)

    jobs.start("sum", work, done.append, unwanted)
    qtbot.waitUntil(lambda: bool(done), timeout=LONG)
    assert progressed[0] == ("sum", "Counting", 0.0)
    assert len(progressed) < 500


def test_closing_cancels_and_waits(jobs: Jobs, gate: Gate) -> None:
    jobs.start("sum", gate.hold, unwanted, unwanted)
    assert gate.entered.wait(10)
    jobs.close()
    assert gate.was_cancelled.is_set()
    assert not jobs.is_running("sum")


def test_nothing_starts_any_more_after_closing(jobs: Jobs) -> None:
    jobs.close()
    jobs.start("sum", lambda _progress: None, unwanted, unwanted)
    assert not jobs.is_running("sum")
