"""A review file is read without being touched."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from inspector.errors import InputError
from inspector.review.file import ReviewFile
from inspector.review.schema import APPLICATION_ID, STEPS, VERSION
from inspector.review.verdicts import Verdict
from inspector.sources import Sources
from tests.unit.review.places import WRONG, an_object, left_behind


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_what_is_said_is_read_and_nothing_appears_beside_the_file(path: Path, sources: Sources) -> None:
    with ReviewFile.create(path, sources) as made:
        (written,) = made.write([(an_object(), WRONG)], "Ada")
    before = files(path.parent)
    with ReviewFile.read(path) as read:
        assert read.entries() == [written]
        assert read.sources == sources
    assert files(path.parent) == before


def test_what_is_written_to_it_goes_nowhere(path: Path, sources: Sources) -> None:
    ReviewFile.create(path, sources).close()
    before = files(path.parent)
    with ReviewFile.read(path) as read:
        read.write([(an_object(), Verdict(note="lost"))], "Ada")
    assert files(path.parent) == before


def test_an_older_file_is_brought_up_to_date_in_memory_alone(path: Path) -> None:
    with sqlite3.connect(path) as old:
        for statement in STEPS[0]:
            old.execute(statement)
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.execute("PRAGMA user_version = 1")
    old.close()
    before = files(path.parent)
    with ReviewFile.read(path) as read:
        assert read.position("Ada") is None
        assert read.entries() == []
    assert files(path.parent) == before


def test_a_newer_file_is_refused(path: Path, sources: Sources) -> None:
    ReviewFile.create(path, sources).close()
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    newer.close()
    with pytest.raises(InputError, match="use a newer program"):
        ReviewFile.read(path)


def test_what_an_ended_program_left_in_the_log_is_read_as_well(
    review: ReviewFile, path: Path, tmp_path: Path
) -> None:
    left = left_behind(review, path, tmp_path)
    before = files(left.parent)
    with ReviewFile.read(left) as read:
        assert read.entries() == review.entries() != []
    assert files(left.parent) == before
    left.with_name(f"{path.name}-wal").unlink()
    with ReviewFile.read(left) as read:
        assert read.entries() == []  # it was in the log alone


@pytest.mark.parametrize("content", [b"hello", b"", b"SQLite format 3\0" + b"\0" * 500])
def test_who_only_reads_is_not_told_to_choose_another_place(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        ReviewFile.read(path)
    assert "another place" not in str(caught.value)
