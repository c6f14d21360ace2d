"""The commands of the main window, in the order of its menus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.window.actions import Command
from widgets.window.doctor_commands import doctor_commands
from widgets.window.filter_commands import filter_commands
from widgets.window.gallery_commands import gallery_commands
from widgets.window.hand_off_commands import hand_off_commands
from widgets.window.queue_commands import queue_commands, undo_commands
from widgets.window.review_commands import judging_commands
from widgets.window.split_commands import split_commands

if TYPE_CHECKING:
    from widgets.window.review_place import ReviewPlace
    from widgets.window.workspace import Workspace


class Program(Protocol):
    """What the commands ask of the window."""

    session: Session
    reviewing: Reviewing
    review_place: ReviewPlace
    workspace: Workspace | None

    def ask_for_files(self) -> None: ...
    def ask_for_images(self) -> None: ...
    def open_demo(self) -> None: ...
    def reload(self) -> None: ...
    def close(self) -> bool: ...
    def copy(self) -> None: ...
    def choose_classes(self) -> None: ...
    def step(self, step: int) -> None: ...
    def escape(self) -> None: ...
    def change_confidence(self, step: float) -> None: ...
    def change_iou(self, step: int) -> None: ...
    def show_tables(self) -> None: ...
    def choose_protocol(self) -> None: ...
    def evaluate_listed(self) -> None: ...
    def reset_layout(self) -> None: ...
    def show_keys(self) -> None: ...
    def show_about(self) -> None: ...


def _nothing(_on: bool) -> None:
    """Layers are switched by the workspace's canvas, once it exists."""


def _canvas(window: Program, slot: str) -> None:
    if window.workspace:
        getattr(window.workspace.canvas, slot)()


def _images(window: Program, slot: str) -> None:
    if window.workspace:
        getattr(window.workspace.images, slot)()


def _box(window: Program, step: int) -> None:
    if window.workspace:
        window.workspace.canvas.select_next_box(step)


def commands_of(window: Program) -> list[Command]:
    """Every command; those that need data do nothing while nothing is open."""
    return [
        *_file(window),
        *undo_commands(window),
        *_edit(window),
        *_view(window),
        *gallery_commands(window),
        *doctor_commands(window),
        *_go(window),
        *judging_commands(window),
        *queue_commands(window),
        *hand_off_commands(window),
        *_tune(window),
        *_evaluate(window),
        *split_commands(window),
        *_help(window),
    ]


def _file(window: Program) -> list[Command]:
    return [
        Command("File", "Open…", ("Ctrl+O",), window.ask_for_files),
        Command("File", "Open the demo", (), window.open_demo),
        Command("File", "Image folder…", (), window.ask_for_images, needs_data=True),
        Command("File", "Read the files again", ("F5",), window.reload, needs_data=True),
        Command("File", "Quit", ("Ctrl+Q",), window.close, separated=True),
    ]


def _edit(window: Program) -> list[Command]:
    return [
        Command(
            "Edit",
            "Copy",
            ("Ctrl+C",),
            window.copy,
            "The selected rows where the table has the focus, else the picture on the canvas",
            separated=True,
            needs_data=True,
        ),
        *filter_commands(window),
        Command("Edit", "Choose classes", ("C",), window.choose_classes, needs_data=True),
    ]


def _view(window: Program) -> list[Command]:
    return [
        Command("View", "Ground truth", ("G",), _nothing, checked=True, needs_data=True),
        Command("View", "Predictions", ("P",), _nothing, checked=True, needs_data=True),
        Command("View", "Labels", ("L",), _nothing, checked=True, needs_data=True),
        Command(
            "View", "Next mask style", ("M",), lambda: _canvas(window, "next_mask_style"), needs_data=True
        ),
        Command("View", "Fit", ("F",), lambda: _canvas(window, "fit"), separated=True, needs_data=True),
        Command("View", "Full size", ("Ctrl+0",), lambda: _canvas(window, "full_size"), needs_data=True),
        Command(
            "View",
            "Zoom to the box",
            (".",),
            lambda: _canvas(window, "look_at_selected"),
            "Show the selected box large enough to be judged; F shows the whole image again",
            needs_data=True,
        ),
        Command("View", "Zoom in", ("+", "Ctrl++", "="), lambda: _canvas(window, "zoom_in"), needs_data=True),
        Command("View", "Zoom out", ("-", "Ctrl+-"), lambda: _canvas(window, "zoom_out"), needs_data=True),
        Command("View", "Show the tables", ("T",), window.show_tables, separated=True, needs_data=True),
        Command("View", "Standard layout", (), window.reset_layout, needs_data=True),
    ]


def _go(window: Program) -> list[Command]:
    return [
        Command("Go", "Next image", ("D", "Right"), lambda: window.step(1), needs_data=True),
        Command("Go", "Previous image", ("A", "Left"), lambda: window.step(-1), needs_data=True),
        Command("Go", "First image", ("Home",), lambda: _images(window, "first"), needs_data=True),
        Command("Go", "Last image", ("End",), lambda: _images(window, "last"), needs_data=True),
        Command("Go", "Next box", ("S",), lambda: _box(window, 1), separated=True, needs_data=True),
        Command("Go", "Previous box", ("W",), lambda: _box(window, -1), needs_data=True),
        Command(
            "Go",
            "Select nothing",
            ("Esc",),
            window.escape,
            "Also clears the filter, where the focus is in its line or in the table",
            needs_data=True,
        ),
    ]


def _tune(window: Program) -> list[Command]:
    return [
        Command("Tune", "Raise the confidence", ("]",), lambda: window.change_confidence(0.01)),
        Command("Tune", "Lower the confidence", ("[",), lambda: window.change_confidence(-0.01)),
        Command("Tune", "Next IoU threshold", ("}",), lambda: window.change_iou(1), separated=True),
        Command("Tune", "Previous IoU threshold", ("{",), lambda: window.change_iou(-1)),
    ]


def _evaluate(window: Program) -> list[Command]:
    listed = "Evaluate and show only the images that the filter leaves, with its numbers over them alone"
    return [
        Command("Evaluate", "Protocol…", ("Ctrl+P",), window.choose_protocol, needs_data=True),
        Command("Evaluate", "Evaluate again", ("Ctrl+E",), window.session.evaluate, needs_data=True),
        Command(
            "Evaluate",
            "Only the listed images",
            ("Ctrl+L",),
            window.evaluate_listed,
            listed,
            separated=True,
            needs_data=True,
        ),
        Command(
            "Evaluate",
            "All images",
            ("Ctrl+Shift+L",),
            lambda: window.session.restrict(None),
            "All images of the split, and pressed again, of all splits",
            needs_data=True,
        ),
    ]


def _help(window: Program) -> list[Command]:
    return [
        Command("Help", "Keys", ("?",), window.show_keys),
        Command("Help", "About", (), window.show_about),
    ]
