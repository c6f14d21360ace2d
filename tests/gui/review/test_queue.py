"""Going through suspects by key."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox

import widgets.suspect_queue
from inspector.refs import Side
from inspector.review.finding import find_suspects
from inspector.review.verdicts import Judgement, Kind, Verdict
from inspector.sources import Sources
from tests.gui.conftest import LONG, Program, records, write_set
from tests.gui.review.steps import (
    CONTROL,
    SHIFT,
    Key,
    bar,
    boxes,
    image_of,
    press_back,
    progress,
    queue,
)
from widgets.queue import SuspectBar


def test_suspects_come_by_themselves_and_are_stepped_through_best_first(opened: Program) -> None:
    expected = boxes(opened)
    assert bar(opened) == f"{len(expected)} suspect labels without a verdict: E next, Q previous"
    for number, ref in enumerate(expected[:3], start=1):
        opened.key(Key.Key_E)
        assert opened.session.selected == ref
        assert bar(opened).startswith(f"Suspect {number} of {len(expected)} · ")
        assert bar(opened).endswith("Enter agrees, 2 the model is wrong, E next")
    opened.key(Key.Key_Q)
    assert opened.session.selected == expected[1]
    opened.session.select(None)
    opened.key(Key.Key_E)  # goes on from where it was
    assert opened.session.selected == expected[2]


def test_a_verdict_leads_to_the_next_suspect_and_undo_back(opened: Program) -> None:
    expected = boxes(opened)
    opened.key(Key.Key_E)
    opened.key(Key.Key_2)
    assert opened.reviewing.verdict(expected[0]) == Verdict(Judgement.MODEL)
    assert opened.session.selected == expected[1]
    opened.key(Key.Key_Return)
    assert opened.reviewing.verdict(expected[1]).judgement is Judgement.LABEL
    assert opened.session.selected == expected[2]
    assert progress(opened) == f"2/{len(expected)} suspects, 0/12 images, 1 flag"
    opened.window.resize(1600, 800)
    assert progress(opened) == f"2 of {len(expected)} suspects, 0 of 12 images reviewed, 1 flag"
    opened.key(Key.Key_Z, CONTROL)
    assert opened.session.selected == expected[1]
    assert opened.reviewing.verdict(expected[1]) == Verdict()
    opened.key(Key.Key_Z, CONTROL | SHIFT)
    assert opened.reviewing.verdict(expected[1]).judgement is Judgement.LABEL
    assert opened.session.selected == expected[1]


def test_what_was_just_judged_is_looked_at_again_and_then_the_next_open_one(opened: Program) -> None:
    expected = boxes(opened)
    opened.key(Key.Key_E)
    opened.key(Key.Key_2)
    opened.key(Key.Key_2)
    for ref in (expected[1], expected[0]):
        opened.key(Key.Key_Q)
        assert opened.session.selected == ref
    opened.key(Key.Key_Q)
    assert "That was the first suspect." in opened.window.statusBar().currentMessage()
    opened.key(Key.Key_E)
    assert opened.session.selected == expected[2]


def test_what_was_undone_is_judged_again_and_nothing_is_passed_over(opened: Program) -> None:
    expected = boxes(opened)
    opened.key(Key.Key_E)
    opened.key(Key.Key_2)
    opened.key(Key.Key_Z, CONTROL)
    assert opened.session.selected == expected[0]
    opened.key(Key.Key_3)
    assert opened.session.selected == expected[1]
    opened.key(Key.Key_2)
    opened.reviewing.withdraw(expected[:1])  # as in the list of verdicts
    opened.keep()
    opened.key(Key.Key_E)
    assert opened.session.selected == expected[0]


def test_the_queue_goes_on_where_it_was_left_whatever_was_selected_since(opened: Program) -> None:
    expected = boxes(opened)
    for _ in range(2):
        opened.key(Key.Key_E)
    opened.session.select(expected[20])  # a click
    opened.key(Key.Key_E)
    assert opened.session.selected == expected[2]
    press_back(opened, Key.Key_X)
    opened.key(Key.Key_E)
    assert opened.session.selected == expected[3]
    opened.session.select(expected[4])
    opened.key(Key.Key_E)  # that one is seen already
    assert opened.session.selected == expected[5]
    opened.session.select(expected[30])
    opened.key(Key.Key_Q)
    assert opened.session.selected == expected[5]


def test_the_first_suspect_comes_first_whatever_was_clicked_before(opened: Program) -> None:
    expected = boxes(opened)
    opened.session.select(expected[20])
    opened.key(Key.Key_E)
    assert opened.session.selected == expected[0]


def test_keys_go_through_the_listed_images_and_chosen_classes(opened: Program) -> None:
    dataset = opened.session.dataset
    assert dataset is not None
    expected, count = boxes(opened), len(boxes(opened))
    opened.workspace.images.set_filter("name:shot_03")
    opened.settle()
    here = [ref for ref in expected if image_of(opened, ref) == 2]
    assert 0 < len(here) < count
    assert f"{len(here)} suspect label" in bar(opened)
    assert f"without a verdict in the listed images, {count - len(here)} elsewhere" in bar(opened)
    for ref in here:
        opened.key(Key.Key_E)
        assert opened.session.selected == ref
        assert f", {len(here)} left in the listed images" in bar(opened)
    opened.key(Key.Key_E)
    said = opened.window.statusBar().currentMessage()
    assert said.startswith("That was the last suspect in the listed images")
    assert f"{count - len(here)} elsewhere" in said
    opened.workspace.images.set_filter("")
    opened.session.set_class_rows(frozenset({2}))
    opened.settle()
    for _ in range(3):
        opened.key(Key.Key_E)
        ref = opened.session.selected
        assert ref is not None
        side = dataset.objects if ref.kind is Side.OBJECT else dataset.detections
        assert side.classes[ref.row] == 2
    assert "left of the chosen classes" in bar(opened)


def test_of_two_copies_only_one_is_asked_for(program: Program, tmp_path: Any) -> None:
    truth, found = records()
    twin = {**truth["annotations"][0], "id": 900}
    truth["annotations"].append(twin)
    program.open(write_set(tmp_path / "twins", truth, found))
    suspects = queue(program).suspects
    assert suspects is not None
    copies = [row for row in range(len(suspects)) if suspects.kind(row) is Kind.DUPLICATE]
    first, second = (suspects.ref(row) for row in copies)
    count = queue(program).boxes
    program.reviewing.judge([first], Judgement.LABEL, Kind.DUPLICATE)
    program.keep()
    assert queue(program).boxes == count - 1
    seen = set()
    for _ in range(count):
        program.key(Key.Key_E)
        seen.add(program.session.selected)
    assert second not in seen
    assert queue(program).suggestion(second) is None
    program.session.select(second)
    assert not bar(program).startswith("Suspect ")
    program.reviewing.withdraw([first])
    program.keep()
    assert queue(program).boxes == count
    assert bar(program).startswith("Suspect ")
    assert queue(program).suggestion(second) is not None


def test_a_box_that_was_clicked_stays_when_it_is_judged(opened: Program) -> None:
    ref = boxes(opened)[4]
    opened.session.select(ref)
    assert bar(opened).startswith("Suspect 5 of")
    opened.key(Key.Key_2)
    assert opened.session.selected == ref


def test_going_on_can_be_switched_off_and_that_is_remembered(
    start: Callable[[], Program], sources: Sources
) -> None:
    first = start()
    first.open(sources)
    first.choose("Review", "Go on after a verdict")
    first.key(Key.Key_E)
    first.key(Key.Key_2)
    assert first.session.selected == boxes(first)[0]
    first.window.close()
    second = start()
    second.open(sources)
    second.key(Key.Key_E)
    at = second.session.selected
    second.key(Key.Key_2)
    assert second.session.selected == at


def test_the_end_of_the_queue_says_what_is_left(opened: Program) -> None:
    expected = boxes(opened)
    opened.reviewing.judge(expected[1:-1], Judgement.FINE)
    opened.keep()
    for ref in (expected[0], expected[-1]):
        opened.key(Key.Key_E)
        assert opened.session.selected == ref
    opened.key(Key.Key_E)
    assert "last suspect; 1 before it has no verdict." in opened.window.statusBar().currentMessage()
    opened.reviewing.judge(expected, Judgement.FINE)
    opened.keep()
    opened.key(Key.Key_E)
    assert "all of them have a verdict" in opened.window.statusBar().currentMessage()
    opened.session.select(None)
    assert bar(opened) == ""


def test_reopening_resumes_at_the_suspect(start: Callable[[], Program], sources: Sources) -> None:
    first = start()
    first.open(sources)
    first.key(Key.Key_E)
    for _ in range(3):
        first.key(Key.Key_2)
    at, said = first.session.selected, bar(first)
    first.window.close()
    second = start()
    second.open(sources)
    assert second.session.selected == at
    assert bar(second) == said
    assert progress(second).startswith("3/")
    second.key(Key.Key_E)
    assert second.session.selected == boxes(second)[4]


def test_what_is_evaluated_anew_has_its_own_suspects(opened: Program) -> None:
    before = boxes(opened)
    with opened.bot.waitSignal(opened.session.results_changed, timeout=LONG):
        opened.session.restrict(np.array([0, 1]))
    opened.settle()
    assert 0 < len(boxes(opened)) < len(before)
    opened.key(Key.Key_E)
    assert opened.session.image_row in (0, 1)


def test_while_suspects_are_looked_for_everything_else_works(
    program: Program, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def slowly(*what: Any) -> Any:
        gate.wait(10)
        return find_suspects(*what)

    monkeypatch.setattr(widgets.suspect_queue, "find_suspects", slowly)
    with program.bot.waitSignal(program.session.results_changed, timeout=LONG):
        program.window.open_sources(sources)
    program.bot.waitUntil(lambda: program.window.workspace is not None, timeout=LONG)
    program.bot.waitUntil(lambda: queue(program).is_running, timeout=LONG)
    assert bar(program) == "Looking for suspect labels…"
    queue(program).step(1)
    assert "being looked for" in program.window.statusBar().currentMessage()
    gate.set()
    program.settle()
    program.key(Key.Key_E)
    assert bar(program).startswith("Suspect 1 of")


def test_what_cannot_be_kept_is_said_and_another_place_offered(
    program: Program, sources: Sources, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources.detections.with_name("labels.review.sqlite").write_text("precious")
    program.open(sources)
    assert any("is not a review file" in text for text in program.messages())
    chosen = tmp_path / "mine"
    monkeypatch.setattr(
        "widgets.window.review_place.QFileDialog.getSaveFileName", lambda *_at, **_how: (str(chosen), "")
    )
    program.click(program.buttons(program.part(QMessageBox))["Choose another place…"])
    program.bot.waitUntil(lambda: program.reviewing.path == chosen.with_suffix(".sqlite"), timeout=LONG)
    program.keep()
    program.reviewing.judge(boxes(program)[:1], Judgement.MODEL)
    program.keep()
    assert len(program.reviewing.entries) == 1


@pytest.mark.parametrize("width", [340, 470, 1000])
def test_the_whole_reason_is_read_in_a_narrow_bar_of_one_height(opened: Program, width: int) -> None:
    queue = opened.workspace.queue
    narrow = SuspectBar(queue, opened.theme)
    opened.bot.addWidget(narrow)
    narrow.resize(width, 60)
    narrow.show()
    heights = {narrow.sizeHint().height()}
    assert queue.suspects is not None
    for row in range(len(queue.suspects)):
        queue.show(row)
        said = " ".join(narrow.shown_lines)
        assert queue.reason(row) in said
        assert "…" not in said
        heights.add(narrow.sizeHint().height())
    assert len(heights) == 1
    without_end = narrow.text.replace(" · Enter agrees, 2 the model is wrong, E next", "")
    assert " ".join(narrow.shown_lines).strip() == without_end
