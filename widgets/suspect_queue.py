"""Goes through what nobody has judged: suspect labels best first, errors, and images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

import numpy as np
from PySide6.QtCore import QObject, Signal

from inspector.dataset import Dataset, Flags, Rows
from inspector.evaluation.operating_point import OperatingPoint
from inspector.progress import Progress
from inspector.refs import BoxRef, Ref, Side
from inspector.review.answered import Answered
from inspector.review.finding import find_suspects
from inspector.review.queue_order import QueueOrder, Suggestion
from inspector.review.reasons import reason
from inspector.review.suspects import KINDS, Suspects
from inspector.review.unreviewed import errors_left, next_error, next_image
from inspector.review.verdicts import Kind
from widgets.jobs import Jobs
from widgets.queue_words import errors_end, images_end, nothing_evaluated, suspects_end
from widgets.results import Results
from widgets.reviewing import Reviewing
from widgets.session import Session


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
        self._answered: Answered | None = None
        self._copies: frozenset[int] | None = None
        """Objects that are copies no more, because the others go; None where it is not known."""
        self._left: Flags = np.zeros(0, dtype=np.bool_)
        """bool [suspicions]: which still wait for a verdict, or have one."""
        self._judged: Flags = np.zeros(0, dtype=np.bool_)
        """bool [suspected boxes]."""
        self._scope: Flags = np.zeros(0, dtype=np.bool_)
        """bool [suspected boxes]: of the listed images and chosen classes."""
        self._rows: dict[Kind | None, Rows] = {}
        """What `rows` gave."""
        self._where = ""
        """What `where` says."""
        self._row: int | None = None
        """The suspicion that was current last; another of the same box may be better."""
        self._place: int | None = None
        """The suspicion that a step led to last, from which the next one goes on."""
        self._reached: BoxRef | None = None
        self._walk: _Walk | None = None
        """How `_reached` was reached."""
        self._chosen_classes: frozenset[int] | None = None
        """What `_scope` is for."""
        self._goes_on = True
        session.dataset_changed.connect(self._on_dataset)
        session.results_changed.connect(self._on_results)
        session.selected_changed.connect(self.current_changed)
        session.operating_point_changed.connect(self._on_point)
        reviewing.changed.connect(self._count)
        reviewing.judged.connect(self._on_judged)
        reviewing.resumed.connect(self._resume)
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
        if self._row is not None and self._left[self._row] and queue.suspects.ref(self._row) == selected:
            return self._row
        return self._row_of(selected)

    @property
    def boxes(self) -> int:
        """How many boxes are suspected, each in one way or several. Of copies only those that may have to go:
        where one label of a pair is said to go, the other leaves."""
        return int(np.count_nonzero(self._in_queue()))

    @property
    def judged(self) -> int:
        """How many of them have a judgement."""
        return int(np.count_nonzero(self._judged & self._in_queue()))

    @property
    def left_here(self) -> int:
        """How many have none, of the listed images and chosen classes: what the steps lead to."""
        return int(np.count_nonzero(self._scope & ~self._judged))

    @property
    def where(self) -> str:
        """To what the steps are restricted: "in the listed images", for example; "" where they are not."""
        return self._where

    def rows(self, kind: Kind | None) -> Rows:
        """int32: the rows of `suspects` that are left, best first: of a kind, or each box's best of any. The
        same array until they are others."""
        if kind not in self._rows:
            self._rows[kind] = self._find_rows(kind)
        return self._rows[kind]

    def number(self, row: int) -> int:
        """How many-eth box of the queue a suspicion speaks of, from 1."""
        assert self._queue is not None
        return int(np.count_nonzero(self._in_queue()[: self._queue.number(row)]))

    def reason(self, row: int) -> str:
        """Why it is suspected, in one line."""
        assert self._for is not None
        assert self._queue is not None
        return reason(self._for, self._queue.suspects, row)

    def suggestion(self, ref: Ref) -> Suggestion | None:
        """What a suspected box would have a person say: the current suspicion of it, else the best."""
        if self._queue is None or not isinstance(ref, BoxRef):
            return None
        row = self.current if ref == self._session.selected else self._row_of(ref)
        return None if row is None else self._queue.suggestion(row)

    @property
    def goes_on(self) -> bool:
        """Whether a verdict on what was stepped to leads to the next one."""
        return self._goes_on

    def set_going_on(self, goes_on: bool) -> None:
        self._goes_on = goes_on

    def show(self, row: int) -> None:
        """Select the box of a suspicion. The steps go on from where they were."""
        if self._queue is None:
            return
        before, self._row = self.current, row
        self._session.select(self._queue.suspects.ref(row))
        if self.current != before:  # another suspicion of the box that was selected
            self.current_changed.emit()

    def follow_listed(self) -> None:
        """Other images are listed."""
        self._find_scope()
        self.progress_changed.emit()

    def step(self, step: int) -> None:
        """The next suspect without a judgement (1), or the one before, judged or not (-1): a person looks
        again at what was judged. From the one that a step led to last, whatever was selected since."""
        queue = self._queue
        if queue is None:
            self.told.emit(nothing_evaluated(self._session.missing, is_looking=self.is_running))
            return
        row = self._beside(queue, step)
        if row is None:
            self.told.emit(self._end(queue, step))
            return
        self._row = self._place = row
        self._reach(queue.suspects.ref(row), _Walk.SUSPECTS)

    def _beside(self, queue: QueueOrder, step: int) -> int | None:
        """What a step leads to: back to where the steps were, if something else is selected."""
        place, selected = self._place, self._session.selected
        open_ = self._scope & ~self._judged if step > 0 else self._scope
        is_away = place is not None and queue.suspects.ref(place) != selected
        if step < 0 and place is not None and is_away and open_[queue.number(place) - 1]:
            return place
        row = queue.after(-1 if place is None else place, step, open_)
        if row is not None and queue.suspects.ref(row) == selected:
            row = queue.after(row, step, open_)
        return row

    def _end(self, queue: QueueOrder, step: int) -> str:
        """Why there is nothing further."""
        if not self.boxes:
            return "No label is suspect."
        open_ = self._scope & ~self._judged
        before = int(np.count_nonzero(open_[: max(0, queue.number(self._place or 0) - 1)]))
        outside = self.boxes - self.judged - self.left_here
        return suspects_end(step, self.where, self.left_here, before, outside)

    def step_error(self, step: int) -> None:
        """The next error (1) or the one before (-1) without a judgement, image by image."""
        dataset, results, at = self._session.dataset, self._session.results, self._session.image_row
        if dataset is None or results is None or at is None:
            self.told.emit(nothing_evaluated(self._session.missing))
            return
        point = self._session.point
        work = self._look_for_error(dataset, results, point, at, step)

        def on_done(found: BoxRef | int) -> None:
            if dataset is not self._session.dataset:
                return
            if isinstance(found, BoxRef):
                self._reach(found, _Walk.ERRORS)
                return
            self.told.emit(errors_end(step, found, all_classes=point.class_rows is None))

        self._jobs.start("error", work, on_done, self._on_error)

    def step_unreviewed(self, step: int) -> None:
        """The next image (1) or the one before (-1) that was not looked through; from the other end on where
        there is none."""
        at = self._session.image_row
        if at is None:
            return
        wanted, order = ~self._reviewing.reviewed(), self._images()
        wanted[at] = False
        image_row = next_image(wanted, order, at, step)
        if image_row is None:
            image_row = next_image(wanted, order, -1, step)
            listed = int(np.count_nonzero(wanted[order]))
            self.told.emit(images_end(step, listed, int(np.count_nonzero(wanted)) - listed))
        if image_row is not None:
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
    ) -> Callable[[Progress], BoxRef | int]:
        """Finds the error, or counts those that are not listed."""
        judged = {side: self._reviewing.judged_rows(side) for side in Side}
        order, selected = self._images(), self._session.selected
        elsewhere = ~self._reviewing.reviewed()  # of the others all was looked at
        order = order[elsewhere[order] | (order == at)]
        elsewhere[order] = False

        def work(_progress: Progress) -> BoxRef | int:
            table = results.at.table
            found = next_error(dataset, table, point, judged, order, at, selected, step)
            if found is not None:
                return found
            return int(errors_left(dataset, table, point, judged)[elsewhere].sum())

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
            self._for = self._queue = self._answered = self._row = self._place = self._reached = None
            self._count()
            self.changed.emit()
            self.current_changed.emit()

    def _on_results(self) -> None:
        dataset = self._session.dataset
        if self._session.results is None or dataset is None or dataset is self._for:
            return
        self._for = dataset

        def work(progress: Progress) -> tuple[QueueOrder, Answered]:
            suspects = find_suspects(dataset, progress)
            return QueueOrder(dataset, suspects), Answered(dataset, suspects)

        self._jobs.start("suspects", work, self._on_found, self._on_error)
        self.changed.emit()

    def _on_found(self, found: tuple[QueueOrder, Answered]) -> None:
        self._queue, self._answered = found
        self._count()
        self._resume()
        self.changed.emit()
        self.current_changed.emit()

    def _resume(self) -> None:
        """Where the person was when this was open last, the queue was as well."""
        self._row = self._place = self.current

    def _on_point(self) -> None:
        if self._chosen_classes != self._session.point.class_rows:
            self.follow_listed()

    def _count(self) -> None:
        queue, before = self._queue, self._judged
        if queue is None or self._answered is None or self._for is not self._session.dataset:
            boxes, suspicions = (0, 0) if queue is None else (len(queue.boxes), len(queue.suspects))
            self._judged = self._scope = np.zeros(boxes, dtype=np.bool_)
            self._left, self._copies = np.zeros(suspicions, dtype=np.bool_), None  # its turn is next, or over
            self._rows.clear()
        else:
            judged = {side: self._reviewing.judged_rows(side) for side in Side}
            self._judged = queue.judged(judged)
            copies = self._answered.rows(judged[Side.OBJECT], self._reviewing.verdict)
            is_other = copies != self._copies
            if is_other:
                self._copies, self._left = copies, queue.without(copies)
                self._rows.clear()
                self._find_scope()
            if len(before) == len(self._judged):
                self._go_back(queue, before & ~self._judged)
            if is_other:
                self.current_changed.emit()
        self.progress_changed.emit()

    def _go_back(self, queue: QueueOrder, reopened: Flags) -> None:
        """What was taken back is not passed over."""
        places = np.flatnonzero(reopened)
        if not len(places) or self._place is None or queue.boxes[places[0]] > self._place:
            return
        first = int(queue.boxes[places[0]])
        if queue.suspects.ref(first) == self._session.selected:
            self._place, self._reached, self._walk = first, self._session.selected, _Walk.SUSPECTS
        else:
            self._place = int(queue.boxes[places[0] - 1]) if places[0] else None

    def _in_queue(self) -> Flags:
        """bool [suspected boxes]: which are left."""
        return self._left if self._queue is None else self._left[self._queue.boxes]

    def _find_rows(self, kind: Kind | None) -> Rows:
        if self._queue is None:
            return np.zeros(0, dtype=np.int32)
        if kind is None:
            return self._queue.boxes[self._in_queue()]
        of_kind = self._queue.suspects.kinds == KINDS.index(kind)
        return np.flatnonzero(of_kind & self._left).astype(np.int32)

    def _row_of(self, ref: BoxRef) -> int | None:
        row = None if self._queue is None else self._queue.row_of(ref)
        return None if row is None or not self._left[row] else row

    def _find_scope(self) -> None:
        dataset, point = self._session.dataset, self._session.point
        self._chosen_classes = point.class_rows
        if self._queue is None or dataset is None or dataset is not self._for:
            return
        images: Flags = np.zeros(len(dataset.images), dtype=np.bool_)
        images[self._images()] = True
        self._scope = self._in_queue() & self._queue.within(images, point.chosen(len(dataset.classes)))
        chosen = "" if point.class_rows is None else "of the chosen classes"
        listed = "" if images.all() else "in the listed images"
        self._where = " ".join(filter(None, (chosen, listed)))

    def _on_error(self, error: Exception) -> None:
        self.failed.emit(f"{type(error).__name__}: {error}")
