"""A parsed filter line, its two readings, and what it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Rows
from inspector.filtering.box_terms import BoxNumber, HasClass, HasOutcome, SaidTerm, class_rows_of
from inspector.filtering.image_terms import ImageNumber, InSplit, NameHas, Reviewed
from inspector.filtering.parser import Parser
from inspector.filtering.terms import BLOCK, All, Term, walk
from inspector.filtering.things import Searched, Things
from inspector.image_columns import NUMBERS
from inspector.refs import Side
from inspector.review.verdicts import Target
from inspector.selection import in_splits


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter line."""

    text: str
    _root: Term

    def matches(self, searched: Searched) -> Flags:
        """bool [images]: the images that it keeps."""
        return self._root.on_images(searched)

    def keeps(self, searched: Searched, side: Side, rows: Rows | NDArray[np.int64]) -> Flags:
        """bool [rows]: the objects or detections that it keeps; each is asked for itself."""
        kept = np.empty(len(rows), dtype=np.bool_)
        for first in range(0, len(rows), BLOCK):
            block = slice(first, first + BLOCK)
            things = Things(searched, Target(side.value), rows[block], alone=True)
            kept[block] = self._root.on_things(things)
        return kept

    @property
    def is_empty(self) -> bool:
        """Whether it keeps everything."""
        return self._root == All(())

    @property
    def fields(self) -> frozenset[str]:
        """The image columns that it compares."""
        return frozenset(term.field for term in self._terms() if isinstance(term, ImageNumber))

    @property
    def asks_names(self) -> bool:
        """Whether it looks for something in the file names."""
        return any(isinstance(term, NameHas) for term in self._terms())

    @property
    def needs_evaluation(self) -> bool:
        """Whether it asks for what only an evaluation tells."""
        return bool(self.fields) or any(
            isinstance(term, HasOutcome) or (isinstance(term, BoxNumber) and term.field == "iou")
            for term in self._terms()
        )

    def asks_beyond(self, missing: Side) -> bool:
        """Whether it asks for what nothing has where a side is missing."""
        told = {"objects" if missing is Side.DETECTION else "detections"}
        numbers = {term.field for term in self._terms() if isinstance(term, BoxNumber)}
        unknown = {"iou", "score"} if missing is Side.DETECTION else {"iou"}
        outcomes = any(isinstance(term, HasOutcome) for term in self._terms())
        return outcomes or bool(self.fields - told or numbers & unknown)

    @property
    def asks_boxes(self) -> bool:
        """Whether every box may have to be asked, which takes longer."""
        return any(term.asks_boxes and not term.only_judged for term in self._terms())

    @property
    def follows_confidence(self) -> bool:
        """Whether another confidence threshold can change what it keeps."""
        live = {column.key for column in NUMBERS if column.live}
        return bool(self.fields & live) or self.asks_boxes

    @property
    def follows_verdicts(self) -> bool:
        """Whether what a person says of images and boxes can change what it keeps."""
        return any(isinstance(term, SaidTerm | Reviewed) for term in self._terms())

    def unknown(self, dataset: Dataset) -> tuple[str, ...]:
        """A sentence for each name that it gives, but that no class or split has."""
        found = []
        for term in self._terms():
            if isinstance(term, HasClass):
                known = dataset.classes.names
                missing = [name for name in term.wanted if not class_rows_of(known, name)]
                found += [f"no class is called '{name}'" for name in missing]
            elif isinstance(term, InSplit):
                missing = [name for name in term.wanted if not in_splits(dataset, [name]).any()]
                found += [f"no split is called '{name}'" for name in missing]
        return tuple(found)

    def _terms(self) -> Iterator[Term]:
        return walk(self._root)


def parse_filter(text: str) -> Filter:
    """Raises `FilterError`."""
    return Filter(text.strip(), Parser(text).parse())
