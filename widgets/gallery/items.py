"""What the gallery shows, as columns: which boxes, and in which order. Pure, so that a worker can make it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Floats, Rows
from inspector.evaluation.matching import MatchTable
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.outcome_rows import Measure, Outcome, measured, outcome_rows, sorted_by
from inspector.filtering import Filter, look_for
from inspector.kernels.ready import make_ready
from inspector.one_side import shown_rows
from inspector.outcomes import NO_MATCH
from inspector.progress import Progress
from inspector.refs import BoxRef, Ref, Side
from inspector.review.suspects import NO_ROW, Suspects
from inspector.review.verdicts import Entry
from widgets.results import Results

Positions = NDArray[np.int64]
"""Positions in `Items`."""


class Mode(StrEnum):
    """What is shown."""

    TP = "TP"
    FP = "FP"
    FN = "FN"
    IGNORED = "Ignored"
    SUSPECTS = "Suspects"
    ALONE = "Alone"
    """All boxes of the only side that is open."""

    @property
    def outcome(self) -> Outcome | None:
        return _OUTCOMES.get(self)


class Order(StrEnum):
    """What it is sorted by."""

    SCORE = "Score"
    IOU = "IoU"
    SIZE = "Size"
    SUSPICION = "Suspicion"
    IMAGE = "Image"


_OUTCOMES: Final = {
    Mode.TP: Outcome.TP,
    Mode.FP: Outcome.FP,
    Mode.FN: Outcome.FN,
    Mode.IGNORED: Outcome.IGNORED,
}
_MEASURES: Final = {
    Order.SCORE: Measure.SCORE,
    Order.IOU: Measure.IOU,
    Order.SIZE: Measure.SIZE,
    Order.IMAGE: Measure.IMAGE,
}


@dataclass(frozen=True, slots=True)
class Sorting:
    """By what, and in which direction."""

    order: Order
    descending: bool


USUAL: Final = {
    Mode.TP: Sorting(Order.IOU, False),
    Mode.FP: Sorting(Order.SCORE, True),
    Mode.FN: Sorting(Order.SIZE, True),
    Mode.IGNORED: Sorting(Order.SCORE, True),
    Mode.SUSPECTS: Sorting(Order.SUSPICION, True),
    Mode.ALONE: Sorting(Order.SIZE, True),
}
"""What most likely deserves a look comes first."""


@dataclass(frozen=True, eq=False)
class Items:
    """Boxes in the order of the grid."""

    rows: Rows
    """Detection or object rows."""
    of_objects: Flags
    """bool [items]: whether the row is an object's."""
    suspicions: Rows | None = None
    """Rows of the suspects that these are; None where boxes with an outcome are shown."""

    def __len__(self) -> int:
        return len(self.rows)

    def ref(self, position: int) -> BoxRef:
        return BoxRef(self.side(position), int(self.rows[position]))

    def side(self, position: int) -> Side:
        return Side.OBJECT if self.of_objects[position] else Side.DETECTION

    def place_of(self, ref: BoxRef) -> int | None:
        """The first position of a box; None where it is not shown."""
        found = np.flatnonzero((self.rows == ref.row) & (self.of_objects == (ref.kind is Side.OBJECT)))
        return int(found[0]) if len(found) else None

    def are(self, refs: Collection[Ref]) -> Flags:
        """bool [items]: which of them are among these boxes."""
        boxes = [ref for ref in refs if isinstance(ref, BoxRef)]
        rows = np.array([ref.row for ref in boxes], dtype=np.int32)
        return self.among(Items(rows, np.array([ref.kind is Side.OBJECT for ref in boxes], dtype=np.bool_)))

    def among(self, others: Items) -> Flags:
        """bool [items]: which of them show a box that one of the others shows."""
        hit = np.zeros(len(self), dtype=np.bool_)
        for of_objects in (False, True):
            rows = others.rows[others.of_objects == of_objects]
            if len(rows):
                hit |= np.isin(self.rows, rows) & (self.of_objects == of_objects)
        return hit

    def taken(self, chosen: Flags | NDArray[np.integer]) -> Items:
        """Some of them: those with a flag, or by position and in that order."""
        suspicions = None if self.suspicions is None else self.suspicions[chosen]
        return Items(self.rows[chosen], self.of_objects[chosen], suspicions)


