"""The commands with which a person judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from widgets.window.actions import Command

if TYPE_CHECKING:
    from widgets.window.commands import Program


AGREE: Final = "Agree with the suspicion"
"""Enabled only while a suspected box is selected: otherwise Enter is for whatever has the focus."""


def judging_commands(window: Program) -> list[Command]:
    """Verdicts on what is selected, and the mark of the image."""

    def command(
        text: str, keys: tuple[str, ...], slot: str, tip: str = "", separated: bool = False
    ) -> Command:
        def run() -> None:
            if window.workspace:
                getattr(window.workspace.judging, slot)()

        return Command("Review", text, keys, run, tip, separated=separated, needs_data=True)

    def reviewed_and_next() -> None:
        """The next image is told before the mark moves this one to another place of the table. From the end
        of the table it is what was left out above."""
        workspace, session = window.workspace, window.session
        following = workspace.images.image_after(1) if workspace else None

        def then() -> None:
            if workspace and following == at:
                workspace.queue.step_unreviewed(1)
            elif following is not None:
                session.show_image(following)

        at = session.image_row
        if workspace and following is not None:
            workspace.judging.mark_reviewed(then)

    def show_list() -> None:
        if window.workspace:
            window.workspace.show_verdicts()

    return [
        command(
            "Label wrong", ("1",), "label_wrong", "Of an object: asks how. Of a detection: it lacks a label"
        ),
        command("Model wrong", ("2",), "model_wrong"),
        command("Ambiguous", ("3",), "ambiguous"),
        command("Nothing wrong", ("4",), "nothing_wrong"),
        command("Withdraw the verdict", ("0", "Backspace"), "withdraw", "The note stays"),
        command(AGREE, ("Return", "Enter"), "agree", "Say what is suspected"),
        command("Correct the box", ("B",), "correct_box", "Drag the box of an object to where it should be"),
        command("Note…", ("N",), "note", "On the selected box, or on the image", separated=True),
        Command(
            "Review",
            "Image reviewed, next image",
            ("Space",),
            reviewed_and_next,
            "Mark the image as looked through and go to the next one of the table, or what was left out",
            needs_data=True,
        ),
        command("Image not reviewed", ("Shift+Space",), "unmark_reviewed"),
        Command("Review", "List of verdicts", ("Shift+T",), show_list, separated=True, needs_data=True),
    ]
