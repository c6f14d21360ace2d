"""What both plots share: axes of rates from 0 to 1, a draggable line and a read-out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyqtgraph
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPen

from inspector.evaluation.operating_point import Counts
from inspector.export.report import number
from widgets.theme import Colours, Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from widgets.session import Session

_MARGIN = 0.03
_TALL = 190
"""Pixels of the whole plot below which the axis of x has no title."""
_LABEL = 24
"""Pixels that the label of a tick takes, with what keeps it apart from the next."""


def pen(colour: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A cosmetic pen: its width is in pixels whatever the scale."""
    made = QPen(QColor(colour), width, style)
    made.setCosmetic(True)
    return made


class RatePlot(pyqtgraph.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no type information
    """A plot of rates in [0, 1]; a press or drag anywhere on it moves the threshold.

    Subclasses add curves, then call `follow_session`.
    """

    x_chosen = Signal(float)
    """Where the person pressed or dragged to, in [0, 1]."""

    def __init__(
        self, session: Session, theme: Theme, x_title: str, y_title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(False, False)
        self.setLabel("bottom", x_title)
        self.setLabel("left", y_title)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.line: Any = pyqtgraph.InfiniteLine(angle=90, movable=False)
        self.line.setZValue(10)
        self.read_out: Any = pyqtgraph.TextItem(anchor=(0, 0))
        self.read_out.setZValue(20)
        self._message: Any = pyqtgraph.TextItem(anchor=(0.5, 0.5))
        self._message.setPos(0.5, 0.5)
        self.getViewBox().sigResized.connect(self._fit_axes)
        self.addItem(self._message)
        self.addItem(self.line)
        self.addItem(self.read_out)

    def follow_session(self) -> None:
        """Show what the session holds, from now on."""
        self._theme.changed.connect(self._dress)
        for changed in (self._session.dataset_changed, self._session.results_changed):
            changed.connect(self.show_curves)
            changed.connect(self._follow_point)
        self._session.operating_point_changed.connect(self._follow_point)
        self._dress()
        self.show_curves()

    def show_curves(self) -> None:
        """Bring the curves up to date with the session's results; subclasses override it."""

    def show_line(self, x: float, text: str) -> None:
        """Move the threshold line, with a read-out beside it, at the bottom."""
        self.line.setPos(x)
        self.read_out.setHtml(text)
        self.read_out.setAnchor((1.06 if x > 0.55 else -0.06, 1.0))
        self.read_out.setPos(x, 0.02)

    def show_message(self, text: str) -> None:
        """Say in the middle why there is no curve; empty where there is one."""
        self._message.setText(text)
        self._message.setVisible(bool(text))

    def mousePressEvent(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(event.position())
        event.accept()

    def mouseMoveEvent(self, event: Any) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event.position())
        event.accept()

    def mouseReleaseEvent(self, event: Any) -> None:
        event.accept()

    def wheelEvent(self, event: Any) -> None:
        event.ignore()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.show_point()

    def show_point(self) -> None:
        """Bring the line and the read-out up to date; subclasses override it."""

    def _follow_point(self) -> None:
        """The plot of the tab that is behind would cost as much as the other and show nothing."""
        if self.isVisible():
            self.show_point()

    def _choose(self, position: QPointF) -> None:
        x = self.getViewBox().mapSceneToView(self.mapToScene(position.toPoint())).x()
        self.x_chosen.emit(min(1.0, max(0.0, float(x))))

    def _dress(self) -> None:
        colours = self._theme.colours
        self.setBackground(colours.panel)
        for side in ("bottom", "left"):
            axis = self.getAxis(side)
            axis.setPen(pen(colours.border))
            axis.setTextPen(colours.muted)
        self._fit_axes()
        self.showGrid(x=True, y=True, alpha=0.25 if self._theme.is_dark else 0.35)
        self.line.setPen(pen(colours.text, 1.2, Qt.PenStyle.DashLine))
        self.read_out.fill = pyqtgraph.mkBrush(colours.raised)
        self.read_out.border = pen(colours.border)
        self.read_out.setColor(colours.text)
        self._message.setColor(colours.muted)
        self.dress_curves(colours)
        self._follow_point()

    def _fit_axes(self) -> None:
        """Fewer ticks where there is little room; a low plot needs its last lines for the curve.

        Beyond 0 and 1 there is room for one half of their labels, which are left out otherwise.
        """
        box = self.getViewBox()
        room = box.size()
        for which, length, half in (("xRange", room.width(), 14), ("yRange", room.height(), 9)):
            padding = max(_MARGIN, half / max(1.0, length - 2 * half))
            box.setRange(**{which: (0, 1)}, padding=padding)
        for side, length, label in (("bottom", room.width(), 2 * _LABEL), ("left", room.height(), _LABEL)):
            is_roomy = length / 5 >= label
            self.getAxis(side).setTickSpacing(levels=[(0.2, 0), (0.1, 0)] if is_roomy else [(0.5, 0)])
        self.getAxis("bottom").showLabel(self.height() >= _TALL)  # not by the room, which that changes

    def dress_curves(self, colours: Colours) -> None:
        """Give the curves their pens; subclasses that have curves override it."""


def why_no_curve(session: Session) -> str:
    """In words for people; empty where there is a curve."""
    results = session.results
    if results is None:
        return "Not evaluated yet"
    if not results.at.chosen.any():
        return "No class is chosen"
    if not len(results.at.curve.thresholds):
        return "No detection of the chosen classes"
    return "" if results.at.curve.positives else "No object of the chosen classes"


def read_out_html(confidence: float, counts: Counts, colours: Colours, marks: Mapping[str, str]) -> str:
    """The threshold and the rates at it; `marks` gives rates the colour of their curve."""
    rates = {"precision": counts.precision, "recall": counts.recall, "F1": counts.f1}
    rows = [("", "confidence ≥", f"{confidence:.3f}")]
    rows += [(marks.get(name, ""), name, number(rate)) for name, rate in rates.items()]
    cells = "".join(
        f'<tr><td style="color:{mark or colours.muted}">{"■ " if mark else ""}</td>'
        f'<td style="color:{colours.muted}; padding-right:6px">{name}</td>'
        f'<td align="right" style="color:{colours.text}">{value}</td></tr>'
        for mark, name, value in rows
    )
    return f'<table style="font-size:small">{cells}</table>'
