"""The cache takes no more room than it may, and gives it back when asked."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from inspector.cache import clear, folder, usage
from inspector.cache.folder import cache_folder, entry_path, make_room, was_used


def entry(where: Path, name: str, size: int, age: float) -> Path:
    where.mkdir(exist_ok=True)
    path = entry_path(where, name)
    path.write_bytes(bytes(size))
    os.utime(path, (time.time() - age, time.time() - age))
    return path


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A disk with as much room as the test says."""
    made = SimpleNamespace(free=10**12)
    monkeypatch.setattr(folder.shutil, "disk_usage", lambda _: made)  # type: ignore[attr-defined]
    return made


def test_what_was_not_used_for_the_longest_time_makes_room(
    kept: Path, disk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    del disk
    monkeypatch.setattr(folder, "LIMIT", 1000)
    oldest, older, newest = (entry(kept, str(age), 300, age) for age in (30, 20, 10))
    was_used(oldest)
    assert make_room(kept, 300)
    assert [path.exists() for path in (oldest, older, newest)] == [True, False, True]


def test_what_fits_costs_nothing(kept: Path, disk: SimpleNamespace) -> None:
    del disk
    path = entry(kept, "one", 300, 10)
    assert make_room(kept, 300)
    assert path.exists()


def test_what_is_too_large_costs_nothing_either(
    kept: Path, disk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    del disk
    monkeypatch.setattr(folder, "LIMIT", 1000)
    path = entry(kept, "one", 300, 10)
    assert not make_room(kept, 1001)
    assert path.exists()


def test_a_full_disk_leaves_less_room(kept: Path, disk: SimpleNamespace) -> None:
    kept.mkdir()
    disk.free = 4000
    assert not make_room(kept, 1001)
    assert make_room(kept, 1000)


def test_what_is_being_written_counts_and_stays(
    kept: Path, disk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    del disk
    monkeypatch.setattr(folder, "LIMIT", 1000)
    kept.mkdir()
    (kept / "half.inspector-part").write_bytes(bytes(600))
    assert not make_room(kept, 500)
    assert (kept / "half.inspector-part").exists()


def test_what_a_killed_program_left_goes_after_a_while(kept: Path, disk: SimpleNamespace) -> None:
    del disk
    kept.mkdir()
    (kept / "half.inspector-part").write_bytes(bytes(600))
    os.utime(kept / "half.inspector-part", (time.time() - 3600, time.time() - 3600))
    assert make_room(kept, 500)
    assert not (kept / "half.inspector-part").exists()


def test_clearing_deletes_entries_and_nothing_else(kept: Path) -> None:
    entry(kept, "one", 300, 10)
    (kept / "half.inspector-part").write_bytes(bytes(60))
    (kept / "mine.part").write_text("mine")
    assert (usage().folder, usage().entries, usage().bytes) == (kept, 1, 360)
    assert (clear().entries, clear().bytes) == (0, 0)
    assert [path.name for path in kept.iterdir()] == ["mine.part"]


def test_a_folder_that_is_not_there_is_empty(kept: Path) -> None:
    assert (usage().folder, usage().entries) == (kept, 0)
    assert clear().entries == 0


def test_nothing_is_kept_where_no_folder_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(folder.VARIABLE, "")
    assert cache_folder() is None
    assert usage().folder is None
    assert clear().entries == 0


def test_it_lies_in_the_users_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(folder.VARIABLE)
    monkeypatch.setattr(folder, "user_cache_folder", lambda: tmp_path)
    assert cache_folder() == tmp_path / "detection-inspector" / "opened"


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv(folder.VARIABLE)
    monkeypatch.setattr(folder, "user_cache_folder", homeless)
    assert cache_folder() is None
