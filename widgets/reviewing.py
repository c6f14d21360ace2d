"""The one owner of verdicts on what is open: views read them, wish for others, and are told of changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from PySide6.QtCore import QObject, Signal

from inspector.dataset import Flags
from inspector.refs import ImageRef, Ref
from inspector.review.attaching import Attached, attach, place_of
from inspector.review.verdicts import Box, Entry, Judgement, Kind, Place, Verdict
from widgets.session import Session

_NOTHING = Verdict()


@dataclass(frozen=True, slots=True)
class _Step:
    """What one wish changed: it is undone and redone as a whole."""

    text: str
    before: tuple[tuple[Place, Verdict], ...]
    after: tuple[tuple[Place, Verdict], ...]


class Reviewing(QObject):
    """A verdict is shown once it is kept. A wish that cannot be fulfilled changes nothing."""

    changed = Signal()
    """Verdicts came, went, or hang on other rows."""
    failed = Signal(str)
    """One line for the person."""

    def __init__(self, session: Session, author: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._author = session, author
        self._entries: dict[Place, Entry] = {}
        self._attached = Attached({}, ())
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        session.dataset_changed.connect(self._attach)

    @property
    def entries(self) -> Mapping[Ref, Entry]:
        """What was said, by the row of the session's dataset that it hangs on."""
        return self._attached.entries

    @property
    def orphans(self) -> tuple[Entry, ...]:
        """What was said of what is not open."""
        return self._attached.orphans

    def verdict(self, ref: Ref) -> Verdict:
        """What was said of a box or an image; an empty verdict where nothing was."""
        entry = self._attached.entries.get(ref)
        return _NOTHING if entry is None else entry.verdict

    def reviewed(self) -> Flags:
        """bool [images]: which images of the session's dataset were looked through."""
        dataset = self._session.dataset
        flags = np.zeros(0 if dataset is None else len(dataset.images), dtype=np.bool_)
        for ref, entry in self._attached.entries.items():
            if isinstance(ref, ImageRef):
                flags[ref.row] = entry.verdict.reviewed
        return flags

    def judge(
        self,
        refs: Sequence[Ref],
        judgement: Judgement,
        kind: Kind | None = None,
        *,
        right_class: str = "",
        right_box: Box | None = None,
    ) -> None:
        """Say the same of some boxes or images, in place of what was said before; notes stay."""

        def changed(verdict: Verdict) -> Verdict:
            return replace(
                verdict, judgement=judgement, kind=kind, right_class=right_class, right_box=right_box
            )

        self._wish("verdict", [(ref, changed(self.verdict(ref))) for ref in refs])

    def withdraw(self, refs: Sequence[Ref]) -> None:
        """Take back what was judged; notes stay, and so does that an image was reviewed."""

        def changed(verdict: Verdict) -> Verdict:
            return Verdict(reviewed=verdict.reviewed, note=verdict.note)

        self._wish("withdrawal", [(ref, changed(self.verdict(ref))) for ref in refs])

    def set_note(self, refs: Sequence[Ref], note: str) -> None:
        """An empty note is none."""
        self._wish("note", [(ref, replace(self.verdict(ref), note=note.strip())) for ref in refs])

    def set_reviewed(self, image_rows: Sequence[int], reviewed: bool) -> None:
        refs = [ImageRef(row) for row in image_rows]
        self._wish("reviewed", [(ref, replace(self.verdict(ref), reviewed=reviewed)) for ref in refs])

    @property
    def undo_text(self) -> str:
        """What `undo` would take back; empty where there is nothing."""
        return self._done[-1].text if self._done else ""

    @property
    def redo_text(self) -> str:
        """What `redo` would do again; empty where there is nothing."""
        return self._undone[-1].text if self._undone else ""

    def undo(self) -> None:
        if self._done:
            step = self._done.pop()
            self._undone.append(step)
            self._keep(step.before)

    def redo(self) -> None:
        if self._undone:
            step = self._undone.pop()
            self._done.append(step)
            self._keep(step.after)

    def _wish(self, text: str, wanted: Iterable[tuple[Ref, Verdict]]) -> None:
        dataset = self._session.dataset
        if dataset is None:
            return
        changes = [(ref, verdict) for ref, verdict in wanted if verdict != self.verdict(ref)]
        if not changes:
            return
        places = [place_of(dataset, ref) for ref, _ in changes]
        before = tuple((place, self.verdict(ref)) for place, (ref, _) in zip(places, changes, strict=True))
        after = tuple((place, verdict) for place, (_, verdict) in zip(places, changes, strict=True))
        self._done.append(_Step(text, before, after))
        self._undone.clear()
        self._keep(after)

    def _keep(self, changes: Iterable[tuple[Place, Verdict]]) -> None:
        for place, verdict in changes:
            if verdict.is_empty:
                self._entries.pop(place, None)
            else:
                self._entries[place] = Entry(place, verdict, self._author, datetime.now(UTC))
        self._attach()

    def _attach(self) -> None:
        dataset = self._session.dataset
        if dataset is not None:
            self._attached = attach(dataset, self._entries.values())
            self.changed.emit()
