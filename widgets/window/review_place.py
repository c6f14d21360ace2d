"""Asks where verdicts are kept and who gives them, and says when they cannot be kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from inspector.export.report import counted
from widgets.reviewing import Reviewing

_KINDS = "Review files (*.sqlite);;All files (*)"


class ReviewPlace:
    """The dialogs of the review file."""

    def __init__(self, reviewing: Reviewing, window: QWidget) -> None:
        self._reviewing, self._window = reviewing, window
        reviewing.failed.connect(self._say)

    def choose(self) -> None:
        """Open another review file, or begin one where there is none; what is there is never overwritten."""
        found, _ = QFileDialog.getSaveFileName(
            self._window,
            "Review file: open one, or name a new one",
            str(self._reviewing.path or ""),
            _KINDS,
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if not found:
            return
        path = Path(found)
        path = path if path.suffix else path.with_suffix(".sqlite")
        if self._reviewing.everything and not _is_there(path):
            self._ask_what_comes_along(path)
        else:
            self._reviewing.use(path)

    def ask_for_name(self) -> None:
        """Who judges from now on."""
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Reviewer's name")
        dialog.setLabelText("Kept with each verdict from now on:")
        dialog.setTextValue(self._reviewing.author)
        dialog.textValueSelected.connect(self._reviewing.set_author)
        dialog.open()

    def _ask_what_comes_along(self, path: Path) -> None:
        said = counted(len(self._reviewing.everything), "verdict")
        text = f"{path.name} will be a new review file. Copy the {said} of the present one into it?"
        box = QMessageBox(QMessageBox.Icon.Question, "Review file", text, parent=self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = box.addButton("Copy", QMessageBox.ButtonRole.YesRole)
        empty = box.addButton("Begin empty", QMessageBox.ButtonRole.NoRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(copy)
        copy.clicked.connect(lambda: self._reviewing.use(path, take_along=True))
        empty.clicked.connect(lambda: self._reviewing.use(path))
        box.open()

    def _say(self, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "Detection Inspector", text, parent=self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        elsewhere = box.addButton("Choose another place…", QMessageBox.ButtonRole.ActionRole)
        elsewhere.clicked.connect(self.choose)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Close))
        box.open()


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # what cannot be seen is found out when it is opened
        return False
