"""Which cells of the grid are selected, and which is current."""

from __future__ import annotations

import numpy as np

from inspector.dataset import Flags
from widgets.gallery.items import Positions


class Selection:
    """Positions only. Whoever changes it tells the others."""

    def __init__(self, count: int = 0) -> None:
        self._chosen: Flags = np.zeros(count, dtype=np.bool_)
        self._current: int | None = None
        self._anchor = 0
        self._is_elsewhere = False

    @property
    def current(self) -> int | None:
        """Where the keys go on from; it need not be selected."""
        return self._current

    @property
    def cursor(self) -> int | None:
        """What is marked as current: nothing where something else is looked at."""
        return None if self._is_elsewhere else self._current

    @property
    def count(self) -> int:
        return int(np.count_nonzero(self._chosen))

    def positions(self) -> Positions:
        """Ascending."""
        return np.flatnonzero(self._chosen)

    def __contains__(self, position: int) -> bool:
        return bool(self._chosen[position])

    def clear(self) -> None:
        """Something else is looked at; the arrows go on from where they were."""
        self._chosen[:] = False
        self._is_elsewhere = True

    def choose(self, position: int) -> None:
        """This one alone."""
        self._chosen[:] = False
        self._chosen[position] = True
        self._current = self._anchor = position
        self._is_elsewhere = False

    def toggle(self, position: int) -> None:
        """Add it, or take it out."""
        self._chosen[position] = not self._chosen[position]
        self._current = self._anchor = position
        self._is_elsewhere = False

    def extend(self, position: int, *, add: bool) -> None:
        """All from where the last single one was chosen up to this one; with `add`, besides the others."""
        if not add:
            self._chosen[:] = False
        low, high = sorted((self._anchor, position))
        self._chosen[low : high + 1] = True
        self._current = position
        self._is_elsewhere = False

    def move(self, position: int) -> None:
        """Make it current and leave selected what is."""
        self._current = position
        self._is_elsewhere = False

    def choose_all(self) -> None:
        self._chosen[:] = True
        self._is_elsewhere = False
        if self._current is None and len(self._chosen):
            self._current = 0

    def restore(self, chosen: Flags, current: int | None) -> None:
        """What was selected, and where it is among other items; nothing is chosen beyond `chosen`."""
        self._chosen, self._current = chosen, current
        self._is_elsewhere = not chosen.any()
        self._anchor = current or 0
