"""What was ignored in the files, or read in a particular way, and where."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from inspector.export.report import note_lines
from widgets.session import Session


class NotesList(QPlainTextEdit):
    """Read-only text that can be copied."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setReadOnly(True)
        self.setPlaceholderText("Nothing to remark: every object and every detection of the files is in use.")
        session.dataset_changed.connect(self._show)
        session.results_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        text = "\n\n".join("\n    ".join(note_lines(note)) for note in self._session.notes)
        if text != self.toPlainText():  # also told of another threshold, which must not move what is read
            self.setPlainText(text)
