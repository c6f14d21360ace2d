"""Choosing a split: what is evaluated, and how it goes together with the listed images."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from inspector.evaluation.matching import evaluate
from inspector.evaluation.options import Options
from inspector.evaluation.summary import headline
from inspector.selection import restricted
from inspector.sources import Sources
from tests.gui.conftest import LONG, Gate
from tests.gui.session.states import fits, idle
from tests.gui.splits import split_reading
from widgets.session import Session
from widgets.subject import NO_SUCH_SPLIT

TRAIN, VALID = np.arange(6), np.arange(6, 10)


@pytest.fixture(autouse=True)
def _in_splits(monkeypatch: pytest.MonkeyPatch) -> None:
    split_reading(monkeypatch)


def open_split(bot: QtBot, session: Session, sources: Sources, split: str | None = None) -> None:
    with bot.waitSignal(session.results_changed, timeout=LONG):
        session.open(lambda _progress: sources, lambda _sources: split)


def choose(bot: QtBot, session: Session, split: str | None) -> None:
    with bot.waitSignal(session.results_changed, timeout=LONG):
        session.choose_split(split)
    bot.waitUntil(lambda: idle(session), timeout=LONG)


def restrict(bot: QtBot, session: Session, rows: list[int] | None) -> None:
    with bot.waitSignal(session.results_changed, timeout=LONG):
        session.restrict(None if rows is None else np.array(rows))
    bot.waitUntil(lambda: idle(session), timeout=LONG)


def shown(session: Session) -> list[object]:
    assert session.dataset is not None
    return list(session.dataset.images.ids)


def test_a_split_is_evaluated_by_its_own(qtbot: QtBot, session: Session, sources: Sources) -> None:
    open_split(qtbot, session, sources)
    whole = session.dataset
    assert whole is not None
    choose(qtbot, session, "valid")
    assert session.split == "valid"
    assert shown(session) == [7, 8, 9, 10]
    assert session.results is not None
    assert fits(session)
    assert headline(session.results.evaluation) == headline(evaluate(restricted(whole, VALID)))
    assert session.opened is whole
    choose(qtbot, session, None)
    assert session.dataset is whole


def test_what_is_opened_may_begin_with_a_split(qtbot: QtBot, session: Session, sources: Sources) -> None:
    open_split(qtbot, session, sources, "test")
    assert shown(session) == [11, 12]
    assert session.opened is not None
    assert len(session.opened.images) == 12


def test_an_unknown_split_is_remarked_on_and_all_images_are_shown(
    qtbot: QtBot, session: Session, sources: Sources
) -> None:
    open_split(qtbot, session, sources, "dev")
    assert session.split is None
    assert len(shown(session)) == 12
    assert [(note.text, note.examples) for note in session.notes][-1] == (NO_SUCH_SPLIT, ("dev",))


def test_listed_images_are_taken_of_the_split_and_all_goes_back_step_by_step(
    qtbot: QtBot, session: Session, sources: Sources
) -> None:
    open_split(qtbot, session, sources, "valid")
    assert not session.is_restricted
    restrict(qtbot, session, [2, 0])
    assert (shown(session), session.split, session.is_restricted) == ([7, 9], "valid", True)
    restrict(qtbot, session, [1])
    assert shown(session) == [9]
    restrict(qtbot, session, None)
    assert (shown(session), session.split, session.is_restricted) == ([7, 8, 9, 10], "valid", False)
    restrict(qtbot, session, None)
    assert (len(shown(session)), session.split) == (12, None)


def test_choosing_a_split_takes_all_of_its_images(qtbot: QtBot, session: Session, sources: Sources) -> None:
    open_split(qtbot, session, sources)
    restrict(qtbot, session, [0, 7])
    choose(qtbot, session, "valid")
    assert (shown(session), session.is_restricted) == ([7, 8, 9, 10], False)
    restrict(qtbot, session, [0])
    choose(qtbot, session, "valid")
    assert (shown(session), session.is_restricted) == ([7, 8, 9, 10], False)


def test_the_current_image_stays_where_the_split_has_it(
    qtbot: QtBot, session: Session, sources: Sources
) -> None:
    open_split(qtbot, session, sources)
    session.show_image(8)
    choose(qtbot, session, "valid")
    assert session.image_row == 2
    choose(qtbot, session, None)
    assert session.image_row == 8


def test_other_options_keep_the_split(qtbot: QtBot, session: Session, sources: Sources) -> None:
    open_split(qtbot, session, sources, "train")
    with qtbot.waitSignal(session.results_changed, timeout=LONG):
        session.set_options(Options(class_agnostic=True))
    assert shown(session) == [1, 2, 3, 4, 5, 6]
    choose(qtbot, session, "valid")
    assert shown(session) == [7, 8, 9, 10]
    assert session.dataset is not None
    assert len(session.dataset.classes) == 1


def test_a_cancelled_choice_leaves_the_split_as_it_was(
    qtbot: QtBot, session: Session, sources: Sources, slow_evaluation: Gate
) -> None:
    slow_evaluation.opened.set()
    open_split(qtbot, session, sources, "train")
    qtbot.waitUntil(lambda: idle(session), timeout=LONG)
    slow_evaluation.opened.clear()
    slow_evaluation.entered.clear()
    session.choose_split("valid")
    qtbot.waitUntil(slow_evaluation.entered.is_set, timeout=LONG)
    assert session.split == "valid"
    session.cancel()
    qtbot.waitUntil(lambda: idle(session), timeout=LONG)
    assert (session.split, shown(session)) == ("train", [1, 2, 3, 4, 5, 6])
