"""Every way to move the threshold moves the same one, and every view shows the same numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QSlider, QTabBar, QWidget

from inspector.evaluation.operating_point import class_counts, image_counts
from inspector.export.report import number
from inspector.image_columns import COLUMNS
from tests.gui.conftest import CAT, KITE, Program
from widgets.canvas.header import CanvasHeader
from widgets.image_table.model import section_of
from widgets.window.tool_bar import ConfidenceField, IouField

Act = Callable[[Program], None]


def slider(program: Program, field: type[QWidget]) -> QSlider:
    return program.part(field).findChildren(QSlider)[0]


def show_tab(program: Program, index: int) -> None:
    tabs = program.workspace.curves.findChildren(QTabBar)[0]
    program.click(tabs, tabs.tabRect(index).center())
    assert program.workspace.curves.tab == index


def press(program: Program, x: float, y: float = 0.5) -> None:
    """Press on the current plot at a place of its axes."""
    plot = program.workspace.curves.plot
    at = plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(x, y)))
    program.click(plot.viewport(), at)


def by_typing(program: Program) -> None:
    box = program.part(ConfidenceField).findChildren(QDoubleSpinBox)[0]
    box.setFocus()
    box.selectAll()
    program.bot.keyClicks(box, "0.725")
    program.bot.keyClick(box, Qt.Key.Key_Return)


def by_slider_keys(program: Program) -> None:
    slider(program, ConfidenceField).setFocus()
    for _ in range(3):
        program.key(Qt.Key.Key_PageUp)


def by_slider_mouse(program: Program) -> None:
    handle = slider(program, ConfidenceField)
    middle = handle.height() // 2
    program.bot.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(handle.width() // 2, middle))
    program.bot.mouseMove(handle, QPoint(handle.width() // 4, middle))
    program.bot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(handle.width() // 4, middle))


def by_keys(program: Program) -> None:
    for _ in range(7):
        program.key(Qt.Key.Key_BracketLeft)


def by_precision_recall(program: Program) -> None:
    show_tab(program, 0)
    press(program, 0.3)


def by_confidence_plot(program: Program) -> None:
    show_tab(program, 1)
    press(program, 0.8)


def assert_all_say_the_same(program: Program) -> None:
    session, workspace = program.session, program.workspace
    dataset, results, point = session.dataset, session.results, session.point
    assert dataset is not None
    assert results is not None
    counts = program.counts()
    images = image_counts(dataset, results.at.table, point)

    assert (images.tp.sum(), images.fp.sum(), images.fn.sum()) == (counts.tp, counts.fp, counts.fn)

    rates = f"precision {number(counts.precision)} recall {number(counts.recall)} F1 {number(counts.f1)}"
    assert f"TP {counts.tp} FP {counts.fp} FN {counts.fn} {rates}" in program.status()

    model = workspace.images.table.model()
    for key, values in (("tp", images.tp), ("fp", images.fp), ("fn", images.fn), ("objects", images.objects)):
        shown = [model.index(row, section_of(key)).data() for row in range(model.rowCount())]
        assert shown == [str(values[row]) for row in workspace.images.image_rows()]

    by_class = class_counts(results.at, point.confidence)
    names = dataset.classes.names
    for column, values in zip((2, 3, 4), by_class.T, strict=True):
        shown = dict(zip(program.class_texts(0), program.class_texts(column), strict=True))
        assert shown == {name: str(value) for name, value in zip(names, values, strict=True)}

    row = session.image_row
    program.bot.waitUntil(
        lambda: (
            f"TP {images.tp[row]}  FP {images.fp[row]}  FN {images.fn[row]}"
            in program.part(CanvasHeader).accessibleName()
        )
    )
    field = program.part(ConfidenceField)
    assert field.findChildren(QDoubleSpinBox)[0].value() == round(point.confidence, 3)
    assert field.findChildren(QSlider)[0].value() == round(point.confidence * 1000)
    read_out = workspace.curves.plot.read_out.toPlainText()
    assert f"{point.confidence:.3f}" in read_out
    assert number(counts.precision) in read_out
    assert number(counts.recall) in read_out


@pytest.mark.parametrize(
    "move",
    [by_typing, by_slider_keys, by_slider_mouse, by_keys, by_precision_recall, by_confidence_plot],
)
def test_the_threshold_moves_everywhere_at_once(opened: Program, move: Act) -> None:
    assert_all_say_the_same(opened)
    before = opened.session.point.confidence, opened.counts()
    move(opened)
    assert opened.session.point.confidence != before[0]
    assert opened.counts() != before[1]
    assert_all_say_the_same(opened)


def test_the_number_that_is_typed_is_the_threshold(opened: Program) -> None:
    by_typing(opened)
    assert opened.session.point.confidence == 0.725


def test_a_number_counts_only_once_it_is_typed_to_its_end(opened: Program) -> None:
    box = opened.part(ConfidenceField).findChildren(QDoubleSpinBox)[0]
    box.setFocus()
    box.selectAll()
    opened.bot.keyClicks(box, "0.9")
    assert opened.session.point.confidence == 0.5
    opened.workspace.canvas.setFocus()
    assert opened.session.point.confidence == 0.9


def test_fields_that_round_a_threshold_do_not_move_it(opened: Program) -> None:
    opened.session.set_confidence(0.123456789)
    box = opened.part(ConfidenceField).findChildren(QDoubleSpinBox)[0]
    box.setFocus()
    opened.workspace.canvas.setFocus()
    assert opened.session.point.confidence == 0.123456789
    assert_all_say_the_same(opened)


def test_everything_agrees_at_another_iou_threshold_and_on_other_classes(opened: Program) -> None:
    opened.key(Qt.Key.Key_BraceRight)
    opened.key(Qt.Key.Key_BraceRight)
    opened.session.set_class_rows(frozenset({CAT, KITE}))
    opened.settle()
    assert_all_say_the_same(opened)
    assert "IoU 0.60" in opened.status()
    opened.session.show_image(5)
    opened.session.set_confidence(0.31)
    assert_all_say_the_same(opened)


def test_the_iou_slider_goes_through_the_thresholds_that_were_matched(opened: Program) -> None:
    field = opened.part(IouField)
    texts = []
    slider(opened, IouField).setFocus()
    for _ in range(12):
        texts.append(field.findChildren(QLabel)[-1].text())
        opened.key(Qt.Key.Key_Up)
        opened.settle()
    assert texts[:10] == ["0.50", "0.55", "0.60", "0.65", "0.70", "0.75", "0.80", "0.85", "0.90", "0.95"]
    assert texts[10:] == ["0.95", "0.95"]
    assert opened.session.point.iou_index == 9
    assert_all_say_the_same(opened)


def test_the_live_columns_of_the_table_are_those_of_the_core(opened: Program) -> None:
    opened.session.set_confidence(0.4)
    dataset, results = opened.session.dataset, opened.session.results
    assert dataset is not None
    assert results is not None
    expected = image_counts(dataset, results.at.table, opened.session.point)
    model = opened.workspace.images.table.model()
    for key, values in (("precision", expected.precision), ("recall", expected.recall), ("f1", expected.f1)):
        shown = [model.index(row, section_of(key)).data() for row in range(model.rowCount())]
        assert shown == ["n/a" if np.isnan(value) else f"{value:.3f}" for value in values]
    assert {"detections", "miou", "fpscore", "ap50"} <= {column.key for column in COLUMNS}
