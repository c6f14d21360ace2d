"""Terms about images: their numbers, their names, and whether they were looked through."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inspector.dataset import Flags
from inspector.filtering.terms import ImageTerm, compare
from inspector.filtering.things import Searched
from inspector.selection import in_splits


@dataclass(frozen=True)
class Pattern:
    """A text that is looked for inside others, whatever the case."""

    text: str
    wildcards: bool
    """Whether * and ? stand for any text and any letter."""

    @cached_property
    def _pieces(self) -> list[re.Pattern[str]]:
        # Piece after piece, each at its first place: a single pattern with several ".*" could take for ever.
        pieces = self.text.casefold().split("*") if self.wildcards else [self.text.casefold()]
        any_letter = "." if self.wildcards else r"\?"
        return [
            re.compile(re.escape(piece).replace(r"\?", any_letter), re.DOTALL) for piece in pieces if piece
        ]

    def is_in(self, folded: str) -> bool:
        """Whether it stands in a casefolded text."""
        at = 0
        for piece in self._pieces:
            found = piece.search(folded, at)
            if found is None:
                return False
            at = found.end()
        return True


@dataclass(frozen=True)
class ImageNumber(ImageTerm):
    """A column of the image table, compared."""

    field: str
    comparison: str
    number: float | None
    """None for n/a."""

    def on_images(self, searched: Searched) -> Flags:
        return compare(searched.values[self.field], self.comparison, self.number)


@dataclass(frozen=True)
class NameHas(ImageTerm):
    """A text in the file name."""

    pattern: Pattern

    def on_images(self, searched: Searched) -> Flags:
        names = searched.folded_names
        return np.fromiter((self.pattern.is_in(name) for name in names), np.bool_, len(names))


@dataclass(frozen=True)
class Reviewed(ImageTerm):
    """Whether the image was looked through."""

    wanted: bool

    def on_images(self, searched: Searched) -> Flags:
        return searched.reviewed if self.wanted else ~searched.reviewed


@dataclass(frozen=True)
class InSplit(ImageTerm):
    """The image is of one of these splits."""

    wanted: tuple[str, ...]

    def on_images(self, searched: Searched) -> Flags:
        return in_splits(searched.dataset, self.wanted)
