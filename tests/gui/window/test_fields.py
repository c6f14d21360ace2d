"""Fields that people type into, and tables that must not mislead."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit

from inspector.sources import Sources
from tests.gui.conftest import LONG, Program, records, write_set
from widgets.jobs import Jobs
from widgets.opening import OpenDialog
from widgets.window.class_model import COLUMNS


@pytest.mark.parametrize(("typed", "expected"), [("0,35", 0.35), ("0.35", 0.35), (",5", 0.5), ("1", 1.0)])
def test_the_confidence_can_be_typed_with_a_comma_or_a_point(
    opened: Program, typed: str, expected: float
) -> None:
    number = opened.window.findChild(QDoubleSpinBox)
    assert number is not None
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, typed)
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert opened.session.point.confidence == expected
    assert number.text() == f"{expected:.3f}"


def test_no_number_of_the_class_table_is_cut_at_any_threshold(program: Program, tmp_path) -> None:  # type: ignore[no-untyped-def]
    truth, results = records()
    dice = np.random.default_rng(1)
    results += [
        {"image_id": 1, "category_id": 1, "bbox": [float(x), 5.0, 9.0, 9.0], "score": 0.001}
        for x in dice.uniform(0, 600, 12_345)
    ]
    program.open(write_set(tmp_path, truth, results))
    program.session.set_confidence(0.0)
    table = program.workspace.classes
    for column in range(1, len(COLUMNS)):
        for row in range(table.model().rowCount()):
            text = str(table.model().index(row, column).data())
            assert table.fontMetrics().horizontalAdvance(text) <= table.columnWidth(column)


def test_the_class_table_is_sorted_again_when_the_threshold_rests(opened: Program) -> None:
    table = opened.workspace.classes
    fn = [column.title for column in COLUMNS].index("FN")
    table.sortByColumn(fn, Qt.SortOrder.DescendingOrder)

    def values() -> list[float]:
        return [table.model().index(row, fn).data(Qt.ItemDataRole.UserRole) for row in range(6)]

    for confidence in (0.9, 0.2, 0.6, 0.0):
        opened.session.set_confidence(confidence)
        opened.bot.waitUntil(lambda: values() == sorted(values(), reverse=True), timeout=LONG)
    titles = [table.model().headerData(column, Qt.Orientation.Horizontal) for column in range(len(COLUMNS))]
    assert titles[fn] == "FN ▾"
    assert "Objects" in titles


def test_another_ground_truth_does_not_keep_the_image_folder(
    opened: Program, sources: Sources, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    known = Sources(sources.ground_truth, sources.detections, tmp_path)
    jobs = Jobs(threads=1)
    dialog = OpenDialog(jobs, known, parent=opened.window)
    truth, _detections, images, _names = dialog.findChildren(QLineEdit)
    assert images.text() == str(tmp_path)
    truth.setText("other.json")
    assert images.text() == ""
    dialog.close()
    jobs.close()


def test_a_filter_does_not_outlive_its_images(opened: Program, sources: Sources, tmp_path) -> None:  # type: ignore[no-untyped-def]
    line = opened.workspace.images.filter_line
    line.set_text("fn>0")
    opened.open(sources)  # the same ground truth
    assert line.text() == "fn>0"
    opened.open(write_set(tmp_path / "other", *records(seed=9)))
    assert line.text() == ""


def test_a_plot_without_a_curve_says_why(opened: Program) -> None:
    plot = opened.workspace.curves.plot
    opened.session.set_class_rows(frozenset())
    opened.bot.waitUntil(lambda: opened.session.point.class_rows == frozenset(), timeout=LONG)
    shown = [item.toPlainText() for item in plot.getPlotItem().items if hasattr(item, "toPlainText")]
    assert "No class is chosen" in shown
