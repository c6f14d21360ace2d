"""The dock: findings, what is applied, and what can be done with them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from inspector.commands.reading_options import written
from inspector.doctor.applied import Applied, applied
from inspector.doctor.findings import Example
from inspector.errors import words_for
from inspector.export.findings import document, findings_text, summary
from inspector.export.whole_file import write_whole
from inspector.progress import Progress
from inspector.reading import AS_WRITTEN, Reading
from inspector.refs import BoxRef
from inspector.user_folders import user_cache_folder
from widgets.doctor.details import Details, clear
from widgets.doctor.finding_list import FindingList
from widgets.examination import Examination
from widgets.jobs import Jobs
from widgets.session import Session
from widgets.subject import shown_ref
from widgets.theme import Theme

_NOTHING: Final = "Nothing to remark: every object and every detection of the files is in use."
_FORMS: Final = "JSON (*.json);;Text (*.txt)"
_BESIDE: Final = 620
"""Pixels from which on a finding is told beside the list, not below it."""


class DoctorPanel(QWidget):
    """Shows what `Examination` found. A remedy is applied when a person wishes it, never to the files."""

    reached = Signal()
    """An example led to the box that is selected now."""
    told = Signal(str)
    """One line for the person."""

    def __init__(
        self, session: Session, examination: Examination, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._examination = session, examination
        self._jobs = Jobs(threads=1, parent=self)
        self._ways: tuple[Applied, ...] = ()
        self._wished: Reading | None = None
        self._state = QLabel(wordWrap=True)
        self._state.setObjectName("muted")
        self._bar = QProgressBar()
        self._bar.setMaximumWidth(120)
        self._again, self._save = QPushButton("Examine again"), QPushButton("Save…")
        self._save.setToolTip("Write all findings into a file, as JSON or as text")
        self._again.clicked.connect(self._examine_or_cancel)
        self._save.clicked.connect(self._ask_for_file)
        self._applied = QVBoxLayout()
        self._applied.setSpacing(2)
        self.list, self.details = FindingList(theme), Details()
        self._parts = QSplitter(Qt.Orientation.Horizontal)
        self._parts.setChildrenCollapsible(False)
        for part in (self.list, self.details):
            self._parts.addWidget(part)
        self._parts.setSizes([500, 500])
        self._lay_out()
        self.setFocusProxy(self.list)
        self.list.chosen.connect(lambda: self.details.show_finding(self.list.current))
        self.list.entered.connect(self._go_to_examples)
        self.details.examples.wished.connect(self._show_example)
        self.details.remedy_wished.connect(lambda remedy: self._read_as(remedy.reading))
        examination.changed.connect(self._show)
        examination.progressed.connect(self._on_progress)
        session.dataset_changed.connect(self._show_applied)
        self._show()
        self._show_applied()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(8, 5, 6, 3)
        head.setSpacing(6)
        head.addWidget(self._state, 1)
        for part in (self._bar, self._again, self._save):
            head.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addLayout(self._applied)
        layout.addWidget(self._parts, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= _BESIDE
        self._parts.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)

    # --- what is shown ---

    def _show(self) -> None:
        examination = self._examination
        findings = examination.findings
        if findings != self.list.findings:
            self.list.show_findings(findings)
        self.list.set_empty_text(_NOTHING if examination.is_known and not examination.problem else "")
        self._state.setText(self._said())
        self._bar.setVisible(examination.is_measuring)
        if not examination.is_measuring:
            self._bar.setRange(0, 0)
        running = examination.is_busy or examination.is_measuring
        self._again.setText("Cancel" if running else "Examine again")
        self._again.setEnabled(self._session.opened is not None)
        self._save.setEnabled(examination.is_known)

    def _said(self) -> str:
        examination = self._examination
        if examination.problem:
            return examination.problem
        if not examination.is_known:
            return "Examining …" if examination.is_busy else ""
        said = summary(examination.findings) if examination.findings else ""
        if examination.is_measuring:
            return " · ".join(filter(None, (said, "measuring what it does to the numbers …")))
        return said

    def _on_progress(self, _stage: str, fraction: float) -> None:
        self._bar.setRange(0, 100 if fraction > 0 else 0)
        self._bar.setValue(round(100 * fraction))

    def _show_applied(self) -> None:
        """With a way back for each, which gets the focus after its remedy."""
        clear(self._applied)
        sources, before = self._session.sources, {way.title for way in self._ways}
        reading = AS_WRITTEN if sources is None else sources.reading
        was_wished, self._wished = reading == self._wished, None
        self.list.set_only_former(was_wished)
        self._ways = applied(reading)
        for way in self._ways:
            row, back = self._applied_row(way)
            self._applied.addWidget(row)
            if was_wished and way.title not in before and self.list.hasFocus():
                row.show()  # what is hidden takes no focus
                back.setFocus()

    def _applied_row(self, way: Applied) -> tuple[QWidget, QPushButton]:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(8, 0, 6, 0)
        text, back = QLabel(f"Applied: {way.title}", wordWrap=True), QPushButton("Take back")
        back.setToolTip("Read the files without this")
        back.clicked.connect(lambda: self._read_as(way.without))
        line.addWidget(back)
        line.addWidget(text, 1)
        return row, back

    # --- what a person does with it ---

    def choose(self, code: str) -> None:
        """Tell about a finding."""
        self.list.choose(code)

    def copy(self) -> None:
        """Put the example, where the focus is on one, or the finding on the clipboard as text."""
        example, finding = self.details.examples.current, self.list.current
        if self.details.examples.hasFocus() and example is not None:
            QGuiApplication.clipboard().setText(example.text)
        elif finding is not None:
            QGuiApplication.clipboard().setText(findings_text((finding,), self._words))

    def close_jobs(self) -> None:
        """Wait for what is being written."""
        self._jobs.close()

    def _examine_or_cancel(self) -> None:
        if self._examination.is_busy or self._examination.is_measuring:
            self._examination.cancel()
        else:
            self._examination.examine()

    def _go_to_examples(self) -> None:
        examples = self.details.examples
        if examples.isVisible():
            examples.setFocus()
            examples.setCurrentRow(max(0, examples.currentRow()))

    def _read_as(self, reading: Reading) -> None:
        """The button that was pressed goes away, and the focus would leave with it."""
        self._wished = reading
        self.list.take_focus()
        self._session.read_as(reading)

    def _show_example(self, example: Example) -> None:
        opened, shown = self._session.opened, self._session.dataset
        if opened is None or shown is None or example.ref is None:
            return
        ref = shown_ref(example.ref, opened, shown)
        if ref is None:
            self.told.emit("Its image is not among those that are shown: Ctrl+Shift+L shows all of them.")
        elif isinstance(ref, BoxRef):
            self._session.select(ref)
            self.reached.emit()
        else:
            self._session.select(None)
            self._session.show_image(ref.row)

    def _words(self, reading: Reading) -> list[str]:
        sources = self._session.sources
        return written(reading, AS_WRITTEN if sources is None else sources.reading)

    def _ask_for_file(self) -> None:
        proposed = str(self._folder() / "findings.json")
        dialog = QFileDialog(self, "Save the findings", proposed, _FORMS)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.selectFile(proposed)
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        dialog.open()

    def _folder(self) -> Path:
        """Beside the files; but nobody looks for a file of theirs in the cache, where the demo lies."""
        sources = self._session.sources
        if sources is not None and not sources.first.is_relative_to(user_cache_folder()):
            return sources.first.absolute().parent
        return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))

    def save(self, path: Path) -> None:
        """Write all findings: as text where the name ends so, else the document of the command's `--json`."""
        opened, findings, sources = self._session.opened, self._examination.findings, self._session.sources
        if opened is None or sources is None:
            return
        if any(path.exists() and other.exists() and path.samefile(other) for other in sources.paths):
            self.told.emit(f"{path}: not overwritten: it is open here")
            return

        def work(_progress: Progress) -> None:
            if path.suffix.lower() == ".txt":
                text = findings_text(findings, self._words).encode()
            else:
                found = document(opened, findings, self._words)
                text = msgspec.json.format(msgspec.json.encode(found), indent=2)
            write_whole(path, text + b"\n")

        def failed(error: Exception) -> None:
            self.told.emit(words_for(error))

        self._jobs.start("save", work, lambda _done: self.told.emit(f"Written: {path}"), failed)
