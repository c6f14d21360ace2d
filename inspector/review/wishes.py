"""What a person wished to say, on its way to the disk, and what can be undone of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inspector.dataset import Dataset
from inspector.refs import Ref
from inspector.review.attaching import places_of
from inspector.review.history import Changes, History, Step
from inspector.review.verdicts import Entry, Place, Verdict

_NOTHING: Final = Verdict()


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """What is on its way."""

    changes: Changes
    before: History
    """What could be undone when nothing of it was wished for."""
    judged: tuple[Ref, ...]
    """The boxes and images that were judged by it."""


class Wishes:
    """Each wish builds on those before it, kept or not; so if one is lost, all that follow are."""

    def __init__(self) -> None:
        self.kept: dict[Place, Entry] = {}
        """What is on disk."""
        self._history = History()
        self._pending: list[Wish] = []
        self._coming: dict[Place, Verdict] = {}
        """What the pending ones come to."""

    @property
    def are_pending(self) -> bool:
        return bool(self._pending)

    @property
    def last_done(self) -> Step | None:
        """What can be undone."""
        return self._history.last_done

    @property
    def last_undone(self) -> Step | None:
        """What can be done again."""
        return self._history.last_undone

    def said(self, place: Place) -> Verdict:
        """As it will be when everything is kept that is on its way."""
        if place in self._coming:
            return self._coming[place]
        entry = self.kept.get(place)
        return _NOTHING if entry is None else entry.verdict

    def step(
        self,
        text: str,
        dataset: Dataset,
        standing: Mapping[Ref, Entry],
        refs: Sequence[Ref],
        change: Callable[[Ref, Verdict], Verdict],
    ) -> Step | None:
        """What has to be written so that other things are said of some rows; None where that is nothing."""
        before: dict[Place, Verdict] = {}
        after: dict[Place, Verdict] = {}
        places = places_of(dataset, refs)
        for ref, own in zip(refs, places, strict=True):
            entry = standing.get(ref)
            place = own if entry is None or own in self._coming else entry.place
            said = self.said(place)
            wanted = change(ref, said)
            if wanted != said:
                before |= {own: self.said(own), place: said}
                after |= {place: _NOTHING, own: wanted}  # what hung on by another id or box comes along
        if not after:
            return None
        return Step(text, places[0], tuple(before.items()), tuple(after.items()))

    def do(self, step: Step, judged: tuple[Ref, ...] = ()) -> Wish:
        return self._begin(step.after, self._history.with_step(step), judged)

    def undo(self, step: Step) -> Wish:
        """`step` is the last one done."""
        return self._begin(step.before, self._history.after_undo())

    def redo(self, step: Step) -> Wish:
        """`step` is the last one undone."""
        return self._begin(step.after, self._history.after_redo())

    def is_kept(self, wish: Wish) -> None:
        """It is on disk."""
        self._pending.remove(wish)
        self._coming = {place: verdict for other in self._pending for place, verdict in other.changes}

    def is_lost(self, wish: Wish) -> None:
        """It could not be kept, and neither will those after it."""
        self._history = wish.before
        self._forget_pending()

    def put(self, entries: Sequence[Entry]) -> None:
        """What is on disk now, of whomever."""
        for entry in entries:
            if entry.verdict.is_empty:
                self.kept.pop(entry.place, None)
            else:
                self.kept[entry.place] = entry

    def begin(self, kept: dict[Place, Entry], *, same_file: bool) -> None:
        """Go on with what another file holds, or the same one when it was opened again."""
        self.kept = kept
        self._forget_pending()
        if not same_file:
            self._history = History()

    def _begin(self, changes: Changes, after: History, judged: tuple[Ref, ...] = ()) -> Wish:
        wish = Wish(changes, self._history, judged)
        self._history = after
        self._pending.append(wish)
        self._coming.update(changes)
        return wish

    def _forget_pending(self) -> None:
        self._pending.clear()
        self._coming.clear()
