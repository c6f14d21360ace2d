"""The protocol of the evaluation, chosen by the person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.evaluation.options import (
    COCO_SIZE_WISHES,
    PERCENTILE_SIZES,
    Options,
    SizeWish,
    describe_ious,
    parse_ious,
    parse_max_dets,
    parse_sizes,
    spelled_sizes,
)
from inspector.evaluation.protocol import AP_RULES, ApRule, IouType, short_iou
from inspector.progress import Progress
from widgets.drop_down import DropDown
from widgets.jobs import Jobs
from widgets.session import Session
from widgets.theme import Theme
from widgets.window.size_preview import SizeLine, long_names_html, size_lines, sizes_html

Value = TypeVar("Value")
_WIDEST: Final = 460
_TYPED: Final = 2
_NAMED: Final = (COCO_SIZE_WISHES, PERCENTILE_SIZES)
_TALLEST: Final = 170
"""Pixels: of the list of size ranges, which is scrolled where it is longer."""
_KINDS: Final = ("COCO's", "percentiles of the objects", "typed")
_BUTTONS: Final = {
    QDialogButtonBox.StandardButton.Ok: "&OK",
    QDialogButtonBox.StandardButton.Apply: "&Apply",
    QDialogButtonBox.StandardButton.Cancel: "Ca&ncel",
}
"""Every Alt key is one field's or one button's, whatever the desktop calls these."""
_RULES: Final[tuple[ApRule, ...]] = tuple(AP_RULES)


class _Line(QWidget):
    """A text that is read while it is typed, with what it means, or why it means nothing, below it."""

    def __init__(self, parse: Callable[[str], object], explain: Callable[[], str]) -> None:
        super().__init__()
        self._parse, self._explain = parse, explain
        self.edit, self.hint = QLineEdit(), QLabel(wordWrap=True)
        policy = self.hint.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)  # a long name in it must not widen the dialog
        self.hint.setSizePolicy(policy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.edit)
        column.addWidget(self.hint)
        self.setFocusProxy(self.edit)

    def check(self) -> bool:
        """Whether it can be read; says what it means."""
        try:
            self._parse(self.edit.text())
        except ValueError as error:
            problem = str(error)
        else:
            problem = ""
        self.hint.setText(problem[:1].upper() + problem[1:] if problem else self._explain())
        self.hint.setVisible(bool(self.hint.text()))
        name = "problem" if problem else "muted"
        if self.hint.objectName() != name:
            self.hint.setObjectName(name)
            self.edit.setProperty("invalid", "true" if problem else "false")
            for widget in (self.hint, self.edit):  # the style sheet looks at the name only when it is dressed
                widget.style().unpolish(widget)
                widget.style().polish(widget)
        return not problem


class ProtocolDialog(QDialog):
    """Not modal: the window shows what Apply brings, and can cancel it."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Protocol")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._theme = session, theme
        self._jobs = Jobs(threads=1, parent=self)
        self._lines: list[SizeLine] = []
        self._before = COCO_SIZE_WISHES
        self._make_fields()
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok
            | QDialogButtonBox.StandardButton.Apply
            | QDialogButtonBox.StandardButton.Cancel
        )
        for which, text in _BUTTONS.items():
            self._button(which).setText(text)
        self._reset = self._buttons.addButton("&Reset to COCO's", QDialogButtonBox.ButtonRole.ResetRole)
        self._reset.setAutoDefault(False)  # Enter still means OK after it was pressed
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        self.finished.connect(self._jobs.close)
        self._button(QDialogButtonBox.StandardButton.Apply).clicked.connect(self._apply)
        self._reset.clicked.connect(lambda: self._show(Options()))
        layout = QVBoxLayout(self)
        layout.addLayout(self._grid())
        layout.addSpacing(6)
        layout.addWidget(self._buttons)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        self._follow_dataset()
        self._show(session.options)
        self._connect()
        self._ious.edit.setFocus()
        self._ious.edit.selectAll()

    # --- the fields ---

    def _make_fields(self) -> None:
        self._boxes, self._masks = QRadioButton("&Boxes"), QRadioButton("&Masks")
        self._no_masks = QLabel()
        self._no_masks.setObjectName("muted")
        self._compare = QButtonGroup(self)
        for button in (self._boxes, self._masks):
            self._compare.addButton(button)
        self._ious = _Line(parse_ious, self._explain_ious)
        self._limits = _Line(
            parse_max_dets, lambda: "The best-scored detections of a class on an image that are evaluated"
        )
        self._kind, self._typed = DropDown(_KINDS), _Line(parse_sizes, lambda: "")
        self._typed.edit.setPlaceholderText(spelled_sizes(COCO_SIZE_WISHES))
        self._typed.edit.setToolTip(
            "NAME=LO..HI, separated by commas: areas in square pixels, or percentiles of the objects' areas"
            " with %. Without LO a range begins at 0, without HI it has no upper end."
        )
        self._preview = QLabel()
        self._preview.setTextFormat(Qt.TextFormat.RichText)
        self._preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._ranges = QScrollArea(widgetResizable=True)
        self._ranges.setFrameShape(QScrollArea.Shape.NoFrame)
        self._ranges.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._ranges.setWidget(self._preview)
        self._rule = DropDown([f"{name}: {how}" for name, how in AP_RULES.values()])
        self._difficult = QLabel(wordWrap=True)
        self._difficult.setObjectName("muted")
        self._agnostic = QCheckBox("&Class-agnostic: a detection may match an object of any class")

    def _grid(self) -> QGridLayout:
        compare = QHBoxLayout()
        compare.setSpacing(14)
        for part in (self._boxes, self._masks, self._no_masks):
            compare.addWidget(part)
        compare.addStretch()
        sizes = QVBoxLayout()
        sizes.setSpacing(4)
        for widget in (self._kind, self._typed, self._ranges):
            sizes.addWidget(widget)
        rule = QVBoxLayout()
        rule.setSpacing(2)
        rule.addWidget(self._rule)
        rule.addWidget(self._difficult)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        grid.setColumnMinimumWidth(1, _WIDEST)
        rows: tuple[tuple[str, QWidget | None, QWidget | QHBoxLayout | QVBoxLayout], ...] = (
            ("Compare", None, compare),
            ("&IoU thresholds", self._ious.edit, self._ious),
            ("max&Dets", self._limits.edit, self._limits),
            ("Object &sizes", self._kind, sizes),
            ("Average &precision", self._rule, rule),
            ("Classes", None, self._agnostic),
        )
        for row, (title, buddy, content) in enumerate(rows):
            label = QLabel(title)
            label.setContentsMargins(0, 4, 0, 0)
            if buddy is not None:
                label.setBuddy(buddy)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            if isinstance(content, QWidget):
                grid.addWidget(content, row, 1)
            else:
                grid.addLayout(content, row, 1)
        return grid

    def _connect(self) -> None:
        self._compare.buttonToggled.connect(self._check)
        for line in (self._ious, self._limits, self._typed):
            line.edit.textChanged.connect(self._check)
        self._kind.currentIndexChanged.connect(self._on_kind)
        self._rule.currentIndexChanged.connect(self._check)
        self._agnostic.toggled.connect(self._check)
        session = self._session
        session.dataset_changed.connect(self._follow_dataset)
        session.results_changed.connect(self._check)
        session.activity_changed.connect(self._check)
        self._theme.changed.connect(self._ask_preview)
        self._check()

    # --- what they say ---

    def _show(self, options: Options) -> None:
        """Put these into the fields."""
        self._masks.setChecked(options.iou_type == "segm")
        self._boxes.setChecked(options.iou_type == "bbox")
        self._ious.edit.setText(describe_ious(options.iou_thresholds))
        self._limits.edit.setText(", ".join(map(str, options.max_dets)))
        kind = _NAMED.index(options.sizes) if options.sizes in _NAMED else _TYPED
        self._typed.edit.setText(spelled_sizes(options.sizes) if kind == _TYPED else "")
        self._kind.setCurrentIndex(kind)
        self._typed.setVisible(kind == _TYPED)
        self._rule.setCurrentIndex(_RULES.index(options.ap_rule))
        self._agnostic.setChecked(options.class_agnostic)

    def _read(self) -> Options:
        """Raises ValueError where a field cannot be read."""
        iou_type: IouType = "segm" if self._masks.isChecked() else "bbox"
        return Options(
            iou_type=iou_type,
            iou_thresholds=parse_ious(self._ious.edit.text()),
            max_dets=parse_max_dets(self._limits.edit.text()),
            sizes=self._sizes(),
            ap_rule=_RULES[self._rule.currentIndex()],
            class_agnostic=self._agnostic.isChecked(),
        )

    def _sizes(self) -> tuple[SizeWish, ...]:
        kind = self._kind.currentIndex()
        return parse_sizes(self._typed.edit.text()) if kind == _TYPED else _NAMED[kind]

    def _explain_ious(self) -> str:
        ious = parse_ious(self._ious.edit.text())
        if len(ious) == 1:
            return "One threshold; A:STEP:B gives several, as 0.5:0.05:0.95"
        return f"{len(ious)} thresholds from {short_iou(ious[0])} to {short_iou(ious[-1])}"

    def _on_kind(self, kind: int) -> None:
        """What is typed begins with what was chosen before, unless something else was typed already."""
        if kind != _TYPED:
            self._before = _NAMED[kind]
        elif self._typed.edit.text() in ("", *map(spelled_sizes, _NAMED)):
            self._typed.edit.setText(spelled_sizes(self._before))
        self._typed.setVisible(kind == _TYPED)
        self._check()

    def _check(self) -> None:
        """Say what is wrong, and allow what is possible."""
        lines = [self._ious, self._limits]
        if self._kind.currentIndex() == _TYPED:
            lines.append(self._typed)
        valid = not [line for line in lines if not line.check()]  # each of them says what it means
        self._button(QDialogButtonBox.StandardButton.Ok).setEnabled(valid)
        self._button(QDialogButtonBox.StandardButton.Apply).setEnabled(
            valid and self._read() != self._session.options
        )
        self._tell_difficult()
        self._ask_preview()

    def _tell_difficult(self) -> None:
        dataset = self._session.dataset
        amount = 0 if dataset is None else int(np.count_nonzero(dataset.objects.difficult))
        marked = (
            f"{amount:,} of the objects {'is' if amount == 1 else 'are'} marked so" if amount else "none here"
        )
        ignores = "are ignored" if self._rule.currentIndex() else "would be ignored by VOC's rules"
        self._difficult.setText(f"Objects marked as difficult {ignores}: {marked}")

    def _follow_dataset(self) -> None:
        opened = self._session.opened
        there = opened is not None and opened.objects.masks is not None
        self._masks.setEnabled(there)
        remark = "" if there else "the ground truth has no masks"
        if there and opened is not None and opened.detections.masks is None:
            remark = "the detections have none: their boxes are taken"
        self._no_masks.setText(remark)
        self._no_masks.setVisible(bool(remark))
        self._check()

    # --- the sizes in numbers, counted by a worker: there may be a million objects ---

    def _ask_preview(self) -> None:
        dataset = self._session.dataset
        try:
            options = replace(Options(), sizes=self._sizes(), ap_rule=_RULES[self._rule.currentIndex()])
        except ValueError:
            self._jobs.cancel("sizes")
            self._paint_preview(stale=True)  # so that the dialog does not jump with every letter
            return
        if dataset is None:
            return

        def work(_progress: Progress) -> list[SizeLine]:
            return size_lines(dataset, options)

        self._jobs.start("sizes", work, self._on_preview, _raise)

    def _on_preview(self, lines: list[SizeLine]) -> None:
        self._lines = lines
        self._paint_preview()

    def _paint_preview(self, *, stale: bool = False) -> None:
        """`stale` numbers are those of what was typed before: they are greyed."""
        colours = self._theme.colours
        self._preview.setText(
            sizes_html(self._lines, colours.muted if stale else colours.text, colours.muted)
        )
        self._preview.setToolTip(long_names_html(self._lines))
        hint = self._preview.sizeHint()
        bar = self._ranges.verticalScrollBar().sizeHint().width() if hint.height() > _TALLEST else 0
        self._ranges.setFixedHeight(min(hint.height(), _TALLEST))
        self._ranges.setMinimumWidth(hint.width() + bar)

    # --- what the buttons do ---

    def _button(self, which: QDialogButtonBox.StandardButton) -> QPushButton:
        return self._buttons.button(which)

    def _apply(self) -> None:
        self._session.set_options(self._read())
        self._check()

    def _accept(self) -> None:
        self._apply()
        self.accept()


def _raise(error: Exception) -> None:
    raise error
