"""The one owner of what the doctor found in the open files."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.dataset import Dataset
from inspector.doctor.findings import Example, Finding, Severity
from inspector.errors import words_for
from inspector.evaluation.protocol import Protocol
from inspector.progress import Progress
from widgets.jobs import Jobs
from widgets.session import Session

_KIND: Final = "examine"
_REST: Final = 1500
"""Milliseconds after the quick checks: what takes as long as evaluations gives way to the first looks."""
_WORST: Final = tuple(Severity)


class Examination(QObject):
    """Examines what was opened once its numbers are there: quick checks first, then those that measure."""

    changed = Signal()
    """`findings`, or what is being done, changed."""
    progressed = Signal(str, float)
    """What the measuring checks are at, and how far (0 to 1)."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = Jobs(threads=1, parent=self)
        self._for: Dataset | None = None
        self._protocol: Protocol | None = None
        self._findings: tuple[Finding, ...] = ()
        self._is_known = self._is_measured = False
        self._problem = ""
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._measure)
        self._jobs.progressed.connect(lambda _kind, stage, done: self.progressed.emit(stage, done))
        session.dataset_changed.connect(self._on_dataset)
        session.results_changed.connect(self._on_results)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Worst first; their examples are rows of the session's `opened`."""
        return self._findings

    @property
    def worst(self) -> Severity | None:
        """Of the findings; None where there is none."""
        severities = [finding.severity for finding in self._findings]
        return min(severities, key=_WORST.index, default=None)

    @property
    def is_known(self) -> bool:
        """Whether the quick checks are done."""
        return self._is_known

    @property
    def is_measured(self) -> bool:
        """Whether the others are done as well."""
        return self._is_measured

    @property
    def is_measuring(self) -> bool:
        return self._is_known and self._jobs.is_running(_KIND)

    @property
    def is_busy(self) -> bool:
        """Whether the quick checks are being done."""
        return not self._is_known and self._jobs.is_running(_KIND)

    @property
    def problem(self) -> str:
        """Why it failed; empty where it did not."""
        return self._problem

    def examine(self) -> None:
        """Do all checks again, now."""
        if self._for is not None:
            self._rest.stop()
            self._is_measured = False
            self._start(measure=True)

    def cancel(self) -> None:
        """Stop; what was found stays."""
        self._rest.stop()
        if self._jobs.cancel(_KIND):
            self.changed.emit()

    def close_jobs(self) -> None:
        """Cancel what is being examined, and wait for it."""
        self._rest.stop()
        self._jobs.close()

    def _on_dataset(self) -> None:
        """What was found in other files says nothing of these."""
        if self._session.opened is not self._for:
            self._rest.stop()
            self._jobs.cancel(_KIND)
            self._for = self._protocol = None
            self._findings, self._problem = (), ""
            self._is_known = self._is_measured = False
            self.changed.emit()

    def _on_results(self) -> None:
        """Another slice, or other images of the same files, change nothing; another protocol may."""
        opened, protocol = self._session.opened, self._session.protocol
        if opened is None or (opened is self._for and protocol == self._protocol):
            return
        self._for, self._protocol = opened, protocol
        self._is_known = self._is_measured = False
        self._start(measure=False)

    def _measure(self) -> None:
        self._start(measure=True)

    def _start(self, *, measure: bool) -> None:
        opened, sources, protocol = self._session.opened, self._session.sources, self._session.protocol
        if opened is None or sources is None:
            return
        compared = self._session.notes[len(opened.notes) :]  # of what is compared, not of the files

        def work(progress: Progress) -> tuple[Finding, ...]:
            from inspector.doctor import examine  # a worker has the time to import it

            found = examine(opened, sources, protocol, progress, measure=measure)
            of_masks = (
                Finding("compared", Severity.NOTE, note.text, note.count, tuple(map(Example, note.examples)))
                for note in compared
            )
            return (*found, *of_masks)

        def done(findings: tuple[Finding, ...]) -> None:
            self._findings, self._problem = findings, ""
            self._is_known, self._is_measured = True, measure
            if not measure:
                self._rest.start()
            self.changed.emit()

        self._jobs.start(_KIND, work, done, self._on_error)
        self.changed.emit()

    def _on_error(self, error: Exception) -> None:
        self._is_known = True
        self._problem = words_for(error)
        self.changed.emit()
