"""What cannot be used is said in one line, and left as it was."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.errors import InputError
from inspector.review import database
from inspector.review.file import ReviewFile
from inspector.review.schema import VERSION
from inspector.review.verdicts import Entry
from inspector.sources import Sources
from tests.unit.review.places import MODEL, WRONG, a_detection, an_image, an_object, left_behind

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="the system's own limits and permissions")
needs_a_person = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="permissions mean nothing to the superuser"
)


@contextlib.contextmanager
def refused(path: Path, *words: str) -> Iterator[None]:
    """One line that names the path and says these words; the file's bytes stay."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(InputError) as caught:
        yield
    text = str(caught.value)
    assert str(path) in text
    assert "\n" not in text
    for word in words:
        assert word in text
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize(
    "content", [b"hello", b"x" * 5000, b'{"images": []}', b"SQLite format 2\0" + b"\0" * 500]
)
def test_any_other_file_is_refused(path: Path, sources: Sources, content: bytes) -> None:
    path.write_bytes(content)
    with refused(path, "is not a review file", "another place"):
        ReviewFile.open(path)
    with refused(path, "is not a review file"):
        ReviewFile.create(path, sources)
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_an_empty_file_is_not_taken_for_a_database(path: Path, sources: Sources) -> None:
    path.touch()
    with refused(path, "is empty"):
        ReviewFile.create(path, sources)


def test_another_programs_database_is_refused(path: Path, sources: Sources) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE verdict (id)")
    other.commit()
    other.close()
    with refused(path, "a database of another program"):
        ReviewFile.create(path, sources)


def test_a_file_of_a_newer_version_is_refused(review: ReviewFile, path: Path) -> None:
    review.close()
    newer = sqlite3.connect(path)
    newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    newer.close()
    with refused(path, f"is of version {VERSION + 1}", "newer program"):
        ReviewFile.open(path)


@pytest.mark.parametrize("pages", [slice(1, None), slice(-8, -7), slice(20, 21)])
def test_a_damaged_file_is_refused(review: ReviewFile, path: Path, pages: slice) -> None:
    review.write([(an_object(number), WRONG) for number in range(500)], "Ada")
    review.close()
    content = bytearray(path.read_bytes())
    for page in range(len(content) // 4096)[pages]:
        content[4096 * page : 4096 * (page + 1)] = b"\x5a" * 4096
    path.write_bytes(content)
    with refused(path, "is damaged"):
        ReviewFile.open(path)


def test_a_file_that_was_cut_off_is_refused(review: ReviewFile, path: Path) -> None:
    review.write([(an_object(number), WRONG) for number in range(500)], "Ada")
    review.close()
    path.write_bytes(path.read_bytes()[:-9000])
    with refused(path, "is damaged"):
        ReviewFile.open(path)


def test_a_review_file_without_its_tables_is_refused(review: ReviewFile, path: Path) -> None:
    review.close()
    plain = sqlite3.connect(path)
    plain.execute("DROP TABLE verdict")
    plain.close()
    with refused(path, "its tables are not those of a review file"):
        ReviewFile.open(path)


def test_verdicts_that_make_no_sense_are_damage(review: ReviewFile, path: Path) -> None:
    review.write([(an_object(), WRONG)], "Ada")
    review._connection.execute("DROP TRIGGER verdict_is_not_changed")
    review._connection.execute("UPDATE verdict SET judgement = 'purple'")
    with refused(path, "is damaged"):
        review.entries()


def test_a_folder_in_the_way_is_refused(path: Path, sources: Sources) -> None:
    path.mkdir()
    with refused(path, "is a folder"):
        ReviewFile.create(path, sources)


@needs_posix
def test_a_pipe_is_not_waited_for_and_a_device_not_read(path: Path, sources: Sources) -> None:
    os.mkfifo(path)
    for place in (path, Path("/dev/zero")):
        for open_it in (ReviewFile.open, ReviewFile.read, lambda at: ReviewFile.create(at, sources)):
            with refused(place, "is no regular file"):
                open_it(place)


def test_a_disk_that_fails_may_be_full(path: Path) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    with refused(path, "the disk may be full or failing", "another place"), database.clear_errors(path):
        raise error


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, sources: Sources) -> None:
    path = tmp_path / "gone" / "x.sqlite"
    with refused(path, "there is no folder"):
        ReviewFile.create(path, sources)
    with refused(path, "there is no such review file"):
        ReviewFile.open(path)


def test_a_full_disk_keeps_all_or_nothing_and_goes_on_when_there_is_room(
    review: ReviewFile, path: Path
) -> None:
    review.write([(an_image(), MODEL)], "Ada")
    pages = review._connection.execute("PRAGMA page_count").fetchone()[0]
    review._connection.execute(f"PRAGMA max_page_count = {pages}")
    many = [(an_object(number), WRONG) for number in range(2000)]
    with refused(path, "the disk is full"):
        review.write(many, "Ada")
    assert [entry.place for entry in review.entries()] == [an_image()]
    review._connection.execute(f"PRAGMA max_page_count = {pages + 10_000}")
    review.write(many, "Ada")
    with ReviewFile.open(path) as again:
        assert len(again.entries()) == 2001


