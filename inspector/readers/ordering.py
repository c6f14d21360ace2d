"""The order of rows that the dataset promises, found without holding up other threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise
from operator import lt
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import FileId, Floats, Offsets, Rows
from inspector.kernels.ready import make_ready
from inspector.parallel import PROCESSORS, in_order
from inspector.pauses import sorted_in_steps
from inspector.progress import Progress

_ROWS_PER_STEP = 100_000
_ROWS_PER_CALL = 400_000
"""Of a kernel: some 20 to 40 ms."""
_MANY = 200_000
"""From so many rows on, compiled kernels are worth loading."""

Scalar = TypeVar("Scalar", bound=np.generic)


def numbers_of(names: Sequence[str]) -> Rows | None:
    """int32 [names]: how many equal ones stand before each; None where all differ."""
    if len(set(names)) == len(names):
        return None
    seen: Counter[str] = Counter()
    numbers = np.zeros(len(names), dtype=np.int32)
    for row, name in enumerate(names):
        numbers[row] = seen[name]
        seen[name] += 1
    return numbers


def sorted_ids(ids: Iterable[FileId]) -> list[FileId]:
    """The ids in ascending order, integers before strings."""
    numbers: list[int] = []
    texts: list[str] = []
    for item in ids:
        if isinstance(item, str):
            texts.append(item)
        else:
            numbers.append(item)
    if all(map(lt, numbers, islice(numbers, 1, None))) and not texts:  # as nearly always
        return [*numbers]
    return [*sorted_in_steps(numbers), *sorted_in_steps(texts)]


def offsets_of(image_rows: Rows, images: int) -> Offsets:
    """int64 [images + 1]: where the rows of each image begin in the ascending `image_rows`."""
    return np.searchsorted(image_rows, np.arange(images + 1)).astype(np.int64)


def dataset_order(
    images: Rows, classes: Rows, scores: Floats | None, count: int, progress: Progress, stage: str
) -> Rows:
    """int32 [rows]: the rows by image, class, descending score (if there are scores) and position.

    `count`: how many images there are. Works on some images at a time, so that it can be cancelled.
    """
    progress(stage, 0.0)
    if len(images) > _MANY:
        return _quick_order(images, classes, scores, count, progress, stage)
    order = _image_order(images, count)
    offsets = offsets_of(images[order], count)
    begin = 0
    while begin < len(order):
        progress(stage, begin / len(order))
        image = int(np.searchsorted(offsets, begin + _ROWS_PER_STEP))
        end = int(offsets[image]) if image <= count else len(order)
        step = order[begin:end]
        by_class = classes[step], images[step]
        keys = by_class if scores is None else (-scores[step], *by_class)
        order[begin:end] = step[np.lexsort(keys)]
        begin = end
    return order


def _quick_order(
    images: Rows, classes: Rows, scores: Floats | None, count: int, progress: Progress, stage: str
) -> Rows:
    """The same by kernels, on all processors: worth loading them for, where there are many rows."""
    make_ready(progress, ["ordering"])
    from inspector.kernels import ordering

    offsets, order = np.empty(count + 1, np.int64), np.empty(len(images), np.int32)
    ordering.count_keys(images, offsets)
    by_score = np.zeros(len(images)) if scores is None else scores
    share = min(_ROWS_PER_CALL, len(images) // PROCESSORS + 1)
    cuts = np.searchsorted(offsets, np.arange(0, len(images), share))
    cuts = np.unique(np.append(cuts, (0, count))).tolist()

    def sort(part: tuple[int, int]) -> None:
        ordering.sort_images(*part, offsets, images, classes, by_score, order)

    parts = list(pairwise(cuts))
    for number, _ in enumerate(in_order(sort, parts)):
        progress(stage, number / len(parts))
    return order


def reorder(column: NDArray[Scalar], order: Rows) -> NDArray[Scalar]:
    """column[order], on all processors where it is long."""
    if len(order) <= _MANY:
        return column[order]
    moved = np.empty_like(column, shape=(len(order), *column.shape[1:]))

    def move(start: int) -> None:
        part = slice(start, start + _ROWS_PER_CALL)
        # mode: without it `take` fills a copy first, because an index could turn out to be wrong
        column.take(order[part], axis=0, out=moved[part], mode="clip")

    for _ in in_order(move, range(0, len(order), _ROWS_PER_CALL)):
        pass
    return moved


def _image_order(images: Rows, count: int) -> Rows:
    """A stable sort by image, 16 bits at a time: only those are sorted by radix, ten times as fast."""
    order = np.argsort((images & 0xFFFF).astype(np.uint16), kind="stable")
    if count > 1 << 16:
        high = (images >> 16).astype(np.uint16)
        order = order[np.argsort(high[order], kind="stable")]
    return order.astype(np.int32)
