"""The commands for what the flags change, and for handing them off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.window.actions import Command

if TYPE_CHECKING:
    from widgets.window.commands import Program


def hand_off_commands(window: Program) -> list[Command]:
    """At the end of the Review menu."""

    def show_what_if() -> None:
        if window.workspace:
            window.workspace.show_what_if()

    def hand_off() -> None:
        if window.workspace:
            window.workspace.hand_off.open()

    change = "The metrics with flagged labels ignored, and with them corrected, beside those as they are"
    write = "Write the flags as a list, as COCO files or as pictures, for those who fix the labels"
    return [
        Command("Review", "What if", ("I",), show_what_if, change, separated=True, needs_data=True),
        Command("Review", "Hand off…", ("Ctrl+H",), hand_off, write, needs_data=True),
    ]
