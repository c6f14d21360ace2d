"""Small pictures of the images, decoded on workers while somebody looks at their rows."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from inspector.dataset import Dataset
from inspector.images import ByteBoundedCache, ImageProblem, decode_thumbnail, resolve_image
from widgets.subject import same_images

_CACHE_BYTES = 48 << 20
_OVERHEAD = 200
"""Bytes of an entry besides its pixels, about."""


class ThumbnailLoader(QObject):
    """Pictures that fill a box of one size, for one view.

    Each `request` replaces what is still waiting, so rows that were scrolled past are never decoded.
    """

    ready = Signal(int)
    """The picture of this image row, or the reason why there is none, has arrived."""

    _decoded = Signal(int, int, object)

    def __init__(self, size: QSize | None = None, *, threads: int = 2, parent: QObject | None = None) -> None:
        """`size` is the box in device pixels."""
        super().__init__(parent)
        self._size = size or QSize(36, 25)
        self._dataset: Dataset | None = None
        self._cache: ByteBoundedCache[int, QPixmap | str] = ByteBoundedCache(_CACHE_BYTES, _bytes_of)
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="thumbnail")
        self._threads = threads
        # what follows is shared with the workers
        self._lock = threading.Lock()
        self._wanted: deque[int] = deque()
        self._running: set[int] = set()
        self._generation = 0
        self._workers = 0
        self._closed = False
        self._decoded.connect(self._on_decoded, Qt.ConnectionType.QueuedConnection)

    @property
    def size(self) -> QSize:
        return self._size

    @property
    def is_busy(self) -> bool:
        """Whether a thumbnail is being decoded or waits for it."""
        with self._lock:
            return bool(self._wanted or self._running)

    def open(self, dataset: Dataset | None) -> None:
        """Decode the images of another data set from now on."""
        before, self._dataset = self._dataset, dataset
        if dataset is not before and not same_images(dataset, before):
            self._start_over()

    def set_size(self, size: QSize) -> None:
        """The box in device pixels; what was decoded for another one is forgotten."""
        if size != self._size and not size.isEmpty():
            self._size = size
            self._start_over()

    def pixmap(self, image_row: int) -> QPixmap | None:
        """None where it has not arrived, or never will."""
        found = self._cache.get(image_row)
        return found if isinstance(found, QPixmap) else None

    def problem(self, image_row: int) -> str:
        """Why there is no picture; "" where there is one, or it has not arrived."""
        found = self._cache.get(image_row)
        return found if isinstance(found, str) else ""

    def request(self, image_rows: Iterable[int]) -> None:
        """Decode these next, in this order, and nothing else that is still waiting."""
        wanted = [row for row in image_rows if row not in self._cache]
        with self._lock:
            if self._closed:
                return
            self._wanted = deque(row for row in wanted if row not in self._running)
            missing = min(self._threads, len(self._wanted)) - self._workers
            self._workers += max(0, missing)
        for _ in range(missing):
            self._executor.submit(self._work)

    def close(self) -> None:
        """Drop what is waiting, and wait for what is running."""
        with self._lock:
            self._closed = True
            self._wanted.clear()
            self._generation += 1
        self._executor.shutdown(wait=True)

    def _start_over(self) -> None:
        with self._lock:
            self._wanted.clear()
            self._running.clear()
            self._generation += 1
        self._cache.clear()

    def _work(self) -> None:
        """On a worker: decode until nothing is wanted."""
        while True:
            with self._lock:
                dataset, size, generation = self._dataset, self._size, self._generation
                if not self._wanted or dataset is None:
                    self._workers -= 1
                    return
                row = self._wanted.popleft()
                self._running.add(row)
            self._decoded.emit(generation, row, _decode(dataset, row, size))

    def _on_decoded(self, generation: int, image_row: int, result: QImage | str) -> None:
        with self._lock:
            if generation != self._generation:
                return
            self._running.discard(image_row)
        self._cache.put(image_row, result if isinstance(result, str) else QPixmap.fromImage(result))
        self.ready.emit(image_row)


def _decode(dataset: Dataset, image_row: int, size: QSize) -> QImage | str:
    """The middle of the image, filling the box; or why not."""
    images = dataset.images
    declared = (int(images.sizes[image_row, 0]), int(images.sizes[image_row, 1]))
    try:
        path = resolve_image(dataset.image_folder, images.file_names[image_row])
        # twice the box: an upright image has to fill its width
        pixels = decode_thumbnail(path, declared, 2 * size.height())
    except ImageProblem as problem:
        return problem.reason
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
    expand = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    scaled = image.scaled(size, expand, Qt.TransformationMode.SmoothTransformation)
    left, top = (scaled.width() - size.width()) // 2, (scaled.height() - size.height()) // 2
    return scaled.copy(left, top, size.width(), size.height())


def _bytes_of(entry: QPixmap | str) -> int:
    pixels = 0 if isinstance(entry, str) else entry.width() * entry.height() * 4
    return pixels + _OVERHEAD
