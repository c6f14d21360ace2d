"""Evaluating in another way, or only some images: what changes, and what stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

import widgets.results
from inspector.errors import InputError
from inspector.evaluation.matching import evaluate
from inspector.evaluation.options import PERCENTILE_SIZES, Options, parse_ious
from inspector.evaluation.summary import headline
from inspector.selection import ANY_CLASS
from inspector.sources import Sources
from tests.gui.conftest import CAT, LONG, Gate, open_in
from tests.gui.session.states import Seen, fits, idle
from widgets.session import Session
from widgets.subject import NO_MASKS

STRICT = Options(iou_thresholds=parse_ious("0.6:0.1:0.9"), max_dets=(5,), sizes=PERCENTILE_SIZES)


def choose(bot: QtBot, session: Session, options: Options) -> None:
    with bot.waitSignal(session.results_changed, timeout=LONG):
        session.set_options(options)
    bot.waitUntil(lambda: idle(session), timeout=LONG)


def test_other_options_bring_the_numbers_of_their_protocol(qtbot: QtBot, opened: Session) -> None:
    dataset = opened.dataset
    choose(qtbot, opened, STRICT)
    assert opened.dataset is dataset
    assert opened.results is not None
    assert dataset is not None
    assert opened.protocol == opened.results.evaluation.protocol
    assert headline(opened.results.evaluation) == headline(evaluate(dataset, opened.protocol))
    assert opened.results.evaluation.protocol.iou_thresholds == STRICT.iou_thresholds
    assert opened.options == opened.chosen_options == STRICT


@pytest.mark.parametrize(("index", "kept"), [(0, 0.6), (4, 0.7), (9, 0.9)])
def test_the_nearest_iou_threshold_is_kept(qtbot: QtBot, opened: Session, index: int, kept: float) -> None:
    opened.set_iou_index(index)
    qtbot.waitUntil(lambda: idle(opened), timeout=LONG)
    choose(qtbot, opened, STRICT)
    assert opened.wished_iou == pytest.approx(kept)
    assert fits(opened)


def test_a_single_threshold_leaves_one_slice(qtbot: QtBot, opened: Session) -> None:
    opened.set_iou_index(7)
    choose(qtbot, opened, Options(iou_thresholds=(0.3,)))
    assert opened.point.iou_index == opened.wish.iou_index == 0
    assert fits(opened)


def test_class_agnostic_keeps_the_image_and_the_confidence_and_can_be_taken_back(
    qtbot: QtBot, opened: Session
) -> None:
    before = opened.dataset
    opened.show_image(5)
    opened.set_confidence(0.31)
    opened.set_class_rows(frozenset({CAT}))
    qtbot.waitUntil(lambda: idle(opened), timeout=LONG)
    consistent: list[bool] = []
    opened.dataset_changed.connect(lambda: consistent.append(fits(opened)))
    choose(qtbot, opened, Options(class_agnostic=True))
    assert opened.dataset is not None
    assert opened.dataset.classes.names == (ANY_CLASS,)
    assert (opened.image_row, opened.point.confidence, opened.point.class_rows) == (5, 0.31, None)
    agnostic = opened.dataset
    choose(qtbot, opened, Options(class_agnostic=True, max_dets=(3,)))
    assert opened.dataset is agnostic
    assert opened.protocol is not None
    assert opened.protocol.class_agnostic
    choose(qtbot, opened, Options())
    assert opened.dataset is before
    assert (opened.image_row, opened.point.confidence) == (5, 0.31)
    assert consistent == [True, True]


def test_only_some_images_are_evaluated_and_then_all_again(qtbot: QtBot, opened: Session) -> None:
    whole = opened.dataset
    assert whole is not None
    opened.show_image(4)
    with qtbot.waitSignal(opened.results_changed, timeout=LONG):
        opened.restrict(np.array([8, 4, 2]))
    assert opened.dataset is not None
    assert opened.dataset.images.ids == (3, 5, 9)
    assert opened.image_row == 1
    assert opened.is_restricted
    assert opened.opened is whole
    assert fits(opened)
    with qtbot.waitSignal(opened.results_changed, timeout=LONG):
        opened.restrict(np.array([2]))  # rows of what is shown
    assert opened.dataset.images.ids == (9,)
    choose(qtbot, opened, STRICT)
    assert opened.dataset.images.ids == (9,)
    with qtbot.waitSignal(opened.results_changed, timeout=LONG):
        opened.restrict(None)
    assert opened.dataset is whole
    assert opened.image_row == 8
    assert not opened.is_restricted


def test_no_image_at_all_is_refused(opened: Session, seen: Seen) -> None:
    failures = seen(opened.failed)
    opened.restrict(np.zeros(0, dtype=np.int64))
    assert len(failures) == 1
    assert opened.activity is None


def test_all_images_of_all_images_is_nothing_to_do(opened: Session) -> None:
    opened.restrict(None)
    assert opened.activity is None


def test_a_cancelled_evaluation_leaves_results_and_options_as_they_were(
    qtbot: QtBot, opened: Session, monkeypatch: pytest.MonkeyPatch, gate: Gate
) -> None:
    def behind_the_gate(*_arguments: object) -> None:
        gate.hold(_arguments[-1], "Evaluating")  # type: ignore[arg-type]

    monkeypatch.setattr(widgets.results, "evaluated", behind_the_gate)
    dataset, results, point = opened.dataset, opened.results, opened.point
    opened.set_options(replace(STRICT, class_agnostic=True))
    qtbot.waitUntil(gate.entered.is_set, timeout=LONG)
    assert opened.results is results
    opened.cancel()
    assert gate.was_cancelled.wait(10)
    assert (opened.dataset, opened.results, opened.point) == (dataset, results, point)
    assert opened.options == opened.chosen_options == Options()


def test_a_failed_evaluation_leaves_results_and_options_as_they_were(
    qtbot: QtBot, opened: Session, monkeypatch: pytest.MonkeyPatch, seen: Seen
) -> None:
    def fail(*_arguments: object) -> None:
        raise InputError("labels.json", "", "cannot be evaluated")

    failures = seen(opened.failed)
    monkeypatch.setattr(widgets.results, "evaluated", fail)
    results = opened.results
    opened.set_options(STRICT)
    qtbot.waitUntil(lambda: bool(failures), timeout=LONG)
    assert opened.results is results
    assert opened.options == opened.chosen_options == Options()


def test_options_chosen_before_anything_is_open_are_those_of_the_first_evaluation(
    qtbot: QtBot, session: Session, sources: Sources
) -> None:
    session.set_options(STRICT)
    open_in(qtbot, session, sources)
    assert session.results is not None
    assert session.results.evaluation.protocol.iou_thresholds == STRICT.iou_thresholds


def test_without_masks_boxes_are_compared_and_a_remark_says_so(
    qtbot: QtBot, session: Session, sources: Sources
) -> None:
    session.set_options(Options(iou_type="segm"))
    open_in(qtbot, session, sources)
    assert session.protocol is not None
    assert session.protocol.iou_type == "bbox"
    assert session.dataset is not None
    assert NO_MASKS in [note.text for note in session.dataset.notes]
    assert session.chosen_options.iou_type == "segm"  # for the next files


def test_other_files_bring_all_of_their_images(qtbot: QtBot, opened: Session, other_sources: Sources) -> None:
    with qtbot.waitSignal(opened.results_changed, timeout=LONG):
        opened.restrict(np.array([1, 2]))
    open_in(qtbot, opened, other_sources)
    assert not opened.is_restricted
    assert opened.dataset is not None
    assert len(opened.dataset.images) == 4
