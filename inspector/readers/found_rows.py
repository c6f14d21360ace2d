"""Collects detections in the order of their files, by what those call images and classes."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np

from inspector.dataset import FileId
from inspector.readers.parts import Found, Keys
from inspector.reading import PIXELS, Convention

Called = tuple[FileId | None, str | None]
"""The id, and the name: None where a file gives none."""


class FoundRows:
    """Detections as they are read."""

    def __init__(self) -> None:
        self._images: dict[Called, int] = {}
        self._classes: dict[Called, int] = {}
        self._image_rows, self._class_rows = array("i"), array("i")
        self._boxes, self._scores = array("d"), array("d")

    def __len__(self) -> int:
        return len(self._scores)

    def image(self, item: FileId | None, name: str | None) -> int:
        """The number of an image: a new one, or the one that was called so before."""
        return self._images.setdefault((item, name), len(self._images))

    def class_of(self, item: FileId | None, name: str | None) -> int:
        """The number of a class."""
        return self._classes.setdefault((item, name), len(self._classes))

    def add(
        self, image: int, class_number: int, box: tuple[float, float, float, float], score: float
    ) -> None:
        """A detection; the four numbers stay as they are written."""
        self._image_rows.append(image)
        self._class_rows.append(class_number)
        self._boxes.extend(box)
        self._scores.append(score)

    def found(
        self,
        place: Callable[[int], str],
        convention: Convention = PIXELS,
        candidates: tuple[Convention, ...] = (),
    ) -> Found:
        """Everything in the order in which it was added."""
        return Found(
            images=_keys(self._images),
            classes=_keys(self._classes),
            image_rows=np.array(self._image_rows, np.int32),
            class_rows=np.array(self._class_rows, np.int32),
            boxes=np.array(self._boxes).reshape(-1, 4),
            scores=np.array(self._scores),
            place=place,
            convention=convention,
            candidates=candidates,
        )


def _keys(called: dict[Called, int]) -> Keys:
    return Keys(tuple(item for item, _ in called), tuple(name for _, name in called))
