"""Verdicts as a list: searched, sorted, counted. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import Any, Final, overload

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
    former: Rows | None = None
    """What was listed before and keeps its order, behind what is new; None where all is to be sorted."""


class Rows(Sequence[Row]):
    """Made row by row when somebody looks: a hundred thousand new objects per verdict would keep Python's
    garbage collector busy, which holds the window."""

    def __init__(self, refs: Sequence[Ref | None], entries: Sequence[Entry]) -> None:
        self._refs, self._entries = refs, entries

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> Row | Rows:
        if isinstance(at, slice):
            return Rows(self._refs[at], self._entries[at])
        return Row(self._refs[at], self._entries[at])

    def find(self, entry: Entry) -> int | None:
        """The row of an entry; None where it is not among them."""
        return next((number for number, other in enumerate(self._entries) if other is entry), None)


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """The rows that are wanted, and how many there are of each scope."""

    rows: Rows
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
    everything = chain(entries.items(), ((None, orphan) for orphan in orphans))
    counts = dict.fromkeys(Scope, 0)
    refs: list[Ref | None] = []
    kept: list[Entry] = []
    terms = wanted.search.casefold().split()
    for number, (ref, entry) in enumerate(everything):
        if number % _PIECE == 0:
            progress("Listing", number / max(1, len(entries)))
        scopes = _scopes(entry, ref is None)
        for scope in scopes:
            counts[scope] += 1
        if wanted.scope in scopes and (not terms or _has(entry, terms)):
            refs.append(ref)
            kept.append(entry)
    key = _KEYS[wanted.column]
    order = sorted(range(len(kept)), key=lambda number: key(kept[number]), reverse=wanted.descending)
    if wanted.former is not None:
        before = {row.entry.place: number for number, row in enumerate(wanted.former)}
        order.sort(key=lambda number: before.get(kept[number].place, -1))
    rows = Rows([refs[number] for number in order], [kept[number] for number in order])
    at = next((row for row, number in enumerate(order) if kept[number].place == wanted.place), None)
    return Listing(rows, MappingProxyType(counts), at)


def cell_text(entry: Entry, column: Column) -> str:
    """As the list shows it."""
    place, verdict = entry.place, entry.verdict
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
            return entry.author
        case Column.TIME:
            return entry.time.astimezone().strftime("%Y-%m-%d %H:%M")


def what_words(place: Place) -> str:
    """What a verdict hangs on: "image", or "person, object"."""
    return "image" if place.target is Target.IMAGE else f"{place.class_name}, {place.target.value}"


def tab_separated(rows: Sequence[Row], columns: Sequence[Column]) -> str:
    """For other programs, with a header."""
    lines = [columns, *([cell_text(row.entry, column) for column in columns] for row in rows)]
    return "".join("\t".join(" ".join(text.split()) for text in line) + "\n" for line in lines)


def _scopes(entry: Entry, is_orphan: bool) -> list[Scope]:
    """Where it is listed."""
    verdict = entry.verdict
    scopes = [Scope.ORPHANS] if is_orphan else []
    if verdict.judgement is not None:
        scopes.append(_BY_JUDGEMENT[verdict.judgement])
    if verdict.note:
        scopes.append(Scope.NOTES)
    if verdict.judgement is not None or verdict.note:
        scopes.append(Scope.ALL)
    if verdict.reviewed:
        scopes.append(Scope.REVIEWED)
    return scopes


def _has(entry: Entry, terms: Sequence[str]) -> bool:
    text = " ".join(cell_text(entry, column) for column in Column if column is not Column.TIME).casefold()
    return all(term in text for term in terms)


def _folded(column: Column) -> Callable[[Entry], Any]:
    return lambda entry: cell_text(entry, column).casefold()


_BY_JUDGEMENT: Final = {
    Judgement.LABEL: Scope.LABEL,
    Judgement.MODEL: Scope.MODEL,
    Judgement.AMBIGUOUS: Scope.AMBIGUOUS,
    Judgement.FINE: Scope.FINE,
}
_KEYS: Final[Mapping[Column, Callable[[Entry], Any]]] = MappingProxyType(
    {column: _folded(column) for column in Column} | {Column.TIME: lambda entry: entry.time}
)
