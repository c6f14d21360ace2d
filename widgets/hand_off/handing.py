"""Counts and writes what is handed off, on a worker, for the dialog that asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QWidget

from inspector.dataset import Dataset
from inspector.export.handoff import (
    Form,
    HandedOff,
    flags_by_image,
    hand_off,
    left_out,
    no_image,
    uncorrected,
)
from inspector.progress import Progress
from inspector.reading import AS_WRITTEN
from inspector.review.attaching import attach
from inspector.review.corrections import corrections
from inspector.review.location import folder_beside, is_usual
from inspector.review.verdicts import Entry
from inspector.user_folders import user_cache_folder
from widgets.hand_off.dialog import Count, HandOffDialog
from widgets.jobs import Jobs
from widgets.reviewing import Reviewing
from widgets.session import Session

_NAME: Final = "hand-off"


class HandOff(QObject):
    """Hands off everything that is said of the opened files, whatever the views show of them."""

    folder_changed = Signal()
    """Another folder was written to."""

    def __init__(self, session: Session, reviewing: Reviewing, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._reviewing, self._window = session, reviewing, window
        self._jobs = Jobs(threads=1, parent=self)
        self._folder: Path | None = None

    @property
    def folder(self) -> Path | None:
        """Where was written to last."""
        return self._folder

    def set_folder(self, folder: Path | None) -> None:
        self._folder = folder

    @property
    def proposed(self) -> Path:
        """The last folder, else one beside the review file if that was chosen elsewhere, else beside the
        detections; but nobody looks for it in the cache, where the demo lies."""
        if self._folder is not None:
            return self._folder
        sources, review = self._session.sources, self._reviewing.path
        if sources is not None and review is not None and not is_usual(review, sources):
            return review.absolute().parent / _NAME
        if sources is not None and not sources.paths[-1].is_relative_to(user_cache_folder()):
            return folder_beside(sources.paths[-1].absolute(), sources) / _NAME
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return Path(documents) / _NAME

    def open(self) -> None:
        """Ask what is handed off, and where to."""
        if self._session.opened is not None:
            dialog = HandOffDialog(self.proposed, self._session.missing, self._window)
            dialog.wanted.connect(lambda form, folder: self._write(dialog, form, folder))
            dialog.cancelled.connect(lambda: self._jobs.cancel("write"))
            self._jobs.progressed.connect(dialog.show_progress)
            dialog.finished.connect(lambda _code: self._jobs.progressed.disconnect(dialog.show_progress))
            self._count(dialog)
            dialog.open()

    def close_jobs(self) -> None:
        """Cancel what is being written, and wait for it."""
        self._jobs.close()

    def _count(self, dialog: HandOffDialog) -> None:
        dataset, entries = self._session.opened, self._reviewing.everything
        assert dataset is not None
        self._jobs.start(
            "count", lambda _progress: _counted(dataset, entries), dialog.show_count, dialog.show_error
        )

    def _write(self, dialog: HandOffDialog, form: Form, folder: Path) -> None:
        dataset, entries = self._session.opened, self._reviewing.everything
        sources, review = self._session.sources, self._reviewing.path
        assert dataset is not None
        images = None if sources is None else sources.images
        read = [path for path in (review, images) if path is not None]
        reading = AS_WRITTEN if sources is None else sources.reading

        def work(progress: Progress) -> HandedOff:
            progress("Handing off", 0.0)
            return hand_off(form, dataset, attach(dataset, entries), folder, read, reading, progress)

        def done(written: HandedOff) -> None:
            self._folder = folder
            self.folder_changed.emit()
            dialog.show_done(written)

        self._jobs.start("write", work, done, dialog.show_error)


def _counted(dataset: Dataset, entries: Sequence[Entry]) -> Count:
    """What each form would hold of what is said."""
    attached = attach(dataset, entries)
    flags = flags_by_image(dataset, attached, corrections(dataset, attached))
    reasons = {
        Form.CSV: {},
        Form.COCO: left_out(flags, no_image),
        Form.CORRECTED: left_out(flags, uncorrected),
        Form.CROPS: left_out(flags, no_image),
    }
    counts = {form: {reason: len(them) for reason, them in of.items()} for form, of in reasons.items()}
    return Count(len(flags), len({flag.image_row for flag in flags} - {None}), counts)
