"""Kernels on all processors: they release the interpreter's lock, so threads are enough."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from inspector.dataset import Dataset

PROCESSORS = os.cpu_count() or 1
Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(
    work: Callable[[Item], Result], items: Sequence[Item], ahead: int | None = None
) -> Generator[Result]:
    """The results of all items, in their order; at most `ahead` of them are made ahead (None: any number).

    Where the caller stops early, by an error or a cancel, what has not begun never begins. A caller that
    gives it a name closes it (`contextlib.closing`): an error keeps what has a name, and the collector of
    garbage would close it on any thread at any moment, also one that holds a lock which this needs.
    """
    threads = ThreadPoolExecutor(PROCESSORS, thread_name_prefix="parallel")
    running: deque[Future[Result]] = deque()
    try:
        for item in items:
            running.append(threads.submit(work, item))
            if ahead is not None and len(running) >= ahead:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    finally:
        threads.shutdown(wait=True, cancel_futures=True)


def image_blocks(dataset: Dataset, boxes: int) -> list[tuple[int, int]]:
    """First and end image rows of blocks of some `boxes` boxes each: what a kernel does in one call."""
    offsets = dataset.detections.offsets + dataset.objects.offsets
    cuts = np.searchsorted(offsets, np.arange(0, int(offsets[-1]) + boxes, boxes))
    cuts = np.unique(np.append(cuts.clip(0, len(dataset.images)), len(dataset.images)))
    return list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True))
