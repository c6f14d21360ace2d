"""The commands of the filter line: the gallery's where that has the focus, else the image table's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.window.actions import Command

if TYPE_CHECKING:
    from widgets.window.commands import Program


def filter_commands(window: Program) -> list[Command]:
    """For the Edit menu."""

    def command(text: str, keys: tuple[str, ...], slot: str, tip: str) -> Command:
        def run() -> None:
            if window.workspace:
                getattr(window.workspace.filter_line, slot)()

        return Command("Edit", text, keys, run, tip, needs_data=True)

    return [
        command("Filter", ("/", "Ctrl+F"), "begin", "The images, or the gallery's boxes if it has the focus"),
        command("Save filter…", ("Ctrl+S",), "save", "Under a name, to choose it again"),
        command("Saved filters", ("Ctrl+Shift+F",), "show_saved", "The menu of those that have a name"),
    ]
