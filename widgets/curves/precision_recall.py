"""Precision against recall, with the operating point on the curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF, Qt

from inspector.evaluation.operating_point import total_counts
from widgets.curves.placing import LOWER_LEFT, UPPER_RIGHT, along, free_places
from widgets.curves.plot import RatePlot, pen, read_out_html, why_no_curve
from widgets.curves.thinning import keep_for_drawing
from widgets.theme import Colours, Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from inspector.evaluation.protocol import Protocol
    from widgets.session import Session

_ROOMY = 140
"""Pixels from which on the legend has a place beside the curves; its words are in the tooltip as well."""


class PrecisionRecallPlot(RatePlot):
    """Raw points and the interpolated envelope; dragging chooses the threshold that reaches a recall."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        self._raw: Any = pyqtgraph.PlotCurveItem(antialias=True, name="every score")
        self._envelope: Any = pyqtgraph.PlotCurveItem(antialias=True, name="envelope")
        self._drawn = np.empty((0, 2))  # places along both curves
        self._dot: Any = pyqtgraph.ScatterPlotItem(size=12)
        super().__init__(session, theme, "recall", "precision", parent)
        self._legend: Any = self.addLegend(offset=(-6, 6), labelTextSize="8pt", verSpacing=-6)
        for item in (self._envelope, self._raw, self._dot):
            self.addItem(item)
        self._dot.setZValue(15)
        self.getViewBox().sigResized.connect(self._place)
        self.x_chosen.connect(self._choose_recall)
        self.follow_session()

    def dress_curves(self, colours: Colours) -> None:
        self._legend.setLabelTextColor(colours.muted)
        for _sample, label in self._legend.items:
            label.setText(label.text)  # takes the new colour
        self._raw.setPen(pen(colours.accent, 1.8))
        self._envelope.setPen(pen(colours.muted, 1.4, Qt.PenStyle.DashLine))
        self._dot.setBrush(pyqtgraph.mkBrush(colours.accent))
        self._dot.setPen(pen(colours.text, 1.6))

    def show_curves(self) -> None:
        message = why_no_curve(self._session)
        self.show_message(message)
        results = self._session.results
        if results is None or results.at.curve.positives == 0:
            self._raw.setData([], [])
            self._envelope.setData([], [])
            self._drawn = np.empty((0, 2))
        else:
            self._name_curves(results.evaluation.protocol, int(results.at.chosen.sum()))
            recall, precision = results.at.curve.recall, results.at.curve.precision
            kept = keep_for_drawing(recall, precision)
            self._raw.setData(recall[kept], precision[kept])
            recalls = np.array(results.evaluation.protocol.recall_thresholds)
            self._envelope.setData(recalls, results.at.coco_precision)
            self._drawn = np.concatenate([along(*curve.getData()) for curve in (self._raw, self._envelope)])

    def show_point(self) -> None:
        results, point = self._session.results, self._session.point
        shown = results is not None and results.at.curve.positives > 0
        for item in (self.line, self.read_out, self._dot):
            item.setVisible(shown)
        self._legend.setVisible(shown)
        if results is None or not shown:
            return
        counts = total_counts(results.at, point.confidence)
        recall = counts.recall or 0.0
        self._dot.setData([recall], [counts.precision]) if counts.precision is not None else self._dot.clear()
        self.line.setPos(recall)
        self.read_out.setHtml(read_out_html(point.confidence, counts, self._theme.colours, {}))
        self._place()

    def _name_curves(self, protocol: Protocol, classes: int) -> None:
        """By the protocol: what the dashed line says of AP is COCO's rule alone."""
        one, recalls = classes == 1, len(protocol.recall_thresholds)
        names = {
            self._raw: "every score" if one else "every score, classes pooled",
            self._envelope: "envelope" if one else "envelope, mean of the classes",
        }
        for item, name in names.items():
            self._legend.getLabel(item).setText(name)
        self._legend.updateSize()
        pooled, averaged = ("", "") if one else (" of the chosen classes pooled", ", the mean of the classes")
        average = " (the mean of its heights is AP)" if protocol.ap_rule == "coco" else ""
        self.setToolTip(
            f"Solid: one point per score{pooled}. Dashed: the interpolated envelope at {recalls} recalls"
            f"{averaged}{average}. Press or drag to move the threshold."
        )

    def _place(self) -> None:
        """Put the legend and the read-out where they hide neither the operating point nor the curves."""
        box = self.getViewBox()
        room = box.rect().size()
        if not self.read_out.isVisible() or room.isEmpty():
            return
        start, end = (box.mapFromView(QPointF(rate, rate)) for rate in (0.0, 1.0))
        points = self._drawn * (end.x() - start.x(), end.y() - start.y()) + (start.x(), start.y())
        x, y = self._dot.getData()
        handle = box.mapFromView(QPointF(x[0], y[0])) if len(x) else None
        self._legend.setVisible(room.height() >= _ROOMY and not self._message.isVisible())
        sizes, places = [self.read_out.boundingRect().size()], [LOWER_LEFT]
        if self._legend.isVisible():
            sizes.append(self._legend.boundingRect().size())
            places.append(UPPER_RIGHT)
        read_out, *legend = free_places(sizes, places, room, points, handle)
        for box_of_legend in legend:
            self._legend.setOffset((box_of_legend.left(), box_of_legend.top()))
        self.read_out.setAnchor((0, 0))
        self.read_out.setPos(box.mapToView(read_out.topLeft()))

    def _choose_recall(self, recall: float) -> None:
        results = self._session.results
        if results is None or not len(results.at.curve.thresholds) or results.at.curve.positives == 0:
            return
        index = int(np.searchsorted(results.at.curve.recall, recall))
        thresholds = results.at.curve.thresholds
        self._session.set_confidence(float(thresholds[min(index, len(thresholds) - 1)]))
