"""The commands of the doctor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.window.actions import Command

if TYPE_CHECKING:
    from widgets.window.commands import Program


def doctor_commands(window: Program) -> list[Command]:
    def show() -> None:
        if window.workspace:
            window.workspace.show_doctor()

    tip = "What is odd about the files, what it does to the numbers, and what helps"
    return [Command("View", "Show the doctor", ("Shift+D",), show, tip, needs_data=True)]
