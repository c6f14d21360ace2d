"""What opening files does to a session."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.progress import Progress
from inspector.sources import Sources
from tests.gui.conftest import BUS, IMAGES, LONG, Gate, open_in, records, write_set
from tests.gui.session.states import Seen, fits, idle, state
from widgets.session import Session


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


def test_reading_the_files_again_stays_on_the_image(
    qtbot: QtBot, opened: Session, sources: Sources, other_sources: Sources
) -> None:
    opened.show_image(3)
    truth = json.loads(sources.ground_truth.read_text(encoding="utf-8"))
    del truth["images"][0]
    sources.ground_truth.write_text(json.dumps(truth), encoding="utf-8")
    open_in(qtbot, opened, sources)
    assert opened.image_row == 2
    open_in(qtbot, opened, other_sources)
    assert opened.image_row == 0
