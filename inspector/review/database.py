"""Opening a SQLite database that is a review file and nothing else, with errors that a person understands."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from inspector.errors import InputError
from inspector.review.schema import APPLICATION_ID, VERSION, bring_up_to_date, version_of

_PATIENCE: Final = 10.0
"""Seconds to wait for another window or program that is writing."""
_MAGIC: Final = b"SQLite format 3\x00"
_APPLICATION_ID_AT: Final = 68
"""https://www.sqlite.org/fileformat.html, "The Database Header"."""

_ELSEWHERE = "choose another place for the review file"
_REASONS = {
    sqlite3.SQLITE_FULL: f"the disk is full: make room, or {_ELSEWHERE}",
    sqlite3.SQLITE_READONLY: f"cannot be written to: {_ELSEWHERE}",
    sqlite3.SQLITE_PERM: f"may not be used: {_ELSEWHERE}",
    sqlite3.SQLITE_AUTH: f"may not be used: {_ELSEWHERE}",
    sqlite3.SQLITE_CANTOPEN: f"cannot be opened, or its folder cannot be written to: {_ELSEWHERE}",
    sqlite3.SQLITE_BUSY: "another program uses it and does not let go: try again",
    sqlite3.SQLITE_LOCKED: "another program uses it and does not let go: try again",
    sqlite3.SQLITE_NOTADB: f"is not a review file: {_ELSEWHERE}",
    sqlite3.SQLITE_CORRUPT: f"is damaged: put back a copy of it, or {_ELSEWHERE}",
    sqlite3.SQLITE_ERROR: f"is damaged, its tables are not those of a review file: {_ELSEWHERE}",
}


@contextlib.contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Whatever SQLite or the system complains of becomes an InputError."""
    try:
        yield
    except sqlite3.Error as error:
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        reason = _REASONS.get(primary, f"cannot be read or written ({error}): {_ELSEWHERE}")
        raise InputError(path, "", reason) from error
    except UnicodeEncodeError as error:
        raise InputError(path, "", f"cannot hold the name {error.object!r}: it is no valid text") from error
    except ValueError as error:
        raise InputError(path, "", f"{_REASONS[sqlite3.SQLITE_CORRUPT]} ({error})") from error
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise InputError(path, "", f"cannot be used ({what}): {_ELSEWHERE}") from error


def connect(path: Path) -> sqlite3.Connection:
    """Open an existing review file, of the newest version once this returns.

    Where it may only be read, so it is. Raises InputError, and leaves alone what is no review file.
    """
    with clear_errors(path):
        _check_header(path)
        log_is_there = path.with_name(f"{path.name}-wal").exists()
        # Where no file can be made beside it, only a promise that nobody writes lets it be read.
        only_read = "mode=ro&immutable=1"
        may_write = log_is_there or os.access(path, os.W_OK)
        connection = _plain(path, "mode=rw" if may_write else only_read)
        try:
            try:
                _prepare(path, connection)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CANTOPEN or log_is_there:
                    raise
                connection.close()
                connection = _plain(path, only_read)
                _prepare(path, connection)
        except BaseException:
            connection.close()
            raise
    return connection


def snapshot(path: Path) -> sqlite3.Connection:
    """What a review file holds now, as a database in memory, of the newest version.

    The file and its folder stay exactly as they are, also where it is old, or open in a window. Raises
    InputError.
    """
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        with clear_errors(path):
            _check_header(path)
            # Without a log beside it, it is complete, and nothing needs to be put beside it to read it.
            is_logging = path.with_name(f"{path.name}-wal").exists()
            with contextlib.closing(_plain(path, "mode=ro" if is_logging else "mode=ro&immutable=1")) as disk:
                disk.backup(memory)
            _prepare(path, memory)
    except BaseException:
        memory.close()
        raise
    return memory


def make(path: Path, fill: Callable[[sqlite3.Connection], None]) -> None:
    """Make a review file that `fill` writes into. Where one of that name appears meanwhile, that one stays.

    Raises InputError.
    """
    with _appearing_at(path) as new:
        connection = _plain(new, "mode=rwc")
        try:
            _for_good(connection)
            with transaction(connection):
                bring_up_to_date(connection)
                fill(connection)
        finally:
            connection.close()


def copy(connection: sqlite3.Connection, path: Path) -> None:
    """Copy a database to a new file, in one piece. Raises InputError; another file there stays."""
    with _appearing_at(path) as new:
        connection.execute("VACUUM INTO ?", (str(new),))
        with new.open("r+b") as stream:
            os.fsync(stream.fileno())


@contextlib.contextmanager
def _appearing_at(path: Path) -> Iterator[Path]:
    """A new file to fill that then appears as a whole, and never in place of another."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with clear_errors(path):
        if not path.parent.is_dir():
            raise InputError(path, "", f"there is no folder {path.parent}: {_ELSEWHERE}")
        try:
            yield new
            _put_in_place(new, path)
        finally:
            for leftover in (new, new.with_name(f"{new.name}-wal"), new.with_name(f"{new.name}-shm")):
                leftover.unlink(missing_ok=True)


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; on disk at the end."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _plain(path: Path, how: str) -> sqlite3.Connection:
    name = path.absolute().as_posix()
    rooted = name if name.startswith("/") else f"/{name}"  # a Windows drive
    return sqlite3.connect(
        f"file://{quote(os.fsencode(rooted))}?{how}",
        uri=True,
        timeout=_PATIENCE,
        isolation_level=None,
        check_same_thread=False,  # one thread at a time, but a window may close it
    )


def _check_header(path: Path) -> None:
    """SQLite itself would take an empty file for a database, and recover another program's."""
    if path.is_dir():
        raise InputError(path, "", f"is a folder: {_ELSEWHERE}")
    if not path.exists():
        raise InputError(path, "", "there is no such review file")
    with path.open("rb") as stream:
        header = stream.read(100)
    if not header:
        raise InputError(path, "", f"is empty, not a review file: delete it, or {_ELSEWHERE}")
    if not header.startswith(_MAGIC):
        raise InputError(path, "", f"is not a review file: {_ELSEWHERE}")
    if header[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4] != APPLICATION_ID.to_bytes(4, "big"):
        raise InputError(path, "", f"is a database of another program, not a review file: {_ELSEWHERE}")


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    version = version_of(connection)
    if version > VERSION:
        reason = (
            f"is of version {version}; this program knows {VERSION}: use a newer program, or {_ELSEWHERE}"
        )
        raise InputError(path, "", reason)
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise _damage(str(found))
    if version < VERSION:
        with transaction(connection):
            bring_up_to_date(connection)
    if os.access(path, os.W_OK):
        _for_good(connection)


def _damage(found: str) -> sqlite3.DatabaseError:
    """What SQLite would raise where it came across the damage by itself."""
    error = sqlite3.DatabaseError(found)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _for_good(connection: sqlite3.Connection) -> None:
    """What is committed is on disk, whatever happens next."""
    with contextlib.suppress(sqlite3.OperationalError):  # a network drive may refuse it: then as SQLite does
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # macOS: also what the disk itself holds back


def _put_in_place(new: Path, path: Path) -> None:
    """Give the file its name, unless another has it."""
    with contextlib.suppress(FileExistsError):
        try:
            os.link(new, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            if not path.exists():
                new.rename(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
