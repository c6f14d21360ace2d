"""The operating point and the current image."""

from __future__ import annotations

import math

import pytest
from pytestqt.qtbot import QtBot

from inspector.sources import Sources
from tests.gui.conftest import APPLE, BUS, CAT, CLASSES, IMAGES, KITE, LONG, Gate
from tests.gui.session.states import Seen, fits, idle
from widgets.session import Session


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
