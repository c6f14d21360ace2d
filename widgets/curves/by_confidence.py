"""Precision, recall and F1 against the confidence threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph
from PySide6.QtCore import Qt

from inspector.dataset import Floats
from inspector.evaluation.iou_slice import Curve
from inspector.evaluation.operating_point import total_counts
from widgets.curves.plot import RatePlot, pen, read_out_html, why_no_curve
from widgets.curves.thinning import keep_for_drawing
from widgets.theme import Colours, Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from widgets.session import Session

_ORANGE, _PURPLE = "#E69F00", "#CC79A7"  # Okabe-Ito, apart from the colours of the outcomes


class ConfidencePlot(RatePlot):
    """Three rates by threshold; pressing or dragging moves the threshold itself."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        self._curves: dict[str, Any] = {
            name: pyqtgraph.PlotCurveItem(antialias=True, stepMode="left")
            for name in ("precision", "recall", "F1")
        }
        super().__init__(session, theme, "confidence threshold", "rate", parent)
        for curve in self._curves.values():
            self.addItem(curve)
        self.setToolTip("Press or drag to move the confidence threshold.")
        self.x_chosen.connect(session.set_confidence)
        self.follow_session()

    def dress_curves(self, colours: Colours) -> None:
        styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
        for (name, colour), style in zip(_marks(colours).items(), styles, strict=True):
            self._curves[name].setPen(pen(colour, 1.8, style))

    def show_curves(self) -> None:
        self.show_message(why_no_curve(self._session))
        results = self._session.results
        for name, curve in self._curves.items():
            if results is None or not len(results.at.curve.thresholds):
                curve.setData([], [])
            else:
                curve.setData(*_steps(results.at.curve, name))

    def show_point(self) -> None:
        results, point = self._session.results, self._session.point
        self.line.setVisible(results is not None)
        self.read_out.setVisible(results is not None)
        if results is None:
            return
        counts = total_counts(results.at, point.confidence)
        colours = self._theme.colours
        self.show_line(point.confidence, read_out_html(point.confidence, counts, colours, _marks(colours)))


def _marks(colours: Colours) -> dict[str, str]:
    return {"precision": colours.accent, "recall": _ORANGE, "F1": _PURPLE}


def _steps(curve: Curve, rate: str) -> tuple[Floats, Floats]:
    """Ascending thresholds and the rate at each; between two, the rate of the higher one holds."""
    values = {"precision": curve.precision, "recall": curve.recall, "F1": curve.f1}[rate]
    x = np.clip(curve.thresholds[::-1], 0.0, 1.0)
    y = values[::-1]
    kept = keep_for_drawing(x, y)
    return np.append(0.0, x[kept]), np.append(y[0], y[kept])
