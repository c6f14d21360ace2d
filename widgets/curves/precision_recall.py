"""Precision against recall, with the operating point on the curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph
from PySide6.QtCore import Qt

from inspector.evaluation.operating_point import total_counts
from widgets.curves.plot import RatePlot, pen, read_out_html, why_no_curve
from widgets.curves.thinning import keep_for_drawing
from widgets.theme import Colours, Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from widgets.session import Session


class PrecisionRecallPlot(RatePlot):
    """Raw points and COCO's interpolated curve; dragging chooses the threshold that reaches a recall."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        self._raw: Any = pyqtgraph.PlotCurveItem(antialias=True, name="every score, classes pooled")
        self._coco: Any = pyqtgraph.PlotCurveItem(antialias=True, name="COCO: mean of the classes")
        self._dot: Any = pyqtgraph.ScatterPlotItem(size=12)
        super().__init__(session, theme, "recall", "precision", parent)
        self._legend: Any = self.addLegend(offset=(-6, 6), labelTextSize="8pt", verSpacing=-6)
        for item in (self._coco, self._raw, self._dot):
            self.addItem(item)
        self._dot.setZValue(15)
        self.setToolTip(
            "Solid: the chosen classes pooled, one point per score. Dashed: COCO's, the mean of the classes'"
            " curves interpolated at 101 recalls (its mean is COCO's AP). Press or drag to move the"
            " threshold."
        )
        self.x_chosen.connect(self._choose_recall)
        self.follow_session()

    def dress_curves(self, colours: Colours) -> None:
        self._legend.setLabelTextColor(colours.muted)
        for _sample, label in self._legend.items:
            label.setText(label.text)  # takes the new colour
        self._raw.setPen(pen(colours.accent, 1.8))
        self._coco.setPen(pen(colours.muted, 1.4, Qt.PenStyle.DashLine))
        self._dot.setBrush(pyqtgraph.mkBrush(colours.accent))
        self._dot.setPen(pen(colours.text, 1.6))

    def show_curves(self) -> None:
        message = why_no_curve(self._session)
        self.show_message(message)
        self._legend.setVisible(not message)
        results = self._session.results
        if results is None or results.at.curve.positives == 0:
            self._raw.setData([], [])
            self._coco.setData([], [])
        else:
            recall, precision = results.at.curve.recall, results.at.curve.precision
            kept = keep_for_drawing(recall, precision)
            self._raw.setData(recall[kept], precision[kept])
            recalls = np.array(results.evaluation.protocol.recall_thresholds)
            self._coco.setData(recalls, results.at.coco_precision)

    def show_point(self) -> None:
        results, point = self._session.results, self._session.point
        shown = results is not None and results.at.curve.positives > 0
        for item in (self.line, self.read_out, self._dot):
            item.setVisible(shown)
        if results is None or not shown:
            return
        counts = total_counts(results.at, point.confidence)
        recall = counts.recall or 0.0
        self._dot.setData([recall], [counts.precision]) if counts.precision is not None else self._dot.clear()
        # At the left, where only a bad model's curve comes down
        self.show_line(recall, read_out_html(point.confidence, counts, self._theme.colours, {}), 0.0)

    def _choose_recall(self, recall: float) -> None:
        results = self._session.results
        if results is None or not len(results.at.curve.thresholds) or results.at.curve.positives == 0:
            return
        index = int(np.searchsorted(results.at.curve.recall, recall))
        thresholds = results.at.curve.thresholds
        self._session.set_confidence(float(thresholds[min(index, len(thresholds) - 1)]))
