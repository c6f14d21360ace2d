"""The counts at the operating point, what is open, and what is being done."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStatusBar,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from inspector.evaluation.operating_point import total_counts
from inspector.evaluation.protocol import short_iou
from inspector.export.report import counted, number, opened
from inspector.one_side import why_not
from inspector.refs import Side
from widgets.doors import door
from widgets.examination import Examination
from widgets.session import Session
from widgets.severities import marked, severity_colour
from widgets.theme import Theme
from widgets.window.protocol_button import ListedButton

_LEAST = 40
"""Pixels of a button that gives way."""


class _GivingWay(QLabel):
    """Plain text that is cut where there is no room, and does not widen the window."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter, room = QPainter(self), self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(self.palette().windowText().color())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


class _GivingWayButton(QPushButton):
    """The same for a flat button."""

    def __init__(self) -> None:
        super().__init__(flat=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST, self.sizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)


class StatusBar(QStatusBar):
    """Left: counts and rates. Right: what the doctor found, or progress with a Cancel."""

    findings_wanted = Signal()
    """The person pressed the button that counts the findings."""
    filter_wished = Signal(str)
    """The person pressed a count, and wants to see the images that it comes from."""

    def __init__(
        self, session: Session, examination: Examination, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._examination, self._theme = session, examination, theme
        self.setSizeGripEnabled(False)
        self._counts, self._open = QLabel(), _GivingWay()
        self._opened = ""
        self._open.setObjectName("muted")
        for label in (self._counts, self._open):
            label.setContentsMargins(6, 3, 8, 3)
        self.addWidget(self._counts)
        self.addWidget(ListedButton(session))
        self.addWidget(self._open, 1)
        self._counts.setToolTip("A press on a number lists the images that it comes from")
        self._counts.linkActivated.connect(self.filter_wished)
        self._findings = QPushButton(flat=True)
        self._findings.setObjectName("remarks")
        self._findings.setToolTip("What the doctor found in the files, and what it does to the numbers")
        self._findings.clicked.connect(self.findings_wanted)
        self._formats = _GivingWayButton()
        self._formats.setObjectName("formats")
        self._formats.clicked.connect(session.files_wished)
        self._formats.hide()
        self._stage = QLabel()
        self._bar = QProgressBar()
        self._bar.setFixedWidth(160)
        self._cancel = QPushButton("Cancel")
        self._cancel.clicked.connect(session.cancel)
        for part in (self._formats, self._findings, self._stage, self._bar, self._cancel):
            self.addPermanentWidget(part)
        session.dataset_changed.connect(self._show_open)
        examination.changed.connect(self._show_findings)
        session.operating_point_changed.connect(self._show_counts)
        session.activity_changed.connect(self._show_activity)
        for show in (self._show_counts, self._show_findings):
            theme.changed.connect(show)
        self._show_open()
        self._show_findings()
        self._show_activity()

    def show_formats(self, text: str) -> None:
        """The formats of what is open; empty where they are not known."""
        self._formats.setText(text)
        self._formats.setToolTip(
            f"{text}\nHow the files were read; a press opens the choice of files and formats"
        )
        self._formats.setVisible(bool(text))

    def _show_open(self) -> None:
        dataset = self._session.dataset
        self._opened = (
            opened(dataset) if dataset else ""
        )  # not for each threshold: it goes through all objects
        self._show_counts()

    def _show_findings(self) -> None:
        findings, worst = self._examination.findings, self._examination.worst
        self._findings.setVisible(worst is not None)
        if worst is not None:
            bad = sum(finding.severity is worst for finding in findings)
            of_them = marked(worst) if bad == len(findings) else marked(worst, bad)
            self._findings.setText(f"{counted(len(findings), 'finding')} · {of_them}")
            colour = severity_colour(worst, self._theme.colours)
            self._findings.setStyleSheet(f"color: {colour}")

    def _show_counts(self) -> None:
        dataset, results = self._session.dataset, self._session.results
        if dataset is None:
            self._counts.clear()
            self._open.clear()
            return
        if results is None:
            self._counts.setText(self._why_no_counts())
            self._open.setText(self._opened)
            self._open.setToolTip("\n".join(str(path) for path in dataset.paths))
            return
        counts, colours = total_counts(results.at, self._session.point.confidence), self._theme.colours
        parts = [
            f"{name} <b>{door(f'{name.lower()}>0', f'{value:,}', colour)}</b>"
            for name, value, colour in (
                ("TP", counts.tp, colours.tp_text),
                ("FP", counts.fp, colours.fp_text),
                ("FN", counts.fn, colours.fn_text),
            )
        ]
        parts += [
            f"{name} {number(value)}"
            for name, value in (
                ("precision", counts.precision),
                ("recall", counts.recall),
                ("F1", counts.f1),
            )
        ]
        self._counts.setText("&nbsp;&nbsp;&nbsp;".join(parts))
        iou = results.evaluation.protocol.iou_thresholds[results.at.table.iou_index]
        self._open.setText(f"{self._opened} · IoU {short_iou(iou)}")
        self._open.setToolTip("\n".join(str(path) for path in dataset.paths))

    def _why_no_counts(self) -> str:
        """And what can be counted all the same."""
        missing, alone, point = self._session.missing, self._session.alone, self._session.point
        if missing is None:
            return "not evaluated yet (Ctrl+E evaluates)"
        parts = [why_not(missing, "nothing is evaluated")[:-1]]
        if alone is not None and missing is Side.OBJECT:
            shown = int(alone.class_counts(point.confidence).sum())
            parts.append(f"<b>{shown:,}</b> detections from {point.confidence:.3f} on")
        return "&nbsp;&nbsp;&nbsp;".join(parts)

    def _show_activity(self) -> None:
        activity = self._session.activity
        for part in (self._stage, self._bar, self._cancel):
            part.setVisible(activity is not None)
        if activity is not None:
            stage, fraction = activity
            self._stage.setText(stage)
            # Unknown progress (0) shows as a moving bar
            self._bar.setRange(0, 100 if fraction > 0 else 0)
            self._bar.setValue(round(100 * fraction))
