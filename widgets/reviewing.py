"""The one owner of verdicts on what is open: views read them, wish for others, and are told of changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from inspector.dataset import Flags, Rows
from inspector.progress import Progress
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.attaching import place_of
from inspector.review.file import Position
from inspector.review.history import Step
from inspector.review.keeping import Loaded
from inspector.review.standing import Standing
from inspector.review.verdicts import Box, Entry, Judgement, Kind, Place, Target, Verdict
from inspector.review.wishes import Wish, Wishes
from inspector.sources import Sources
from widgets.jobs import Jobs
from widgets.review_store import ReviewStore
from widgets.session import Session

_NOTHING: Final = Verdict()
_MANY: Final = 100
"""Verdicts that are attached by the worker, because the window would not wait for them."""
_REST: Final = 700
"""Milliseconds on an image or box after which a restart would come back to it."""


class Memory(Protocol):
    """Which review file goes with which ground truth (or detections alone), from one start to the next."""

    def review_file(self, *paths: Path) -> Path | None: ...
    def set_review_file(self, ground_truth: Path, path: Path) -> None: ...
    def set_reviewer(self, name: str) -> None: ...


class Reviewing(QObject):
    """A verdict is on disk before it is shown. A wish that cannot be fulfilled changes nothing."""

    changed = Signal()
    """Verdicts came, went, or hang on other rows."""
    judged = Signal(object)
    """A wish to judge is kept: a tuple of refs. Not for what is undone or noted."""
    resumed = Signal()  # what was opened is again looked at where it was left
    failed = Signal(str)
    """One line for the person."""
    file_changed = Signal()
    """What `path` says changed."""

    def __init__(
        self, session: Session, author: str, memory: Memory | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._author, self._memory = session, author, memory
        self._store = ReviewStore(self)
        self._store.begun.connect(self._on_begun)
        self._store.came.connect(self._take)
        self._store.failed.connect(self.failed)
        self._jobs = Jobs(threads=1, parent=self)
        self._sources: Sources | None = None
        self._path: Path | None = None
        self._chosen: Path | None = None
        """For what is opened first."""
        self._is_opening = self._is_chosen = False
        self._wishes = Wishes()
        self._standing: Standing | None = None
        self._shown: Mapping[Ref, Entry] | None = None
        self._late: list[Entry] = []
        """Kept while what stands is made anew."""
        self._untold: list[tuple[Ref, ...]] = []
        """What `judged` tells of as soon as it is attached."""
        self._waiting: list[Callable[[], None]] = []
        """Wishes for what is not attached yet."""
        self._resume: Position | None = None
        self._is_closed = False
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._keep_position)
        session.dataset_changed.connect(self._on_dataset)
        session.image_changed.connect(self._rest.start)
        session.selected_changed.connect(self._rest.start)

    # --- what is said ---

    @property
    def entries(self) -> Mapping[Ref, Entry]:
        """What was said, by what it hangs on in the session's dataset. A copy, after each `changed` another:
        of single images and boxes ask `on_image` and `verdict`."""
        if self._shown is None:
            self._shown = MappingProxyType(dict(self._standing.entries) if self._standing else {})
        return self._shown

    def on_image(self, image_row: int) -> dict[Ref, Entry]:
        """What was said of an image of the session's dataset and of its boxes."""
        return self._standing.on(image_row) if self._standing else {}

    @property
    def orphans(self) -> tuple[Entry, ...]:
        """What was said of what is not open."""
        return self._standing.orphans if self._standing else ()

    @property
    def everything(self) -> tuple[Entry, ...]:
        """All that is said in the review file, of whatever."""
        return tuple(self._wishes.kept.values())

    def verdict(self, ref: Ref) -> Verdict:
        """What was said of a box or an image; an empty verdict where nothing was."""
        entry = self._standing.entries.get(ref) if self._standing else None
        return _NOTHING if entry is None else entry.verdict

    def reviewed(self) -> Flags:
        """bool [images]: which images of the session's dataset were looked through."""
        return self._standing.reviewed.copy() if self._standing else np.zeros(self._images(), dtype=np.bool_)

    def flag_counts(self) -> Rows:
        """int32 [images]: how many labels of each image of the session's dataset are said to be wrong."""
        return self._standing.flags.copy() if self._standing else np.zeros(self._images(), dtype=np.int32)

    def judged_rows(self, side: Side) -> Flags:
        """bool [objects or detections]: which boxes of the session's dataset have a judgement."""
        if self._standing is not None:
            return self._standing.judged[side].copy()
        dataset = self._session.dataset
        if dataset is None:
            return np.zeros(0, dtype=np.bool_)
        return np.zeros(len(dataset.objects if side is Side.OBJECT else dataset.detections), dtype=np.bool_)

    @property
    def flags(self) -> int:
        """How many labels were said to be wrong."""
        return int(self._standing.flags.sum()) if self._standing is not None else 0

    @property
    def is_busy(self) -> bool:
        """Whether verdicts are being read, attached or written."""
        attaching = self._standing is None or self._jobs.is_running("attach")
        return self._session.dataset is not None and (attaching or self._wishes.are_pending)

    def _images(self) -> int:
        return 0 if self._session.dataset is None else len(self._session.dataset.images)

    # --- wishes ---

    def judge(
        self,
        refs: Sequence[Ref],
        judgement: Judgement,
        kind: Kind | None = None,
        *,
        right_class: str = "",
        right_box: Box | None = None,
    ) -> None:
        """Say the same of some boxes or images, in place of what was said before; notes stay."""
        said = Verdict(judgement, kind, right_class, right_box)
        self.judge_each(dict.fromkeys(refs, said))

    def judge_each(self, said: Mapping[Ref, Verdict]) -> None:
        """Say something of each of some boxes or images, as one wish; notes and marks stay as they are."""

        def changed(ref: Ref, before: Verdict) -> Verdict:
            return replace(said[ref], reviewed=before.reviewed, note=before.note)

        self._wish("verdict", tuple(said), changed, judges=True)

    def withdraw(self, refs: Sequence[Ref]) -> None:
        """Take back what was judged; notes stay, and so does that an image was reviewed."""
        self._wish("withdrawal", refs, lambda _, said: Verdict(reviewed=said.reviewed, note=said.note))

    def forget(self, places: Sequence[Place]) -> None:
        """Take back all that was said of some places, also of those that are not open."""
        said = ((place, self._wishes.said(place)) for place in places)
        before = tuple((place, verdict) for place, verdict in said if not verdict.is_empty)
        if before:
            after = tuple((place, _NOTHING) for place, _ in before)
            self._write(self._wishes.do(Step("withdrawal", before[0][0], before, after)))

    def set_note(self, refs: Sequence[Ref], note: str) -> None:
        """An empty note is none."""
        self._wish("note", refs, lambda _, said: replace(said, note=note.strip()))

    def set_reviewed(self, image_rows: Sequence[int], reviewed: bool) -> None:
        refs = [ImageRef(row) for row in image_rows]
        self._wish("reviewed", refs, lambda _, said: replace(said, reviewed=reviewed))

    @property
    def undo_text(self) -> str:
        """What `undo` would take back; empty where there is nothing."""
        step = self._wishes.last_done
        return step.text if step else ""

    @property
    def redo_text(self) -> str:
        """What `redo` would do again; empty where there is nothing."""
        step = self._wishes.last_undone
        return step.text if step else ""

    def undo(self) -> None:
        """Take back the last wish, and go to where that shows."""
        step = self._wishes.last_done
        if step is not None:
            self._write(self._wishes.undo(step))
            self._go_to(step.at)

    def redo(self) -> None:
        """Do again what was undone last, and go to where that shows."""
        step = self._wishes.last_undone
        if step is not None:
            self._write(self._wishes.redo(step))
            self._go_to(step.at)

    def _wish(
        self,
        text: str,
        refs: Sequence[Ref],
        change: Callable[[Ref, Verdict], Verdict],
        *,
        judges: bool = False,
    ) -> None:
        dataset = self._session.dataset
        if dataset is None or not refs:
            return
        if self._standing is None:
            self._waiting.append(partial(self._wish, text, refs, change, judges=judges))
            return
        judged = tuple(refs) if judges else ()
        step = self._wishes.step(text, dataset, self._standing.entries, refs, change)
        if step is not None:
            self._write(self._wishes.do(step, judged))
        elif judged:
            self.judged.emit(judged)

    # --- keeping ---

    def _write(self, wish: Wish) -> None:
        on_kept, on_lost = partial(self._on_kept, wish), partial(self._on_lost, wish)
        self._store.write(wish.changes, self._author, on_kept, on_lost)

    def _on_kept(self, wish: Wish, entries: Sequence[Entry]) -> None:
        self._wishes.is_kept(wish)
        self._remember_file()
        self._take(entries)
        if wish.judged and self._jobs.is_running("attach"):
            self._untold.append(wish.judged)
        elif wish.judged:
            self.judged.emit(wish.judged)

    def _on_lost(self, wish: Wish) -> None:
        self._wishes.is_lost(wish)
        self.changed.emit()

    def _take(self, entries: Sequence[Entry]) -> None:
        """Show what is on disk."""
        self._wishes.put(entries)
        if len(entries) > _MANY:
            self._attach()
            return
        if self._jobs.is_running("attach"):
            self._late += entries
        if self._standing is not None:
            self._standing.put(entries)
            self._shown = None
            self.changed.emit()

    # --- the file ---

    @property
    def path(self) -> Path | None:
        """Where verdicts are kept, or will be with the first one; None where nothing is open."""
        return self._path

    @property
    def author(self) -> str:
        return self._author

    def set_author(self, author: str) -> None:
        """Who judges from now on. An empty name is none."""
        name = author.strip()
        if name and name != self._author:
            self._author = name
            if self._memory is not None:
                self._memory.set_reviewer(name)

    def use(self, path: Path, *, take_along: bool = False) -> None:
        """Keep verdicts in another file, from now on, or for what is opened first. Where there is none it is
        made, with a copy of what was said so far if that is to come along."""
        if self._sources is None:
            self._chosen = path
        else:
            self._store.move(path, self._sources, self._author, take_along=take_along)

    def _remember_file(self) -> None:
        if self._path is not None and self._memory is not None and self._sources is not None:
            self._memory.set_review_file(self._sources.first, self._path)

    def _on_dataset(self) -> None:
        sources = self._session.sources
        assert sources is not None
        self._standing = self._shown = None
        self._waiting.clear()
        self._untold.clear()
        self._rest.stop()
        if sources == self._sources:
            self._attach()
        else:
            if self._wishes.are_pending:
                self._remember_file()  # what is on its way is kept there, but not told of any more
            self._sources = sources
            self._jobs.cancel("attach")
            chosen, self._chosen = self._chosen, None
            known = self._memory.review_file(*sources.paths) if self._memory else None
            self._is_opening, self._is_chosen = True, chosen is not None
            self._store.open(sources, self._author, chosen, known)
        self.changed.emit()

    def _on_begun(self, loaded: Loaded) -> None:
        """Another file is open."""
        self._wishes.begin(loaded.entries, same_file=loaded.path == self._path)
        self._path = loaded.path
        if self._is_opening:
            self._resume = loaded.position
        if loaded.is_there and (self._is_chosen or not self._is_opening):
            self._remember_file()
        self._is_opening, self._is_chosen = False, False
        self._standing = self._shown = None
        self._attach()
        self.file_changed.emit()

    def _attach(self) -> None:
        dataset, opened, kept = self._session.dataset, self._session.opened, list(self._wishes.kept.values())
        if dataset is None or opened is None:
            return
        self._late.clear()

        def work(_progress: Progress) -> Standing:
            return Standing(dataset, opened, kept)

        self._jobs.start("attach", work, self._on_attached, self._on_attach_error)

    def _on_attached(self, standing: Standing) -> None:
        standing.put(self._late)
        self._late.clear()
        self._standing, self._shown = standing, None
        self.changed.emit()
        untold, self._untold = self._untold, []
        for judged in untold:
            self.judged.emit(judged)
        waiting, self._waiting = self._waiting, []
        for wish in waiting:
            wish()
        resume, self._resume = self._resume, None
        if resume is not None and (self._session.image_row, self._session.selected) == (0, None):
            self._go_to(resume.place or Place(Target.IMAGE, resume.image))
            self.resumed.emit()

    def _on_attach_error(self, error: Exception) -> None:
        self.failed.emit(f"{type(error).__name__}: {error}")

    # --- where the person is ---

    def _go_to(self, place: Place) -> None:
        ref = self._standing.find(place) if self._standing else None
        match ref:
            case BoxRef():
                self._session.select(ref)
            case ImageRef(row):
                self._session.show_image(row)

    def _keep_position(self) -> None:
        dataset, image_row = self._session.dataset, self._session.image_row
        if dataset is None or image_row is None or self._standing is None:
            return
        place = place_of(dataset, self._session.selected or ImageRef(image_row))
        position = Position(dataset.images.file_names[image_row], place)
        self._store.set_position(self._author, position)

    # --- the end ---

    def flush(self) -> bool:
        """Wait until everything is on disk; False where something could not be kept, which was told."""
        if self._rest.isActive():
            self._rest.stop()
            self._keep_position()
        return self._store.finish()

    def close(self) -> None:
        """Wait for what is on its way, and close the file."""
        if not self._is_closed:
            self._is_closed = True
            self.flush()
            self._jobs.close()
            self._store.close()
