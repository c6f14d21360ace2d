"""The controls above the grid: what is shown, in which order, how large."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QMargins, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLabel, QLineEdit, QSlider, QToolButton, QWidget

from inspector.refs import Side
from inspector.review.suspects import KINDS
from inspector.review.words import KINDS as WORDS
from widgets.drop_down import DropDown
from widgets.gallery.choices import CONTEXTS, LARGEST, SMALLEST, STEP, Choices
from widgets.gallery.flow import FlowLayout
from widgets.gallery.items import Mode, Order, Sorting

_FILTER: Final = 260
"""Pixels at least; it takes what is free in its line."""
_KINDS: Final = (None, *KINDS)
"""None for all."""
_TIPS: Final = {
    Mode.TP: "Detections that match an object",
    Mode.FP: "Detections that match no object",
    Mode.FN: "Objects that no shown detection matches",
    Mode.IGNORED: "Shown detections that count neither way",
    Mode.SUSPECTS: "Labels that are probably wrong or missing",
    Mode.ALONE: "All that is shown; outcomes take both sides",
}


class GalleryHead(QWidget):
    """Says what the person wishes; what it shows is set by `show_...`, silently."""

    mode_wished = Signal(object)
    kind_wished = Signal(object)
    """A kind of error, or None for all."""
    sorting_wished = Signal(object)
    side_wished = Signal(int)
    context_wished = Signal(float)
    hide_judged_wished = Signal(bool)
    only_listed_wished = Signal(bool)

    def __init__(self, filter_line: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sorting = Sorting(Order.SCORE, True)
        self._modes = {mode: self._mode_button(mode) for mode in Mode}
        group = QButtonGroup(self)
        for button in self._modes.values():
            group.addButton(button)
        self._kind = DropDown(["all kinds", *(WORDS[kind] for kind in KINDS)])
        self._kind.setAccessibleName("Kind of error")
        self._kind.setToolTip("Which errors are suspected (Ctrl+5 goes on to the next kind)")
        self._kind.activated.connect(lambda index: self.kind_wished.emit(_KINDS[index]))
        self._order = DropDown([order.value for order in Order])
        self._order.setToolTip("What the crops are sorted by")
        self._order.activated.connect(lambda _: self._wish_for_sorting(self._sorting.descending))
        self._direction = QToolButton()
        self._direction.setObjectName("field")
        self._direction.clicked.connect(lambda: self._wish_for_sorting(not self._sorting.descending))
        self._context = DropDown([_percent(context) for context in CONTEXTS])
        self._context.setToolTip("How much is shown around each box, in parts of its longer side")
        self._context.activated.connect(lambda index: self.context_wished.emit(CONTEXTS[index]))
        self._side = QSlider(Qt.Orientation.Horizontal)
        self._side.setRange(SMALLEST, LARGEST)
        self._side.setSingleStep(STEP)
        self._side.setPageStep(2 * STEP)
        self._side.setFixedWidth(80)
        self._side.setAccessibleName("Size of the crops")
        self._side.setToolTip("Size of the crops (+ and - in the gallery, Ctrl and the wheel)")
        self._side.valueChanged.connect(self.side_wished)
        self._hide_judged = QCheckBox("Hide judged")
        self._hide_judged.setToolTip("Leave out what has a verdict")
        self._hide_judged.toggled.connect(self.hide_judged_wished)
        self._only_listed = QCheckBox("Listed images")
        self._only_listed.setToolTip("Only the images that the table shows, as its filter leaves them")
        self._only_listed.toggled.connect(self.only_listed_wished)
        self._count = QLabel()
        self._count.setObjectName("muted")
        filter_line.setMinimumWidth(_FILTER)
        layout = FlowLayout(self, QMargins(6, 5, 6, 5), 6, stretched=filter_line)
        for part in (
            *self._modes.values(),
            self._kind,
            self._order,
            self._direction,
            self._context,
            self._side,
            filter_line,
            self._hide_judged,
            self._only_listed,
            self._count,
        ):
            layout.addWidget(part)

    def show_choices(self, choices: Choices) -> None:
        self._sorting = sorting = choices.sorting
        self._modes[choices.shown].setChecked(True)
        for mode, button in self._modes.items():
            button.setVisible((mode is Mode.ALONE) is (choices.shown is Mode.ALONE))
        self._kind.setVisible(choices.shown is Mode.SUSPECTS)
        self._kind.setCurrentIndex(_KINDS.index(choices.kind))
        self._order.setCurrentText(sorting.order.value)
        self._direction.setText("↓" if sorting.descending else "↑")
        first = "largest first" if sorting.descending else "smallest first"
        self._direction.setToolTip(f"{first.capitalize()}: press to turn round")
        self._direction.setAccessibleName(first)
        self._side.setValue(choices.side)
        self._context.setCurrentIndex(CONTEXTS.index(choices.context))
        self._hide_judged.setChecked(choices.hides_judged)

    def show_counts(self, counts: Mapping[Mode, int | None], missing: Side | None) -> None:
        """None where it is not known."""
        for mode, count in counts.items():
            button, name = self._modes[mode], mode.value
            if mode is Mode.ALONE:
                name = "Objects" if missing is Side.DETECTION else "Detections"
            text = name if count is None else f"{name} {count:,}"
            if button.text() != text:
                button.setText(text)

    def tell(self, text: str) -> None:
        """What is shown, in words."""
        if text != self._count.text():
            self._count.setText(text)
            self._count.setVisible(bool(text))

    def _mode_button(self, mode: Mode) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("tab")
        button.setText(mode.value)
        key = "" if mode is Mode.ALONE else f" (Ctrl+{list(Mode).index(mode) + 1} in the gallery)"
        button.setToolTip(f"{_TIPS[mode]}{key}")
        button.setCheckable(True)
        button.clicked.connect(lambda: self.mode_wished.emit(mode))
        return button

    def _wish_for_sorting(self, descending: bool) -> None:
        self.sorting_wished.emit(Sorting(list(Order)[self._order.currentIndex()], descending))


def _percent(context: float) -> str:
    return f"+ {context:.0%}" if context else "no context"
