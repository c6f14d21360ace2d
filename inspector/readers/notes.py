"""Collecting what was ignored or read in a particular way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from inspector.dataset import Note

EXAMPLES = 5


def code_of(text: str) -> str:
    """What programs call a note: the words of its text, as of many, without its numbers."""
    return re.sub(r"[^a-z]+", "_", text.replace("{s}", "s").lower()).strip("_")


class NoteBook:
    """Counts every oddity by its text and keeps the first places of each.

    "{s}" in a text stands where the plural has an s; a text with a count begins with what is counted.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}
        self._reasons: dict[str, str] = {}
        self._order: dict[str, None] = {}
        self._inside = ""

    @contextmanager
    def inside(self, place: str) -> Iterator[None]:
        """Put this in front of the places of all notes that are made meanwhile: "train/a.json: "."""
        before, self._inside = self._inside, self._inside + place
        try:
            yield
        finally:
            self._inside = before

    def declare(self, *texts: str) -> None:
        """Put these notes, if they are made, in this order and before those that are first made later."""
        self._order.update(dict.fromkeys(texts))

    def add(self, text: str, *examples: str, count: int = 1) -> None:
        """Note `count` cases of `text`; the examples that are too many are dropped."""
        self._order.setdefault(text)
        self._counts[text] = self._counts.get(text, 0) + count
        kept = self._examples.setdefault(text, [])
        kept.extend(f"{self._inside}{example}" for example in examples[: EXAMPLES - len(kept)])

    def add_rows(self, text: str, rows: Iterable[int], count: int, place: Callable[[int], str]) -> None:
        """Note `count` cases of `text`; `place` is only asked for rows still worth an example."""
        if not count:
            return
        room = EXAMPLES - len(self._examples.get(text, ()))
        examples = [place(int(row)) for row, _ in zip(rows, range(room), strict=False)]
        self.add(text, *examples, count=count)

    def count(self, text: str) -> int:
        """How many cases of a text were noted so far."""
        return self._counts.get(text, 0)

    def first(self, text: str) -> str | None:
        """The first place of a note; None where it was not made, or without places."""
        return next(iter(self._examples.get(text, ())), None)

    def explain(self, text: str, reason: str) -> None:
        """Say in brackets behind `text` why that may be so."""
        self._reasons[text] = reason

    def explained(self, text: str) -> bool:
        """Whether a reason is known already."""
        return text in self._reasons

    def notes(self) -> tuple[Note, ...]:
        """All notes, in the order in which each was declared or first made."""
        return tuple(
            Note(self._worded(text), self._counts[text], tuple(self._examples[text]), code_of(text))
            for text in self._order
            if text in self._counts
        )

    def _worded(self, text: str) -> str:
        worded = text.replace("{s}", "" if self._counts[text] == 1 else "s")
        return f"{worded} ({self._reasons[text]})" if text in self._reasons else worded
