"""Making way for other threads during work that consists of many short steps."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable
from typing import TypeVar

_SORTED_AT_ONCE = 20_000
Sortable = TypeVar("Sortable", int, str)
_EVERY = 0.004
_PAUSE = 0.0001


class Pauses:
    """Called between short steps; every few milliseconds it sleeps for a moment.

    Without it the window's thread can starve, although no step is long: whenever numpy drops the
    interpreter's lock for a moment, the waiting thread is woken, finds the lock taken again and starts its
    waiting time anew, so that it never gets to demand the lock. Gaps of 150 ms were measured without, of
    10 ms with pauses.
    """

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def __call__(self) -> None:
        """Let others run if it is time."""
        if time.perf_counter() - self._last > _EVERY:
            time.sleep(_PAUSE)
            self._last = time.perf_counter()


def sorted_in_steps(items: Iterable[Sortable]) -> list[Sortable]:
    """sorted(items), without stopping every other thread where there are many."""
    listed = list(items)
    starts = range(0, len(listed), _SORTED_AT_ONCE)
    if len(starts) <= 1:
        return sorted(listed)
    # Parts are sorted and then merged in Python, which makes way for others.
    return list(heapq.merge(*(sorted(listed[start : start + _SORTED_AT_ONCE]) for start in starts)))
