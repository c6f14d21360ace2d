"""The dock of tables: what it computes and when, and what a person does with it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDockWidget,
    QFileDialog,
    QLabel,
    QLineEdit,
    QTableView,
    QWidget,
)

from inspector.evaluation.operating_point import class_counts
from inspector.evaluation.summary import mean_average_precision
from inspector.export.report import number
from inspector.sources import Sources
from tests.gui.conftest import LONG, Program, records, write_set
from widgets.tables import panel
from widgets.tables.choices import CHOICES

CONTROL = Qt.KeyboardModifier.ControlModifier
Start = Callable[[], Program]


class Tables:
    """The dock, shown, and hands to use it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.panel = program.workspace.tables
        self.view = self.panel.findChildren(QTableView)[0]
        self.choice, self.measure = self.panel.findChildren(QComboBox)

    def settle(self) -> None:
        self.program.settle()
        QApplication.processEvents()
        self.program.bot.waitUntil(lambda: not self.panel.is_busy, timeout=LONG)

    def choose(self, title: str) -> None:
        self.choice.setCurrentText(title)
        self.settle()

    def texts(self) -> list[list[str]]:
        model = self.view.model()
        return [
            [str(model.index(row, column).data()) for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]

    def heads(self) -> list[str]:
        model = self.view.model()
        return [
            str(model.headerData(column, Qt.Orientation.Horizontal)) for column in range(model.columnCount())
        ]

    def cut(self) -> list[str]:
        """Titles of the columns that are too narrow for what they show."""
        hint, width = self.view.sizeHintForColumn, self.view.columnWidth
        return [head for column, head in enumerate(self.heads()) if hint(column) > width(column)]

    def take(self, measure: str) -> None:
        """Go to it by keys."""
        steps = self.measure.findText(measure) - self.measure.currentIndex()
        for _ in range(abs(steps)):
            self.program.bot.keyClick(self.measure, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
        assert self.measure.currentText() == measure

    def sort(self, head: str) -> int:
        """Click a title; the column is returned."""
        column = next(place for place, title in enumerate(self.heads()) if title.split(" ")[0] == head)
        header = self.view.horizontalHeader()
        at = QPoint(header.sectionViewportPosition(column) + 5, header.height() // 2)
        self.program.click(header.viewport(), at)
        return column

    def ask_for_file(self) -> QFileDialog:
        self.program.click(self.program.buttons(self.panel)["CSV…"])
        return self.panel.findChildren(QFileDialog)[0]

    def labels(self) -> str:
        return "\n".join(label.text() for label in self.panel.findChildren(QLabel) if label.isVisible())

    def click(self, row: int, column: int = 0) -> None:
        cell = self.view.visualRect(self.view.model().index(row, column))
        self.program.click(self.view.viewport(), cell.center())


@pytest.fixture
def tables(opened: Program) -> Tables:
    opened.key(Qt.Key.Key_T)
    made = Tables(opened)
    made.settle()
    return made


def test_the_dock_stands_behind_the_classes_and_its_key_brings_it_forward(opened: Program) -> None:
    def is_seen(widget: QWidget) -> bool:
        return not widget.visibleRegion().isEmpty()

    assert not is_seen(opened.workspace.tables)
    assert is_seen(opened.class_table)
    opened.key(Qt.Key.Key_T)
    opened.bot.waitUntil(lambda: is_seen(opened.workspace.tables), timeout=LONG)
    assert not is_seen(opened.class_table)
    dock = opened.workspace.tables.parentWidget()
    assert isinstance(dock, QDockWidget)
    assert dock.windowTitle() == "Tables"


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.title)
def test_every_table_can_be_shown(tables: Tables, choice: object) -> None:
    tables.choose(choice.title)  # type: ignore[attr-defined]
    assert tables.texts()
    assert tables.labels()


def test_averages_are_a_matrix_of_sizes_and_iou_thresholds(tables: Tables) -> None:
    results = tables.program.session.results
    assert results is not None
    tables.choose("AP and AR")
    assert tables.heads() == ["IoU", "all", "small", "medium", "large"]
    overall = number(mean_average_precision(results.evaluation))
    at_50 = number(mean_average_precision(results.evaluation, slice(0, 1)))
    assert tables.texts()[0][:3] == ["0.50:0.05:0.95", overall, "n/a"]
    assert tables.texts()[1][:3] == ["0.50", at_50, "n/a"]
    assert tables.view.model().index(1, 2).data(Qt.ItemDataRole.ToolTipRole) == "n/a: no objects"
    tables.measure.setFocus()
    tables.program.bot.keyClick(tables.measure, Qt.Key.Key_Down)
    assert tables.measure.currentText() == "AR"
    assert tables.texts()[0][1] != overall


def test_counts_follow_the_threshold_when_it_rests(tables: Tables) -> None:
    session = tables.program.session
    tables.choose("Classes")
    before = tables.texts()
    session.set_confidence(0.2)
    assert tables.texts() == before
    tables.settle()
    assert session.results is not None
    expected = class_counts(session.results.at, 0.2)
    column = tables.heads().index("TP")
    assert [row[column] for row in tables.texts()] == [str(tp) for tp in expected[:, 0]]


def test_nothing_is_computed_while_the_dock_is_hidden(
    opened: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    jobs = opened.workspace.tables._jobs
    monkeypatch.setattr(jobs, "start", lambda kind, *_rest: started.append(kind))
    opened.session.set_confidence(0.3)
    opened.bot.wait(250)
    assert started == []
    opened.key(Qt.Key.Key_T)
    opened.bot.waitUntil(lambda: started == ["table"], timeout=LONG)


def test_a_column_sorts_and_the_order_stays_while_the_numbers_change(tables: Tables) -> None:
    tables.choose("Images")
    tables.sort("FP")
    column = tables.sort("FP")
    values = [int(row[column]) for row in tables.texts()]
    assert values == sorted(values, reverse=True)
    assert tables.heads()[column].endswith("▾")
    tables.program.session.set_confidence(0.1)
    tables.settle()
    values = [int(row[column]) for row in tables.texts()]
    assert values == sorted(values, reverse=True)


def test_columns_grow_with_their_numbers_and_fit_another_measure(tables: Tables, tmp_path: Path) -> None:
    tables.program.open(write_set(tmp_path / "many", *records(images=400)))
    tables.program.session.set_confidence(0.99)
    tables.choose("Counts")
    tables.take("detections")
    assert tables.cut() == []
    narrow = [tables.view.columnWidth(column) for column in range(5)]
    tables.program.session.set_confidence(0.0)
    tables.settle()
    wide = [tables.view.columnWidth(column) for column in range(5)]
    assert tables.cut() == []
    assert wide[1] > narrow[1]
    tables.program.session.set_confidence(0.99)
    tables.settle()
    assert [tables.view.columnWidth(column) for column in range(5)] == wide  # nothing jitters
    tables.take("TP")
    assert [tables.view.columnWidth(column) for column in range(5)] == narrow
    tables.take("precision")
    assert tables.cut() == []


def test_the_measure_is_never_cut(tables: Tables) -> None:
    for title in ("AP and AR", "Counts", "Classes by size"):
        tables.choose(title)
        assert tables.measure.width() >= tables.measure.sizeHint().width()


def test_what_is_selected_goes_where_its_image_goes(tables: Tables) -> None:
    tables.choose("Images")
    tables.sort("TP")
    names = [row[0] for row in tables.texts()]
    tables.click(5)
    tables.program.session.set_confidence(0.7)
    tables.settle()
    now = [row[0] for row in tables.texts()]
    assert now != names
    assert [now[index.row()] for index in tables.view.selectedIndexes()] == [names[5]]
    assert now[tables.view.currentIndex().row()] == names[5]


def test_a_new_evaluation_keeps_the_table_sorted(tables: Tables) -> None:
    session = tables.program.session
    tables.choose("Classes")
    tables.sort("TP")
    tables.sort("TP")
    ious = (0.5, 0.6)
    for options in (
        replace(session.options, iou_thresholds=ious),
        replace(session.options, iou_thresholds=ious, class_agnostic=True),
        replace(session.options, iou_thresholds=ious),
    ):
        session.set_options(options)
        tables.settle()
    assert "AP75" not in tables.heads()
    assert "TP ▾" in tables.heads()
    values = [int(row[tables.heads().index("TP ▾")]) for row in tables.texts()]
    assert len(values) == 6
    assert values == sorted(values, reverse=True)
    tables.sort("TP")
    assert "TP ▴" in tables.heads()


def test_another_table_begins_in_the_order_of_the_data(tables: Tables) -> None:
    tables.choose("Classes")
    tables.sort("TP")
    tables.choose("Images")
    assert "TP" in tables.heads()


def test_arrow_keys_show_the_image_they_reach(tables: Tables) -> None:
    tables.choose("Images")
    tables.click(4)
    tables.view.setFocus()
    shown: list[int | None] = []
    session = tables.program.session
    session.image_changed.connect(lambda: shown.append(session.image_row))
    for _ in range(2):
        tables.program.bot.keyClick(tables.view, Qt.Key.Key_Down)
    tables.program.bot.waitUntil(lambda: bool(shown), timeout=LONG)
    assert shown[-1] == 6


def test_an_image_that_is_clicked_is_shown(tables: Tables) -> None:
    tables.choose("Images")
    tables.click(4)
    assert tables.program.session.image_row == 4


def test_a_class_is_shown_alone_by_enter_and_all_again_by_another(tables: Tables) -> None:
    tables.choose("Classes")
    tables.click(2)
    tables.view.setFocus()
    tables.program.bot.keyClick(tables.view, Qt.Key.Key_Return)
    tables.settle()
    assert tables.program.session.point.class_rows == frozenset({2})
    assert [row[0] for row in tables.texts()] == ["cat"]
    tables.program.bot.keyClick(tables.view, Qt.Key.Key_Return)
    tables.settle()
    assert tables.program.session.point.class_rows is None
    assert tables.view.currentIndex().row() == 2


def test_the_pooled_ap_stands_beside_the_mean_of_the_images_and_why_they_differ(tables: Tables) -> None:
    tables.choose("Pooled and per image")
    assert tables.heads()[1:] == ["pooled AP", "mean image AP", "images"]
    assert "They differ because" in tables.labels()


def test_copy_takes_the_selected_cells_or_all_with_a_header(tables: Tables) -> None:
    tables.choose("Classes")
    tables.view.setFocus()
    tables.program.key(Qt.Key.Key_C, CONTROL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == tables.heads()
    assert len(lines) == 1 + 6
    assert "Copied: 6 rows" in tables.labels()
    tables.click(2, 3)
    tables.program.click(tables.program.buttons(tables.panel)["Copy"])
    text, cells = QGuiApplication.clipboard().text(), tables.texts()[2]
    assert text == f"class\t{tables.heads()[3]}\n{cells[0]}\t{cells[3]}\n"
    assert "Copied: 1 row" in tables.labels()
    model, chosen = tables.view.model(), tables.view.selectionModel()
    tables.view.setFocus()
    tables.view.clearSelection()
    for column in (0, 1):
        for row in (1, 3):
            chosen.select(model.index(row, column), QItemSelectionModel.SelectionFlag.Select)
    tables.program.key(Qt.Key.Key_C, CONTROL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["class", "bus", "dog"]


def test_a_table_is_written_as_csv_under_a_name_without_an_ending(tables: Tables, sources: Sources) -> None:
    tables.choose("Classes")
    dialog = tables.ask_for_file()
    assert Path(dialog.directory().absolutePath()) == sources.detections.parent
    line = dialog.findChildren(QLineEdit)[0]
    assert line.text() == "classes.csv"
    line.setText("")
    tables.program.bot.keyClicks(line, "written")
    tables.program.bot.keyClick(line, Qt.Key.Key_Return)
    tables.program.bot.waitUntil(lambda: "Written" in tables.labels(), timeout=LONG)
    target = sources.detections.with_name("written.csv")
    rows = list(csv.reader(target.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["class", "class id", *tables.heads()[1:]]
    assert len(rows) == 1 + 6


def test_tables_of_the_demo_are_not_written_into_the_cache(
    tables: Tables, sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel, "user_cache_folder", lambda: sources.detections.parents[1])
    documents = tmp_path / "documents"
    documents.mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(documents))
    dialog = tables.ask_for_file()
    assert Path(dialog.directory().absolutePath()) == documents
    dialog.reject()


def test_what_cannot_be_written_is_one_line_and_what_is_open_is_never_overwritten(
    tables: Tables, tmp_path: Path, sources: Sources
) -> None:
    tables.panel.export(tmp_path / "no folder" / "x.csv")
    tables.program.bot.waitUntil(lambda: "cannot be written" in tables.labels(), timeout=LONG)
    before = sources.detections.read_bytes()
    tables.panel.export(sources.detections)
    assert "not overwritten" in tables.labels()
    assert sources.detections.read_bytes() == before


def test_other_files_bring_their_own_table(tables: Tables, other_sources: Sources) -> None:
    tables.choose("Images")
    assert len(tables.texts()) == 12
    tables.program.open(other_sources)
    tables.settle()
    assert len(tables.texts()) == 4
    assert np.isfinite([int(row[1]) for row in tables.texts()]).all()
