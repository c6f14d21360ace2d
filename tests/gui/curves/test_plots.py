"""The two plots: what they draw, and choosing the threshold on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter, QPicture
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from inspector.evaluation.operating_point import total_counts
from inspector.evaluation.options import Options
from inspector.sources import Sources
from tests.gui.conftest import APPLE, CAT, KITE, LONG, ZEBRA, open_in, records, write_set
from widgets.curves import CurvePanel
from widgets.session import Session
from widgets.theme import Mode, Theme

LEFT = Qt.MouseButton.LeftButton


class Plots:
    """The panel, and a hand to press on it."""

    def __init__(self, bot: QtBot, session: Session, theme: Theme) -> None:
        self.bot, self.session, self.theme = bot, session, theme
        self.panel = CurvePanel(session, theme)
        bot.addWidget(self.panel)
        self.panel.resize(500, 400)
        with bot.waitExposed(self.panel):
            self.panel.show()

    def at(self, x: float, y: float = 0.5) -> QPoint:
        plot = self.panel.plot
        return plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(x, y)))

    def press(self, x: float) -> None:
        self.bot.mouseClick(self.panel.plot.viewport(), LEFT, pos=self.at(x))

    def drag(self, *places: float) -> Iterator[float]:
        """The confidence after each place."""
        view = self.panel.plot.viewport()
        self.bot.mousePress(view, LEFT, pos=self.at(places[0]))
        yield self.session.point.confidence
        for place in places[1:]:
            self.bot.mouseMove(view, self.at(place))
            yield self.session.point.confidence
        self.bot.mouseRelease(view, LEFT, pos=self.at(places[-1]))

    def curves(self) -> list[tuple[Any, Any]]:
        """The points of every curve of the current plot."""
        items = self.panel.plot.getPlotItem().items
        return [item.getData() for item in items if isinstance(item, pyqtgraph.PlotCurveItem)]

    def has_curves(self) -> bool:
        return any(x is not None and len(x) for x, _ in self.curves())

    def averages_label(self) -> QLabel:
        return [label for label in self.panel.findChildren(QLabel) if label.isVisible()][-1]

    def averages(self) -> str:
        return self.averages_label().text()

    def choose(self, *class_rows: int) -> None:
        self.session.set_class_rows(frozenset(class_rows))
        self.bot.waitUntil(lambda: self.session.wish == self.session.point, timeout=LONG)


@pytest.fixture
def empty(qtbot: QtBot, session: Session) -> Plots:
    return Plots(qtbot, session, Theme(Mode.LIGHT))


@pytest.fixture
def plots(empty: Plots, sources: Sources) -> Plots:
    open_in(empty.bot, empty.session, sources)
    return empty


@pytest.mark.parametrize("tab", [0, 1])
def test_without_results_the_plots_are_empty_and_pressing_them_is_harmless(empty: Plots, tab: int) -> None:
    empty.panel.set_tab(tab)
    assert not empty.has_curves()
    assert not empty.panel.plot.line.isVisible()
    assert empty.averages() == ""
    before = empty.session.point.confidence
    empty.press(0.25)
    # On the second plot a place is a confidence even while there is nothing to draw.
    assert empty.session.point.confidence == (before if tab == 0 else pytest.approx(0.25, abs=0.01))


@pytest.mark.parametrize("tab", [0, 1])
def test_while_other_files_are_evaluated_the_old_curves_are_gone(
    plots: Plots, other_sources: Sources, tab: int
) -> None:
    plots.panel.set_tab(tab)
    seen: list[bool] = []
    assert plots.has_curves()
    plots.session.dataset_changed.connect(lambda: seen.append(plots.has_curves()))
    open_in(plots.bot, plots.session, other_sources)
    assert seen == [False]
    assert plots.has_curves()


@pytest.mark.parametrize("recall", [0.05, 0.2, 0.4, 0.6])
def test_pressing_at_a_recall_chooses_the_highest_threshold_that_reaches_it(
    plots: Plots, recall: float
) -> None:
    plots.press(recall)
    assert plots.session.results is not None
    at, confidence = plots.session.results.at, plots.session.point.confidence
    pixel = 0.01
    reached = total_counts(at, confidence).recall
    above = total_counts(at, float(np.nextafter(confidence, 2))).recall
    assert reached is not None
    assert above is not None
    assert reached >= recall - pixel
    assert above < recall + pixel


def test_pressing_beyond_what_is_ever_reached_shows_everything(plots: Plots) -> None:
    plots.press(1.0)
    assert plots.session.results is not None
    assert plots.session.point.confidence == plots.session.results.at.curve.thresholds[-1]


def test_pressing_at_the_very_left_keeps_only_the_best_detections(plots: Plots) -> None:
    plots.press(-0.02)
    assert plots.session.results is not None
    assert plots.session.point.confidence == plots.session.results.at.curve.thresholds[0]


def test_dragging_along_the_recall_lowers_the_threshold_step_by_step(plots: Plots) -> None:
    seen = list(plots.drag(0.1, 0.2, 0.3, 0.4, 0.5))
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 5


def test_the_operating_point_lies_on_the_curve(plots: Plots) -> None:
    for confidence in (0.3, 0.55, 0.8):
        plots.session.set_confidence(confidence)
        assert plots.session.results is not None
        counts = total_counts(plots.session.results.at, confidence)
        dot = [
            item
            for item in plots.panel.plot.getPlotItem().items
            if isinstance(item, pyqtgraph.ScatterPlotItem)
        ]
        x, y = dot[0].getData()
        assert (x[0], y[0]) == (counts.recall, counts.precision)
        assert plots.panel.plot.line.value() == counts.recall


def test_dragging_the_threshold_on_the_second_plot_chooses_the_place_under_the_cursor(plots: Plots) -> None:
    plots.panel.set_tab(1)
    places = (0.8, 0.6, 0.3, 0.45)
    assert list(plots.drag(*places)) == pytest.approx(list(places), abs=0.01)
    assert plots.panel.plot.line.value() == plots.session.point.confidence
    assert list(plots.drag(0.5, 1.4, -0.3))[1:] == [1.0, 0.0]


def test_moving_without_a_button_moves_no_threshold(plots: Plots) -> None:
    plots.panel.set_tab(1)
    plots.bot.mouseMove(plots.panel.plot.viewport(), plots.at(0.2))
    plots.bot.mouseClick(plots.panel.plot.viewport(), Qt.MouseButton.RightButton, pos=plots.at(0.2))
    assert plots.session.point.confidence == 0.5


def test_the_second_plot_draws_the_rates_at_every_threshold(plots: Plots) -> None:
    plots.panel.set_tab(1)
    (x, precision), (_, recall), (_, f1) = plots.curves()
    assert plots.session.results is not None
    for place in range(0, len(x), 7):
        counts = total_counts(plots.session.results.at, float(x[place]))
        assert precision[place] == counts.precision
        assert recall[place] == counts.recall
        assert f1[place] == counts.f1


def test_one_class_alone_has_curves_and_averages_of_its_own(plots: Plots) -> None:
    before, averages = plots.curves(), plots.averages()
    plots.choose(CAT)
    after = plots.curves()
    assert plots.has_curves()
    assert not any(np.array_equal(old[1], new[1]) for old, new in zip(before, after, strict=True))
    assert plots.averages() != averages
    assert plots.session.results is not None
    expected = plots.session.results.class_ap[CAT]
    assert plots.averages().endswith(f"AP {expected:.3f}")


@pytest.mark.parametrize("tab", [0, 1])
@pytest.mark.parametrize("rows", [(), (KITE,), (ZEBRA,), (KITE, ZEBRA), (APPLE, ZEBRA)])
def test_classes_without_objects_or_detections_are_drawn_as_far_as_they_can_be(
    plots: Plots, tab: int, rows: tuple[int, ...]
) -> None:
    plots.panel.set_tab(tab)
    plots.choose(*rows)
    plots.press(0.4)
    plots.panel.grab()
    assert plots.has_curves() == (
        APPLE in rows or (tab == 1 and KITE in rows) or (tab == 0 and ZEBRA in rows)
    )


def test_another_iou_threshold_changes_the_curve_and_says_so(plots: Plots) -> None:
    before = plots.averages()
    assert before.startswith("AP50 ")
    plots.session.set_iou_index(5)
    plots.bot.waitUntil(lambda: plots.averages() != before, timeout=LONG)
    assert plots.averages().startswith("AP75 ")


def test_the_plot_that_was_behind_is_up_to_date_when_it_comes_forward(plots: Plots) -> None:
    plots.panel.set_tab(1)
    plots.panel.set_tab(0)
    plots.session.set_confidence(0.77)
    plots.panel.set_tab(1)
    assert plots.panel.plot.line.value() == 0.77
    assert "0.770" in plots.panel.plot.read_out.toPlainText()
    plots.session.set_confidence(0.11)
    plots.panel.set_tab(0)
    assert "0.110" in plots.panel.plot.read_out.toPlainText()


@pytest.mark.parametrize("tab", [0, 1])
def test_scores_outside_zero_to_one_are_drawn_within_the_plot(
    empty: Plots, tmp_path_factory: pytest.TempPathFactory, records_of_logits: Callable[[], Any], tab: int
) -> None:
    empty.panel.set_tab(tab)
    truth, results = records_of_logits()
    open_in(empty.bot, empty.session, write_set(tmp_path_factory.mktemp("logits"), truth, results))
    for x, _ in empty.curves():
        assert len(x)
        assert x.min() >= 0
        assert x.max() <= 1
    empty.press(0.9)
    assert 0 <= empty.session.point.confidence <= 1


@pytest.fixture
def records_of_logits() -> Callable[[], Any]:
    """The usual records with scores from -5 to 10."""

    def make() -> Any:
        truth, results = records()
        return truth, [{**item, "score": 15 * item["score"] - 5} for item in results]

    return make


def test_averages_that_do_not_fit_are_left_out_and_never_cut(plots: Plots) -> None:
    label = plots.averages_label()
    whole = plots.averages()
    seen = set()
    for width in range(500, 200, -10):
        plots.panel.resize(width, 400)
        plots.panel.grab()
        seen.add(plots.averages())
        room = max(0, label.contentsRect().width())
        assert label.fontMetrics().horizontalAdvance(plots.averages()) <= room
    assert {whole, whole.split(" · ")[1]} <= seen <= {whole, whole.split(" · ")[1], ""}


def test_an_iou_threshold_between_percents_is_named_in_full(plots: Plots) -> None:
    plots.session.set_options(Options(iou_thresholds=(0.343,)))
    plots.bot.waitUntil(lambda: plots.averages().startswith("AP at IoU 0.343: "), timeout=LONG)


def legend(plots: Plots) -> list[str]:
    return [label.text for _, label in plots.panel.plot.getPlotItem().legend.items]


def test_the_legend_speaks_of_the_mean_of_the_classes_only_where_there_are_several(plots: Plots) -> None:
    assert "envelope, mean of the classes" in legend(plots)
    assert "101 recalls" in plots.panel.plot.toolTip()
    plots.choose(CAT)
    assert sorted(legend(plots)) == ["envelope", "every score"]
    plots.session.set_options(Options(ap_rule="voc10"))
    plots.bot.waitUntil(lambda: plots.session.results.evaluation.protocol.ap_rule == "voc10", timeout=LONG)
    assert "AP" not in plots.panel.plot.toolTip()


@pytest.mark.parametrize("size", [(320, 260), (360, 280), (500, 400)])
def test_neither_the_read_out_nor_the_legend_hides_the_operating_point(
    plots: Plots, size: tuple[int, int]
) -> None:
    plots.panel.resize(*size)
    plots.panel.grab()
    plot = plots.panel.plot
    for confidence in np.linspace(0, 1, 21).tolist():
        plots.session.set_confidence(confidence)
        dot = next(item for item in plot.getPlotItem().items if isinstance(item, pyqtgraph.ScatterPlotItem))
        x, y = dot.getData()
        boxes = [item.sceneBoundingRect() for item in (plot.read_out, plot.getPlotItem().legend)]
        assert not boxes[0].intersects(boxes[1])
        for place in zip(x, y, strict=True):
            handle = plot.getViewBox().mapViewToScene(QPointF(*place))
            assert not any(box.contains(handle) for box in boxes)


@pytest.mark.parametrize("height", [120, 160, 200, 260, 400])
@pytest.mark.parametrize("tab", [0, 1])
def test_ticks_never_crowd_and_a_low_plot_has_no_legend(plots: Plots, height: int, tab: int) -> None:
    plots.panel.set_tab(tab)
    plots.panel.resize(440, height)
    plots.panel.grab()
    plot = plots.panel.plot
    room = plot.getViewBox().size()
    for side, length, least in (("left", room.height(), 14), ("bottom", room.width(), 30)):
        axis = plot.getAxis(side)
        (spacing, _), *_ = axis.tickValues(0.0, 1.0, length)
        assert spacing * length >= least, side
    if tab == 0:
        box = plot.getPlotItem().legend
        assert box.isVisible() == (room.height() >= 140)
        assert "envelope" in plot.toolTip()
        if box.isVisible():
            assert not box.sceneBoundingRect().intersects(plot.read_out.sceneBoundingRect())


@pytest.mark.parametrize("height", [120, 200, 400])
def test_the_ends_of_the_axes_are_labelled_however_low_the_plot_is(plots: Plots, height: int) -> None:
    plots.panel.resize(360, height)
    plots.panel.grab()
    for side in ("left", "bottom"):
        axis = plots.panel.plot.getAxis(side)
        painter = QPainter(picture := QPicture())
        texts = {text for _, _, text in axis.generateDrawSpecs(painter)[2]}
        painter.end()
        assert not picture.isNull()
        assert texts >= {"0", "1.0"}, (side, texts)
