"""Between two scores of the data, a threshold has the rates of the higher one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyqtgraph
import pytest

from inspector.evaluation.operating_point import total_counts
from widgets.curves.by_confidence import ConfidencePlot


def height_at(curve: pyqtgraph.PlotCurveItem, x: float) -> float:
    """Where the drawn line stands above x."""
    path = curve.getPath()
    points = [(path.elementAt(i).x, path.elementAt(i).y) for i in range(path.elementCount())]
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 < x < x1:
            assert y0 == y1, "a step is level between its ends"
            return y0
    raise AssertionError(f"nothing is drawn above {x}")


def test_the_drawn_recall_is_the_one_that_the_threshold_gives(opened) -> None:  # type: ignore[no-untyped-def]
    session = opened.session
    plot = ConfidencePlot(session, opened.theme)
    _precision, recall, _f1 = (
        item for item in plot.getPlotItem().items if isinstance(item, pyqtgraph.PlotCurveItem)
    )
    scores = np.unique(session.dataset.detections.scores)
    for low, high in pairwise(scores):
        between = float(low + high) / 2
        counts = total_counts(session.results.at, between)
        assert height_at(recall, between) == pytest.approx(counts.recall)
    plot.close()