@needs_posix
def test_a_file_that_may_not_grow_loses_nothing_that_was_acknowledged(review: ReviewFile, path: Path) -> None:
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
    kept: list[Entry] = []

    def write_on() -> None:
        for number in range(5000):
            kept.extend(review.write([(an_object(number), WRONG)], "Ada"))

    try:
        with pytest.raises(InputError, match=str(path)):
            write_on()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert kept
    with ReviewFile.open(path) as again:
        assert again.entries() == kept
    review.write([(a_detection(), MODEL)], "Ada")


def test_a_file_that_is_only_read_says_so_when_something_is_to_be_kept(
    review: ReviewFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review.write([(an_object(), WRONG)], "Ada")
    plain = database._plain
    monkeypatch.setattr(database, "_plain", lambda path, _how: plain(path, "mode=ro"))
    with ReviewFile.open(path) as only_read:
        assert [entry.place for entry in only_read.entries()] == [an_object()]
        with refused(path, "cannot be written to", "another place"):
            only_read.write([(a_detection(), MODEL)], "Ada")


@needs_a_person
def test_a_folder_that_may_only_be_read_shows_what_is_there_and_refuses_more(
    review: ReviewFile, path: Path, sources: Sources
) -> None:
    review.write([(an_object(), WRONG)], "Ada")
    review.close()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        with ReviewFile.open(path) as only_read:
            assert [entry.place for entry in only_read.entries()] == [an_object()]
            with refused(path, "cannot be written to"):
                only_read.write([(a_detection(), MODEL)], "Ada")
        with refused(path.with_name("new.sqlite"), "folder cannot be written to", "another place"):
            ReviewFile.create(path.with_name("new.sqlite"), sources)
    finally:
        path.parent.chmod(0o755)


def test_where_no_file_can_be_made_what_an_ended_program_left_in_the_log_is_shown_as_well(
    review: ReviewFile, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = left_behind(review, path, tmp_path)
    prepare = database._prepare

    def cannot(at: Path, connection: sqlite3.Connection) -> None:
        if connection.execute("PRAGMA database_list").fetchone()[2]:  # not in memory
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error
        prepare(at, connection)

    monkeypatch.setattr(database, "_prepare", cannot)
    with ReviewFile.open(left) as only_read:
        assert only_read.entries() == review.entries() != []
        with refused(left, "cannot be written to", "another place"):
            only_read.write([(a_detection(), MODEL)], "Ada")


def test_a_program_that_does_not_let_go_is_waited_for_and_then_named(
    review: ReviewFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_PATIENCE", 0.01)
    with ReviewFile.open(path) as impatient:
        review._connection.execute("BEGIN IMMEDIATE")
        with refused(path, "another program uses it"):
            impatient.write([(an_object(), WRONG)], "Ada")
        review._connection.execute("ROLLBACK")
        impatient.write([(an_object(), WRONG)], "Ada")


@needs_posix
@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_is_deleted_or_replaced_while_open_is_not_written_to(
    review: ReviewFile, path: Path, replaced: bool
) -> None:
    review.write([(an_object(), WRONG)], "Ada")
    path.unlink()
    if replaced:
        path.write_bytes(b"x")
    with refused(path, "was moved, deleted or replaced"):
        review.write([(a_detection(), MODEL)], "Ada")
    rescued = path.with_name("rescued.sqlite")
    review.copy_to(rescued)
    with ReviewFile.open(rescued) as again:
        assert [entry.place for entry in again.entries()] == [an_object()]


def test_a_copy_never_overwrites(review: ReviewFile, path: Path) -> None:
    other = path.with_name("other.sqlite")
    other.write_bytes(b"precious")
    with refused(other, "not overwritten"):
        review.copy_to(other)


def test_a_network_drive_without_the_log_is_written_to_all_the_same(
    path: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing(sqlite3.Connection):
        def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
            if "journal_mode" in sql:
                raise sqlite3.OperationalError("locking protocol")
            return super().execute(sql, *parameters)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *at, **how: connect(*at, **how, factory=Refusing))
    with ReviewFile.create(path, sources) as review:
        review.write([(an_object(), WRONG)], "Ada")
    with ReviewFile.open(path) as again:
        assert [entry.place for entry in again.entries()] == [an_object()]
    header = path.read_bytes()[18:20]
    assert header == b"\x01\x01"  # no write-ahead log


def test_a_name_that_is_no_text_is_refused(review: ReviewFile, path: Path) -> None:
    with refused(path, "no valid text"):
        review.write([(an_image("\ud800.png"), MODEL)], "Ada")
    assert review.entries() == []


def test_making_a_file_leaves_nothing_behind_where_it_fails(path: Path) -> None:
    def fail(_connection: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("no")

    with pytest.raises(InputError):
        database.make(path, fail)
    assert list(path.parent.iterdir()) == []


def test_of_two_that_make_the_file_at_once_the_first_is_kept(path: Path, sources: Sources) -> None:
    def meanwhile(_connection: sqlite3.Connection) -> None:
        with ReviewFile.create(path, sources) as other:
            other.write([(an_object(), WRONG)], "Ben")

    database.make(path, meanwhile)
    with ReviewFile.open(path) as review:
        assert [entry.author for entry in review.entries()] == ["Ben"]
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@needs_posix
def test_a_file_system_without_links_gets_its_file_as_well(
    path: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_at: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with ReviewFile.create(path, sources) as review:
        review.write([(an_object(), WRONG)], "Ada")
    assert path.exists()
