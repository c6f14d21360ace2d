"""Runs core functions on worker threads: tickets, progress, cancel, results queued to the window."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from inspector.errors import CancelledError
from inspector.progress import Progress

Result = TypeVar("Result")

_PROGRESS_INTERVAL = 0.05
"""Seconds between two progress reports that reach the window."""


@dataclass(eq=False)
class _Ticket:
    """One started job. Its reports count only while it is the newest of its kind."""

    kind: str
    on_done: Callable[[Any], None]
    on_error: Callable[[Exception], None]
    cancelled: threading.Event = field(default_factory=threading.Event)
    reported_at: float = 0.0


class Jobs(QObject):
    """Owns worker threads. Callbacks run on the thread of this object, which is the window's."""

    progressed = Signal(str, str, float)
    """kind, stage, fraction of the newest job of that kind."""
    activity_changed = Signal()
    """A job started, ended or was cancelled."""

    _progress = Signal(object, str, float)
    _ended = Signal(object, object, object)

    def __init__(self, threads: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="job")
        self._newest: dict[str, _Ticket] = {}
        self._closed = False
        self._progress.connect(self._on_progress, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        kind: str,
        work: Callable[[Progress], Result],
        on_done: Callable[[Result], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        """Run `work` on a worker; an older job of the same `kind` is cancelled and its result dropped.

        A cancelled job calls neither `on_done` nor `on_error`. After `close` nothing starts any more.
        """
        if self._closed:
            return
        self._drop(kind)
        ticket = _Ticket(kind, on_done, on_error)
        self._newest[kind] = ticket
        self._executor.submit(self._run, ticket, work)
        self.activity_changed.emit()

    def cancel(self, kind: str) -> bool:
        """Cancel the newest job of a kind; True if there was one."""
        if not self._drop(kind):
            return False
        self.activity_changed.emit()
        return True

    def is_running(self, kind: str) -> bool:
        return kind in self._newest

    def close(self) -> None:
        """Cancel everything and wait for the workers; nothing is terminated."""
        self._closed = True
        for kind in list(self._newest):
            self._drop(kind)
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _drop(self, kind: str) -> bool:
        ticket = self._newest.pop(kind, None)
        if ticket:
            ticket.cancelled.set()
        return ticket is not None

    def _run(self, ticket: _Ticket, work: Callable[[Progress], object]) -> None:
        """On the worker."""

        def progress(stage: str, fraction: float) -> None:
            if ticket.cancelled.is_set():
                raise CancelledError
            now = time.monotonic()
            if now - ticket.reported_at >= _PROGRESS_INTERVAL:
                ticket.reported_at = now
                self._progress.emit(ticket, stage, fraction)

        if ticket.cancelled.is_set():
            return
        try:
            result = work(progress)
        except CancelledError:
            return
        except Exception as error:  # whatever went wrong is shown to the person by the caller
            self._ended.emit(ticket, None, error)
        else:
            self._ended.emit(ticket, result, None)

    def _is_newest(self, ticket: _Ticket) -> bool:
        return self._newest.get(ticket.kind) is ticket

    def _on_progress(self, ticket: _Ticket, stage: str, fraction: float) -> None:
        if self._is_newest(ticket):
            self.progressed.emit(ticket.kind, stage, fraction)

    def _on_ended(self, ticket: _Ticket, result: object, error: Exception | None) -> None:
        if not self._is_newest(ticket):
            return
        del self._newest[ticket.kind]
        if error is None:
            ticket.on_done(result)
        else:
            ticket.on_error(error)
        self.activity_changed.emit()
