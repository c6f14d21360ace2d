"""Reads the filter line: from text to terms."""

from __future__ import annotations

import re
from typing import Final

from inspector.filtering.errors import FilterError
from inspector.filtering.terms import COMPARISONS, All, Compare, Either, HasClass, NameHas, Not, Term
from inspector.image_columns import NUMBERS

FIELDS: Final = tuple(column.key for column in NUMBERS)
ALIASES: Final = {"gt": "objects", "dt": "detections", "p": "precision", "r": "recall"}
TEXT_FIELDS: Final = ("class", "name")

_COMPARISON = re.compile("[<>=!]+")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
_WORD = re.compile(r"""(?:[^\s()"<>=!:]|!(?!=))+""")
_VALUE = re.compile(r"""[^\s()"<>=!]+""")
_TEXT = re.compile(r"""[^\s()"]+""")
_CLASS = re.compile(r"""[^\s(),"]+""")
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
        return Not((term,)) if negate else term

    def _one(self) -> Term:
        start, char = self._at, self._peek()
        if char == "":
            raise FilterError(start, "a term is missing at the end")
        if char == ")":
            raise FilterError(start, "a term is missing before ')'")
        if char == "(":
            return self._bracketed(start)
        if char == '"':
            return NameHas(self._quoted(), wildcards=False)
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
        """A comparison, `class:`, `name:` or a bare word."""
        word = self._take(_WORD)
        if self._text.startswith(":", self._at):
            return self._text_field(start, word)
        self._skip_blanks()
        comparison = _COMPARISON.match(self._text, self._at)
        if comparison is None:
            return NameHas(word, wildcards=True)
        self._at = comparison.end()
        return self._compared(start, word, comparison[0], comparison.start())

    def _compared(self, start: int, word: str, comparison: str, at: int) -> Term:
        field = ALIASES.get(word.casefold(), word.casefold())
        if field in TEXT_FIELDS:
            raise FilterError(start, f"'{word}' holds text, not a number: write {field}: and the text")
        if field not in FIELDS:
            raise FilterError(start, f"unknown field '{word}'; known: {', '.join(FIELDS)}")
        if comparison not in COMPARISONS:
            raise FilterError(at, f"unknown comparison '{comparison}'; known: {' '.join(COMPARISONS)}")
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
            return Compare(field, comparison, None)
        if not _NUMBER.fullmatch(value):
            hint = "; write decimals with a point (0.5)" if "," in value else ""
            raise FilterError(number_at, f"'{value}' is not a number{hint}")
        return Compare(field, comparison, float(value))

    def _text_field(self, start: int, word: str) -> Term:
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

    def _classes(self) -> Term:
        wanted = []
        while True:
            at = self._at
            name = self._quoted() if self._peek() == '"' else self._take(_CLASS)
            self._skip_blanks()
            if not name.strip():
                raise FilterError(at, "a class name is missing")
            wanted.append(name)
            if not self._symbol(","):
                return HasClass(tuple(wanted))

    def _name(self) -> Term:
        at, quoted = self._at, self._peek() == '"'
        text = self._quoted() if quoted else self._take(_TEXT)
        self._skip_blanks()
        if not text:
            raise FilterError(at, "a text is missing after 'name:'")
        return NameHas(text, wildcards=not quoted)

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
