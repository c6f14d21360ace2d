"""The commands that lead to what nobody has judged, take verdicts back, and say where they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from widgets.window.actions import Command

if TYPE_CHECKING:
    from widgets.window.commands import Program

GO_ON: Final = "Go on after a verdict"
ENLARGE: Final = "Enlarge small boxes"


def undo_commands(window: Program) -> list[Command]:
    """For the beginning of the Edit menu."""
    reviewing, back = window.reviewing, "Take back the last verdict, note or mark, and go to where it was"
    again = "What was undone last, and go to where it was"
    return [
        Command("Edit", "Undo", ("Ctrl+Z",), reviewing.undo, back, needs_data=True),
        Command("Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), reviewing.redo, again, needs_data=True),
    ]


def queue_commands(window: Program) -> list[Command]:
    """Next and previous, from wherever the focus is; then what goes with the review file."""

    def step(text: str, keys: str, slot: str, step: int, tip: str = "", separated: bool = False) -> Command:
        def run() -> None:
            if window.workspace:
                getattr(window.workspace.queue, slot)(step)

        return Command("Review", text, (keys,), run, tip, separated=separated, needs_data=True)

    def go_on(on: bool) -> None:
        if window.workspace:
            window.workspace.queue.set_going_on(on)

    def enlarge(on: bool) -> None:
        if window.workspace:
            window.workspace.canvas.set_enlarging(on)

    suspect = (
        "The label that is most probably wrong of those without a verdict, in the listed images and classes"
    )
    errors = "A false positive or a missed object without a verdict, through the listed images"
    return [
        step("Next suspect", "E", "step", 1, suspect, separated=True),
        step("Previous suspect", "Q", "step", -1, "The one before, also if it has a verdict by now"),
        step("Next unreviewed error", "X", "step_error", 1, errors),
        step("Previous unreviewed error", "Z", "step_error", -1, errors),
        step("Next unreviewed image", "R", "step_unreviewed", 1),
        step("Previous unreviewed image", "Shift+R", "step_unreviewed", -1),
        Command(
            "Review",
            GO_ON,
            (),
            go_on,
            "After a verdict on a suspect or an error, show the next one",
            checked=True,
        ),
        Command(
            "Review",
            ENLARGE,
            (),
            enlarge,
            "Zoom in when a step leads to a box that is too small to be judged",
            checked=True,
        ),
        Command(
            "Review",
            "Review file…",
            (),
            window.review_place.choose,
            "Where verdicts are kept: open another file, or begin a new one",
            separated=True,
            needs_data=True,
        ),
        Command("Review", "Reviewer's name…", (), window.review_place.ask_for_name, "Kept with each verdict"),
    ]
