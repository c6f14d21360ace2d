"""Reads the filter line: from text to terms."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from inspector.filtering.box_terms import (
    BoxNumber,
    HasAuthor,
    HasClass,
    HasKind,
    HasNote,
    HasOutcome,
    HasVerdict,
)
from inspector.filtering.errors import FilterError
from inspector.filtering.image_terms import ImageNumber, InSplit, NameHas, Pattern, Reviewed
from inspector.filtering.terms import COMPARISONS, All, Either, Not, Term
from inspector.filtering.words import ALIASES, BOX_FIELDS, FIELDS, TEXT_FIELDS, VALUES

_PATTERNS: Final[dict[str, Callable[[Pattern], Term]]] = {
    "name": NameHas,
    "note": HasNote,
    "author": HasAuthor,
}
_CHOICES: Final[dict[str, Callable[[tuple[str, ...]], Term]]] = {
    "outcome": HasOutcome,
    "verdict": HasVerdict,
    "kind": HasKind,
    "reviewed": lambda wanted: Either(tuple(Reviewed(word == "yes") for word in wanted)),
}
_COMPARISON = re.compile("[<>=!]+")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
_WORD = re.compile(r"""(?:[^\s()"<>=!:]|!(?!=))+""")
_VALUE = re.compile(r"""[^\s()"<>=!]+""")
_TEXT = re.compile(r"""[^\s()"]+""")
_LISTED = re.compile(r"""[^\s(),"]+""")
_DEEPEST = 50


class Parser:
    """Recursive descent over the characters: "or" binds least, then "and" (or a blank), then "not"."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = self._depth = 0

    def parse(self) -> Term:
        self._skip_blanks()
        if self._at == len(self._text):
            return All(())
        term = self._either()
        if self._at < len(self._text):  # only a bracket ends an expression early
            raise FilterError(self._at, "this ')' closes nothing")
        return term

    def _either(self) -> Term:
        terms = [self._both()]
        while self._keyword("or"):
            terms.append(self._both())
        return terms[0] if len(terms) == 1 else Either(tuple(terms))

    def _both(self) -> Term:
        terms = [self._negated()]
        while True:
            joined = self._keyword("and")
            if not joined and (self._peek() in ("", ")") or self._peek_keyword("or")):
                return terms[0] if len(terms) == 1 else All(tuple(terms))
            terms.append(self._negated())

    def _negated(self) -> Term:
        negate = False
        while self._keyword("not") or self._symbol("-"):
            negate = not negate
        term = self._one()
        return Not(term) if negate else term

    def _one(self) -> Term:
        start, char = self._at, self._peek()
        if char == "":
            raise FilterError(start, "a term is missing at the end")
        if char == ")":
            raise FilterError(start, "a term is missing before ')'")
        if char == "(":
            return self._bracketed(start)
        if char == '"':
            return NameHas(Pattern(self._quoted(), wildcards=False))
        if comparison := _COMPARISON.match(self._text, start):
            raise FilterError(start, f"a field is missing before '{comparison[0]}'")
        if self._peek_keyword("and") or self._peek_keyword("or"):
            raise FilterError(start, f"a term is missing before '{self._take(_WORD)}'")
        return self._term(start)

    def _bracketed(self, start: int) -> Term:
        if self._depth == _DEEPEST:
            raise FilterError(start, "too many brackets inside each other")
        self._depth += 1
        self._symbol("(")
        term = self._either()
        self._depth -= 1
        if not self._symbol(")"):
            raise FilterError(start, "this '(' is not closed")
        return term

    def _term(self, start: int) -> Term:
        """A comparison, a field with a colon, or a bare word."""
        word = self._take(_WORD)
        if self._text.startswith(":", self._at):
            return self._text_field(start, word)
        self._skip_blanks()
        comparison = _COMPARISON.match(self._text, self._at)
        if comparison is None:
            return NameHas(Pattern(word, wildcards=True))
        self._at = comparison.end()
        return self._compared(start, word, comparison[0], comparison.start())

    def _compared(self, start: int, word: str, comparison: str, at: int) -> Term:
        field = ALIASES.get(word.casefold(), word.casefold())
        if field in TEXT_FIELDS:
            raise FilterError(start, f"'{word}' takes no number: write {field}: and the word")
        if field not in FIELDS:
            raise FilterError(start, f"unknown field '{word}'; known: {', '.join(FIELDS)}")
        if comparison not in COMPARISONS:
            raise FilterError(at, f"unknown comparison '{comparison}'; known: {' '.join(COMPARISONS)}")
        self._skip_blanks()
        number_at, value = self._at, self._take(_VALUE)
        if not value:
            raise FilterError(number_at, f"a number is missing after '{word} {comparison}'")
        self._skip_blanks()
        made = BoxNumber if field in BOX_FIELDS else ImageNumber
        if value.casefold() in ("n/a", "na", "nan"):
            if comparison not in ("=", "==", "!="):
                raise FilterError(
                    number_at, f"n/a is neither large nor small: write {word}=n/a or {word}!=n/a"
                )
            return made(field, comparison, None)
        if not _NUMBER.fullmatch(value):
            hint = "; write decimals with a point (0.5)" if "," in value else ""
            raise FilterError(number_at, f"'{value}' is not a number{hint}")
        return made(field, comparison, float(value))

    def _text_field(self, start: int, word: str) -> Term:
        field = word.casefold()
        self._at += 1
        self._skip_blanks()
        if field == "class":
            return HasClass(tuple(name for _, name in self._listed("a class name is missing")))
        if field == "split":
            return InSplit(tuple(name for _, name in self._listed("a split is missing")))
        if field in _PATTERNS:
            return self._pattern(field)
        if field in VALUES:
            return self._choice(field)
        if ALIASES.get(field, field) in FIELDS:
            raise FilterError(start, f"'{word}' is a number: write {word}>0, for example")
        known = ", ".join(f"{known}:" for known in TEXT_FIELDS)
        raise FilterError(
            start, f"unknown field '{word}:'; known: {known} (a file name with a colon goes in quotes)"
        )

    def _choice(self, field: str) -> Term:
        """One or more of a few words; blanks and hyphens in them do as well as _."""
        values, wanted = VALUES[field], []
        known = ", ".join(values)
        for at, said in self._listed(f"a word is missing after '{field}:'; known: {known}"):
            value = re.sub(r"[\s-]+", "_", said.strip().casefold())
            if value not in values:
                raise FilterError(at, f"unknown {field} '{said}'; known: {known}")
            wanted.append(value)
        return _CHOICES[field](tuple(wanted))

    def _listed(self, missing: str) -> list[tuple[int, str]]:
        """Words with commas between them, and where each begins; `missing` is said where there is none."""
        found = []
        while True:
            at = self._at
            word = self._quoted() if self._peek() == '"' else self._take(_LISTED)
            self._skip_blanks()
            if not word.strip():
                raise FilterError(at, missing)
            found.append((at, word))
            if not self._symbol(","):
                return found

    def _pattern(self, field: str) -> Term:
        at, quoted = self._at, self._peek() == '"'
        text = self._quoted() if quoted else self._take(_TEXT)
        self._skip_blanks()
        if not text:
            raise FilterError(at, f"a text is missing after '{field}:'")
        return _PATTERNS[field](Pattern(text, wildcards=not quoted))

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
