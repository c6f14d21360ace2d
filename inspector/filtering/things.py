"""What a filter looks at, and the things in it that are asked: objects, detections, and images themselves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Floats, Rows
from inspector.evaluation.matching import MatchTable
from inspector.evaluation.operating_point import OperatingPoint
from inspector.refs import ImageRef, Ref, Side
from inspector.review.verdicts import Entry, Target

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """What a filter looks at. It is for one search: what terms find out of it is remembered in it."""

    dataset: Dataset
    point: OperatingPoint
    folded_names: Sequence[str]
    """The casefolded file name of every image."""
    values: Mapping[str, Floats]
    """float64 [images] of the image columns that the filter compares."""
    table: MatchTable | None
    """None before the evaluation: no box has an outcome then."""
    entries: Mapping[Ref, Entry]
    """What was said of images, objects and detections."""
    reviewed: Flags
    """bool [images]."""
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def remember(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What `make` returned for this key before, or returns now."""
        if key not in self._known:
            self._known[key] = make()
        value: Value = self._known[key]
        return value

    def count(self, target: Target) -> int:
        """How many images, objects or detections there are."""
        dataset = self.dataset
        match target:
            case Target.OBJECT:
                return len(dataset.objects)
            case Target.DETECTION:
                return len(dataset.detections)
            case _:
                return len(dataset.images)

    def judged_rows(self, target: Target) -> NDArray[np.int64]:
        """The rows that something was said of, ascending."""

        def rows() -> NDArray[np.int64]:
            return np.array(sorted(row for row, _ in self.said_of(target)), dtype=np.int64)

        return self.remember(target, rows)

    def said_of(self, target: Target) -> list[tuple[int, Entry]]:
        """Rows of images, objects or detections, and what was said of each."""
        return self.remember("said", self._by_target)[target]

    def _by_target(self) -> dict[Target, list[tuple[int, Entry]]]:
        said: dict[Target, list[tuple[int, Entry]]] = {target: [] for target in Target}
        sides = {side: said[Target(side.value)] for side in Side}
        for ref, entry in self.entries.items():
            place = said[Target.IMAGE] if isinstance(ref, ImageRef) else sides[ref.kind]
            place.append((ref.row, entry))
        return said


@dataclass(frozen=True, slots=True, eq=False)
class Things:
    """Rows of objects, of detections, or of images: an image, too, can have a verdict."""

    searched: Searched
    target: Target
    rows: Rows | NDArray[np.int64]
    alone: bool
    """Whether each is asked for itself alone; else "not" speaks of all that is on its image."""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def images(self) -> Rows | NDArray[np.int64]:
        """The image row of each."""
        dataset = self.searched.dataset
        match self.target:
            case Target.OBJECT:
                return dataset.objects.images[self.rows]
            case Target.DETECTION:
                return dataset.detections.images[self.rows]
            case _:
                return self.rows

    def none(self) -> Flags:
        """False for each."""
        return np.zeros(len(self.rows), dtype=np.bool_)
