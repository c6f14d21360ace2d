"""Asks what is handed off and where to, shows how far it is, and says what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import CancelledError, InputError
from inspector.export.handoff import NAMES, Form, HandedOff, refuse_foreign
from inspector.export.report import counted
from inspector.refs import Side

_FORMS: Final[Mapping[Form, tuple[str, str]]] = {
    Form.CSV: ("&List of the flags", "one row a flag, for spreadsheets"),
    Form.COCO: ("&Flagged images", "COCO: only these images, with all of their annotations and the flags"),
    Form.CORRECTED: ("Corrected &ground truth", "COCO: the whole file, with what the flags say"),
    Form.CROPS: ("&Crops", "a picture of each flag, with the boxes drawn, and the list"),
}
_STEPS: Final = 1000
_NO_FLAGS: Final = {
    None: "No flags yet: press 1 on a label that is wrong, or on a detection that has no label",
    Side.DETECTION: "No flags yet: press 1 on a label that is wrong",
    Side.OBJECT: "No flags yet: press 1 on a detection of something that should have a label",
}
"""By the side that is missing."""


@dataclass(frozen=True, slots=True)
class Count:
    """What there is to hand off."""

    flags: int
    images: int
    left_out: Mapping[Form, Mapping[str, int]]
    """How many flags are in no file of a form, by reason."""


class HandOffDialog(QDialog):
    """Stays open when it is done, so that the next form can be written, too."""

    wanted = Signal(Form, Path)
    cancelled = Signal()

    def __init__(self, folder: Path, missing: Side | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._missing = missing
        self.setWindowTitle("Hand off the flags")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._count: Count | None = None
        self._written: Path | None = None
        self._is_running = False
        self._make_parts(folder)
        self._lay_out()
        self._tell()

    def _make_parts(self, folder: Path) -> None:
        self._forms = QButtonGroup(self)
        self._buttons = {form: QRadioButton(title) for form, (title, _) in _FORMS.items()}
        for button in self._buttons.values():
            self._forms.addButton(button)
        self._buttons[Form.CSV].setChecked(True)
        self._forms.buttonToggled.connect(self._on_changed)
        self._head, self._hint, self._said = (
            QLabel("Counting …"),
            QLabel(wordWrap=True),
            QLabel(wordWrap=True),
        )
        self._hint.setObjectName("muted")
        for label in (self._head, self._hint, self._said):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setTextFormat(Qt.TextFormat.PlainText)
        # What comes and goes has its room all the time: nothing jumps, and nothing is squeezed.
        line = self.fontMetrics().lineSpacing()
        for label, lines in ((self._hint, 4), (self._said, 4)):
            label.setMinimumHeight(lines * line)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._folder = QLineEdit(str(folder))
        self._folder.setMinimumWidth(
            480
        )  # of the dialog, its own minimum would put the layout's out of force
        self._folder.textChanged.connect(self._on_changed)
        self._browse = QPushButton("&Browse…", autoDefault=False)
        self._browse.clicked.connect(self._ask_for_folder)
        self._bar = QProgressBar(maximum=_STEPS, textVisible=False)
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self._open = QPushButton("&Open folder", autoDefault=False)
        self._open.clicked.connect(self._open_folder)
        self._write, self._close = QPushButton("&Write", default=True), QPushButton(autoDefault=False)
        self._write.clicked.connect(self._on_write)
        self._close.clicked.connect(self._on_close)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        for row, (form, (_, about)) in enumerate(_FORMS.items()):
            grid.addWidget(self._buttons[form], row, 0)
            muted = QLabel(f"{NAMES[form]}: {about}")
            muted.setObjectName("muted")
            grid.addWidget(muted, row, 1)
        grid.setColumnStretch(1, 1)
        where = QHBoxLayout()
        title = QLabel("&Into")
        title.setBuddy(self._folder)
        for part in (title, self._folder, self._browse):
            where.addWidget(part)
        buttons = QHBoxLayout()
        buttons.addWidget(self._open)
        buttons.addStretch()
        buttons.addWidget(self._write)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self._head)
        layout.addLayout(grid)
        layout.addLayout(where)
        for below in (self._hint, self._said, self._bar):
            layout.addWidget(below)
        layout.addLayout(buttons)

    # --- what it is told ---

    def show_count(self, count: Count) -> None:
        self._count = count
        self._tell()

    def show_progress(self, kind: str, stage: str, fraction: float) -> None:
        """How far a job is; only writing is shown."""
        if kind == "write" and self._is_running:
            self._bar.setValue(round(fraction * _STEPS))
            self._said.setText(f"{stage} …")

    def show_done(self, written: HandedOff) -> None:
        self._is_running, self._written = False, written.path
        left_out = sum(written.left_out.values())
        rest = f"; {left_out:,} left out" if left_out else ""
        remarks = "".join(f"\n{remark}" for remark in written.remarks)
        self._said.setText(f"Written: {written.path} ({counted(written.flags, 'flag')}{rest}){remarks}")
        self._tell()
        self._open.setFocus()

    def show_error(self, error: Exception) -> None:
        self._is_running = False
        known = isinstance(error, (InputError, CancelledError))
        self._said.setText(str(error) if known else f"{type(error).__name__}: {error}")
        self._tell(is_problem=True)

    # --- what it shows ---

    @property
    def _form(self) -> Form:
        return next(form for form, button in self._buttons.items() if button.isChecked())

    @property
    def _path(self) -> Path | None:
        text = self._folder.text().strip().strip('"')
        return Path(text).expanduser() if text else None

    def _on_changed(self) -> None:
        self._said.clear()
        self._written = None
        self._tell()

    def _tell(self, *, is_problem: bool = False) -> None:
        count, path, running = self._count, self._path, self._is_running
        if count is not None:
            images = f" on {counted(count.images, 'image')}" if count.images else ""
            flags = f"{counted(count.flags, 'flag')}{images}"
            self._head.setText(flags if count.flags else _NO_FLAGS[self._missing])
        self._hint.setText(self._about(count, path))
        for widget in (*self._buttons.values(), self._folder, self._browse):
            widget.setEnabled(not running)
        self._write.setEnabled(not running and path is not None and count is not None and count.flags > 0)
        self._close.setText("&Cancel" if running else "Close")
        self._bar.setVisible(running)
        self._said.setObjectName("problem" if is_problem else "")
        self._said.style().polish(self._said)
        self._open.setVisible(self._written is not None)

    def _about(self, count: Count | None, path: Path | None) -> str:
        """What the chosen form leaves out, and what it replaces."""
        lines = []
        left_out = {} if count is None else count.left_out[self._form]
        if left_out:
            reasons = "; ".join(f"{reason} ({number:,})" for reason, number in left_out.items())
            lines.append(f"{counted(sum(left_out.values()), 'flag')} left out: {reasons}")
        if path is not None and self._written is None:
            lines.append(_about_former(path / NAMES[self._form]))
        return "\n".join(filter(None, lines))

    # --- what a person does ---

    def _ask_for_folder(self) -> None:
        found = QFileDialog.getExistingDirectory(self, "Hand off into", self._folder.text())
        if found:
            self._folder.setText(found)

    def _on_write(self) -> None:
        path = self._path
        if path is not None:
            self._is_running, self._written = True, None
            self._bar.setValue(0)
            self._said.clear()
            self._tell()
            self.wanted.emit(self._form, path)

    def _on_close(self) -> None:
        """Cancel what is being written; else close."""
        if not self._is_running:
            self.reject()
            return
        self._is_running = False
        self.cancelled.emit()
        self._said.setText("Cancelled: what was there before is still there")
        self._tell()

    def reject(self) -> None:
        """Also by Escape, or the frame's button."""
        if self._is_running:
            self._on_close()
        else:
            super().reject()

    def _open_folder(self) -> None:
        if self._written is not None:
            folder = self._written if self._written.is_dir() else self._written.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _about_former(path: Path) -> str:
    """What becomes of what is there; "" where nothing is."""
    try:
        if not path.exists():
            return ""
        refuse_foreign(path)
    except InputError:
        return f"{path} is there already, but not from a hand-off: it will not be replaced."
    except OSError:  # what cannot be seen is found out when it is written
        return ""
    return f"{path} is there already, and will be replaced."
