"""The nodes of a parsed filter line."""

from __future__ import annotations

import operator
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from inspector.dataset import Dataset, Flags, Floats
from inspector.evaluation.operating_point import OperatingPoint

COMPARISONS: Final[dict[str, Callable[[Any, Any], Flags]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """What a filter looks at."""

    dataset: Dataset
    point: OperatingPoint
    folded_names: Sequence[str]
    """The casefolded file name of every image."""
    values: Mapping[str, Floats]
    """float64 [images] of the columns that the filter compares."""


class Term(ABC):
    """A node of the parsed line."""

    parts: tuple[Term, ...] = ()

    @abstractmethod
    def mask(self, searched: Searched) -> Flags:
        """bool [images]."""


def class_rows_of(names: Sequence[str], wanted: str) -> list[int]:
    """The classes of exactly that name, else those that contain it; case is ignored."""
    wanted = wanted.casefold()
    folded = [name.casefold() for name in names]
    exact = [row for row, name in enumerate(folded) if name == wanted]
    return exact or [row for row, name in enumerate(folded) if wanted in name]


@dataclass(frozen=True)
class All(Term):
    parts: tuple[Term, ...]

    def mask(self, searched: Searched) -> Flags:
        kept = np.ones(len(searched.dataset.images), dtype=np.bool_)
        for term in self.parts:
            kept &= term.mask(searched)
        return kept


@dataclass(frozen=True)
class Either(Term):
    parts: tuple[Term, ...]

    def mask(self, searched: Searched) -> Flags:
        kept: Flags = np.logical_or.reduce([term.mask(searched) for term in self.parts])
        return kept


@dataclass(frozen=True)
class Not(Term):
    parts: tuple[Term]

    def mask(self, searched: Searched) -> Flags:
        return ~self.parts[0].mask(searched)


@dataclass(frozen=True)
class Compare(Term):
    field: str
    comparison: str
    number: float | None
    """None for n/a."""

    def mask(self, searched: Searched) -> Flags:
        values = searched.values[self.field]
        missing = np.isnan(values)
        if self.number is None:
            return ~missing if self.comparison == "!=" else missing
        return COMPARISONS[self.comparison](values, self.number) & ~missing


@dataclass(frozen=True)
class HasClass(Term):
    wanted: tuple[str, ...]

    def mask(self, searched: Searched) -> Flags:
        dataset, point = searched.dataset, searched.point
        asked = np.zeros(len(dataset.classes), dtype=np.bool_)
        for wanted in self.wanted:
            asked[class_rows_of(dataset.classes.names, wanted)] = True
        kept = np.zeros(len(dataset.images), dtype=np.bool_)
        kept[dataset.objects.images[asked[dataset.objects.classes]]] = True
        found = dataset.detections
        shown = (asked & point.chosen(len(dataset.classes)))[found.classes] & (
            found.scores >= point.confidence
        )
        kept[found.images[shown]] = True
        return kept


@dataclass(frozen=True)
class NameHas(Term):
    text: str
    wildcards: bool

    def mask(self, searched: Searched) -> Flags:
        text, names = self.text.casefold(), searched.folded_names
        if not self.wildcards or not {"*", "?"} & set(text):
            return np.fromiter((text in name for name in names), np.bool_, len(names))
        # Piece after piece, each at its first place: a single pattern with several ".*" could take for ever.
        pieces = [
            re.compile(re.escape(piece).replace(r"\?", "."), re.DOTALL) for piece in text.split("*") if piece
        ]
        return np.fromiter((_holds(name, pieces) for name in names), np.bool_, len(names))


def _holds(name: str, pieces: list[re.Pattern[str]]) -> bool:
    """Whether the pieces stand in the name one behind the other."""
    at = 0
    for piece in pieces:
        found = piece.search(name, at)
        if found is None:
            return False
        at = found.end()
    return True
