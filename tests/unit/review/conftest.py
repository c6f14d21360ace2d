"""Places, verdicts, and a review file to write them into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.review.file import ReviewFile
from inspector.sources import Sources


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """Files that nobody reads."""
    return Sources(tmp_path / "labels.json", tmp_path / "found.json")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "labels.review.sqlite"


@pytest.fixture
def review(path: Path, sources: Sources) -> Iterator[ReviewFile]:
    """A new file."""
    with ReviewFile.create(path, sources) as made:
        yield made
