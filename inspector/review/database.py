"""Opening a SQLite database that is a review file and nothing else, with errors that a person understands."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from inspector.errors import InputError
from inspector.review.schema import APPLICATION_ID, VERSION, bring_up_to_date, version_of

_PATIENCE: Final = 10.0
"""Seconds to wait for another window or program that is writing."""
_MAGIC: Final = b"SQLite format 3\x00"
_HEADER_SIZE: Final = 100
_APPLICATION_ID_AT: Final = 68
"""https://www.sqlite.org/fileformat.html, "The Database Header"."""

_ELSEWHERE: Final = "choose another place for the review file"
_DAMAGED: Final = "is damaged", "put back a copy of it"
_HELD: Final = "another program uses it and does not let go", "try again"
_REASONS: Final = {
    sqlite3.SQLITE_FULL: ("the disk is full", "make room"),
    sqlite3.SQLITE_IOERR: ("cannot be read or written, because the disk may be full or failing", ""),
    sqlite3.SQLITE_READONLY: ("cannot be written to", ""),
    sqlite3.SQLITE_PERM: ("may not be used", ""),
    sqlite3.SQLITE_AUTH: ("may not be used", ""),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened, nor files made beside it", ""),
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_NOTADB: ("is not a review file", ""),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_ERROR: ("is damaged, its tables are not those of a review file", ""),
}


class _UnusableError(Exception):
    """What is wrong with a file, and what could be done."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy


@contextlib.contextmanager
def clear_errors(path: Path, *, is_kept: bool = True) -> Iterator[None]:
    """Whatever SQLite or the system complains of becomes an InputError.

    `is_kept`: verdicts should be kept in this file, so another place would help.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _told(path, *_reason(error), is_kept) from error
    except _UnusableError as error:
        raise _told(path, error.reason, error.remedy, is_kept) from error
    except UnicodeEncodeError as error:
        raise InputError(path, "", f"cannot hold the name {error.object!r}: it is no valid text") from error
    except ValueError as error:
        raise _told(path, f"{_DAMAGED[0]} ({error})", _DAMAGED[1], is_kept) from error
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise _told(path, f"cannot be used ({what})", "", is_kept) from error


def _reason(error: sqlite3.Error) -> tuple[str, str]:
    if str(error).startswith("Could not decode"):  # Python's own, without a code
        return _DAMAGED
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _REASONS.get(code, (f"cannot be read or written ({error})", ""))


def _told(path: Path, reason: str, remedy: str, is_kept: bool) -> InputError:
    remedies = ", or ".join(filter(None, (remedy, _ELSEWHERE if is_kept else "")))
    return InputError(path, "", f"{reason}: {remedies}" if remedies else reason)


def connect(path: Path) -> sqlite3.Connection:
    """Open an existing review file, of the newest version once this returns.

    Where it may only be read, so it is. Raises InputError, and leaves alone what is no review file.
    """
    with clear_errors(path):
        _check_header(path)
        if _beside(path, "wal").exists() or os.access(path, os.W_OK):
            connection = _plain(path, "mode=rw")
            try:
                _prepare(path, connection)
                return connection
            except BaseException as error:
                connection.close()
                if not _may_only_be_read(error):
                    raise
        memory = _in_memory(path)
        memory.execute("PRAGMA query_only = ON")
        return memory


def snapshot(path: Path) -> sqlite3.Connection:
    """What a review file holds now, as a database in memory, of the newest version.

    The file and its folder stay exactly as they are, also where it is old, or open in a window. Raises
    InputError.
    """
    with clear_errors(path, is_kept=False):
        _check_header(path)
        return _in_memory(path)


def _in_memory(path: Path) -> sqlite3.Connection:
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        _load(memory, path)
        _prepare(path, memory)
    except BaseException:
        memory.close()
        raise
    return memory


def _load(memory: sqlite3.Connection, path: Path) -> None:
    """Copy a file, and what its log holds beyond it."""
    log = _beside(path, "wal")
    if not log.exists():  # then it is complete, and nothing needs to be put beside it to read it
        _back_up(memory, path, "mode=ro&immutable=1")
        return
    if _beside(path, "shm").exists():
        try:
            _back_up(memory, path, "mode=ro")
        except sqlite3.OperationalError as error:
            if not _may_only_be_read(error):
                raise
        else:
            return
    # Nobody has it open, and what was left behind is only put together by somebody who may write.
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder, "review.sqlite")
        shutil.copyfile(path, copied)
        shutil.copyfile(log, _beside(copied, "wal"))
        _back_up(memory, copied, "mode=rw")


def _back_up(memory: sqlite3.Connection, path: Path, how: str) -> None:
    with contextlib.closing(_plain(path, how)) as disk:
        disk.backup(memory)


def _beside(path: Path, what: str) -> Path:
    """https://www.sqlite.org/wal.html: the log ("wal") and its index ("shm")."""
    return path.with_name(f"{path.name}-{what}")


def _may_only_be_read(error: BaseException) -> bool:
    """Whether it failed because no file can be made or changed here."""
    codes = sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in codes


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
            raise _UnusableError(f"there is no folder {path.parent}")
        try:
            yield new
            _put_in_place(new, path)
        finally:
            for leftover in (new, _beside(new, "wal"), _beside(new, "shm")):
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
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):  # the last: no name of a file at all
        raise InputError(path, "", "there is no such review file") from None
    if not stat.S_ISREG(mode):  # a pipe would be waited for
        raise _UnusableError("is a folder" if stat.S_ISDIR(mode) else "is no regular file")
    with path.open("rb") as stream:
        header = stream.read(_HEADER_SIZE)
    if not header:
        raise _UnusableError("is empty, not a review file", "delete it")
    if not header.startswith(_MAGIC[: len(header)]):
        raise _UnusableError("is not a review file")
    if len(header) < _HEADER_SIZE:
        raise _UnusableError(*_DAMAGED)
    if header[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4] != APPLICATION_ID.to_bytes(4, "big"):
        raise _UnusableError("is a database of another program, not a review file")


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    version = version_of(connection)
    if version > VERSION:
        reason = f"is of version {version}; this program knows {VERSION}"
        raise _UnusableError(reason, "use a newer program")
    _look_for_damage(connection)
    if version < VERSION:
        with transaction(connection):
            bring_up_to_date(connection)
    if os.access(path, os.W_OK):
        _for_good(connection)


def _look_for_damage(connection: sqlite3.Connection) -> None:
    """Every page, and each table against its indices, of which one in bad order would hide verdicts; and
    whether each verdict has its place. 0.2 seconds for 100,000 verdicts."""
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise _UnusableError(*_DAMAGED)


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
