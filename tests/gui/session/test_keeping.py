"""What a session keeps of what it evaluated, unseen, to open it again at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import widgets.session
from inspector import sources as opening
from inspector.cache import folder, reopening
from inspector.progress import Progress
from inspector.sources import Sources
from tests.gui.conftest import LONG, Gate, open_in
from tests.gui.session.states import Seen
from widgets.session import Session


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is kept, also of small files."""
    monkeypatch.setenv(folder.VARIABLE, str(tmp_path / "kept"))
    monkeypatch.setattr(reopening, "WORTH_IT", 0)
    return tmp_path / "kept"


@pytest.fixture
def slow_keeping(monkeypatch: pytest.MonkeyPatch, gate: Gate) -> Gate:
    """Keeping waits for the gate."""

    def keep_behind_the_gate(_dataset: Any, _evaluation: Any, *, progress: Progress) -> None:
        gate.hold(progress, "Keeping")

    monkeypatch.setattr(widgets.session, "keep", keep_behind_the_gate)
    return gate


def refuse(*_arguments: object, **_named: object) -> Any:
    raise AssertionError("this was to be spared")


def test_what_was_evaluated_opens_again_without_being_read(
    qtbot: QtBot, session: Session, sources: Sources, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_in(qtbot, session, sources)
    assert session.results is not None
    before = session.results.evaluation.precision.tobytes()
    qtbot.waitUntil(lambda: len(list(kept.glob("*.inspector-entry"))) == 2, timeout=LONG)
    monkeypatch.setattr(opening, "read_files", refuse)
    monkeypatch.setattr(reopening, "evaluate", refuse)
    open_in(qtbot, session, sources)
    assert session.results.evaluation.precision.tobytes() == before
    assert session.dataset is not None
    assert session.dataset.image_folder == sources.ground_truth.parent


def test_keeping_is_not_seen_and_hinders_nothing(
    qtbot: QtBot, session: Session, sources: Sources, slow_keeping: Gate, seen: Seen
) -> None:
    open_in(qtbot, session, sources)
    qtbot.waitUntil(slow_keeping.entered.is_set, timeout=LONG)
    qtbot.waitUntil(lambda: session.activity is None, timeout=LONG)
    activities = seen(session.activity_changed)
    with qtbot.waitSignal(session.results_changed, timeout=LONG):
        session.set_iou_index(3)
    assert session.point.iou_index == 3
    assert activities == []
    assert not slow_keeping.was_cancelled.is_set()


def open_other(session: Session, other: Sources) -> None:
    session.open(lambda _progress: other)


def close(session: Session, _other: Sources) -> None:
    session.close()


@pytest.mark.parametrize("leave", [open_other, close])
def test_keeping_gives_way(
    qtbot: QtBot,
    session: Session,
    sources: Sources,
    other_sources: Sources,
    slow_keeping: Gate,
    leave: Callable[[Session, Sources], None],
) -> None:
    open_in(qtbot, session, sources)
    qtbot.waitUntil(slow_keeping.entered.is_set, timeout=LONG)
    leave(session, other_sources)
    assert slow_keeping.was_cancelled.wait(10)


def test_what_cannot_be_kept_is_no_failure(
    qtbot: QtBot, session: Session, sources: Sources, kept: Path, seen: Seen
) -> None:
    kept.write_text("not a folder")
    failures = seen(session.failed)
    for _ in range(2):
        open_in(qtbot, session, sources)
    qtbot.waitUntil(lambda: session.activity is None, timeout=LONG)
    session.close()
    assert failures == []
