"""Asks under which name a filter is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from widgets.filter_line.saved import SavedFilters

_LONGEST = 60
"""Letters of a name, so that it fits into a menu."""


class NameDialog(QDialog):
    """Says what is replaced before it is."""

    named = Signal(str)

    def __init__(
        self, saved: SavedFilters, title: str, name: str, text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._saved, self._before, self._text = saved, name, text
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(380)
        shown = _label(text)
        shown.setObjectName("muted")
        self._name = QLineEdit(name)
        self._name.setPlaceholderText("Name")
        self._name.setAccessibleName("Name of the filter")
        self._name.setMaxLength(_LONGEST)
        self._name.selectAll()
        self._name.textChanged.connect(self._check)
        self._said = _label("")
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (shown, self._name, self._said, self._buttons):
            layout.addWidget(part)
        self._check()

    @property
    def name(self) -> str:
        return " ".join(self._name.text().split())

    def _check(self) -> None:
        known = self._saved.texts.get(self.name)
        replaces = known is not None and known != self._text and self.name != self._before
        self._said.setText(f"There is a filter of this name, which is replaced: {known}" if replaces else "")
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(bool(self.name))

    def _accept(self) -> None:
        self.named.emit(self.name)
        self.accept()


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
