"""Decodes the masks of the images that are looked at, on a worker."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal

from inspector.dataset import Dataset
from inspector.progress import Progress
from widgets.canvas.mask_shapes import ImageMasks, has_masks, masks_of
from widgets.jobs import Jobs
from widgets.session import Session

_KEPT = 8
"""Images."""


class MaskLoader(QObject):
    """Masks by image row of the session's dataset; those of the last few images are kept."""

    loaded = Signal(int)
    """`masks` now answers for this image row."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = Jobs(threads=1, parent=self)
        self._dataset: Dataset | None = None
        self._kept: OrderedDict[int, ImageMasks] = OrderedDict()
        self._wanted: int | None = None

    @property
    def is_busy(self) -> bool:
        return self._jobs.is_running("masks")

    def masks(self, image_row: int) -> ImageMasks | None:
        """None while they are decoded, and where there are none."""
        self._follow_dataset()
        dataset = self._dataset
        if dataset is None or not has_masks(dataset):
            return None
        found = self._kept.get(image_row)
        if found is not None:
            self._kept.move_to_end(image_row)
        elif self._wanted != image_row:
            self._start(dataset, image_row)
        return found

    def close(self) -> None:
        """Cancel what is being decoded, and wait for it."""
        self._jobs.close()

    def _start(self, dataset: Dataset, image_row: int) -> None:
        self._wanted = image_row

        def work(progress: Progress) -> ImageMasks:
            return masks_of(dataset, image_row, progress)

        def done(masks: ImageMasks) -> None:
            self._wanted = None
            self._kept[image_row] = masks
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            self.loaded.emit(image_row)

        self._jobs.start("masks", work, done, _raise)

    def _follow_dataset(self) -> None:
        """Rows mean other boxes in another dataset, also where the images are the same."""
        if self._session.dataset is not self._dataset:
            self._dataset = self._session.dataset
            self._jobs.cancel("masks")
            self._kept.clear()
            self._wanted = None


def _raise(error: Exception) -> None:
    raise error
