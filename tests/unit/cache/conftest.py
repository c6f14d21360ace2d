"""A cache of its own for each test, and data sets on disk that it takes for large."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.cache import folder, reopening
from inspector.sources import Sources
from tests.properties.cases import random_case

WriteSet = Callable[..., Sources]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the entries, which does not exist yet; every file is worth keeping."""
    where = tmp_path / "kept"
    monkeypatch.setenv(folder.VARIABLE, str(where))
    monkeypatch.setattr(reopening, "WORTH_IT", 0)
    return where


@pytest.fixture
def write_set(tmp_path: Path) -> WriteSet:
    """Writes the random data set of a seed into a folder."""

    def write(name: str = "set", seed: int = 9) -> Sources:
        truth, results = random_case(seed)
        own = tmp_path / name
        own.mkdir(exist_ok=True)
        (own / "gt.json").write_text(json.dumps(truth))
        (own / "dt.json").write_text(json.dumps(results))
        return Sources(own / "gt.json", own / "dt.json")

    return write


@pytest.fixture
def sources(write_set: WriteSet) -> Sources:
    return write_set()
