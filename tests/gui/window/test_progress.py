"""What is seen while something is read or evaluated, and stopping it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QProgressBar

import widgets.results
from inspector.evaluation.matching import evaluate
from inspector.progress import Progress
from inspector.sources import Sources
from tests.gui.conftest import LONG, Gate, Program
from widgets.window.status_bar import StatusBar
from widgets.window.welcome import WelcomePage


def test_the_first_page_shows_how_far_the_first_opening_is(
    program: Program, sources: Sources, gate: Gate
) -> None:
    bar = program.part(WelcomePage).findChildren(QProgressBar)[0]
    assert not bar.isVisible()
    program.window.open_found(gate.find(sources))
    program.bot.waitUntil(lambda: "Waiting" in program.welcome_texts(), timeout=LONG)
    assert bar.isVisible()
    assert bar.value() == 40
    assert bar.maximum() == 100
    assert "Cancel" in program.buttons(program.part(WelcomePage))


def test_cancelling_the_first_opening_leads_back_to_the_first_page(
    program: Program, sources: Sources, gate: Gate
) -> None:
    program.window.open_found(gate.find(sources))
    program.bot.waitUntil(lambda: "Waiting" in program.welcome_texts(), timeout=LONG)
    program.click(program.buttons(program.part(WelcomePage))["Cancel"])
    assert gate.was_cancelled.wait(10)
    assert program.session.activity is None
    assert "Cancel" not in program.buttons()
    assert program.is_at_welcome
    assert program.session.dataset is None
    program.open(sources)
    assert not program.is_at_welcome


def test_the_status_bar_shows_progress_and_its_cancel_keeps_what_was_open(
    opened: Program, sources: Sources, other_sources: Sources, gate: Gate
) -> None:
    assert "Cancel" not in opened.buttons()
    before = opened.status()
    opened.window.open_found(gate.find(other_sources))
    opened.bot.waitUntil(lambda: "Waiting" in opened.status(), timeout=LONG)
    bar = opened.part(StatusBar).findChildren(QProgressBar)[0]
    assert bar.isVisible()
    assert bar.value() == 40
    opened.click(opened.buttons()["Cancel"])
    assert gate.was_cancelled.wait(10)
    assert not bar.isVisible()
    assert opened.status() == before
    assert opened.session.sources == sources
    assert opened.session.results is not None


def test_a_cancelled_evaluation_leaves_the_images_to_look_at_and_can_be_made_up_for(
    program: Program, sources: Sources, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def evaluate_behind_the_gate(dataset: Any, protocol: Any, progress: Progress) -> Any:
        gate.hold(progress, "Evaluating")
        return evaluate(dataset, protocol, progress)

    monkeypatch.setattr(widgets.results, "evaluated", evaluate_behind_the_gate)
    program.window.open_sources(sources)
    program.bot.waitUntil(lambda: "Evaluating" in program.status(), timeout=LONG)
    program.click(program.buttons()["Cancel"])
    assert not program.is_at_welcome
    assert "not evaluated yet" in program.status()
    assert set(program.class_texts(2)) == {"n/a"}
    program.workspace.images.step(1)
    assert program.session.image_row == 1
    gate.opened.set()
    with program.bot.waitSignal(program.session.results_changed, timeout=LONG):
        program.choose("Evaluate", "Evaluate again")
    assert "not evaluated yet" not in program.status()
    assert f"TP {program.counts().tp}" in program.status()


def test_progress_that_is_not_known_shows_as_a_moving_bar(
    program: Program, sources: Sources, gate: Gate
) -> None:
    def find(progress: Progress) -> Sources:
        gate.hold(progress, "Compiling", 0.0)
        return sources

    program.window.open_found(find)
    program.bot.waitUntil(lambda: "Compiling" in program.welcome_texts(), timeout=LONG)
    assert program.part(WelcomePage).findChildren(QProgressBar)[0].maximum() == 0


@pytest.mark.parametrize("when", ["before the first", "with something open"])
def test_closing_the_window_while_it_works_stops_the_work(
    program: Program, sources: Sources, other_sources: Sources, gate: Gate, when: str
) -> None:
    if when == "with something open":
        program.open(sources)
    program.window.open_found(gate.find(other_sources))
    program.bot.waitUntil(gate.entered.is_set, timeout=LONG)
    assert program.window.close()
    assert gate.was_cancelled.is_set()
    assert not program.window.isVisible()
    assert program.session.activity is None or when


def test_closing_the_window_while_its_views_are_built_is_clean(
    program: Program, sources: Sources, gate: Gate
) -> None:
    program.window.open_found(gate.find(sources))
    program.bot.waitUntil(lambda: program.window.workspace is not None, timeout=LONG)
    program.window.close()
    program.bot.wait(1)
    assert gate.was_cancelled.is_set()
    assert program.session.dataset is None


def test_a_window_that_is_closed_builds_no_views_any_more(
    program: Program, sources: Sources, gate: Gate
) -> None:
    program.window.open_found(gate.find(sources))
    assert gate.entered.wait(10)  # the worker has asked for the views; this thread has not heard it yet
    program.window.close()
    program.bot.wait(1)
    assert program.window.workspace is None
