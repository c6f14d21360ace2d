"""The first page: says what to do, and lists what was open before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from inspector.sources import Sources
from widgets.session import Session


class WelcomePage(QWidget):
    """Open, the demo, recent files; and the progress of the first opening."""

    open_wanted = Signal()
    demo_wanted = Signal()
    recent_wanted = Signal(Sources)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        title = QLabel("Detection Inspector")
        title.setObjectName("title")
        what = QLabel(
            "See where an object detector fails, choose its confidence threshold, and find bad labels.\n"
            "Open images with ground truth and a model's detections, or drop the files here, or a folder.\n"
            "COCO, YOLO, Pascal VOC, CVAT, LabelMe, OpenImages, CSV and text. One side alone opens as well."
        )
        what.setObjectName("muted")
        open_button = QPushButton("Open files…")
        open_button.setDefault(True)
        open_button.clicked.connect(self.open_wanted)
        demo_button = QPushButton("Open the demo")
        demo_button.setToolTip("A generated data set with known label errors; nothing else is needed")
        demo_button.clicked.connect(self.demo_wanted)
        buttons = QHBoxLayout()
        for button in (open_button, demo_button):
            buttons.addWidget(button)
        buttons.addStretch()
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        self._error, self._stage = QLabel(wordWrap=True), QLabel()
        self._error.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._bar = QProgressBar()
        self._cancel = QPushButton("Cancel")
        self._cancel.clicked.connect(session.cancel)
        doing = QHBoxLayout()
        for part in (self._stage, self._bar, self._cancel):
            doing.addWidget(part)
        card = QFrame()
        card.setMaximumWidth(700)
        column = QVBoxLayout(card)
        column.setSpacing(12)
        for widget in (title, what):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addWidget(self._error)
        column.addLayout(doing)
        column.addLayout(self._recent)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)
        session.activity_changed.connect(self._show_activity)
        session.failed.connect(self.show_error)
        self._show_activity()
        self.show_error("")

    def show_error(self, text: str) -> None:
        """What went wrong with the last opening; empty for nothing."""
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def show_recent(self, recent: Sequence[Sources]) -> None:
        """The most recent first."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget:
                widget.deleteLater()
        if recent:
            heading = QLabel("Recent")
            heading.setObjectName("muted")
            self._recent.addWidget(heading)
        for sources in recent:
            button = QPushButton(recent_title(sources), flat=True)
            button.setStyleSheet("text-align: left")
            button.setToolTip(recent_files(sources))
            button.clicked.connect(lambda _checked=False, chosen=sources: self.recent_wanted.emit(chosen))
            self._recent.addWidget(button)

    def _show_activity(self) -> None:
        activity = self._session.activity
        for part in (self._stage, self._bar, self._cancel):
            part.setVisible(activity is not None)
        if activity is not None:
            self.show_error("")
            self._stage.setText(activity[0])
            self._bar.setRange(0, 100 if activity[1] > 0 else 0)
            self._bar.setValue(round(100 * activity[1]))


def recent_title(sources: Sources) -> str:
    """A short name for a dataset in menus: its folder, its detections, and the images if they were chosen."""
    title = f"{sources.first.parent.name}  –  {sources.paths[-1].name}"
    return f"{title}  –  images in {sources.images.name}" if sources.images else title


def recent_files(sources: Sources) -> str:
    """All paths of a dataset, a line each."""
    return "\n".join(str(path) for path in (sources.ground_truth, sources.detections, sources.images) if path)
