"""Decodes the crops that the grid shows, on workers: what is visible first, and nothing that is not."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from inspector.dataset import Dataset
from inspector.images import Box, ByteBoundedCache, Crop, ImageProblem, decode_crops, resolve_image
from widgets.subject import same_images

_CACHE_BYTES = 128 << 20
"""Several screens full of crops."""
_OVERHEAD = 500
"""Bytes of an entry besides its pixels, about."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A box on an image."""

    image_row: int
    box: Box


@dataclass(frozen=True, slots=True)
class Form:
    """How crops are to be made."""

    side: int
    """The longer side in device pixels."""
    context: float
    """What is shown around the box on each side, in lengths of its longer side."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A crop that can be painted."""

    pixmap: QPixmap
    area: Box
    """What it shows, in page pixels."""
    form: Form


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    """What one worker makes at a time."""

    dataset: Dataset
    image_row: int
    boxes: tuple[Box, ...]
    form: Form


class CropLoader(QObject):
    """Each `request` replaces what is still waiting, so what was scrolled past is never decoded."""

    ready = Signal(int)
    """Crops of this image row, or the reason why there are none, have arrived."""

    _ended = Signal(object, object)

    def __init__(
        self, parent: QObject | None = None, *, threads: int = 2, max_bytes: int = _CACHE_BYTES
    ) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._cache: ByteBoundedCache[Wanted, Picture] = ByteBoundedCache(max_bytes, _bytes_of)
        self._problems: dict[int, str] = {}
        self._threads = threads
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="crop")
        # what follows is shared with the workers, under the lock
        self._lock = threading.Lock()
        self._waiting: list[_Batch] = []
        self._running: list[_Batch] = []
        self._workers = 0
        self._closed = False
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether a crop is being made or waits for it."""
        with self._lock:
            return bool(self._waiting or self._running)

    @property
    def nbytes(self) -> int:
        """Bytes of the crops that are kept."""
        return self._cache.nbytes

    def open(self, dataset: Dataset | None) -> None:
        """Cut crops from the images of another data set from now on."""
        before, self._dataset = self._dataset, dataset
        if dataset is not before and not same_images(dataset, before):
            with self._lock:
                self._waiting.clear()
                self._running.clear()
            self._cache.clear()
            self._problems.clear()

    def picture(self, wanted: Wanted) -> Picture | None:
        """What there is, maybe in another form; None where nothing has arrived, or never will."""
        return self._cache.get(wanted)

    def problem(self, image_row: int) -> str:
        """Why an image has no crops; "" where it has, or where that is not known yet."""
        return self._problems.get(image_row, "")

    def request(self, wanted: Iterable[Wanted], form: Form) -> None:
        """Make these next, in this order, and nothing else that is still waiting."""
        dataset = self._dataset
        if dataset is None or dataset.image_folder is None:
            return
        missing: dict[int, dict[Box, None]] = {}
        for one in wanted:
            if one.image_row not in self._problems and not self._is_made(one, form):
                missing.setdefault(one.image_row, {})[one.box] = None
        with self._lock:
            if self._closed:
                return
            self._waiting = self._batches(dataset, missing, form)
            more = min(self._threads, len(self._waiting)) - self._workers
            self._workers += max(0, more)
        for _ in range(more):
            self._executor.submit(self._work)

    def close(self) -> None:
        """Drop what is waiting, and wait for what is running."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
            self._running.clear()
        self._executor.shutdown(wait=True)

    def _is_made(self, wanted: Wanted, form: Form) -> bool:
        found = self._cache.get(wanted)
        return found is not None and found.form == form

    def _batches(self, dataset: Dataset, missing: Mapping[int, Iterable[Box]], form: Form) -> list[_Batch]:
        """One per image, without what is being made."""
        made = {
            (batch.image_row, box) for batch in self._running if batch.form == form for box in batch.boxes
        }
        batches = []
        for image_row, boxes in missing.items():
            rest = tuple(box for box in boxes if (image_row, box) not in made)
            if rest:
                batches.append(_Batch(dataset, image_row, rest, form))
        return batches

    def _work(self) -> None:
        """On a worker: make crops until none is wanted."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._workers -= 1
                    return
                batch = self._waiting.pop(0)
                self._running.append(batch)
            self._ended.emit(batch, _made(batch))

    def _on_ended(self, batch: _Batch, made: list[Crop] | str) -> None:
        with self._lock:
            if batch not in self._running:  # of a dataset that is gone, or closed
                return
            self._running.remove(batch)
        if isinstance(made, str):
            self._problems[batch.image_row] = made
        else:
            for box, crop in zip(batch.boxes, made, strict=True):
                picture = Picture(_pixmap(crop), crop.area, batch.form)
                self._cache.put(Wanted(batch.image_row, box), picture)
        self.ready.emit(batch.image_row)


def _made(batch: _Batch) -> list[Crop] | str:
    """The crops of one image, or why there are none."""
    images, row = batch.dataset.images, batch.image_row
    declared = (int(images.sizes[row, 0]), int(images.sizes[row, 1]))
    try:
        path = resolve_image(batch.dataset.image_folder, images.file_names[row])
        return decode_crops(path, declared, batch.boxes, batch.form.context, batch.form.side)
    except ImageProblem as problem:
        return problem.reason
    except Exception as error:  # one image cannot be shown; the program goes on
        return f"{type(error).__name__}: {error}"


def _pixmap(crop: Crop) -> QPixmap:
    height, width = crop.pixels.shape[:2]
    return QPixmap.fromImage(QImage(crop.pixels.data, width, height, width * 4, QImage.Format.Format_RGB32))


def _bytes_of(picture: Picture) -> int:
    return picture.pixmap.width() * picture.pixmap.height() * 4 + _OVERHEAD
