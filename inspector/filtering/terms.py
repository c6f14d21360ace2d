"""What terms have in common, and how "and", "or" and "not" join them in both readings."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Flags, Floats
from inspector.evaluation.box_outcomes import shown_detections
from inspector.filtering.things import Searched, Things
from inspector.review.verdicts import Target

COMPARISONS: Final[dict[str, Callable[[Any, Any], Flags]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
}
BLOCK: Final = 250_000
"""Things asked in one step: some milliseconds."""


class Term(ABC):
    """A node of the parsed line."""

    parts: tuple[Term, ...] = ()

    @property
    def asks_boxes(self) -> bool:
        """Whether it asks single boxes where an image is to be kept."""
        return any(part.asks_boxes for part in self.parts)

    @property
    def asks_class(self) -> bool:
        """Whether it says of which class a box is: the second such term speaks of another box."""
        return any(part.asks_class for part in self.parts)

    @property
    def only_judged(self) -> bool:
        """Whether it holds for nothing but what something was said of."""
        return any(part.only_judged for part in self.parts)

    @abstractmethod
    def on_images(self, searched: Searched) -> Flags:
        """bool [images]: which images it keeps."""

    @abstractmethod
    def on_things(self, things: Things) -> Flags:
        """bool [things]: which of them it keeps."""


class ImageTerm(Term):
    """Speaks of an image; a box is asked for its image."""

    def on_things(self, things: Things) -> Flags:
        searched = things.searched
        return searched.remember(self, lambda: self.on_images(searched))[things.images]


class BoxTerm(Term):
    """Speaks of a box; an image is kept for any such box on it."""

    @property
    def asks_boxes(self) -> bool:
        return True

    def on_images(self, searched: Searched) -> Flags:
        return some_on_image(self, searched)


@dataclass(frozen=True)
class All(Term):
    """Terms joined by "and"."""

    parts: tuple[Term, ...]

    def on_images(self, searched: Searched) -> Flags:
        """Terms about boxes speak of one and the same box, up to a second class."""
        kept = np.ones(len(searched.dataset.images), dtype=np.bool_)
        parts = list(_joined(self))
        for part in parts:
            if not part.asks_boxes:
                kept &= part.on_images(searched)
        for one in _boxes_spoken_of(part for part in parts if part.asks_boxes):
            kept &= one[0].on_images(searched) if len(one) == 1 else some_on_image(All(one), searched)
        return kept

    def on_things(self, things: Things) -> Flags:
        kept = np.ones(len(things), dtype=np.bool_)
        for part in self.parts:
            kept &= part.on_things(things)
        return kept


@dataclass(frozen=True)
class Either(Term):
    """Terms joined by "or"."""

    parts: tuple[Term, ...]

    @property
    def only_judged(self) -> bool:
        return all(part.only_judged for part in self.parts)

    def on_images(self, searched: Searched) -> Flags:
        kept: Flags = np.logical_or.reduce([part.on_images(searched) for part in self.parts])
        return kept

    def on_things(self, things: Things) -> Flags:
        kept: Flags = np.logical_or.reduce([part.on_things(things) for part in self.parts])
        return kept


@dataclass(frozen=True)
class Not(ImageTerm):
    """No such image, no such box on the image; of boxes that are asked alone: not such a box."""

    negated: Term

    def on_images(self, searched: Searched) -> Flags:
        return ~self.negated.on_images(searched)

    def on_things(self, things: Things) -> Flags:
        return ~self.negated.on_things(things) if things.alone else super().on_things(things)


def compare(values: Floats, comparison: str, number: float | None) -> Flags:
    """bool [values]; nan is n/a, which `number` None asks for and every other comparison is false for."""
    missing = np.isnan(values)
    if number is None:
        return ~missing if comparison == "!=" else missing
    return COMPARISONS[comparison](values, number) & ~missing


def some_on_image(term: Term, searched: Searched) -> Flags:
    """bool [images]: those on which it keeps a box, or that it keeps themselves as they are judged."""
    kept = np.zeros(len(searched.dataset.images), dtype=np.bool_)
    for target, rows in _rows_asked(term, searched):
        things = Things(searched, target, rows, alone=False)
        kept[things.images[term.on_things(things)]] = True
    return kept


def _rows_asked(term: Term, searched: Searched) -> Iterator[tuple[Target, NDArray[np.int64]]]:
    """The images, the objects and the shown detections; or what was judged, shown or not, if only that can be
    meant."""
    if term.only_judged:
        for target in Target:
            yield target, searched.judged_rows(target)
        return
    dataset, point = searched.dataset, searched.point
    yield Target.IMAGE, np.arange(len(dataset.images))
    for first in range(0, len(dataset.objects), BLOCK):
        yield Target.OBJECT, np.arange(first, min(first + BLOCK, len(dataset.objects)))
    for first in range(0, len(dataset.detections), BLOCK):
        shown = shown_detections(dataset, point, slice(first, first + BLOCK))
        yield Target.DETECTION, np.flatnonzero(shown) + first


def _joined(term: All) -> Iterator[Term]:
    """Its parts, where brackets change nothing: a (b c) is a b c."""
    for part in term.parts:
        if isinstance(part, All):
            yield from _joined(part)
        else:
            yield part


def _boxes_spoken_of(parts: Iterable[Term]) -> Iterator[tuple[Term, ...]]:
    """What is said of each box."""
    one: list[Term] = []
    for part in parts:
        if part.asks_class and any(before.asks_class for before in one):
            yield tuple(one)
            one = []
        one.append(part)
    if one:
        yield tuple(one)


def walk(term: Term) -> Iterator[Term]:
    """The term and all that it is made of."""
    yield term
    for part in (term.negated,) if isinstance(term, Not) else term.parts:
        yield from walk(part)
