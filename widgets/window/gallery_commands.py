"""The commands of the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.window.actions import Command

if TYPE_CHECKING:
    from widgets.window.commands import Program


def gallery_commands(window: Program) -> list[Command]:
    def toggle() -> None:
        if window.workspace:
            window.workspace.toggle_gallery()

    tip = "Crops of many boxes beside each other, to go through and to judge together; again: hides them"
    return [Command("View", "Show the gallery", ("V",), toggle, tip, needs_data=True)]
