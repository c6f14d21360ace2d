"""A line above the image where a finding says that the numbers are almost certainly not what was meant."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from inspector.doctor.findings import Finding, Severity
from inspector.export.findings import told
from widgets.doctor.details import remedy_button
from widgets.examination import Examination
from widgets.session import Session
from widgets.severities import marked, severity_colour
from widgets.theme import Theme

_PADDING = 10


class AlertBar(QWidget):
    """Tells the first error; dismissed, it stays away until other files are opened."""

    details_wished = Signal(str)
    """The code of a finding that a person wants to read about."""

    def __init__(self, session: Session, examination: Examination, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._examination, self._theme = session, examination, theme
        self._dismissed: set[str] = set()
        self._paths: object = None
        self._finding: Finding | None = None
        self._text = QLabel(wordWrap=True)
        self._buttons = QHBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(_PADDING, 5, _PADDING, 5)
        column.setSpacing(5)
        column.addWidget(self._text)
        column.addLayout(self._buttons)
        examination.changed.connect(self._show)
        theme.changed.connect(self._dress)
        self._show()

    def _show(self) -> None:
        sources = self._session.sources
        paths = None if sources is None else sources.paths
        if paths != self._paths:
            self._paths = paths
            self._dismissed.clear()
        errors = (
            finding
            for finding in self._examination.findings
            if finding.severity is Severity.ERROR and finding.code not in self._dismissed
        )
        finding = next(errors, None)
        if finding is not None and finding != self._finding:
            self._fill(finding)
        self._finding = finding
        self._dress()
        self.setVisible(finding is not None)

    def _fill(self, finding: Finding) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if finding.remedies:
            apply = remedy_button(finding.remedies[0], lambda remedy: self._session.read_as(remedy.reading))
            self._buttons.addWidget(apply)
        show = QPushButton("Show")
        show.setToolTip("What the doctor found, with its places")
        show.clicked.connect(lambda: self.details_wished.emit(finding.code))
        self._buttons.addWidget(show)
        self._buttons.addStretch()
        dismiss = QToolButton()
        dismiss.setObjectName("tab")
        dismiss.setText("✕")
        dismiss.setToolTip("Dismiss; the dock Doctor still tells it")
        dismiss.setAccessibleName("Dismiss")
        dismiss.clicked.connect(self._dismiss)
        self._buttons.addWidget(dismiss)

    def _dismiss(self) -> None:
        if self._finding is not None:
            self._dismissed.add(self._finding.code)
            self._show()

    def _dress(self) -> None:
        finding, colours = self._finding, self._theme.colours
        if finding is None:
            return
        colour = severity_colour(finding.severity, colours)
        effect = f" {escape(finding.effect)}" if finding.effect else ""
        word = marked(finding.severity).capitalize()
        self._text.setText(f'<b style="color:{colour}">{word}:</b> {escape(told(finding))}.{effect}')
