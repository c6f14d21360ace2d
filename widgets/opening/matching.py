"""By what detections find their images and classes, and what follows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from inspector.dataset import Joined
from inspector.export.joined_text import classes_text, images_text
from inspector.reading import CLASSES_BY, IMAGES_BY, Reading
from widgets.drop_down import DropDown

Way = TypeVar("Way", bound=str)

_WORDS: Final = {"id": "id", "path": "path", "name": "name", "stem": "name without its suffix"}


class MatchingPart(QWidget):
    """Two choices, each with its consequence; numbers come when somebody counted."""

    changed = Signal()
    count_wanted = Signal()
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._images = DropDown(["automatic", *(f"by {_WORDS[way]}" for way in IMAGES_BY)])
        self._classes = DropDown(["automatic", *(f"by {_WORDS[way]}" for way in CLASSES_BY)])
        self._joined: Joined | None = None
        self._images_told, self._classes_told = QLabel(), QLabel()
        for box, name in ((self._images, "Match images"), (self._classes, "Match classes")):
            box.setAccessibleName(name)
            box.setToolTip("Automatic takes the way by which most detections find theirs")
            box.currentIndexChanged.connect(self._on_choice)
        for label in (self._images_told, self._classes_told):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._said = QLabel()
        self._said.setObjectName("muted")
        self._count = QPushButton("C&ount", autoDefault=False)
        self._count.setToolTip("Read both sides and tell how many detections find their image and class")
        self._count.clicked.connect(self.count_wanted)
        self._bar, self._cancel = QProgressBar(textVisible=False), QPushButton("Stop", autoDefault=False)
        self._cancel.clicked.connect(self.cancelled)
        self._lay_out()
        self.tell_nothing("")

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(2, 1)
        rows = (("I&mages", self._images, self._images_told), ("C&lasses", self._classes, self._classes_told))
        for row, (title, box, told) in enumerate(rows):
            label = QLabel(title)
            label.setBuddy(box)
            for column, part in enumerate((label, box, told)):
                grid.addWidget(part, row, column)
        line = QHBoxLayout()
        for part in (self._said, self._count, self._bar, self._cancel):
            line.addWidget(part)
        line.addStretch()
        grid.addLayout(line, 2, 1, 1, 2)
        grid.setRowMinimumHeight(2, self._count.sizeHint().height())  # nothing jumps when counting begins

    # --- the choices ---

    def choose(self, reading: Reading) -> None:
        """Put the ways of a reading into the fields."""
        self._images.setCurrentIndex(1 + IMAGES_BY.index(reading.images_by) if reading.images_by else 0)
        self._classes.setCurrentIndex(1 + CLASSES_BY.index(reading.classes_by) if reading.classes_by else 0)

    def chosen(self, reading: Reading) -> Reading:
        """The reading with the chosen ways."""
        return replace(
            reading,
            images_by=_way(IMAGES_BY, self._images.currentIndex()),
            classes_by=_way(CLASSES_BY, self._classes.currentIndex()),
        )

    # --- what it says ---

    def tell_nothing(self, why: str, *, can_count: bool = False) -> None:
        """There are no numbers, and `why`; with `can_count` the person may ask for them."""
        self._joined = None
        self._said.setText(why)
        self._said.setVisible(bool(why))
        self._count.setVisible(can_count)
        self._show_bar(on=False)
        self._tell()

    def tell_progress(self, fraction: float) -> None:
        """Somebody is counting; 0 where it is not known how far."""
        self._said.setVisible(False)
        self._count.hide()
        self._show_bar(on=True)
        self._bar.setRange(0, 100 if fraction > 0 else 0)
        self._bar.setValue(round(100 * fraction))

    def tell(self, joined: Joined | None) -> None:
        """What was counted."""
        self.tell_nothing("")
        self._joined = joined
        self._tell()

    def _show_bar(self, *, on: bool) -> None:
        self._bar.setVisible(on)
        self._cancel.setVisible(on)

    def _on_choice(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        joined = self._joined
        if joined is None:
            self._images_told.clear()
            self._classes_told.clear()
            return
        images = _way(IMAGES_BY, self._images.currentIndex())
        classes = _way(CLASSES_BY, self._classes.currentIndex())
        self._images_told.setText(images_text(joined, images))
        self._classes_told.setText(classes_text(joined, classes))


def _way(ways: Sequence[Way], index: int) -> Way | None:
    return ways[index - 1] if index > 0 else None
