"""Asks for the files of a dataset."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.sources import Sources


class OpenDialog(QDialog):
    """Three paths; the image folder may stay empty."""

    chosen = Signal(Sources)

    def __init__(self, known: Sources | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Open")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        self._truth = _PathField("Ground truth", "COCO JSON with the labels", False)
        self._detections = _PathField("Detections", "COCO JSON list with the model's results", False)
        self._images = _PathField("Images", "looked for beside the ground truth", True)
        grid = QGridLayout()
        for row, field in enumerate((self._truth, self._detections, self._images)):
            grid.addWidget(QLabel(field.title), row, 0)
            grid.addWidget(field, row, 1)
            field.changed.connect(self._check)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(grid)
        layout.addWidget(self._buttons)
        if known is not None:
            for field, path in (
                (self._truth, known.ground_truth),
                (self._detections, known.detections),
                (self._images, known.images),
            ):
                if path is not None:
                    field.set_path(path)
        self._known = known
        self._truth.changed.connect(self._forget_images)
        self._check()

    def _forget_images(self) -> None:
        """The folder belongs to the ground truth that it was opened with."""
        known = self._known
        if known is not None and known.images is not None and self._images.path == known.images:
            self._images.clear()

    def _check(self) -> None:
        """Open becomes possible when both files are there."""
        files = (self._truth.path, self._detections.path)
        ready = all(path is not None and path.is_file() for path in files)
        ready = ready and (self._images.path is None or self._images.path.is_dir())
        self._buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(ready)

    def _accept(self) -> None:
        truth, detections = self._truth.path, self._detections.path
        if truth is not None and detections is not None:
            self.accept()
            self.chosen.emit(Sources(truth, detections, self._images.path))


class _PathField(QWidget):
    changed = Signal()

    def __init__(self, title: str, placeholder: str, is_folder: bool) -> None:
        super().__init__()
        self.title = title
        self._is_folder = is_folder
        self._edit = QLineEdit(placeholderText=placeholder)
        self._edit.setAccessibleName(title)
        self._edit.textChanged.connect(self.changed)
        browse = QPushButton("Browse…")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._edit)
        row.addWidget(browse)

    @property
    def path(self) -> Path | None:
        text = self._edit.text().strip().strip('"')
        return Path(text) if text else None

    def clear(self) -> None:
        self._edit.clear()

    def set_path(self, path: Path) -> None:
        self._edit.setText(str(path))

    def _browse(self) -> None:
        start = str(self.path or "")
        if self._is_folder:
            found = QFileDialog.getExistingDirectory(self, self.title, start)
        else:
            kinds = "JSON files (*.json *.JSON);;All files (*)"
            found, _ = QFileDialog.getOpenFileName(self, self.title, start, kinds)
        if found:
            self.set_path(Path(found))
