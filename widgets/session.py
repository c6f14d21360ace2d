"""The one owner of what is open, how it is evaluated, and the operating point. Views read it, and are told
what changed."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.cache import keep
from inspector.dataset import Dataset, Note
from inspector.errors import words_for
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.options import Options
from inspector.evaluation.protocol import Protocol
from inspector.export.report import mask_notes
from inspector.one_side import Alone
from inspector.progress import Progress
from inspector.reading import Reading
from inspector.refs import BoxRef, Side
from inspector.sources import Find, Sources, read
from widgets.jobs import Jobs
from widgets.results import Results, cut, evaluated_at
from widgets.subject import (
    Asked,
    ImageRows,
    SplitOf,
    Subject,
    all_splits,
    carried,
    changed_subject,
    first_subject,
    fitted,
    nearest_iou,
    same_place,
)


class Session(QObject):
    """Turns wishes into a new state and emits only what changed.

    After `open` succeeds there is a dataset without results; the evaluation follows by itself, unless a side
    is `missing`: then what can be counted is `alone`. A failed or cancelled `open` leaves everything as it
    was, and so does an evaluation with other options.
    """

    dataset_changed = Signal()
    """Another dataset is shown: one that was opened, or that was made of what is open (with results)."""
    results_changed = Signal()
    """The evaluation ended, or its slice changed with the IoU threshold or the classes; or what is there of
    a dataset without its other side is counted."""
    operating_point_changed = Signal()
    """The confidence, the IoU threshold or the classes changed; also emitted after `results_changed`."""
    image_changed = Signal()
    selected_changed = Signal()
    activity_changed = Signal()
    """What `activity` says changed."""
    failed = Signal(str)
    """One line for the person."""
    files_wished = Signal()
    """A person wants to choose files, to add the side that is missing."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = Jobs(threads=2, parent=self)
        self._jobs.progressed.connect(self._on_progress)
        self._jobs.activity_changed.connect(self._on_activity)
        self._sources: Sources | None = None
        self._opened: Dataset | None = None
        self._subject: Subject | None = None
        self._asked, self._chosen = Asked(Options()), Options()
        self._results: Results | None = None
        self._alone: Alone | None = None
        self._point = self._wish = OperatingPoint()
        self._image_row: int | None = None
        self._selected: BoxRef | None = None
        self._activity: tuple[str, float] | None = None

    @property
    def sources(self) -> Sources | None:
        """Where the open dataset came from."""
        return self._sources

    @property
    def opened(self) -> Dataset | None:
        """All of what is open, with the classes of the files."""
        return self._opened

    @property
    def dataset(self) -> Dataset | None:
        """What the views show of it; class-agnostic options, and `restrict`, make another dataset."""
        return None if self._subject is None else self._subject.dataset

    @property
    def options(self) -> Options:
        """What was asked for last, as far as it fits what is open; in force once it is evaluated."""
        return self._asked.options

    @property
    def protocol(self) -> Protocol | None:
        """What `options` come to for the dataset; None where nothing is open."""
        return None if self._subject is None else self._subject.protocol

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was ignored in the files, or read or compared in a particular way."""
        if self._subject is None:
            return ()
        return (*self._subject.dataset.notes, *mask_notes(self._subject.dataset, self._subject.protocol))

    @property
    def is_restricted(self) -> bool:
        """Whether `dataset` leaves out some images of the split."""
        return self._subject is not None and self._subject.asked.listed is not None

    @property
    def split(self) -> str | None:
        """Which one was asked for last, in force once it is evaluated; None for all of them."""
        return self._asked.split

    @property
    def chosen_options(self) -> Options:
        """What the person chose, for whatever is opened next."""
        return self._chosen

    @property
    def missing(self) -> Side | None:
        """The side that is not open: nothing is evaluated then. None where both are, or nothing is."""
        return None if self._opened is None else self._opened.missing

    @property
    def results(self) -> Results | None:
        """None until the open dataset is evaluated, and where a side of it is missing."""
        return self._results

    @property
    def alone(self) -> Alone | None:
        """What there is of a dataset without its other side; None until it is counted."""
        return self._alone

    @property
    def point(self) -> OperatingPoint:
        """What the views show; a wish for another IoU threshold or other classes follows when it is ready."""
        return self._point

    @property
    def wish(self) -> OperatingPoint:
        """What was asked for last; the same as `point` once its slice is ready."""
        return self._wish

    @property
    def wished_iou(self) -> float:
        """The IoU threshold of `wish`."""
        protocol = self.protocol or self._asked.options
        return protocol.iou_thresholds[self._wish.iou_index]

    @property
    def image_row(self) -> int | None:
        """The current image; None where nothing is open."""
        return self._image_row

    @property
    def selected(self) -> BoxRef | None:
        """The selected box, which lies on the current image."""
        return self._selected

    @property
    def activity(self) -> tuple[str, float] | None:
        """What is being done and how far it is (0 to 1); None when idle."""
        return self._activity

    def open(self, find: Find, split: SplitOf = all_splits) -> None:
        """Read what `find` names, or makes first, on the worker; then evaluate: `split` of it, if there."""
        options = self._chosen

        def work(progress: Progress) -> tuple[Sources, Dataset, Subject]:
            sources = find(progress)
            opened, asked = fitted(read(sources, progress), options, split(sources))
            return sources, opened, first_subject(opened, asked)

        self._jobs.cancel("keep")
        self._jobs.start("open", work, self._on_read, self._on_error)

    def read_as(self, reading: Reading) -> None:
        """Read the open files again, in another way; what is looked at stays, as far as it is there."""
        if self._sources is not None:
            sources, split = replace(self._sources, reading=reading), self._asked.split
            self.open(lambda _progress: sources, lambda _sources: split)

    def evaluate(self) -> None:
        """Evaluate what is open, as it is asked for. Nothing that is shown changes until it is done."""
        opened, subject, asked, point = self._opened, self._subject, self._asked, self._wish
        if opened is None or subject is None:
            return
        self._jobs.cancel("keep")

        def work(progress: Progress) -> tuple[Subject, Results | Alone]:
            progress("Evaluating" if opened.missing is None else "Counting", 0.0)
            new = changed_subject(subject, opened, asked)
            return new, evaluated_at(new.dataset, new.protocol, carried(point, subject, new), progress)

        self._jobs.start("evaluate", work, self._on_evaluated, self._on_evaluation_error)

    def set_options(self, options: Options) -> None:
        """Evaluate in another way; before anything is open, it is how the next files are evaluated."""
        if self._subject is None:
            index = nearest_iou(options.iou_thresholds, self.wished_iou)
            self._asked, self._chosen = Asked(options), options
            self._wish = self._point = replace(self._wish, iou_index=index)
        elif options != self._asked.options:
            self._ask(replace(self._asked, options=options))

    def restrict(self, image_rows: ImageRows | None) -> None:
        """Evaluate and show only these images (rows of `dataset`, in any order); None for all of them: of the
        split, and where all of that are shown already, of all splits."""
        if self._subject is None:
            return
        if image_rows is None:
            self.choose_split(None if self._asked.listed is None else self._asked.split)
            return
        try:
            self._ask(self._subject.only(image_rows, self._asked.options))
        except ValueError as error:
            self.failed.emit(str(error))

    def choose_split(self, split: str | None) -> None:
        """Evaluate and show all images of a split; None for those of all splits."""
        if split != self._asked.split or self._asked.listed is not None:
            self._ask(replace(self._asked, split=split, listed=None))

    def _ask(self, asked: Asked) -> None:
        self._asked = asked
        self.evaluate()

    def cancel(self) -> None:
        """Stop reading or evaluating; what was open stays, and how it was evaluated."""
        self._jobs.cancel("open")
        if self._jobs.cancel("evaluate"):
            self._ask_as_before()

    def close(self) -> None:
        """Cancel all work and wait for it."""
        self._jobs.close()

    def set_confidence(self, confidence: float) -> None:
        """A number in [0, 1]; others are brought to the nearest end."""
        if not math.isnan(confidence):
            self._wish_for(replace(self._wish, confidence=min(1.0, max(0.0, confidence))))

    def set_iou_index(self, iou_index: int) -> None:
        self._wish_for(replace(self._wish, iou_index=iou_index))

    def set_class_rows(self, class_rows: frozenset[int] | None) -> None:
        """None for all classes."""
        self._wish_for(replace(self._wish, class_rows=class_rows))

    def show_image(self, image_row: int) -> None:
        """Go to another image, where nothing is selected."""
        dataset = self.dataset
        if dataset is not None and image_row != self._image_row and 0 <= image_row < len(dataset.images):
            self._look_at(image_row, None)

    def select(self, ref: BoxRef | None) -> None:
        """Select a box, on whatever image it lies, or nothing."""
        if self.dataset is None or self._image_row is None:
            return
        image_row = self._image_row
        if ref is not None:
            boxes = self.dataset.detections if ref.kind is Side.DETECTION else self.dataset.objects
            image_row = int(boxes.images[ref.row])
        self._look_at(image_row, ref)

    def _look_at(self, image_row: int, selected: BoxRef | None) -> None:
        before = self._image_row, self._selected
        self._image_row, self._selected = image_row, selected
        if image_row != before[0]:
            self.image_changed.emit()
        if selected != before[1]:
            self.selected_changed.emit()

    def _wish_for(self, point: OperatingPoint) -> None:
        """Another confidence is a cut, and done. Another slice is made on a worker, and only then shown."""
        if point == self._wish:
            return
        self._wish = point
        if self._results is None or self._results.fits(point):
            self._jobs.cancel("slice")
            self._point = point
            self.operating_point_changed.emit()
            return
        self._slice_again()
        if point.confidence != self._point.confidence:
            self._point = replace(self._point, confidence=point.confidence)
            self.operating_point_changed.emit()

    def _slice_again(self) -> None:
        dataset, results, point = self.dataset, self._results, self._wish
        if dataset is None or results is None:
            return

        def work(_progress: Progress) -> Results:
            return cut(dataset, results.evaluation, results.class_ap, point)

        self._jobs.start("slice", work, self._on_results, self._on_error)

    def _on_read(self, read: tuple[Sources, Dataset, Subject]) -> None:
        for kind in ("evaluate", "slice"):  # not before: a failed `open` would leave nothing evaluated
            self._jobs.cancel(kind)
        stays, selected, rows = 0, None, None
        if self._subject is not None and read[0].shares(self._sources):
            shown = self._subject.dataset
            stays, selected = same_place(shown, self._image_row, self._selected, read[2].dataset)
            rows = carried(self._wish, self._subject, read[2]).class_rows
        self._sources, self._opened, self._subject = read
        self._asked = self._subject.asked
        self._results = self._alone = None
        index = min(self._wish.iou_index, len(self._subject.protocol.iou_thresholds) - 1)
        self._wish = self._point = replace(self._wish, iou_index=index, class_rows=rows)
        self._image_row, self._selected = stays, selected
        self.dataset_changed.emit()
        self.operating_point_changed.emit()
        self.image_changed.emit()
        self.selected_changed.emit()
        # Once the views have painted the images: the evaluator's start would compete with them.
        QTimer.singleShot(0, self.evaluate)

    def _on_evaluated(self, done: tuple[Subject, Results | Alone]) -> None:
        before, (subject, results) = self._subject, done
        assert before is not None
        self._jobs.cancel("slice")  # of the former evaluation
        former: list[object] = [before, self._results]
        if subject.asked.options != before.asked.options:
            self._chosen = subject.asked.options
        self._subject = subject
        self._wish = carried(self._wish, before, subject)
        if subject.dataset is before.dataset:
            self._on_results(results)
        else:
            self._on_other_dataset(before, subject, results)

        def work(progress: Progress) -> None:
            former.clear()  # giving back gigabytes takes a tenth of a second, which the window has not
            if isinstance(results, Results):
                keep(subject.dataset, results.evaluation, progress=progress)

        self._jobs.start("keep", work, lambda _: None, self._on_error)

    def _on_other_dataset(self, before: Subject, subject: Subject, results: Results | Alone) -> None:
        """The views are told of it when its results are there: none of them shows what fits neither."""
        if self._image_row is not None:
            self._image_row = subject.row_of(before.opened_row(self._image_row))
        self._selected = None
        self._show(results)
        self.dataset_changed.emit()
        self._on_results(results)
        self.image_changed.emit()
        self.selected_changed.emit()

    def _on_evaluation_error(self, error: Exception) -> None:
        self._ask_as_before()
        self._on_error(error)

    def _ask_as_before(self) -> None:
        if self._subject is not None:
            self._asked = self._subject.asked

    def _on_results(self, results: Results | Alone) -> None:
        self._show(results)
        self.results_changed.emit()
        self.operating_point_changed.emit()
        if self._results is not None and not self._results.fits(self._wish):
            self._slice_again()  # wished for while the evaluation ran

    def _show(self, results: Results | Alone) -> None:
        """What the views are told of next."""
        if isinstance(results, Alone):
            self._results, self._alone, self._point = None, results, self._wish
        else:
            self._results, self._alone = results, None
            self._point = replace(results.point, confidence=self._wish.confidence)

    def _on_error(self, error: Exception) -> None:
        self.failed.emit(words_for(error))

    def _on_progress(self, kind: str, stage: str, fraction: float) -> None:
        if kind in ("slice", "keep") or (kind == "evaluate" and self._jobs.is_running("open")):
            return
        self._activity = (stage, fraction)
        self.activity_changed.emit()

    def _on_activity(self) -> None:
        busy = self._jobs.is_running("open") or self._jobs.is_running("evaluate")
        if not busy and self._activity is not None:
            self._activity = None
            self.activity_changed.emit()
        elif busy and self._activity is None:
            self._activity = ("Opening", 0.0)
            self.activity_changed.emit()
