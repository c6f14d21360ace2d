"""What stands in place of what takes both sides of a dataset, where one of them is not open."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from inspector.one_side import WORDS, how_to_add, why_not
from widgets.session import Session

_PADDING = 10


def add_button(session: Session) -> QPushButton:
    """Lets the person choose the missing side's files; what it says is set by `name_button`."""
    button = QPushButton()
    button.clicked.connect(session.files_wished)
    return button


def name_button(button: QPushButton, session: Session) -> None:
    """Say which side it adds."""
    if session.missing is not None:
        button.setText(f"Add {WORDS[session.missing]}…")
        button.setToolTip(how_to_add(session.missing))


class MissingSide(QWidget):
    """Says why there is nothing here, and offers to add what is missing; hidden where nothing is missing."""

    def __init__(self, session: Session, what: str, parent: QWidget) -> None:
        """`what` ends the sentence "No detections are open, so ...". Without parent it would be a window."""
        super().__init__(parent)
        self._session, self._what = session, what
        self._text = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._text.setObjectName("muted")
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = add_button(session)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_PADDING, _PADDING, _PADDING, _PADDING)
        layout.setSpacing(_PADDING)
        layout.addStretch()
        layout.addWidget(self._text)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        session.dataset_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Follow what is open."""
        missing = self._session.missing
        if missing is not None:
            self._text.setText(f"{why_not(missing, self._what)}\n\n{how_to_add(missing)}")
            name_button(self._button, self._session)
        self.setVisible(missing is not None)


class MissingBar(QWidget):
    """The same in one line above the image."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._text = QLabel(wordWrap=True)
        self._button = add_button(session)
        row = QHBoxLayout(self)
        row.setContentsMargins(_PADDING, 5, _PADDING, 5)
        row.setSpacing(_PADDING)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        session.dataset_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        missing = self._session.missing
        if missing is not None:
            self._text.setText(why_not(missing, "nothing is evaluated; what is there can be looked at"))
            name_button(self._button, self._session)
        self.setVisible(missing is not None)
