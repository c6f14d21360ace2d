"""Terms about boxes: their class, their numbers, their outcome, and what was said of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Flags, Floats, Rows
from inspector.evaluation.box_outcomes import object_codes, shown_detections
from inspector.filtering.image_terms import Pattern
from inspector.filtering.terms import BoxTerm, compare
from inspector.filtering.things import Searched, Things
from inspector.filtering.words import ANY, NONE
from inspector.outcomes import (
    FALSE_NEGATIVE,
    FALSE_POSITIVE,
    IGNORED,
    NOT_EVALUATED,
    TRUE_POSITIVE,
    Codes,
)
from inspector.review.verdicts import Entry, Target

_CODES: Final = {
    "tp": (TRUE_POSITIVE,),
    "fp": (FALSE_POSITIVE,),
    "fn": (FALSE_NEGATIVE,),
    "ignored": (IGNORED, NOT_EVALUATED),
}


def class_rows_of(names: Sequence[str], wanted: str) -> list[int]:
    """The classes of exactly that name, else those that contain it; case is ignored."""
    wanted = wanted.casefold()
    folded = [name.casefold() for name in names]
    exact = [row for row, name in enumerate(folded) if name == wanted]
    return exact or [row for row, name in enumerate(folded) if wanted in name]


@dataclass(frozen=True)
class HasClass(BoxTerm):
    """The class is one of these."""

    wanted: tuple[str, ...]

    @property
    def asks_class(self) -> bool:
        return True

    def on_things(self, things: Things) -> Flags:
        if things.target is Target.IMAGE:
            return things.none()
        dataset = things.searched.dataset
        boxes = dataset.objects if things.target is Target.OBJECT else dataset.detections
        return things.searched.remember(self, lambda: self._asked(dataset.classes.names))[
            boxes.classes[things.rows]
        ]

    def _asked(self, names: Sequence[str]) -> Flags:
        """bool [classes]."""
        asked = np.zeros(len(names), dtype=np.bool_)
        for wanted in self.wanted:
            asked[class_rows_of(names, wanted)] = True
        return asked


@dataclass(frozen=True)
class BoxNumber(BoxTerm):
    """The score of a detection, the IoU of a true positive or its object, or the area, compared."""

    field: str
    comparison: str
    number: float | None
    """None for n/a."""

    def on_things(self, things: Things) -> Flags:
        if things.target is Target.IMAGE:
            return things.none()
        return compare(_NUMBERS[self.field](things), self.comparison, self.number)


@dataclass(frozen=True)
class HasOutcome(BoxTerm):
    """What became of it at the operating point: nothing, where it is not shown or its class not chosen."""

    wanted: tuple[str, ...]

    def on_things(self, things: Things) -> Flags:
        if things.target is Target.IMAGE or things.searched.table is None:
            return things.none()
        codes = [code for word in self.wanted for code in _CODES[word]]
        kept = _is_shown(things)
        kept &= np.isin(_codes(things, things.rows), codes)
        return kept


class SaidTerm(BoxTerm):
    """Something that was said of a box, or of an image itself."""

    @property
    def only_judged(self) -> bool:
        return True

    @abstractmethod
    def fits(self, entry: Entry) -> bool:
        """Whether this is what is asked for."""

    def on_things(self, things: Things) -> Flags:
        searched, target = things.searched, things.target
        return searched.remember((self, target), lambda: self._fitting(searched, target))[things.rows]

    def _fitting(self, searched: Searched, target: Target) -> Flags:
        """bool [images, objects or detections]."""
        fitting = np.zeros(searched.count(target), dtype=np.bool_)
        fitting[[row for row, entry in searched.said_of(target) if self.fits(entry)]] = True
        return fitting


@dataclass(frozen=True)
class HasVerdict(SaidTerm):
    """The judgement is one of these."""

    wanted: tuple[str, ...]

    @property
    def only_judged(self) -> bool:
        return NONE not in self.wanted

    def fits(self, entry: Entry) -> bool:
        judgement = entry.verdict.judgement
        if judgement is None:
            return NONE in self.wanted
        return ANY in self.wanted or judgement.value in self.wanted

    def on_images(self, searched: Searched) -> Flags:
        if set(self.wanted) == {NONE}:  # of which there is one on nearly every image, if each box is asked
            return ~HasVerdict((ANY,)).on_images(searched)
        return super().on_images(searched)

    def _fitting(self, searched: Searched, target: Target) -> Flags:
        fitting = super()._fitting(searched, target)
        if NONE in self.wanted:
            silent = np.ones(len(fitting), dtype=np.bool_)
            silent[searched.judged_rows(target)] = False
            fitting |= silent
        return fitting


@dataclass(frozen=True)
class HasKind(SaidTerm):
    """The label is wrong in one of these ways."""

    wanted: tuple[str, ...]

    def fits(self, entry: Entry) -> bool:
        kind = entry.verdict.kind
        return kind is not None and kind.value in self.wanted


@dataclass(frozen=True)
class HasNote(SaidTerm):
    """A text in the note."""

    pattern: Pattern

    def fits(self, entry: Entry) -> bool:
        note = entry.verdict.note
        return bool(note) and self.pattern.is_in(note.casefold())


@dataclass(frozen=True)
class HasAuthor(SaidTerm):
    """A text in the name of who said it."""

    pattern: Pattern

    def fits(self, entry: Entry) -> bool:
        return self.pattern.is_in(entry.author.casefold())


def _is_shown(things: Things) -> Flags:
    """bool [things]: objects of the chosen classes, and the detections that are shown."""
    dataset, point = things.searched.dataset, things.searched.point
    if things.target is Target.DETECTION:
        return shown_detections(dataset, point, things.rows)
    return point.chosen(len(dataset.classes))[dataset.objects.classes[things.rows]]


def _codes(things: Things, rows: Rows | NDArray[np.int64]) -> Codes:
    table, dataset = things.searched.table, things.searched.dataset
    assert table is not None
    if things.target is Target.DETECTION:
        return table.outcomes[rows]
    return object_codes(dataset, table, things.searched.point.confidence, rows)


def _scores(things: Things) -> Floats:
    """float64 [things]: objects have none."""
    if things.target is Target.OBJECT:
        return np.full(len(things), np.nan)
    return things.searched.dataset.detections.scores[things.rows]


def _ious(things: Things) -> Floats:
    """float64 [things]: nan for all but true positives and their objects."""
    ious, table = np.full(len(things), np.nan), things.searched.table
    if table is None:
        return ious
    hits = np.flatnonzero(_is_shown(things))
    hits = hits[_codes(things, things.rows[hits]) == TRUE_POSITIVE]
    rows = things.rows[hits]
    ious[hits] = table.object_ious[table.matches[rows] if things.target is Target.DETECTION else rows]
    return ious


def _areas(things: Things) -> Floats:
    """float64 [things] in square pixels, as the size ranges take them."""
    dataset = things.searched.dataset
    if things.target is Target.OBJECT:
        return dataset.objects.areas[things.rows]
    if dataset.detections.areas is not None:
        return dataset.detections.areas[things.rows]
    sizes = dataset.detections.boxes[things.rows, 2:]
    return np.asarray(sizes[:, 0] * sizes[:, 1])


_NUMBERS: Final = {"score": _scores, "iou": _ious, "area": _areas}
