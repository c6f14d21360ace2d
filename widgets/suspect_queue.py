"""Goes through what nobody has judged: suspect labels best first, errors, and images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

import numpy as np
from PySide6.QtCore import QObject, Signal

from inspector.dataset import Dataset
from inspector.evaluation.operating_point import OperatingPoint
from inspector.progress import Progress
from inspector.refs import BoxRef, Ref, Side
from inspector.review.finding import find_suspects
from inspector.review.queue_order import QueueOrder, Suggestion
from inspector.review.reasons import reason
from inspector.review.suspects import Suspects
from inspector.review.unreviewed import next_error, next_image
from widgets.jobs import Jobs
from widgets.reviewing import Reviewing
from widgets.session import Results, Session


class _Walk(Enum):
    """What a person steps through, and goes on with after a verdict."""

    SUSPECTS = "suspects"
    ERRORS = "errors"


class SuspectQueue(QObject):
    """Finds the suspects of what is evaluated by itself, on a worker. The selected box is the current one."""

    changed = Signal()
    """Suspects were found, or are gone; or they are being looked for."""
    current_changed = Signal()
    """`current` changed."""
    progress_changed = Signal()
    """How many suspects are judged changed."""
    reached = Signal()
    """A step led to the box that is selected now."""
    told = Signal(str)
    """One line for the person: why a step led nowhere."""
    failed = Signal(str)

    def __init__(
        self,
        session: Session,
        reviewing: Reviewing,
        order: Callable[[], Sequence[int]] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`order`: the image rows through which errors and images are stepped; all of them by default."""
        super().__init__(parent)
        self._session, self._reviewing, self._order = session, reviewing, order
        self._jobs = Jobs(threads=1, parent=self)
        self._for: Dataset | None = None
        """What `_queue` is for, or will be."""
        self._queue: QueueOrder | None = None
        self._judged = np.zeros(0, dtype=np.bool_)
        """bool [suspected boxes]."""
        self._row: int | None = None
        """The suspicion that was current last; another of the same box may be better."""
        self._reached: BoxRef | None = None
        self._walk: _Walk | None = None
        """How `_reached` was reached."""
        self._goes_on = True
        session.dataset_changed.connect(self._on_dataset)
        session.results_changed.connect(self._on_results)
        session.selected_changed.connect(self._on_selected)
        reviewing.changed.connect(self._count)
        reviewing.judged.connect(self._on_judged)
        self._on_results()

    @property
    def suspects(self) -> Suspects | None:
        """None until they are found."""
        return self._queue.suspects if self._queue is not None else None

    @property
    def is_running(self) -> bool:
        """Whether they are being looked for."""
        return self._jobs.is_running("suspects")

    @property
    def current(self) -> int | None:
        """The row of `suspects` whose box is selected."""
        selected, queue = self._session.selected, self._queue
        if selected is None or queue is None:
            return None
        if self._row is not None and queue.suspects.ref(self._row) == selected:
            return self._row
        return queue.row_of(selected)

    @property
    def boxes(self) -> int:
        """How many boxes are suspected, each in one way or several."""
        return len(self._queue.boxes) if self._queue is not None else 0

    @property
    def judged(self) -> int:
        """How many of them have a judgement."""
        return int(np.count_nonzero(self._judged))

    def number(self, row: int) -> int:
        """How many-eth box of the queue a suspicion speaks of, from 1."""
        assert self._queue is not None
        return self._queue.number(row)

    def reason(self, row: int) -> str:
        """Why it is suspected, in one line."""
        assert self._for is not None
        assert self._queue is not None
        return reason(self._for, self._queue.suspects, row)

    def suggestion(self, ref: Ref) -> Suggestion | None:
        """What a suspected box would have a person say: the current suspicion of it, else the best."""
        if self._queue is None or not isinstance(ref, BoxRef):
            return None
        row = self.current if ref == self._session.selected else self._queue.row_of(ref)
        return None if row is None else self._queue.suggestion(row)

    def set_going_on(self, goes_on: bool) -> None:
        """Whether a verdict on what was stepped to leads to the next one."""
        self._goes_on = goes_on

    def show(self, row: int) -> None:
        """Select the box of a suspicion."""
        if self._queue is None:
            return
        before, self._row = self.current, row
        self._reach(self._queue.suspects.ref(row), _Walk.SUSPECTS)
        if self.current != before:  # another suspicion of the box that was selected
            self.current_changed.emit()

    def step(self, step: int) -> None:
        """The next suspect (1) or the one before (-1) whose box has no judgement."""
        queue = self._queue
        if queue is None:
            self.told.emit(
                "Suspect labels are being looked for…" if self.is_running else "Nothing is evaluated."
            )
            return
        at = -1 if self._row is None else self._row
        row = queue.after(at, step, ~self._judged)
        if row is not None:
            self.show(row)
        elif not len(queue.boxes):
            self.told.emit("No label is suspect.")
        elif self._judged.all():
            self.told.emit("That was the last suspect: all of them have a verdict.")
        else:
            left = len(queue.boxes) - self.judged
            self.told.emit(_end("suspect", step, left))

    def step_error(self, step: int) -> None:
        """The next error (1) or the one before (-1) without a judgement, image by image."""
        dataset, results, at = self._session.dataset, self._session.results, self._session.image_row
        if dataset is None or results is None or at is None:
            return
        work = self._look_for_error(dataset, results, self._session.point, at, step)

        def on_done(ref: BoxRef | None) -> None:
            if dataset is not self._session.dataset:
                return
            if ref is None:
                self.told.emit(f"That was the {_LAST[step]} unreviewed error of the listed images.")
            else:
                self._reach(ref, _Walk.ERRORS)

        self._jobs.start("error", work, on_done, self._on_error)

    def step_unreviewed(self, step: int) -> None:
        """The next image (1) or the one before (-1) that was not looked through."""
        at = self._session.image_row
        if at is None:
            return
        image_row = next_image(~self._reviewing.reviewed(), self._images(), at, step)
        if image_row is None:
            self.told.emit(f"That was the {_LAST[step]} unreviewed image of those listed.")
        else:
            self._session.show_image(image_row)

    def close_jobs(self) -> None:
        """Cancel what is being looked for, and wait for it."""
        self._jobs.close()

    def _images(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        dataset = self._session.dataset
        assert dataset is not None
        rows = range(len(dataset.images)) if self._order is None else self._order()
        return np.array(rows, dtype=np.int64)

    def _look_for_error(
        self, dataset: Dataset, results: Results, point: OperatingPoint, at: int, step: int
    ) -> Callable[[Progress], BoxRef | None]:
        judged = {side: self._reviewing.judged_rows(side) for side in Side}
        order, selected = self._images(), self._session.selected
        order = order[~self._reviewing.reviewed()[order] | (order == at)]  # of the others all was looked at

        def work(_progress: Progress) -> BoxRef | None:
            return next_error(dataset, results.at.table, point, judged, order, at, selected, step)

        return work

    def _reach(self, ref: BoxRef, walk: _Walk) -> None:
        self._reached, self._walk = ref, walk
        self._session.select(ref)
        self.reached.emit()

    def _on_judged(self, refs: tuple[Ref, ...]) -> None:
        if not self._goes_on or self._reached is None or self._reached != self._session.selected:
            return
        if self._reached in refs:
            if self._walk is _Walk.SUSPECTS:
                self.step(1)
            else:
                self.step_error(1)

    # --- what changed ---

    def _on_dataset(self) -> None:
        if self._session.results is None or self._for is not self._session.dataset:
            self._jobs.cancel("suspects")
            self._for = self._queue = self._row = self._reached = None
            self._count()
            self.changed.emit()
            self.current_changed.emit()

    def _on_results(self) -> None:
        dataset = self._session.dataset
        if self._session.results is None or dataset is None or dataset is self._for:
            return
        self._for = dataset

        def work(progress: Progress) -> QueueOrder:
            return QueueOrder(dataset, find_suspects(dataset, progress))

        self._jobs.start("suspects", work, self._on_found, self._on_error)
        self.changed.emit()

    def _on_found(self, queue: QueueOrder) -> None:
        self._queue = queue
        self._row = self.current
        self._count()
        self.changed.emit()
        self.current_changed.emit()

    def _on_selected(self) -> None:
        row = self.current
        self._row = self._row if row is None else row  # the next step goes on from there
        self.current_changed.emit()

    def _count(self) -> None:
        if self._queue is None or self._for is not self._session.dataset:  # whose turn is next
            self._judged = np.zeros(0, dtype=np.bool_)
        else:
            self._judged = self._queue.judged({side: self._reviewing.judged_rows(side) for side in Side})
        self.progress_changed.emit()

    def _on_error(self, error: Exception) -> None:
        self.failed.emit(f"{type(error).__name__}: {error}")


_LAST = {1: "last", -1: "first"}


def _end(what: str, step: int, left: int) -> str:
    where = "before" if step > 0 else "behind"
    return f"That was the {_LAST[step]} {what}; {left:,} {where} it have no verdict."
