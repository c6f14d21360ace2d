"""The filter line: which images it keeps.

    fp>0 fn>0                   both (terms in a row are joined by "and")
    fp>0 or precision < 0.5     either
    not class:person            also -class:person
    class:"traffic light",car   an object or a shown detection of one of these classes
    (tp=0 or recall=n/a) night  brackets; a bare word is looked for in the file name
    name:IMG_*7 "a b"           wildcards * and ? outside quotes; quotes keep blanks together

Comparisons with a value that is not available are false, except "= n/a".
"""

from __future__ import annotations

import operator
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from inspector.dataset import Dataset, Flags, Floats
from inspector.evaluation.operating_point import OperatingPoint
from inspector.image_columns import NUMBERS

FIELDS: Final = tuple(column.key for column in NUMBERS)
ALIASES: Final = {"gt": "objects", "dt": "detections", "p": "precision", "r": "recall"}
TEXT_FIELDS: Final = ("class", "name")

_COMPARISONS: Final[dict[str, Callable[[Any, Any], Flags]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
}
_COMPARISON = re.compile("[<>=!]+")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
_WORD = re.compile(r"""(?:[^\s()"<>=!:]|!(?!=))+""")
_VALUE = re.compile(r"""[^\s()"<>=!]+""")
_TEXT = re.compile(r"""[^\s()"]+""")
_CLASS = re.compile(r"""[^\s(),"]+""")
_DEEPEST = 50


class FilterError(Exception):
    """The filter line cannot be understood; `message` says why, `position` is the character it is about."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position
        self.message = message


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """What a filter looks at."""

    dataset: Dataset
    point: OperatingPoint
    folded_names: Sequence[str]
    """The casefolded file name of every image."""
    values: Mapping[str, Floats]
    """float64 [images] of the columns that the filter compares."""


class _Term(ABC):
    """A node of the parsed line."""

    parts: tuple[_Term, ...] = ()

    @abstractmethod
    def mask(self, searched: Searched) -> Flags:
        """bool [images]."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter line."""

    text: str
    _root: _Term

    def matches(self, searched: Searched) -> Flags:
        """bool [images]."""
        return self._root.mask(searched)

    @property
    def is_empty(self) -> bool:
        """Whether it keeps every image."""
        return self._root == _All(())

    @property
    def fields(self) -> frozenset[str]:
        """The columns that it compares: it needs an evaluation if there are any."""
        return frozenset(term.field for term in _walk(self._root) if isinstance(term, _Compare))

    @property
    def follows_confidence(self) -> bool:
        """Whether another confidence threshold can change what it keeps."""
        live = {column.key for column in NUMBERS if column.live}
        return bool(self.fields & live) or any(isinstance(term, _HasClass) for term in _walk(self._root))

    def unknown_classes(self, names: Sequence[str]) -> tuple[str, ...]:
        """What it calls a class, but names none of these."""
        asked = (
            wanted for term in _walk(self._root) if isinstance(term, _HasClass) for wanted in term.wanted
        )
        return tuple(wanted for wanted in asked if not class_rows_of(names, wanted))


def parse_filter(text: str) -> Filter:
    """Raises `FilterError`."""
    return Filter(text.strip(), _Parser(text).parse())


def class_rows_of(names: Sequence[str], wanted: str) -> list[int]:
    """The classes of exactly that name, else those that contain it; case is ignored."""
    wanted = wanted.casefold()
    folded = [name.casefold() for name in names]
    exact = [row for row, name in enumerate(folded) if name == wanted]
    return exact or [row for row, name in enumerate(folded) if wanted in name]


@dataclass(frozen=True)
class _All(_Term):
    parts: tuple[_Term, ...]

    def mask(self, searched: Searched) -> Flags:
        kept = np.ones(len(searched.dataset.images), dtype=np.bool_)
        for term in self.parts:
            kept &= term.mask(searched)
        return kept


@dataclass(frozen=True)
class _Either(_Term):
    parts: tuple[_Term, ...]

    def mask(self, searched: Searched) -> Flags:
        kept: Flags = np.logical_or.reduce([term.mask(searched) for term in self.parts])
        return kept


@dataclass(frozen=True)
class _Not(_Term):
    parts: tuple[_Term]

    def mask(self, searched: Searched) -> Flags:
        return ~self.parts[0].mask(searched)


@dataclass(frozen=True)
class _Compare(_Term):
    field: str
    comparison: str
    number: float | None
    """None for n/a."""

    def mask(self, searched: Searched) -> Flags:
        values = searched.values[self.field]
        missing = np.isnan(values)
        if self.number is None:
            return ~missing if self.comparison == "!=" else missing
        return _COMPARISONS[self.comparison](values, self.number) & ~missing


@dataclass(frozen=True)
class _HasClass(_Term):
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
class _NameHas(_Term):
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


def _walk(term: _Term) -> Iterable[_Term]:
    yield term
    for part in term.parts:
        yield from _walk(part)


class _Parser:
    """Recursive descent over the characters: "or" binds least, then "and" (or a blank), then "not"."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = self._depth = 0

    def parse(self) -> _Term:
        self._skip_blanks()
        if self._at == len(self._text):
            return _All(())
        term = self._either()
        if self._at < len(self._text):  # only a bracket ends an expression early
            raise FilterError(self._at, "this ')' closes nothing")
        return term

    def _either(self) -> _Term:
        terms = [self._both()]
        while self._keyword("or"):
            terms.append(self._both())
        return terms[0] if len(terms) == 1 else _Either(tuple(terms))

    def _both(self) -> _Term:
        terms = [self._negated()]
        while True:
            joined = self._keyword("and")
            if not joined and (self._peek() in ("", ")") or self._peek_keyword("or")):
                return terms[0] if len(terms) == 1 else _All(tuple(terms))
            terms.append(self._negated())

    def _negated(self) -> _Term:
        negate = False
        while self._keyword("not") or self._symbol("-"):
            negate = not negate
        term = self._one()
        return _Not((term,)) if negate else term

    def _one(self) -> _Term:
        start, char = self._at, self._peek()
        if char == "":
            raise FilterError(start, "a term is missing at the end")
        if char == ")":
            raise FilterError(start, "a term is missing before ')'")
        if char == "(":
            return self._bracketed(start)
        if char == '"':
            return _NameHas(self._quoted(), wildcards=False)
        if comparison := _COMPARISON.match(self._text, start):
            raise FilterError(start, f"a field is missing before '{comparison[0]}'")
        if self._peek_keyword("and") or self._peek_keyword("or"):
            raise FilterError(start, f"a term is missing before '{self._take(_WORD)}'")
        return self._term(start)

    def _bracketed(self, start: int) -> _Term:
        if self._depth == _DEEPEST:
            raise FilterError(start, "too many brackets inside each other")
        self._depth += 1
        self._symbol("(")
        term = self._either()
        self._depth -= 1
        if not self._symbol(")"):
            raise FilterError(start, "this '(' is not closed")
        return term

    def _term(self, start: int) -> _Term:
        """A comparison, `class:`, `name:` or a bare word."""
        word = self._take(_WORD)
        if self._text.startswith(":", self._at):
            return self._text_field(start, word)
        self._skip_blanks()
        comparison = _COMPARISON.match(self._text, self._at)
        if comparison is None:
            return _NameHas(word, wildcards=True)
        self._at = comparison.end()
        return self._compared(start, word, comparison[0], comparison.start())

    def _compared(self, start: int, word: str, comparison: str, at: int) -> _Term:
        field = ALIASES.get(word.casefold(), word.casefold())
        if field in TEXT_FIELDS:
            raise FilterError(start, f"'{word}' holds text, not a number: write {field}: and the text")
        if field not in FIELDS:
            raise FilterError(start, f"unknown field '{word}'; known: {', '.join(FIELDS)}")
        if comparison not in _COMPARISONS:
            raise FilterError(at, f"unknown comparison '{comparison}'; known: {' '.join(_COMPARISONS)}")
        self._skip_blanks()
        number_at, value = self._at, self._take(_VALUE)
        if not value:
            raise FilterError(number_at, f"a number is missing after '{word} {comparison}'")
        self._skip_blanks()
        if value.casefold() in ("n/a", "na", "nan"):
            if comparison not in ("=", "==", "!="):
                raise FilterError(
                    number_at, f"n/a is neither large nor small: write {word}=n/a or {word}!=n/a"
                )
            return _Compare(field, comparison, None)
        if not _NUMBER.fullmatch(value):
            hint = "; write decimals with a point (0.5)" if "," in value else ""
            raise FilterError(number_at, f"'{value}' is not a number{hint}")
        return _Compare(field, comparison, float(value))

    def _text_field(self, start: int, word: str) -> _Term:
        field = word.casefold()
        self._at += 1
        self._skip_blanks()
        if field == "class":
            return self._classes()
        if field == "name":
            return self._name()
        if ALIASES.get(field, field) in FIELDS:
            raise FilterError(start, f"'{word}' is a number: write {word}>0, for example")
        raise FilterError(
            start, f"unknown field '{word}:'; known: class:, name: (a file name with a colon goes in quotes)"
        )

    def _classes(self) -> _Term:
        wanted = []
        while True:
            at = self._at
            name = self._quoted() if self._peek() == '"' else self._take(_CLASS)
            self._skip_blanks()
            if not name.strip():
                raise FilterError(at, "a class name is missing")
            wanted.append(name)
            if not self._symbol(","):
                return _HasClass(tuple(wanted))

    def _name(self) -> _Term:
        at, quoted = self._at, self._peek() == '"'
        text = self._quoted() if quoted else self._take(_TEXT)
        self._skip_blanks()
        if not text:
            raise FilterError(at, "a text is missing after 'name:'")
        return _NameHas(text, wildcards=not quoted)

    def _quoted(self) -> str:
        start = self._at
        end = self._text.find('"', start + 1)
        if end < 0:
            raise FilterError(start, "the quote is not closed")
        self._at = end + 1
        self._skip_blanks()
        return self._text[start + 1 : end]

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0]

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _symbol(self, symbol: str) -> bool:
        if self._peek() != symbol:
            return False
        self._at += 1
        self._skip_blanks()
        return True

    def _peek_keyword(self, word: str) -> bool:
        found = _WORD.match(self._text, self._at)
        return found is not None and found[0].casefold() == word

    def _keyword(self, word: str) -> bool:
        if not self._peek_keyword(word):
            return False
        self._at += len(word)
        self._skip_blanks()
        return True

    def _skip_blanks(self) -> None:
        while self._peek().isspace():
            self._at += 1
