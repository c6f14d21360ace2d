"""A session with its data set open, and one whose evaluation waits."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import widgets.results
from inspector.evaluation.matching import evaluate
from inspector.progress import Progress
from inspector.sources import Sources
from tests.gui.conftest import Gate, open_in
from widgets.session import Session


@pytest.fixture
def opened(qtbot: QtBot, session: Session, sources: Sources) -> Session:
    """The data set, evaluated."""
    open_in(qtbot, session, sources)
    return session


@pytest.fixture
def slow_evaluation(monkeypatch: pytest.MonkeyPatch, gate: Gate) -> Gate:
    """Every evaluation waits for the gate first."""

    def evaluate_behind_the_gate(dataset: Any, protocol: Any, progress: Progress) -> Any:
        gate.hold(progress, "Evaluating")
        return evaluate(dataset, protocol, progress)

    monkeypatch.setattr(widgets.results, "evaluated", evaluate_behind_the_gate)
    return gate
