"""A cache that knows how many bytes it holds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class ByteBoundedCache(Generic[K, V]):
    """Keeps the most recently used values whose sizes add up to at most `max_bytes`. Thread-safe."""

    def __init__(self, max_bytes: int, size_of: Callable[[V], int]) -> None:
        """`size_of` gives a value's bytes; it is asked once, when the value is put."""
        if max_bytes < 0:
            raise ValueError(f"max_bytes must not be negative: {max_bytes}")
        self._max_bytes = max_bytes
        self._size_of = size_of
        self._items: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._nbytes = 0
        self._lock = threading.Lock()

    @property
    def max_bytes(self) -> int:
        """The bound in bytes."""
        return self._max_bytes

    @property
    def nbytes(self) -> int:
        """Bytes held now, never more than `max_bytes`."""
        with self._lock:
            return self._nbytes

    def __len__(self) -> int:
        with self._lock:
            return len(self._items)

    def __contains__(self, key: object) -> bool:
        """Whether the key is held; asking does not count as a use."""
        with self._lock:
            return key in self._items

    def get(self, key: K) -> V | None:
        """The value, which now counts as the most recently used; None where the key is not held."""
        with self._lock:
            item = self._items.get(key)
            if item is None:
                return None
            self._items.move_to_end(key)
            return item[0]

    def put(self, key: K, value: V) -> bool:
        """Hold `value` and let the least recently used ones go; False where it alone exceeds the bound."""
        size = self._size_of(value)
        if size < 0:
            raise ValueError(f"a value cannot have a negative size: {size}")
        # What is dropped is collected, to be freed outside the lock: freeing a large image takes time.
        dropped: list[tuple[V, int]] = []
        with self._lock:
            previous = self._items.pop(key, None)
            if previous is not None:
                self._nbytes -= previous[1]
                dropped.append(previous)
            fits = size <= self._max_bytes
            if fits:
                self._items[key] = (value, size)
                self._nbytes += size
            while self._nbytes > self._max_bytes:
                oldest = self._items.popitem(last=False)[1]
                self._nbytes -= oldest[1]
                dropped.append(oldest)
        return fits

    def discard(self, key: K) -> None:
        """Let one value go; nothing happens where it is not held."""
        with self._lock:
            item = self._items.pop(key, None)
            if item is not None:
                self._nbytes -= item[1]

    def clear(self) -> None:
        """Let everything go."""
        with self._lock:
            items, self._items = self._items, OrderedDict()
            self._nbytes = 0
        items.clear()
