"""One finding: what it does to the numbers, what helps, and where it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from inspector.doctor.findings import Finding, Remedy
from inspector.export.findings import told
from inspector.export.report import one_line
from widgets.doctor.finding_list import ExampleList

_PADDING = 8


def clear(layout: QVBoxLayout) -> None:
    """Take away what is in it."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


class Details(QWidget):
    """Beside the list, or below it."""

    remedy_wished = Signal(object)
    """A remedy that a person wants to apply."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._effect, self._where = QLabel(), QLabel(), QLabel("Where")
        for label in (self._title, self._effect):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._where.setObjectName("muted")
        self._remedies = QVBoxLayout()
        self.examples = ExampleList()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_PADDING, _PADDING, _PADDING, 4)
        layout.setSpacing(6)
        layout.addWidget(self._title)
        layout.addWidget(self._effect)
        layout.addLayout(self._remedies)
        layout.addWidget(self._where)
        layout.addWidget(self.examples, 1)
        layout.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.show_finding(None)

    def show_finding(self, finding: Finding | None) -> None:
        """None where there is none."""
        clear(self._remedies)
        self._title.setText("" if finding is None else told(finding))
        self._effect.setText("" if finding is None else one_line(finding.effect))
        self._effect.setVisible(bool(self._effect.text()))
        examples = () if finding is None else finding.examples
        more = finding is not None and finding.count > len(examples)
        self.examples.show_examples(examples, more)
        self._where.setVisible(bool(examples))
        for remedy in () if finding is None else finding.remedies:
            self._remedies.addWidget(self._button(remedy), 0, Qt.AlignmentFlag.AlignLeft)

    def _button(self, remedy: Remedy) -> QPushButton:
        return remedy_button(remedy, self.remedy_wished.emit)


def remedy_button(remedy: Remedy, wish: Callable[[Remedy], None]) -> QPushButton:
    """Applies a remedy."""
    button = QPushButton(remedy.title)
    button.setToolTip("Reads the same files again in this way; they stay as they are. It can be taken back.")
    button.clicked.connect(lambda: wish(remedy))
    return button
