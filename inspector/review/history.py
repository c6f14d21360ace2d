"""What can be undone and done again, without limit."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.review.verdicts import Place, Verdict

Changes = tuple[tuple[Place, Verdict], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What one wish changed: it is undone and done again as a whole."""

    text: str
    """What it was, in a word or two."""
    at: Place
    """Where to look at it."""
    before: Changes
    after: Changes


_Steps = tuple[Step, "_Steps"] | None
"""The last step and those before it: a history shares all of them with the one it was made of."""


@dataclass(frozen=True, slots=True)
class History:
    """Never changes, so that a step that failed is taken back by going on with the history before it."""

    done: _Steps = None
    undone: _Steps = None

    @property
    def last_done(self) -> Step | None:
        return None if self.done is None else self.done[0]

    @property
    def last_undone(self) -> Step | None:
        return None if self.undone is None else self.undone[0]

    def with_step(self, step: Step) -> History:
        """After another step nothing can be done again."""
        return History((step, self.done), None)

    def after_undo(self) -> History:
        """There must be something to undo."""
        assert self.done is not None
        step, below = self.done
        return History(below, (step, self.undone))

    def after_redo(self) -> History:
        """There must be something to do again."""
        assert self.undone is not None
        step, below = self.undone
        return History((step, self.done), below)
