"""The commands of the splits of a data set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inspector.selection import split_sizes
from widgets.window.actions import Command

if TYPE_CHECKING:
    from widgets.window.commands import Program

NEXT_SPLIT: Final = "Next split"


def split_commands(window: Program) -> list[Command]:
    """For the Evaluate menu, below the menu of the splits."""

    def go_on() -> None:
        session = window.session
        sizes = {} if session.opened is None else split_sizes(session.opened)
        if sizes:
            turn = [None, *sizes]
            session.choose_split(turn[(turn.index(session.split) + 1) % len(turn)])

    tip = "Evaluate and show only the images of the next split; after the last, of all of them"
    return [Command("Evaluate", NEXT_SPLIT, ("Ctrl+T",), go_on, tip, separated=True, needs_data=True)]