NOTHING: Final = Items(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.bool_))


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """Everything that the items depend on."""

    dataset: Dataset
    results: Results | None
    """None where a side is missing."""
    point: OperatingPoint
    suspects: Suspects | None
    suspicions: Rows | None
    """Rows of `suspects` that are shown as suspects, best first; None where they are not known."""
    mode: Mode
    sorting: Sorting
    hidden: frozenset[Ref]
    """Boxes that are left out."""
    images: Flags | None
    """bool [images]: whose boxes are shown; None for all."""
    filter: Filter
    entries: Mapping[Ref, Entry]
    """What was said; empty where the filter does not ask for it."""
    reviewed: Flags
    """bool [images]; as well."""

    @property
    def table(self) -> MatchTable | None:
        return None if self.results is None else self.results.at.table

    def is_same(self, other: Wish) -> bool:
        """Whether it comes to the same items."""
        values = (self.point, self.mode, self.sorting, self.hidden, self.filter)
        return (
            self.dataset is other.dataset
            and self.results is other.results
            and self.suspects is other.suspects
            and (self.suspicions is other.suspicions or not Mode.SUSPECTS is self.mode is other.mode)
            and self.images is other.images
            and self.entries is other.entries
            and values == (other.point, other.mode, other.sorting, other.hidden, other.filter)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """The answer."""

    wish: Wish
    items: Items
    ignored: int
    """How many ignored detections there are."""


def make_items(wish: Wish, progress: Progress) -> Made:
    """Find, then leave out, then sort. Raises CancelledError when `progress` does."""
    make_ready(progress, ("row_order", "overlapping"))  # the cells need the second as well
    if wish.table is None:
        return Made(wish, _narrowed(wish, _alone(wish), progress), 0)
    at, outcome = (wish.dataset, wish.table, wish.point), wish.mode.outcome
    ignored = outcome_rows(*at, Outcome.IGNORED, progress)
    if outcome is None:
        items = suspected(wish.dataset, wish.point, wish.suspects, wish.suspicions)
    else:
        rows = ignored if outcome is Outcome.IGNORED else outcome_rows(*at, outcome, progress)
        items = Items(rows, np.broadcast_to(np.bool_(outcome.side is Side.OBJECT), len(rows)))
    return Made(wish, _narrowed(wish, items, progress), len(ignored))


def _alone(wish: Wish) -> Items:
    """All boxes that are shown of the side that is there."""
    rows = shown_rows(wish.dataset, wish.point)
    return Items(rows, np.broadcast_to(np.bool_(wish.dataset.missing is Side.DETECTION), len(rows)))


def _narrowed(wish: Wish, items: Items, progress: Progress) -> Items:
    """What is not left out, sorted."""
    if wish.images is not None:
        items = items.taken(wish.images[_columns(wish.dataset, items, "images")])
    if wish.hidden:
        items = items.taken(~items.are(wish.hidden))
    if not wish.filter.is_empty:
        progress("Filtering", 0.0)
        items = items.taken(_kept(wish, items))
    order = sorted_by(_keys(wish, items, progress), descending=wish.sorting.descending)
    return items.taken(order)


def suspected(
    dataset: Dataset, point: OperatingPoint, suspects: Suspects | None, suspicions: Rows | None
) -> Items:
    """These suspects, as far as they are of the chosen classes."""
    if suspects is None or suspicions is None:
        return NOTHING
    objects = suspects.objects[suspicions]
    of_objects = objects != NO_ROW
    items = Items(np.where(of_objects, objects, suspects.detections[suspicions]), of_objects, suspicions)
    if point.class_rows is not None:
        items = items.taken(point.chosen(len(dataset.classes))[_columns(dataset, items, "classes")])
    return items


def _kept(wish: Wish, items: Items) -> Flags:
    """bool [items]: which of them the filter keeps."""
    at = wish.dataset, wish.point, None if wish.results is None else wish.results.at
    searched = look_for(wish.filter, *at, wish.entries, wish.reviewed)
    kept = np.zeros(len(items), dtype=np.bool_)
    for side in Side:
        here = items.of_objects == (side is Side.OBJECT)
        if here.any():
            kept[here] = wish.filter.keeps(searched, side, items.rows[here])
    return kept


def _columns(dataset: Dataset, items: Items, name: str) -> Rows:
    """int32 [items]: a column of the objects or the detections."""
    values = np.empty(len(items), dtype=np.int32)
    for side, of_objects in ((dataset.objects, True), (dataset.detections, False)):
        here = items.of_objects == of_objects
        values[here] = getattr(side, name)[items.rows[here]]
    return values


def _keys(wish: Wish, items: Items, progress: Progress) -> Floats:
    """float64 [items]: what they are sorted by."""
    order = wish.sorting.order
    keys = np.full(len(items), np.nan)
    if order is Order.SUSPICION:
        if items.suspicions is not None and wish.suspects is not None:
            return wish.suspects.scores[items.suspicions]
        return _suspicion(wish, items)
    for side in Side:
        here = items.of_objects == (side is Side.OBJECT)
        if here.any():
            rows = items.rows[here]
            keys[here] = measured(wish.dataset, wish.table, side, rows, _MEASURES[order], progress)
    return keys


def _suspicion(wish: Wish, items: Items) -> Floats:
    """float64 [items]: the highest score of a suspicion of the box, or of the object that it matches."""
    suspects, dataset, table = wish.suspects, wish.dataset, wish.table
    if suspects is None or table is None:
        return np.full(len(items), np.nan)
    of_object, of_detection = np.full(len(dataset.objects), np.nan), np.full(len(dataset.detections), np.nan)
    on_object = suspects.objects != NO_ROW
    for values, rows, among in (
        (of_object, suspects.objects, on_object),
        (of_detection, suspects.detections, ~on_object),
    ):
        values[rows[among][::-1]] = suspects.scores[among][::-1]  # the best come first: they stay
    keys = np.empty(len(items))
    keys[items.of_objects] = of_object[items.rows[items.of_objects]]
    found = items.rows[~items.of_objects]
    matches = table.matches[found]
    by_match = np.where(matches == NO_MATCH, np.nan, of_object[matches] if len(of_object) else np.nan)
    keys[~items.of_objects] = np.fmax(of_detection[found], by_match)
    return keys
