"""The columns of the splits in the dock of tables."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QTableView

from inspector.evaluation.matching import evaluate
from inspector.evaluation.summary import mean_average_precision
from inspector.export.report import number
from inspector.selection import restricted
from inspector.sources import Sources
from tests.gui.conftest import LONG, Program
from tests.gui.splits import split_reading
from widgets.tables import TablesPanel


class Tables:
    """The dock, shown, and hands to use it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.panel = program.workspace.tables
        self.view = self.panel.findChildren(QTableView)[0]
        self.choice, self.measure = self.panel.findChildren(QComboBox)
        (self.by_split,) = self.panel.findChildren(QCheckBox)

    def settle(self) -> None:
        self.program.settle()
        QApplication.processEvents()
        self.program.bot.waitUntil(lambda: not self.panel.is_busy, timeout=LONG)

    def choose(self, title: str) -> None:
        self.choice.setCurrentText(title)
        self.settle()

    def heads(self) -> list[str]:
        model = self.view.model()
        return [model.headerData(place, Qt.Orientation.Horizontal) for place in range(model.columnCount())]

    def row(self, row: int) -> list[str]:
        model = self.view.model()
        return [str(model.index(row, column).data()) for column in range(model.columnCount())]


@pytest.fixture
def tables(program: Program, sources: Sources, monkeypatch: pytest.MonkeyPatch) -> Tables:
    split_reading(monkeypatch)
    program.open(sources)
    program.key(Qt.Key.Key_T)
    made = Tables(program)
    made.settle()
    return made


def test_the_splits_stand_beside_all_images_with_the_numbers_that_they_have_alone(tables: Tables) -> None:
    assert tables.heads() == ["size", "IoU", "all", "train", "valid", "test"]
    whole = tables.program.session.dataset
    assert whole is not None
    rows = [None, np.arange(6), np.arange(6, 10), np.arange(10, 12)]
    parts = [evaluate(whole if part is None else restricted(whole, part)) for part in rows]
    assert tables.row(0)[2:] == [number(mean_average_precision(part)) for part in parts]


def test_without_their_columns_the_table_is_that_of_all_images(tables: Tables) -> None:
    tables.program.click(tables.by_split, QPoint(8, tables.by_split.height() // 2))
    tables.settle()
    assert tables.heads() == ["IoU", "all", "small", "medium", "large"]
    tables.choose("Classes")
    assert tables.heads()[:2] == ["class", "AP"]


def test_the_table_of_the_splits_has_a_line_for_each_and_images_tell_theirs(tables: Tables) -> None:
    tables.choose("Splits")
    assert tables.heads()[:3] == ["split", "images", "AP"]
    assert [tables.row(row)[:2] for row in range(4)] == [
        ["all", "12"],
        ["train", "6"],
        ["valid", "4"],
        ["test", "2"],
    ]
    tables.choose("Images")
    assert tables.heads()[:3] == ["image", "split", "objects"]
    assert [tables.row(row)[1] for row in (0, 6, 11)] == ["train", "valid", "test"]


def test_they_follow_the_confidence_and_the_chosen_classes(tables: Tables) -> None:
    tables.choose("Counts")
    before = tables.row(0)
    tables.program.session.set_confidence(0.95)
    tables.settle()
    after = tables.row(0)
    assert all(int(a) < int(b) for a, b in zip(after[2:], before[2:], strict=True))
    tables.program.session.set_class_rows(frozenset({0}))
    tables.settle()
    assert all(int(a) <= int(b) for a, b in zip(tables.row(0)[2:], after[2:], strict=True))


def test_of_a_single_split_there_are_no_such_columns(tables: Tables) -> None:
    tables.choose("Splits")
    with tables.program.bot.waitSignal(tables.program.session.results_changed, timeout=LONG):
        tables.program.session.choose_split("valid")
    tables.settle()
    assert not tables.by_split.isVisible()
    assert "Splits" not in [tables.choice.itemText(place) for place in range(tables.choice.count())]
    tables.choose("AP and AR")
    assert tables.heads() == ["IoU", "all", "small", "medium", "large"]
    assert isinstance(tables.panel, TablesPanel)
