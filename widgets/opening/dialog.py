"""Asks what is opened, and how it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from inspector.dataset import Joined
from inspector.errors import InputError
from inspector.progress import Progress
from inspector.readers.formats import DETECTION_FORMATS, TRUTH_FORMATS
from inspector.reading import AS_WRITTEN, Reading
from inspector.sniffing import Role, Survey, format_title, images_text, is_quick, joined_of, survey
from inspector.sources import Sources
from widgets.jobs import Jobs
from widgets.opening.matching import MatchingPart
from widgets.opening.path_field import PathField

_PAUSE: Final = 300
"""Milliseconds without a letter before a path is looked at."""
_WIDTH: Final = 920
_SURVEY, _WEIGH, _COUNT = "survey", "weigh", "count"
"""Kinds of jobs, beside one for each field."""
_BY_FIELDS: Final = ("ground_truth_format", "detections_format", "class_names", "images_by", "classes_by")
"""Parts of a reading that have a field; the others are kept while their files are."""


class OpenDialog(QDialog):
    """Either side may stay empty. Files are looked at, and matches counted, by a worker."""

    chosen = Signal(Sources)

    def __init__(
        self, jobs: Jobs, known: Sources | None, found: Survey | None = None, parent: QWidget | None = None
    ) -> None:
        """`jobs` outlive the dialog, so that closing it waits for none of them.

        `known`: what the fields hold at first; `found`: what there is to choose from.
        """
        super().__init__(parent)
        self.setWindowTitle("Open")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._known = known
        self._jobs = jobs
        jobs.progressed.connect(self._on_progress)
        self.finished.connect(self._cancel_all)
        self._pauses = {
            field: QTimer(self, singleShot=True, interval=_PAUSE) for field in self._make_fields()
        }
        self._count_pause = QTimer(self, singleShot=True, interval=2 * _PAUSE)
        self._problems: dict[PathField, str] = {}
        self._counted: Sources | None = None
        self._matching = MatchingPart()
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        self._lay_out()
        self._fill(known)
        if found is not None:
            self._offer(found)
        self._connect()
        for field in self._pauses:
            self._look_at(field)
        self._check()

    def _make_fields(self) -> tuple[PathField, ...]:
        self._truth = PathField(
            "&Ground truth",
            "file or folder with the labels; may stay empty",
            TRUTH_FORMATS,
            files=True,
            folders=True,
        )
        self._detections = PathField(
            "&Detections",
            "file or folder with the model's results; may stay empty",
            DETECTION_FORMATS,
            files=True,
            folders=True,
        )
        self._images = PathField("Images", "looked for beside the files", files=False, folders=True)
        self._names = PathField(
            "Class &names",
            "looked for beside files that only number their classes",
            files=True,
            folders=False,
        )
        return self._truth, self._detections, self._images, self._names

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, field in enumerate(self._pauses):
            field.label.setContentsMargins(0, 5, 0, 0)
            grid.addWidget(field.label, row, 0, top)
            grid.addWidget(field, row, 1, top)
        heading = QLabel("Matching")
        heading.setContentsMargins(0, 5, 0, 0)
        heading.setToolTip("How detections find the images and the classes of the ground truth")
        grid.addWidget(_line(), len(self._pauses), 0, 1, 2)
        grid.addWidget(heading, len(self._pauses) + 1, 0, top)
        grid.addWidget(self._matching, len(self._pauses) + 1, 1)
        self._kept = QLabel(wordWrap=True)
        self._kept.setObjectName("muted")
        self._said = QLabel(wordWrap=True)
        self._said.setObjectName("problem")
        for label in (self._kept, self._said):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.hide()
        layout = QVBoxLayout(self)
        layout.addLayout(grid)
        layout.addWidget(self._kept)
        layout.addWidget(self._said)
        layout.addStretch()
        layout.addWidget(self._buttons)
        self.setMinimumWidth(_WIDTH)

    def _fill(self, known: Sources | None) -> None:
        if known is None:
            return
        for field, path in (
            (self._truth, known.ground_truth),
            (self._detections, known.detections),
            (self._images, known.images),
            (self._names, known.reading.class_names),
        ):
            field.set_path(path)
        self._truth.set_format(known.reading.ground_truth_format)
        self._detections.set_format(known.reading.detections_format)
        self._matching.choose(known.reading)

    def _connect(self) -> None:
        for field, pause in self._pauses.items():
            field.changed.connect(pause.start)
            field.changed.connect(self._on_changed)
            field.browsed.connect(lambda paths, field=field: self._survey(paths, field))
            pause.timeout.connect(lambda field=field: self._look_at(field))
        self._truth.changed.connect(self._forget_images)
        self._matching.changed.connect(self._check)
        self._matching.count_wanted.connect(self._count)
        self._matching.cancelled.connect(self._stop_counting)
        self._count_pause.timeout.connect(self._count_if_quick)
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)

    # --- what is chosen ---

    def sources(self) -> Sources | None:
        """What the fields name; None where both sides are empty."""
        truth, detections = self._truth.path, self._detections.path
        if truth is None and detections is None:
            return None
        reading = replace(
            self._kept_reading(),
            ground_truth_format=self._truth.format_name,
            detections_format=self._detections.format_name,
            class_names=self._names.path,
        )
        return Sources(truth, detections, self._images.path, self._matching.chosen(reading))

    def _kept_reading(self) -> Reading:
        """What has no field stays while the files are the same."""
        known = self._known
        same = known is not None and (known.ground_truth, known.detections) == (
            self._truth.path,
            self._detections.path,
        )
        return known.reading if known is not None and same else AS_WRITTEN

    def tell_failure(self, text: str) -> None:
        """What went wrong with opening it, next to the field whose path it names."""
        for field in self._pauses:
            if field.path is not None and text.startswith(str(field.path)):
                self._problems[field] = text
                field.tell(text, is_problem=True)
                self._check()
                return
        self._said.setText(text)
        self._said.show()

    def _forget_images(self) -> None:
        """The folder belongs to the ground truth that it was opened with."""
        known = self._known
        if known is not None and known.images is not None and self._images.path == known.images:
            self._images.set_path(None)

    def _on_changed(self) -> None:
        """What was known of the files counts no more."""
        field = self.sender()
        if isinstance(field, PathField):
            self._problems.pop(field, None)
            field.tell("")
        self._said.hide()
        self._jobs.cancel(_COUNT)
        self._counted = None
        self._matching.tell_nothing("")
        self._check()

    def _check(self) -> None:
        """Open is possible with at least one side, and nothing that is known to be wrong."""
        sources = self.sources()
        self._buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(
            sources is not None and not self._problems
        )
        kept = [item.name for item in fields(Reading) if item.name not in _BY_FIELDS]
        reading = self._kept_reading()
        said = [name for name in kept if getattr(reading, name) != getattr(AS_WRITTEN, name)]
        words = ", ".join(name.replace("_", " ") for name in said)
        self._kept.setText(f"Remedies in force stay: {words}" if said else "")
        self._kept.setVisible(bool(said))

    def _accept(self) -> None:
        sources = self.sources()
        if sources is not None:
            self.accept()
            self.chosen.emit(sources)

    # --- what a worker finds out ---

    def _survey(self, paths: Sequence[Path], field: PathField) -> None:
        """A folder that was browsed for may hold what the other fields ask for as well."""
        if field in (self._images, self._names):
            field.set_path(paths[0])
            return

        def work(progress: Progress) -> Survey:
            return survey(paths, progress)

        def done(found: Survey) -> None:
            own = found.ground_truth if field is self._truth else found.detections
            if not own:  # the person knows better, or is told what is wrong when it is looked at
                field.set_path(paths[0])
                return
            self._offer(found, field)

        field.tell("Looking …")
        self._jobs.start(_SURVEY, work, done, lambda error: self._on_problem(field, error))

    def _offer(self, found: Survey, browsed: PathField | None = None) -> None:
        """Lists what was found; its best goes into the field that was browsed for, and into empty ones."""
        best = found.sources(None) if found.ground_truth or found.detections else None
        for field, candidates, path in (
            (self._truth, found.ground_truth, best.ground_truth if best else None),
            (self._detections, found.detections, best.detections if best else None),
            (self._images, found.images, best.images if best else None),
        ):
            if candidates:
                field.offer(candidates, found.paths)
            if path is not None and (field is browsed or field.path is None):
                field.set_path(path)
        if found.class_names is not None and self._names.path is None:
            self._names.set_path(found.class_names)

    def _look_at(self, field: PathField) -> None:
        """Recognise the format, or count the images."""
        path, name = field.path, field.format_name
        if path is None:
            self._jobs.cancel(field.title)
            self._ask_for_count()
            return
        role = Role.GROUND_TRUTH if field is self._truth else Role.DETECTIONS

        def work(progress: Progress) -> str:
            if field is self._images:
                return images_text(path, progress)
            if field is self._names:
                if not path.is_file():
                    raise InputError(path, "", "there is no such file")
                return ""
            if not path.exists():
                raise InputError(path, "", "there is no such file or folder")
            return format_title(role, path, name)

        def done(title: str) -> None:
            if field in self._problems:  # what went wrong with opening it says more
                return
            if field is self._images:
                field.tell(title)
            elif field is not self._names:
                field.tell_format(title if name is None else "")
            self._ask_for_count()

        self._jobs.start(field.title, work, done, lambda error: self._on_problem(field, error))

    def _on_problem(self, field: PathField, error: Exception) -> None:
        text = error.reason if isinstance(error, InputError) and error.path == field.path else str(error)
        self._problems[field] = text
        field.tell(text[:1].upper() + text[1:], is_problem=True)
        self._check()

    def _cancel_all(self) -> None:
        for pause in (*self._pauses.values(), self._count_pause):
            pause.stop()
        for kind in (_SURVEY, _WEIGH, _COUNT, *(field.title for field in self._pauses)):
            self._jobs.cancel(kind)

    # --- counting ---

    def _ask_for_count(self) -> None:
        """After a short pause: other fields may be on their way."""
        sources = self.sources()
        is_whole = sources is not None and None not in (sources.ground_truth, sources.detections)
        if self._problems or not is_whole:
            self._matching.tell_nothing("" if self._problems else "Told when both sides are chosen")
        elif self._counted != sources:
            self._count_pause.start()

    def _count_if_quick(self) -> None:
        sources = self.sources()
        if sources is None or self._problems:
            return

        def done(quick: bool) -> None:
            if quick:
                self._count()
            else:
                self._matching.tell_nothing("Many files, or large ones", can_count=True)

        self._jobs.start(_WEIGH, lambda progress: is_quick(sources, progress), done, self._on_count_error)

    def _count(self) -> None:
        sources = self.sources()
        if sources is None or self._problems:
            return
        self._counted = sources
        self._matching.tell_progress(0.0)
        # By the automatic ways: the numbers of all ways are the same, and the best is known.
        automatic = replace(sources, reading=replace(sources.reading, images_by=None, classes_by=None))

        def work(progress: Progress) -> Joined | None:
            return joined_of(automatic, progress)

        self._jobs.start(_COUNT, work, self._matching.tell, self._on_count_error)

    def _stop_counting(self) -> None:
        self._jobs.cancel(_COUNT)
        self._matching.tell_nothing("Not counted", can_count=True)

    def _on_count_error(self, error: Exception) -> None:
        self._matching.tell_nothing("")
        self.tell_failure(str(error))

    def _on_progress(self, kind: str, _stage: str, fraction: float) -> None:
        if kind == _COUNT:
            self._matching.tell_progress(fraction)


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("line")
    line.setFixedHeight(1)
    return line
