"""The dock that says what the flags would change."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QTableView

from inspector.dataset import Classes
from inspector.evaluation.matching import evaluate
from inspector.evaluation.summary import headline
from inspector.refs import BoxRef, Side
from inspector.review.attaching import Attached
from inspector.review.correcting import corrected, ignoring
from inspector.review.corrections import corrections
from inspector.review.verdicts import Judgement, Kind
from inspector.review.what_if import Comparison
from inspector.sources import Sources
from tests.gui.conftest import APPLE, LONG, Program
from widgets.what_if import WhatIfPanel
from widgets.what_if.rows import rows_of
from widgets.what_if.view import RowsView

OBJECTS = tuple(BoxRef(Side.OBJECT, row) for row in range(5))


class Dock:
    """The dock, shown, and hands to use it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.panel: WhatIfPanel = program.workspace.what_if
        self.view = self.panel.findChildren(QTableView)[0]
        self.choice = self.panel.findChildren(QComboBox)[0]

    def show(self) -> None:
        self.program.workspace.show_dock("What if")
        self.settle()

    def settle(self) -> None:
        QApplication.processEvents()
        self.program.keep()
        self.program.bot.waitUntil(lambda: not self.panel.is_busy, timeout=LONG)
        QApplication.processEvents()

    def flag(self, rows: tuple[int, ...], kind: Kind, right_class: str = "") -> None:
        refs = [OBJECTS[row] for row in rows]
        self.program.reviewing.judge(refs, Judgement.LABEL, kind, right_class=right_class)
        self.settle()

    def texts(self) -> list[list[str]]:
        model = self.view.model()
        return [
            [str(model.index(row, column).data()) for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]

    def words(self) -> list[str]:
        return [label.text() for label in self.panel.findChildren(QLabel) if label.isVisible()]


@pytest.fixture
def dock(opened: Program) -> Dock:
    made = Dock(opened)
    made.show()
    return made


def test_without_flags_it_says_what_to_press(dock: Dock) -> None:
    assert "No flags yet." in dock.words()[0]
    assert not dock.view.isVisible()


def test_it_follows_the_keys_that_judge(dock: Dock) -> None:
    dock.program.session.select(BoxRef(Side.DETECTION, 3))
    dock.program.workspace.canvas.canvas.setFocus()
    dock.program.key(Qt.Key.Key_1)  # a detection lacks a label
    dock.settle()
    assert "1 flag" in dock.words()
    assert dock.view.isVisible()
    dock.program.key(Qt.Key.Key_0)
    dock.settle()
    assert not dock.view.isVisible()


def test_the_numbers_are_those_of_the_changed_labels(dock: Dock) -> None:
    dock.flag((0, 1), Kind.SPURIOUS)
    dock.choice.setCurrentText("Overall")
    dock.choice.activated.emit(0)
    dataset, reviewing = dock.program.session.dataset, dock.program.reviewing
    assert dataset is not None
    said = Attached(reviewing.entries, ())
    cases = (dataset, ignoring(dataset, said), corrected(dataset, corrections(dataset, said)))
    aps = [headline(evaluate(case))["AP"] or np.nan for case in cases]
    first = dock.texts()[0]
    assert [first[0], first[1], first[2], first[4]] == ["AP", *(f"{ap:.3f}" for ap in aps)]
    assert first[5] == f"{aps[2] - aps[0]:+.3f}"


def test_it_counts_what_cannot_be_corrected_and_says_why(dock: Dock) -> None:
    dock.flag((0, 1), Kind.WRONG_CLASS)
    dock.flag((2,), Kind.SPURIOUS)
    words = dock.words()
    assert "3 flags" in words
    assert "2 flags not corrected: wrong class, and nobody said the right one (2)" in words


def test_nothing_is_computed_while_nobody_looks(opened: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from widgets.what_if import panel

    calls, real = [], panel.what_if
    monkeypatch.setattr(panel, "what_if", lambda *given: (calls.append(1), real(*given))[1])
    dock = Dock(opened)
    dock.flag((0,), Kind.SPURIOUS)
    opened.bot.wait(500)  # longer than it rests
    assert not calls
    dock.show()
    assert len(calls) == 1
    dock.program.session.set_confidence(0.7)
    dock.settle()
    assert len(calls) == 1  # counts alone follow the confidence


def test_counts_follow_the_operating_point(dock: Dock) -> None:
    dock.flag((0,), Kind.SPURIOUS)
    dock.choice.setCurrentText("TP by class")
    dock.choice.activated.emit(0)
    for confidence in (0.3, 0.8):
        dock.program.session.set_confidence(confidence)
        dock.settle()
        assert dock.texts()[0][:2] == ["All classes", f"{dock.program.counts().tp}"]


def test_enter_shows_one_class_alone_and_all_again(dock: Dock) -> None:
    dock.flag((0, 1, 2, 3), Kind.WRONG_CLASS, "zebra")
    rows = [texts[0] for texts in dock.texts()]
    assert rows[0] == "All classes"
    assert len(rows) == 7
    dock.view.setFocus()
    dock.view.setCurrentIndex(dock.view.model().index(rows.index("apple"), 0))
    dock.program.key(Qt.Key.Key_Return)
    dock.program.settle()
    dock.settle()
    assert dock.program.session.point.class_rows == frozenset({APPLE})
    assert [texts[0] for texts in dock.texts()] == ["Chosen classes", "apple"]
    dock.program.key(Qt.Key.Key_Return)
    dock.program.settle()
    assert dock.program.session.point.class_rows is None


def test_a_click_on_a_title_sorts_and_the_third_brings_the_changes_first(dock: Dock) -> None:
    dock.flag((0, 1), Kind.SPURIOUS)
    header = dock.view.horizontalHeader()
    before = [texts[0] for texts in dock.texts()]
    at = QPoint(header.sectionPosition(0) + 10, header.height() // 2)
    orders = []
    for _ in range(3):
        dock.program.click(header.viewport(), at)
        orders.append([texts[0] for texts in dock.texts()][1:])
    assert orders == [sorted(before[1:]), sorted(before[1:], reverse=True), before[1:]]


def test_what_is_selected_is_copied_else_all(dock: Dock) -> None:
    dock.flag((0,), Kind.SPURIOUS)
    dock.view.setFocus()
    dock.program.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().count("\n") == 8
    dock.view.selectRow(0)
    dock.program.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, row, end = QGuiApplication.clipboard().text().split("\n")
    assert head.startswith("Class (AP)\tas is\tignored")
    assert row.split("\t")[0] == "All classes"
    assert end == ""


def test_another_dataset_starts_anew(dock: Dock, other_sources: Sources) -> None:
    dock.flag((0,), Kind.SPURIOUS)
    dock.program.open(other_sources)
    dock.settle()
    assert not dock.view.isVisible()


def test_no_number_is_cut(dock: Dock) -> None:
    dock.program.window.resize(1280, 800)
    dock.flag((0,), Kind.SPURIOUS)
    view, numbers = dock.view, np.array([[0.5, 0.5002, 0.4999], [0.25, 0.250001, 0.2], [0.1, 0.1, 0.1]])
    classes = Classes(ids=(1, 2, 3), names=("a", "b", "c"))
    assert isinstance(view, RowsView)
    view.show_rows(
        rows_of(Comparison({"AP": numbers[0]}, {"AP": numbers}), "AP", classes, np.ones(3, dtype=np.bool_))
    )
    assert dock.texts()[0] == ["All classes", "0.500", "0.500", "+<0.001", "0.500", "-<0.001"]
    for column in range(1, 6):
        hints = [view.sizeHintForIndex(view.model().index(row, column)).width() for row in range(4)]
        assert max(hints) <= view.columnWidth(column), column
