"""Other objects for a dataset: some go, some change, some come. Everything else of it stays as it is."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, FileId, Flags, Labels, Masks, Objects, Rows
from inspector.masks import offsets_of, rows_of, runs
from inspector.refs import BoxRef, Side
from inspector.review.verdicts import Box

Scalar = TypeVar("Scalar", bound=np.generic)

_LARGEST_ID: Final = 2**53 - 1
"""Beyond it, programs that read numbers as floats no longer tell ids apart."""


@dataclass(frozen=True, slots=True)
class Added:
    """An object that the files do not hold."""

    image_row: int
    name: int
    """Position in the names of classes: `inspector.review.corrections.class_names`."""
    box: Box
    crowd: bool = False
    mask_of: BoxRef | None = None
    """The box whose mask it gets, if that has one."""


class Edit:
    """Collects what is to be changed; the dataset itself stays as it is."""

    def __init__(self, dataset: Dataset) -> None:
        objects = dataset.objects
        self.dataset = dataset
        self.kept: Flags = np.ones(len(objects), dtype=np.bool_)
        self.crowd: Flags = objects.crowd.copy()
        self._classes = objects.classes.copy()
        self._names = None if dataset.labels is None else dataset.labels.objects.copy()
        self._boxes, self._areas = objects.boxes.copy(), objects.areas.copy()
        self._unmasked: Flags = np.zeros(len(objects), dtype=np.bool_)
        self._added: list[Added] = []

    def rename(self, row: int, name: int) -> None:
        """Give an object another class."""
        if self._names is None:
            self._classes[row] = name
        else:
            self._names[row] = name

    def move(self, row: int, box: Box) -> None:
        """Give an object another box, with its area, and no mask."""
        self._boxes[row], self._areas[row], self._unmasked[row] = box, box[2] * box[3], True

    def add(self, added: Added) -> None:
        self._added.append(added)

    def result(self) -> Dataset:
        """The dataset with other objects, in the contract's order: changed ones keep their positions."""
        objects, added, labels = self.dataset.objects, self._added, self.dataset.labels
        images = _joined(objects.images, [item.image_row for item in added])
        classes = _joined(self._classes, [item.name if labels is None else 0 for item in added])
        next_position = int(objects.positions.max(initial=-1)) + 1
        positions = _joined(objects.positions, range(next_position, next_position + len(added)))
        kept = np.flatnonzero(_joined(self.kept, [True] * len(added)))
        order = kept[np.lexsort((positions[kept], classes[kept], images[kept]))]
        new_boxes = np.array([item.box for item in added], dtype=np.float64).reshape(-1, 4)
        return replace(
            self.dataset,
            objects=Objects(
                ids=_ids(objects.ids, len(added))[order],
                positions=positions[order],
                images=images[order],
                classes=classes[order],
                boxes=np.concatenate((self._boxes, new_boxes))[order],
                areas=_joined(self._areas, map(self._area, added))[order],
                crowd=_joined(self.crowd, [item.crowd for item in added])[order],
                difficult=_joined(objects.difficult, [False] * len(added))[order],
                offsets=np.searchsorted(images[order], np.arange(len(self.dataset.images) + 1)).astype(
                    np.int64
                ),
                masks=self._masks(order),
            ),
            labels=labels and self._labels(labels, order),
            content=None,
        )

    def _labels(self, labels: Labels, order: NDArray[np.int64]) -> Labels:
        assert self._names is not None
        return replace(labels, objects=_joined(self._names, [item.name for item in self._added])[order])

    def _area(self, added: Added) -> float:
        return new_area(self.dataset, added.box, added.mask_of)

    def _masks(self, order: NDArray[np.int64]) -> Masks | None:
        """Those of the objects, then those of what was added, then none: rows of all of them."""
        masks = self.dataset.objects.masks
        if masks is None:
            return None
        found = [mask_of(self.dataset, item.mask_of) for item in self._added]
        nothing = (np.zeros(2, np.int32), np.empty(0, np.uint8))
        sizes, codes = zip(*[nothing if mask is None else mask for mask in (*found, None)], strict=True)
        lengths = np.concatenate((np.diff(masks.offsets), [len(code) for code in codes]))
        all_masks = Masks(
            np.concatenate((masks.sizes, np.stack(sizes))),
            offsets_of(lengths),
            np.concatenate((masks.codes, *codes)),
        )
        rows = np.where(_joined(self._unmasked, [False] * len(self._added))[order], len(lengths) - 1, order)
        return rows_of(all_masks, rows.astype(np.int32))


def mask_of(dataset: Dataset, ref: BoxRef | None) -> tuple[Rows, NDArray[np.uint8]] | None:
    """Size (int32 [2]: height, width) and compressed run lengths of a mask; None where a box has none."""
    if ref is None:
        return None
    masks = (dataset.objects if ref.kind is Side.OBJECT else dataset.detections).masks
    if masks is None or not masks.sizes[ref.row].all():
        return None
    return masks.sizes[ref.row], masks.codes[masks.offsets[ref.row] : masks.offsets[ref.row + 1]]


def new_area(dataset: Dataset, box: Box, mask: BoxRef | None) -> float:
    """Square pixels of an added object: of the mask that it gets, else of its box."""
    masks = None if mask is None or dataset.objects.masks is None else mask_of(dataset, mask)
    if mask is None or masks is None:
        return box[2] * box[3]
    side = dataset.objects if mask.kind is Side.OBJECT else dataset.detections
    assert side.masks is not None
    return float(runs(side.masks, mask.row)[1::2].sum())


def unused_ids(used: Collection[FileId], count: int) -> list[int]:
    """Ids that nothing has: above the largest number, or where that is too large, the first free ones.

    Never 0, which the COCO API takes for "no match".
    """
    start = max(1, max((item for item in used if isinstance(item, int)), default=0) + 1)
    if start <= _LARGEST_ID - count:
        return list(range(start, start + count))
    taken = set(used)
    free = (number for number in itertools.count(1) if number not in taken)
    return list(itertools.islice(free, count))


def _ids(ids: NDArray[np.int64] | NDArray[np.object_], count: int) -> NDArray[np.int64] | NDArray[np.object_]:
    new = unused_ids(ids.tolist(), count) if count else []
    return np.concatenate((ids, np.array(new, dtype=ids.dtype)))


def _joined(column: NDArray[Scalar], new: Iterable[object]) -> NDArray[Scalar]:
    return np.concatenate((column, np.array([*new], dtype=column.dtype)))
