"""A person who judges what is open, and a second window on the same file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.refs import Ref
from inspector.review.file import ReviewFile
from inspector.review.verdicts import Place, Verdict
from inspector.sources import Sources
from tests.gui.conftest import LONG, open_in
from widgets.reviewing import Reviewing
from widgets.session import Session


@dataclass
class Notebook:
    """What a program remembers of review files."""

    files: dict[Path, Path] = field(default_factory=dict)
    reviewer: str = ""

    def review_file(self, *paths: Path) -> Path | None:
        return next((self.files[path] for path in paths if path in self.files), None)

    def set_review_file(self, ground_truth: Path, path: Path) -> None:
        self.files[ground_truth] = path

    def set_reviewer(self, name: str) -> None:
        self.reviewer = name


@dataclass
class Reviewer:
    """A session and its verdicts, without a window."""

    bot: QtBot
    session: Session
    reviewing: Reviewing
    memory: Notebook
    failures: list[str]

    def open(self, sources: Sources) -> None:
        open_in(self.bot, self.session, sources)
        self.keep()

    def keep(self) -> None:
        self.bot.waitUntil(lambda: not self.reviewing.is_busy, timeout=LONG)

    def verdicts(self) -> dict[Ref, Verdict]:
        """What is shown."""
        return {ref: entry.verdict for ref, entry in self.reviewing.entries.items()}

    def on_disk(self) -> dict[Place, Verdict]:
        """What is in the file."""
        assert self.reviewing.path is not None
        with ReviewFile.open(self.reviewing.path) as file:
            return {entry.place: entry.verdict for entry in file.entries()}


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def begin(qtbot: QtBot, notebook: Notebook) -> Iterator[Callable[..., Reviewer]]:
    """Starts another window, as it were."""
    started: list[Reviewer] = []

    def begin(author: str = "Ada") -> Reviewer:
        session = Session()
        reviewing = Reviewing(session, author, notebook)
        failures: list[str] = []
        reviewing.failed.connect(failures.append)
        started.append(Reviewer(qtbot, session, reviewing, notebook, failures))
        return started[-1]

    yield begin
    for reviewer in started:
        reviewer.reviewing.close()
        reviewer.session.close()


@pytest.fixture
def ada(begin: Callable[..., Reviewer], sources: Sources) -> Reviewer:
    """Somebody who has opened the data set."""
    reviewer = begin()
    reviewer.open(sources)
    return reviewer
