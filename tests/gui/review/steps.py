"""What a person sees and does who goes through suspects and errors."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt

from inspector.refs import BoxRef, Side
from inspector.review.unreviewed import errors_of
from tests.gui.conftest import LONG, Program
from widgets.queue import ReviewProgress, SuspectBar
from widgets.suspect_queue import SuspectQueue

Key = Qt.Key
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def queue(program: Program) -> SuspectQueue:
    return program.workspace.queue


def bar(program: Program) -> str:
    return program.part(SuspectBar).text


def progress(program: Program) -> str:
    """What the status bar says, without its links."""
    return re.sub("<[^>]*>", "", program.part(ReviewProgress).text())


def boxes(program: Program) -> list[BoxRef]:
    """The suspected boxes, best first."""
    suspects = queue(program).suspects
    assert suspects is not None
    return list(dict.fromkeys(suspects.ref(row) for row in range(len(suspects))))


def errors(program: Program) -> list[BoxRef]:
    """The errors in the order of the table."""
    session = program.session
    assert session.dataset is not None
    assert session.results is not None
    table, point = session.results.at.table, session.point
    images = program.workspace.images.image_rows()
    return [ref for image in images for ref in errors_of(session.dataset, table, point, image)]


def press_back(program: Program, key: Key) -> BoxRef | None:
    """An error is looked for on a worker."""
    before = program.session.selected
    program.key(key)
    program.bot.waitUntil(
        lambda: program.session.selected != before or bool(program.window.statusBar().currentMessage()),
        timeout=LONG,
    )
    return program.session.selected


def image_of(program: Program, ref: BoxRef | None) -> int:
    assert ref is not None
    assert program.session.dataset is not None
    side = program.session.dataset.objects if ref.kind is Side.OBJECT else program.session.dataset.detections
    return int(side.images[ref.row])
