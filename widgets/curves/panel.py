"""Both plots as tabs, and the averages that belong to them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from inspector.evaluation.protocol import short_iou
from inspector.export.report import number
from widgets.curves.by_confidence import ConfidencePlot
from widgets.curves.plot import RatePlot
from widgets.curves.precision_recall import PrecisionRecallPlot
from widgets.missing_side import MissingSide
from widgets.session import Session
from widgets.theme import Theme


class _Shortened(QLabel):
    """The first of some texts that fits: a number that is cut would be another number."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: Sequence[str] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_texts(self, *texts: str) -> None:
        """From the longest to the shortest."""
        self._texts = texts
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room, width = self.contentsRect().width(), self.fontMetrics().horizontalAdvance
        self.setText(next((text for text in self._texts if width(text) <= room), ""))


class CurvePanel(QWidget):
    """Precision-recall and rates by confidence, of the session's operating point."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._tabs = QTabBar(drawBase=False, usesScrollButtons=False)
        self._pages = QStackedWidget()
        self._pages.addWidget(PrecisionRecallPlot(session, theme))
        self._confidence: ConfidencePlot | None = None
        for title in ("Precision-recall", "By confidence"):
            self._tabs.addTab(title)
        self._tabs.currentChanged.connect(self._show_tab)
        self._averages = _Shortened()  # where there is no room for both, the tabs stay whole
        self._averages.setObjectName("muted")
        self._averages.setContentsMargins(0, 0, 8, 0)
        self._averages.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._averages.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        head.addWidget(self._tabs)
        head.addWidget(self._averages, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._pages)
        layout.addWidget(MissingSide(session, "there are no curves", self))
        session.results_changed.connect(self._show_averages)
        session.dataset_changed.connect(self._show_averages)
        self._show_averages()

    @property
    def tab(self) -> int:
        """0 for precision-recall, 1 for rates by confidence."""
        return self._tabs.currentIndex()

    @property
    def plot(self) -> RatePlot:
        """The plot of the current tab."""
        shown = self._pages.currentWidget()
        assert isinstance(shown, RatePlot)
        return shown

    def set_tab(self, index: int) -> None:
        self._tabs.setCurrentIndex(index)

    def _show_tab(self, index: int) -> None:
        if index == 1 and self._confidence is None:  # made when it is first wanted: a plot takes 15 ms
            self._confidence = ConfidencePlot(self._session, self._theme)
            self._pages.addWidget(self._confidence)
        self._pages.setCurrentIndex(index)

    def _show_averages(self) -> None:
        results = self._session.results
        self._pages.setVisible(self._session.missing is None)
        if results is None:
            self._averages.set_texts()
            self._averages.setToolTip("")
            return
        iou = results.evaluation.protocol.iou_thresholds[results.at.table.iou_index]
        at, overall = (
            number(average)
            for average in (results.at.average_precision, results.at.overall_average_precision)
        )
        percent = round(100 * iou)
        name = f"AP{percent}" if abs(100 * iou - percent) < 1e-7 else f"AP at IoU {short_iou(iou)}:"
        self._averages.set_texts(f"{name} {at} · AP {overall}", f"AP {overall}")
        self._averages.setToolTip(
            f"Average precision at IoU {short_iou(iou)} ({at}), and averaged over all IoU thresholds"
            f" ({overall}), for the chosen classes. The confidence threshold does not change them."
        )
