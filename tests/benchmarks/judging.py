"""Judges suspects of the demo in the real window by keyboard alone, as a person who knows what is true.

    python -m tests.benchmarks.judging [SUSPECTS] [DELAY]

Prints how many keystrokes and milliseconds a verdict takes (from its first key until the canvas shows the
picture of the next suspect), how many of the planted label errors were found, and what the review file holds.
DELAY: milliseconds between keys, to look on.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from inspector.demo import ensure_demo
from inspector.geometry import overlaps
from inspector.review.file import ReviewFile
from inspector.review.verdicts import Kind
from inspector.sources import Sources
from tests.benchmarks.window import _Painted, _percentiles, _window

_LETTERS = {Kind.SPURIOUS: "s", Kind.WRONG_CLASS: "c", Kind.BADLY_PLACED: "b", Kind.DUPLICATE: "d"}


class _Person:
    """Knows the planted errors, and has a keyboard."""

    def __init__(self, application: Any, window: Any, planted: list[dict[str, Any]], delay: int) -> None:
        self._application, self._window, self._delay = application, window, delay
        self._by_object = {
            error["annotation_id"]: error for error in planted if error["annotation_id"] is not None
        }
        self._missing = [error for error in planted if error["kind"] == "missing"]
        self.keys = 0
        self.found: set[int] = set()
        self.painted = _Painted([window.workspace.canvas.canvas])

    def press(self, text: str) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        named = {"enter": Qt.Key.Key_Return, "right": Qt.Key.Key_Right}
        popup = QApplication.activePopupWidget()
        focused = QApplication.focusWidget() if popup is None else popup.focusWidget()
        target = focused or popup or self._window
        if text in named:
            QTest.keyClick(target, named[text])
        else:
            QTest.keyClicks(target, text)
        self.keys += 1 if text in named else len(text)
        self._application.processEvents()
        if self._delay:
            QTest.qWait(self._delay)

    def until(self, done: Any, seconds: float = 10.0) -> None:
        end = time.perf_counter() + seconds
        while not done():
            if time.perf_counter() > end:
                self._window.screen().grabWindow(0).save("stuck.png")
                raise TimeoutError("the window does not go on: see stuck.png")
            self._application.processEvents()

    def judge(self, suspect: Any, suggestion: Any) -> None:
        """Agree with what is true; name what is wrong in another way; else the model is wrong."""
        error = self._truth(suspect)
        if error is None:
            self.press("2")
            return
        self.found.add(id(error))
        kind = Kind(error["kind"])
        is_right = kind is suggestion.kind and (
            kind is not Kind.WRONG_CLASS or suggestion.right_class == error["truth"]["class"]
        )
        if is_right:
            self.press("enter")
            return
        self.press("1")
        if kind is Kind.MISSING:
            if self._application.activePopupWidget() is not None:  # a label of its class is there already
                self.press("m")
            return
        self.press(_LETTERS[kind])
        if kind is Kind.WRONG_CLASS:
            self.press(error["truth"]["class"])
        if kind is Kind.BADLY_PLACED:
            self.press("right")  # a box that lies where the label is corrects nothing
        if kind in (Kind.WRONG_CLASS, Kind.BADLY_PLACED):
            self.press("enter")

    def _truth(self, ref: Any) -> dict[str, Any] | None:
        dataset = self._window.session.dataset
        if ref.kind.value == "object":
            return self._by_object.get(int(dataset.objects.ids[ref.row]))
        box = dataset.detections.boxes[ref.row]
        image = dataset.images.file_names[int(dataset.detections.images[ref.row])]
        name = dataset.detection_name(ref.row)
        for error in self._missing:
            truth = error["truth"]
            if (error["file_name"], truth["class"]) == (image, name):
                there = np.array([truth["bbox"]], dtype=np.float64)
                if overlaps(box, there, np.zeros(1, dtype=np.bool_))[0] >= 0.5:
                    return error
        return None


def main(suspects: int, delay: int) -> dict[str, object]:
    application, window = _window()
    session, folder = window.session, window.temporary_folder
    files = ensure_demo()
    planted = json.loads(files.planted_errors.read_text(encoding="utf-8"))["errors"]
    path = Path(folder.path()) / "review.sqlite"
    window.reviewing.use(path)
    window.show()
    window.activateWindow()
    window.open_sources(Sources(files.ground_truth, files.detections, files.images))
    end = time.perf_counter() + 120
    while not (session.results and window.workspace.queue.suspects and window.workspace.is_idle()):
        assert time.perf_counter() < end, "no suspects"
        application.processEvents()
    person, queue = _Person(application, window, planted, delay), window.workspace.queue
    window.workspace.canvas.setFocus()
    person.press("e")
    taken, begun_at = [], time.perf_counter()
    stepping = person.keys
    for _ in range(suspects):
        ref = session.selected
        row = queue.current
        if ref is None or row is None:
            break
        person.painted.forget()
        begun = time.perf_counter()
        person.judge(ref, queue.suggestion(ref))
        person.until(lambda: session.selected != ref)  # noqa: B023
        person.until(
            lambda: person.painted.all() and window.workspace.loader.picture(session.image_row) is not None
        )
        taken.append((time.perf_counter() - begun) * 1000)
    seconds = time.perf_counter() - begun_at
    window.close()
    with ReviewFile.open(path) as review:
        entries = review.entries()
    flags = sum(entry.verdict.is_flag for entry in entries)
    return {
        "verdicts": len(taken),
        "keystrokes_per_verdict": round((person.keys - stepping) / max(len(taken), 1), 2),
        "milliseconds_per_verdict": _percentiles(taken),
        "seconds": round(seconds, 1),
        "planted_errors_found": len(person.found),
        "planted_errors": len(planted),
        "in_the_file": len(entries),
        "flags_in_the_file": flags,
    }


if __name__ == "__main__":
    numbers = [int(value) for value in sys.argv[1:]]
    print(json.dumps(main(*numbers, *(200, 0)[len(numbers) :]), indent=2))
