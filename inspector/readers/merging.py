"""Ground truth of several files as one, with a split for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Classes, FileId, Images, Masks, Objects, Rows, Splits
from inspector.masks import offsets_of as code_offsets
from inspector.masks import rows_of
from inspector.progress import Progress
from inspector.readers.ordering import dataset_order, numbers_of, offsets_of, reorder, sorted_ids
from inspector.readers.parts import GroundTruth

Scalar = TypeVar("Scalar", bound=np.generic)

STAGE = "Sorting ground truth"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The ground truth of one split."""

    split: str
    file_names: tuple[str, ...]
    """What its images are called among all."""
    truth: GroundTruth


def merged(parts: Sequence[Part], image_folder: Path | None, progress: Progress) -> GroundTruth:
    """All parts as one data set.

    Ids that repeat are not used: such an image goes by its name. Classes are the same where their names are;
    where their ids do not say the same in all parts, the names are the ids.
    """
    images, image_rows, splits = _images(parts)
    classes, class_rows = _classes([part.truth.classes for part in parts])
    objects = _objects([part.truth.objects for part in parts], image_rows, class_rows, len(images), progress)
    return GroundTruth(images, classes, objects, splits, image_folder)


def _images(parts: Sequence[Part]) -> tuple[Images, list[Rows], Splits]:
    several = Counter(item for part in parts for item in part.truth.images.ids)
    ids: list[FileId] = []
    names: list[str] = []
    for part in parts:
        for item, name in zip(part.truth.images.ids, part.file_names, strict=True):
            ids.append(name if several[item] > 1 else item)
            names.append(name)
    if len(set(ids)) < len(ids):  # names that repeat, too: what is left is the place
        ids = list(range(len(ids)))
    row_of = {item: row for row, item in enumerate(sorted_ids(ids))}
    rows = np.fromiter((row_of[item] for item in ids), np.int32, len(ids))
    order = np.empty(len(rows), np.int64)
    order[rows] = np.arange(len(rows))
    sizes = np.concatenate([part.truth.images.sizes for part in parts])[order]
    file_names = tuple(names[at] for at in order.tolist())
    lengths = [len(part.truth.images) for part in parts]
    split_rows = np.repeat(np.arange(len(parts), dtype=np.int32), lengths)[order]
    images = Images(tuple(row_of), file_names, sizes, numbers_of(file_names))
    return images, _cut(rows, lengths), Splits(tuple(part.split for part in parts), split_rows)


def _classes(parts: Sequence[Classes]) -> tuple[Classes, list[Rows]]:
    pairs = {pair for part in parts for pair in zip(part.ids, part.names, strict=True)}
    by_id = len({item for item, _ in pairs}) == len(pairs)
    named: dict[FileId, str] = dict(pairs) if by_id else {name: name for _, name in pairs}
    ids = sorted_ids(named)
    row_of = {item: row for row, item in enumerate(ids)}
    rows = [
        np.array([row_of[item] for item in (part.ids if by_id else part.names)], np.int32) for part in parts
    ]
    return Classes(tuple(ids), tuple(named[item] for item in ids)), rows


def _objects(
    parts: Sequence[Objects],
    image_rows: Sequence[Rows],
    class_rows: Sequence[Rows],
    count: int,
    progress: Progress,
) -> Objects:
    images = _joined(rows[part.images] for rows, part in zip(image_rows, parts, strict=True))
    classes = _joined(rows[part.classes] for rows, part in zip(class_rows, parts, strict=True))
    firsts = np.cumsum([0, *(int(part.positions.max(initial=-1)) + 1 for part in parts)])[:-1]
    positions = _joined(part.positions + first for part, first in zip(parts, firsts, strict=True))
    order = dataset_order(images, classes, None, count, progress, STAGE)
    images = reorder(images, order)
    masks = _masks(parts)
    return Objects(
        ids=_ids(parts, positions)[order],
        positions=reorder(positions, order),
        images=images,
        classes=reorder(classes, order),
        boxes=reorder(_joined(part.boxes for part in parts), order),
        areas=reorder(_joined(part.areas for part in parts), order),
        crowd=reorder(_joined(part.crowd for part in parts), order),
        difficult=reorder(_joined(part.difficult for part in parts), order),
        offsets=offsets_of(images, count),
        masks=None if masks is None else rows_of(masks, order),
    )


def _ids(parts: Sequence[Objects], positions: NDArray[np.int64]) -> NDArray[np.int64] | NDArray[np.object_]:
    """The ids of the files where no two parts have the same; else the positions among all."""
    ids = np.concatenate([part.ids for part in parts])
    own = sum(len(set(part.ids.tolist())) for part in parts)
    return ids if len(set(ids.tolist())) == own else positions


def _masks(parts: Sequence[Objects]) -> Masks | None:
    if all(part.masks is None for part in parts):
        return None
    sizes, lengths, codes = [], [], []
    for part in parts:
        if part.masks is None:
            sizes.append(np.zeros((len(part), 2), np.int32))
            lengths.append(np.zeros(len(part), np.int64))
        else:
            sizes.append(part.masks.sizes)
            lengths.append(np.diff(part.masks.offsets))
            codes.append(part.masks.codes)
    return Masks(np.concatenate(sizes), code_offsets(np.concatenate(lengths)), np.concatenate(codes))


def _joined(columns: Iterable[NDArray[Scalar]]) -> NDArray[Scalar]:
    return np.concatenate(list(columns))


def _cut(rows: Rows, lengths: Sequence[int]) -> list[Rows]:
    return np.split(rows, np.cumsum(lengths)[:-1])
