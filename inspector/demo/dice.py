"""Random numbers that come out the same on every platform and Python version."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A seeded source of random numbers.

    Only `random.Random.random` and plain arithmetic are used: no logarithm or cosine of the platform's
    mathematics library takes part, so the last digit cannot differ from one system to another.
    """

    def __init__(self, *seed: int) -> None:
        combined = 0
        for part in seed:
            combined = combined * 1_000_003 + part
        self.unit = random.Random(combined).random
        """A float in [0, 1)."""

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        return self.unit() < probability

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self.unit() * len(choices))]

    def normal(self) -> float:
        """Close to a standard normal number: the sum of twelve uniform ones, always within ±6."""
        return sum(self.unit() for _ in range(12)) - 6.0

    def beta(self, a: int, b: int) -> float:
        """A Beta(a, b) number: the a-th smallest of a + b - 1 uniform ones."""
        return sorted(self.unit() for _ in range(a + b - 1))[a - 1]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = int(self.unit() * (last + 1))
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed
