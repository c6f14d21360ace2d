"""The ways in which what a file calls images or classes can mean those of the ground truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Classes, FileId, Images, Rows
from inspector.parallel import in_order
from inspector.readers.parts import Keys
from inspector.reading import CLASSES_BY, IMAGES_BY

_BLOCK: Final = 200_000
"""Rows that are counted in one step: some milliseconds."""

Way = TypeVar("Way", bound=str)


def image_ways(images: Images, keys: Keys) -> dict[str, Rows]:
    """By each way int32 [keys]: the row of the image that each key means; -1: none, or more than one."""
    return {way: _image_rows(images, keys, way) for way in IMAGES_BY}


def class_ways(classes: Classes, keys: Keys) -> dict[str, Rows]:
    """By each way int32 [keys]: the row of the class that each key means; -1: none, or more than one."""
    known = {"id": (classes.ids, keys.ids), "name": (classes.names, keys.names)}
    return {way: _rows_of(*known[way]) for way in CLASSES_BY}


def choose(
    ways: Mapping[str, Rows], rows: Rows, keys: int, wish: str | None
) -> tuple[str, tuple[tuple[str, int], ...]]:
    """The wished way, or the first of those that place the most detections; and how many each places.

    `rows`: int32 [detections]: the key of each of them.
    """
    weights = _counts(rows, keys)
    counts = {way: int(weights[known >= 0].sum()) for way, known in ways.items()}
    best = wish if wish is not None else max(counts, key=lambda way: counts[way])
    return best, tuple(counts.items())


def _counts(rows: Rows, keys: int) -> NDArray[np.int64]:
    """int64 [keys]: how many detections have each."""
    counts = np.zeros(keys, np.int64)

    def count(start: int) -> NDArray[np.int64]:
        return np.bincount(rows[start : start + _BLOCK], minlength=keys)

    for part in in_order(count, range(0, len(rows), _BLOCK), 4):
        counts += part
    return counts


def _image_rows(images: Images, keys: Keys, way: str) -> Rows:
    if way == "id":
        return _rows_of(images.ids, keys.ids)
    spoken = {"path": _path, "name": _name, "stem": _stem}[way]
    called = [
        str(key) if name is None and key is not None else name
        for key, name in zip(keys.ids, keys.names, strict=True)
    ]
    return _rows_of(
        map(spoken, images.file_names), [None if name is None else spoken(name) for name in called]
    )


def _rows_of(known: Iterable[FileId], keys: Sequence[FileId | None]) -> Rows:
    names = list(known)
    several = Counter(names)
    rows = {name: row for row, name in enumerate(names) if several[name] == 1}
    return np.array([-1 if key is None else rows.get(key, -1) for key in keys], dtype=np.int32)


def _path(name: str) -> str:
    return name.replace("\\", "/")


def _name(name: str) -> str:
    return _path(name).rpartition("/")[2]


def _stem(name: str) -> str:
    last = _name(name)
    return last.rpartition(".")[0] or last
