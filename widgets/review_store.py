"""The review file behind one worker thread: all is done in order, and the window never waits."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from inspector.errors import InputError
from inspector.review.file import Position
from inspector.review.history import Changes
from inspector.review.keeping import Keeper, Loaded
from inspector.review.verdicts import Entry
from inspector.sources import Sources

Result = TypeVar("Result")

_LOOK: Final = 1000
"""Milliseconds after which it is looked again whether others wrote to the file."""


class ReviewStore(QObject):
    """Answers come on the window's thread, in the order of the questions.

    What still comes of a former file is not told, but for failures.
    """

    begun = Signal(object)
    """Another file is open: `Loaded`."""
    came = Signal(object)
    """Others wrote: a sequence of `Entry`."""
    failed = Signal(str)
    """One line for the person."""

    _answered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="review")
        self._answers: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._keeper = Keeper()
        self._period = 0
        """Counts the files."""
        self._is_failing = False
        """Used by the worker: a change was lost, and those that were made on top of it are left as well."""
        self._failures = 0
        self._look = QTimer(self, interval=_LOOK)
        self._look.timeout.connect(self._look_for_newer)

    def open(self, sources: Sources, author: str, chosen: Path | None, remembered: Path | None) -> None:
        """Go on with the file of other sources; `begun` also tells where none can be used."""
        self._period += 1
        self._look.stop()
        period = self._period

        def on_error(error: Exception) -> None:
            if period == self._period:
                self.begun.emit(Loaded(error.path if isinstance(error, InputError) else Path(), {}, None))
                self._on_error(error)

        def on_done(loaded: Loaded) -> None:
            if period == self._period:
                self._begin(loaded)
                if loaded.notice:
                    self.failed.emit(loaded.notice)

        self._ask(lambda: self._keeper.open(sources, author, chosen, remembered), on_done, on_error)

    def move(self, path: Path, sources: Sources, author: str, *, take_along: bool) -> None:
        """Go on with another file of the same sources; after a failure, with the one that is open."""
        self._ask(
            lambda: self._keeper.move(path, sources, author, take_along=take_along),
            self._begin,
            self._on_error,
        )

    def write(
        self,
        changes: Changes,
        author: str,
        on_kept: Callable[[Sequence[Entry]], None],
        on_lost: Callable[[], None],
    ) -> None:
        """Keep changes. What was asked for before `on_lost` told of a failure is lost as well, silently."""
        period = self._period

        def work() -> Sequence[Entry] | None:
            if self._is_failing:
                return None
            try:
                return self._keeper.write(changes, author)
            except Exception:
                self._is_failing = True
                raise

        def on_done(entries: Sequence[Entry] | None) -> None:
            if entries is not None and period == self._period:
                self._look.start()
                on_kept(entries)

        def on_error(error: Exception) -> None:
            self._ask(self._go_on, lambda _: None, self._on_error)
            if period == self._period:
                on_lost()
            self._on_error(error)

        self._ask(work, on_done, on_error)

    def set_position(self, author: str, position: Position) -> None:
        """Remember where a person is; where that cannot be, it is no reason to interrupt."""
        self._ask(lambda: self._keeper.set_position(author, position), lambda _: None, lambda _error: None)

    def finish(self) -> bool:
        """Wait until everything is done; False where something failed, which was told."""
        before = self._failures
        self._executor.submit(lambda: None).result()
        self._deliver()
        return self._failures == before

    def close(self) -> None:
        """Wait for what is on its way, and close the file. Nothing can be asked for any more."""
        self._look.stop()
        self._ask(self._keeper.close, lambda _: None, self._on_error)
        self._executor.shutdown(wait=True)
        self._deliver()

    def _ask(
        self,
        work: Callable[[], Result],
        on_done: Callable[[Result], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        def run() -> None:
            try:
                result = work()
            except Exception as caught:  # whatever went wrong is told to the person
                error = caught  # the name of the clause is gone when the answer is read
                self._answers.put(lambda: on_error(error))
            else:
                self._answers.put(lambda: on_done(result))
            self._answered.emit()

        self._executor.submit(run)

    def _deliver(self) -> None:
        while not self._answers.empty():
            self._answers.get()()

    def _go_on(self) -> None:
        """By the worker, behind all that was left."""
        self._is_failing = False

    def _begin(self, loaded: Loaded) -> None:
        self._period += 1
        self._look.start()
        self.begun.emit(loaded)

    def _look_for_newer(self) -> None:
        period = self._period

        def on_done(entries: Sequence[Entry]) -> None:
            if entries and period == self._period:
                self.came.emit(entries)

        def on_error(error: Exception) -> None:
            if self._look.isActive():  # told once; the next verdict that can be kept looks again
                self._look.stop()
                self._on_error(error)

        self._ask(self._keeper.newer, on_done, on_error)

    def _on_error(self, error: Exception) -> None:
        self._failures += 1
        known = isinstance(error, InputError)
        self.failed.emit(str(error) if known else f"{type(error).__name__}: {error}")
