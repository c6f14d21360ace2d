"""Numbers lead to the images that they count."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel

from inspector.refs import BoxRef, Side
from inspector.review.verdicts import Judgement, Kind
from tests.gui.conftest import Program
from widgets.queue import ReviewProgress
from widgets.window.status_bar import StatusBar


def doors_of(program: Program, label: QLabel) -> list[str]:
    """The filters that presses on a label lead to, from left to right."""
    line, found = program.workspace.images.filter_line, []
    for x in range(0, label.width(), 6):
        program.workspace.images.set_filter("")
        program.click(label, QPoint(x, label.height() // 2))
        if line.text() and line.text() not in found:
            found.append(line.text())
    return found


def label_of(program: Program, fits: Callable[[QLabel], bool]) -> QLabel:
    return next(label for label in program.part(StatusBar).findChildren(QLabel) if fits(label))


def test_a_press_on_a_count_lists_the_images_that_it_comes_from(opened: Program) -> None:
    counts = label_of(opened, lambda label: "precision" in label.text())
    assert doors_of(opened, counts) == ["tp>0", "fp>0", "fn>0"]
    opened.workspace.images.set_filter("fp>0")
    dataset, results = opened.session.dataset, opened.session.results
    assert dataset is not None
    assert results is not None
    shown = opened.workspace.images.image_rows()
    assert 0 < len(shown) < len(dataset.images)


def test_a_press_on_the_flags_lists_the_flagged_images(opened: Program) -> None:
    opened.reviewing.judge([BoxRef(Side.OBJECT, 0)], Judgement.LABEL, Kind.SPURIOUS)
    opened.settle()
    progress = opened.part(ReviewProgress)
    opened.bot.waitUntil(lambda: "1 flag" in progress.text() and progress.isVisible())
    assert doors_of(opened, progress)[-1] == "verdict:label"
    opened.workspace.images.set_filter("verdict:label")
    assert opened.workspace.images.image_rows() == [0]
