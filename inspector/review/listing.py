"""Verdicts as a list: searched, sorted, counted. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from inspector.progress import Progress, no_progress
from inspector.refs import Ref
from inspector.review.verdicts import Entry, Judgement, Place, Target
from inspector.review.words import JUDGEMENTS, box_words, kind_words

_PIECE: Final = 4_000
"""Rows that are gone through between two looks at whether the work is still wanted."""


class Scope(StrEnum):
    """Which of them are listed; the values are what a person chooses from."""

    ALL = "verdicts and notes"
    LABEL = "label wrong"
    MODEL = "model wrong"
    AMBIGUOUS = "ambiguous"
    FINE = "nothing wrong"
    NOTES = "notes"
    REVIEWED = "images reviewed"
    ORPHANS = "on nothing open"


class Column(StrEnum):
    """The values are the titles."""

    IMAGE = "Image"
    WHAT = "What"
    VERDICT = "Verdict"
    KIND = "How"
    NOTE = "Note"
    AUTHOR = "By"
    TIME = "When"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry, and what it hangs on; None where that is not open."""

    ref: Ref | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be listed, and how."""

    scope: Scope = Scope.ALL
    search: str = ""
    """Every word of it has to be found in some column."""
    column: Column = Column.TIME
    descending: bool = True
    place: Place | None = None
    """What is to be found among the rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """The rows that are wanted, and how many there are of each scope."""

    rows: tuple[Row, ...]
    counts: Mapping[Scope, int]
    at: int | None
    """The row of the wanted place; None where it is not listed."""


def list_verdicts(
    entries: Mapping[Ref, Entry],
    orphans: Iterable[Entry],
    wanted: Wanted,
    progress: Progress = no_progress,
) -> Listing:
    """Takes about a second for a million entries; equal ones keep the order in which they came."""
    rows = [Row(ref, entry) for ref, entry in entries.items()] + [Row(None, entry) for entry in orphans]
    counts = dict.fromkeys(Scope, 0)
    kept = []
    terms = wanted.search.casefold().split()
    for start in range(0, len(rows), _PIECE):
        progress("Listing", start / len(rows))
        for row in rows[start : start + _PIECE]:
            scopes = _scopes(row)
            for scope in scopes:
                counts[scope] += 1
            if wanted.scope in scopes and (not terms or _has(row, terms)):
                kept.append(row)
    kept.sort(key=_KEYS[wanted.column], reverse=wanted.descending)
    at = next((number for number, row in enumerate(kept) if row.entry.place == wanted.place), None)
    return Listing(tuple(kept), MappingProxyType(counts), at)


def cell_text(row: Row, column: Column) -> str:
    """As the list shows it."""
    place, verdict = row.entry.place, row.entry.verdict
    match column:
        case Column.IMAGE:
            return place.image
        case Column.WHAT:
            return what_words(place)
        case Column.VERDICT:
            if verdict.judgement is None:
                return "reviewed" if verdict.reviewed else ""
            return JUDGEMENTS[verdict.judgement]
        case Column.KIND:
            kind = kind_words(verdict)
            return kind if verdict.right_box is None else f"{kind}: {box_words(verdict.right_box)}"
        case Column.NOTE:
            return " ".join(verdict.note.split())
        case Column.AUTHOR:
            return row.entry.author
        case Column.TIME:
            return row.entry.time.astimezone().strftime("%Y-%m-%d %H:%M")


def what_words(place: Place) -> str:
    """What a verdict hangs on: "image", or "person, object"."""
    return "image" if place.target is Target.IMAGE else f"{place.class_name}, {place.target.value}"


def tab_separated(rows: Sequence[Row], columns: Sequence[Column]) -> str:
    """For other programs, with a header."""
    lines = [columns, *([cell_text(row, column) for column in columns] for row in rows)]
    return "".join("\t".join(" ".join(text.split()) for text in line) + "\n" for line in lines)


def _scopes(row: Row) -> tuple[Scope, ...]:
    """Where a row is listed."""
    verdict = row.entry.verdict
    scopes = [Scope.ORPHANS] if row.ref is None else []
    if verdict.judgement is not None:
        scopes.append(_BY_JUDGEMENT[verdict.judgement])
    if verdict.note:
        scopes.append(Scope.NOTES)
    if verdict.judgement is not None or verdict.note:
        scopes.append(Scope.ALL)
    if verdict.reviewed:
        scopes.append(Scope.REVIEWED)
    return tuple(scopes)


def _has(row: Row, terms: Sequence[str]) -> bool:
    text = " ".join(cell_text(row, column) for column in Column if column is not Column.TIME).casefold()
    return all(term in text for term in terms)


def _folded(column: Column) -> Callable[[Row], Any]:
    return lambda row: cell_text(row, column).casefold()


_BY_JUDGEMENT: Final = {
    Judgement.LABEL: Scope.LABEL,
    Judgement.MODEL: Scope.MODEL,
    Judgement.AMBIGUOUS: Scope.AMBIGUOUS,
    Judgement.FINE: Scope.FINE,
}
_KEYS: Final[Mapping[Column, Callable[[Row], Any]]] = MappingProxyType(
    {column: _folded(column) for column in Column} | {Column.TIME: lambda row: row.entry.time}
)
