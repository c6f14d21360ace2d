"""Decides what is opened: from the dialog, from what is dropped, and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from inspector.errors import CancelledError
from inspector.progress import Progress
from inspector.sniffing import AmbiguousError, Survey, formats_text, sources_from
from inspector.sources import Find, Sources
from widgets.jobs import Jobs
from widgets.opening.dialog import OpenDialog
from widgets.session import Session


class Opener(QObject):
    """What is ambiguous is asked about, what is clear opens at once, and what fails is asked about again."""

    formats_changed = Signal(str)
    """The formats of what is open; empty where they are not known."""

    _ambiguous = Signal(object)
    """From the worker: a survey that leaves a choice."""

    def __init__(self, session: Session, open_found: Callable[[Find], None], window: QWidget) -> None:
        """`open_found` opens what a function names, which runs on a worker."""
        super().__init__(window)
        self._session, self._open_found, self._window = session, open_found, window
        self._jobs = Jobs(threads=2, parent=self)
        self._asked: Sources | None = None
        self._is_from_dialog = False
        self._dialog: OpenDialog | None = None
        self._ambiguous.connect(self._ask_about, Qt.ConnectionType.QueuedConnection)
        session.dataset_changed.connect(self._on_dataset)

    def close(self) -> None:
        self._jobs.close()

    def ask(self) -> None:
        """Open the dialog, with what failed last or what is open."""
        self._show(OpenDialog(self._jobs, self._asked or self._session.sources, parent=self._window))

    def open(self, sources: Sources) -> None:
        """If it cannot be opened, the dialog offers it again."""
        self._asked, self._is_from_dialog = sources, False
        self._open_found(lambda _progress: sources)

    def drop(self, paths: Sequence[Path]) -> None:
        """Look through files and folders, and open what they are."""
        known = self._session.sources
        self._is_from_dialog = False
        self._open_found(lambda progress: sources_from(paths, known, progress))

    def asking(self, find: Find) -> Find:
        """The same, but where there is a choice, the dialog asks for it and nothing is opened."""

        def found(progress: Progress) -> Sources:
            try:
                return find(progress)
            except AmbiguousError as error:
                self._ambiguous.emit(error.survey)
                raise CancelledError from None

        return found

    def tell_failure(self, text: str) -> bool:
        """Whether the dialog, which the files came from, tells what went wrong."""
        if self._asked is None or not self._is_from_dialog:
            return False
        self.ask()
        assert self._dialog is not None
        self._dialog.tell_failure(text)
        return True

    def _ask_about(self, found: Survey) -> None:
        self._show(OpenDialog(self._jobs, found.sources(self._session.sources), found, self._window))

    def _show(self, dialog: OpenDialog) -> None:
        if self._dialog is not None:
            self._dialog.reject()
        self._dialog = dialog
        dialog.chosen.connect(self._on_chosen)
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self._dialog = None

    def _on_chosen(self, sources: Sources) -> None:
        self.open(sources)
        self._is_from_dialog = True

    def _on_dataset(self) -> None:
        self._asked, self._is_from_dialog = None, False
        sources = self._session.sources
        if sources is not None:
            self._jobs.start(
                "formats", lambda _progress: formats_text(sources), self.formats_changed.emit, _raise
            )


def _raise(error: Exception) -> None:
    raise error
