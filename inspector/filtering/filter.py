"""A parsed filter line, and what it depends on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inspector.dataset import Flags
from inspector.filtering.parser import Parser
from inspector.filtering.terms import All, Compare, HasClass, Searched, Term, class_rows_of
from inspector.image_columns import NUMBERS


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter line."""

    text: str
    _root: Term

    def matches(self, searched: Searched) -> Flags:
        """bool [images]."""
        return self._root.mask(searched)

    @property
    def is_empty(self) -> bool:
        """Whether it keeps every image."""
        return self._root == All(())

    @property
    def fields(self) -> frozenset[str]:
        """The columns that it compares: it needs an evaluation if there are any."""
        return frozenset(term.field for term in _walk(self._root) if isinstance(term, Compare))

    @property
    def follows_confidence(self) -> bool:
        """Whether another confidence threshold can change what it keeps."""
        live = {column.key for column in NUMBERS if column.live}
        return bool(self.fields & live) or any(isinstance(term, HasClass) for term in _walk(self._root))

    def unknown_classes(self, names: Sequence[str]) -> tuple[str, ...]:
        """What it calls a class, but names none of these."""
        asked = (wanted for term in _walk(self._root) if isinstance(term, HasClass) for wanted in term.wanted)
        return tuple(wanted for wanted in asked if not class_rows_of(names, wanted))


def parse_filter(text: str) -> Filter:
    """Raises `FilterError`."""
    return Filter(text.strip(), Parser(text).parse())


def _walk(term: Term) -> Iterable[Term]:
    yield term
    for part in term.parts:
        yield from _walk(part)
