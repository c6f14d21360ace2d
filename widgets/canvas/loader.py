"""Decodes images on workers: the newest wish first, and what nobody wants any more not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from inspector.dataset import Dataset
from inspector.images import ByteBoundedCache, ImagePixels, ImageProblem, decode, resolve_image
from widgets.session import Session
from widgets.subject import same_images

Decode = Callable[[Path, tuple[int, int] | None], ImagePixels]

_CACHE_BYTES = 512 << 20
_BYTES_PER_PIXEL = 16 / 3
"""Four bytes, and a third more for the smaller levels."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ticket:
    """One image of one opened dataset."""

    dataset: Dataset
    image_row: int


class ImageLoader(QObject):
    """Pictures by image row of the session's dataset."""

    loaded = Signal(int)
    """`picture` now answers for this image row."""

    _ended = Signal(object, object)

    def __init__(
        self,
        session: Session,
        parent: QObject | None = None,
        *,
        decode: Decode = decode,
        threads: int = 2,
        max_bytes: int = _CACHE_BYTES,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._decode = decode
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="image")
        self._cache: ByteBoundedCache[int, ImagePixels] = ByteBoundedCache(max_bytes, lambda it: it.nbytes)
        self._problems: dict[int, ImageProblem] = {}
        self._dataset: Dataset | None = None
        self._current: int | None = None
        self._current_pixels: ImagePixels | None = None
        self._neighbours: tuple[int, ...] = ()
        self._lock = threading.Lock()
        # Both are shared with the workers, under the lock.
        self._waiting: list[_Ticket] = []
        self._in_flight: dict[int, _Ticket] = {}
        self._closed = False
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        session.dataset_changed.connect(self._follow_dataset)
        self._follow_dataset()

    def request(self, image_row: int) -> None:
        """Decode this image before any other; it is kept until another one is requested."""
        self._follow_dataset()
        if image_row != self._current:
            self._current, self._current_pixels = image_row, self._cache.get(image_row)
            self._problems.pop(image_row, None)  # the file may have come back since
        self._schedule()

    def prefetch(self, image_rows: Sequence[int]) -> None:
        """Then decode these, the most wanted first, and forget about those wished for earlier."""
        self._follow_dataset()
        self._neighbours = tuple(row for row in image_rows if self._is_small(row))
        self._schedule()

    def picture(self, image_row: int) -> ImagePixels | ImageProblem | None:
        """The pixels, or why there are none; None while that is not known."""
        self._follow_dataset()
        if image_row == self._current and self._current_pixels is not None:
            return self._current_pixels
        return self._problems.get(image_row) or self._cache.get(image_row)

    @property
    def is_busy(self) -> bool:
        """Whether an image is being decoded or waits for it."""
        with self._lock:
            return bool(self._waiting or self._in_flight)

    def close(self) -> None:
        """Drop what waits and wait for what runs."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _follow_dataset(self) -> None:
        """Rows mean other images in another dataset, unless it was made of the same images."""
        before, self._dataset = self._dataset, self._session.dataset
        if self._dataset is before or same_images(self._dataset, before):
            return
        self._cache.clear()
        self._problems.clear()
        self._current = self._current_pixels = None
        self._neighbours = ()
        with self._lock:
            self._waiting.clear()
            self._in_flight.clear()

    def _is_small(self, image_row: int) -> bool:
        """Whether the image leaves room for others; a huge neighbour would push the shown image out."""
        if self._dataset is None or not 0 <= image_row < len(self._dataset.images):
            return False
        width, height = self._dataset.images.sizes[image_row].tolist()
        return bool(width * height * _BYTES_PER_PIXEL <= self._cache.max_bytes / 4)

    def _schedule(self) -> None:
        dataset = self._dataset
        if dataset is None or self._current is None:
            return
        rows = dict.fromkeys((self._current, *self._neighbours))
        missing = [row for row in rows if not self._is_known(row)]
        with self._lock:
            if self._closed:
                return
            self._waiting = [_Ticket(dataset, row) for row in missing if row not in self._in_flight]
            takers = len(self._waiting)
        for _ in range(takers):
            self._executor.submit(self._take)

    def _is_known(self, image_row: int) -> bool:
        if image_row == self._current and self._current_pixels is not None:
            return True
        return image_row in self._problems or image_row in self._cache

    def _take(self) -> None:
        """On a worker: decode whatever is wanted most by now, which may be nothing."""
        with self._lock:
            if not self._waiting:
                return
            ticket = self._waiting.pop(0)
            self._in_flight[ticket.image_row] = ticket
        result: ImagePixels | ImageProblem
        try:
            result = self._decoded(ticket)
        except ImageProblem as problem:
            result = problem
        except Exception as error:  # one image cannot be shown; the program goes on
            result = ImageProblem(f"{type(error).__name__}: {error}")
        self._ended.emit(ticket, result)

    def _decoded(self, ticket: _Ticket) -> ImagePixels:
        dataset, row = ticket.dataset, ticket.image_row
        path = resolve_image(dataset.image_folder, dataset.images.file_names[row])
        width, height = dataset.images.sizes[row].tolist()
        return self._decode(path, (width, height) if width > 0 and height > 0 else None)

    def _on_ended(self, ticket: _Ticket, result: ImagePixels | ImageProblem) -> None:
        with self._lock:
            wanted = not self._closed and self._in_flight.get(ticket.image_row) is ticket
            if wanted:
                del self._in_flight[ticket.image_row]
        if not wanted:
            return
        row = ticket.image_row
        if isinstance(result, ImageProblem):
            self._problems[row] = result
        else:
            self._cache.put(row, result)
            if row == self._current:
                self._current_pixels = result
        self.loaded.emit(row)
