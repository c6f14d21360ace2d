"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from inspector.errors import InputError

PART: Final = "part"
OLD: Final = "old"
_LETTERS: Final = 8
_RUNNING: Final = 3600.0
"""Seconds."""


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """A file beside the target to write into, which takes its name once it is complete and on the disk.

    Whatever goes wrong or is cancelled, what was there before stays; a link stays a link. What is no file (a
    pipe, a terminal) is written to directly. Raises InputError where it cannot be written.
    """
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:
                yield stream
            return
        place = target.resolve()
        part = beside(place, PART)
        for left in leftovers(place, PART):
            with suppress(OSError):  # a folder, or somebody else's
                left.unlink()
        try:
            with part.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(place)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(target, "", f"cannot be written: {error.strerror or error}") from error


def write_whole(target: Path, content: bytes) -> None:
    """The same for what is in memory."""
    with whole_file(target) as stream:
        stream.write(content)


def beside(place: Path, ending: str) -> Path:
    """A name that nothing has yet, hidden beside what is written."""
    return place.with_name(f".{place.name}.{secrets.token_hex(_LETTERS // 2)}.{ending}")


def leftovers(place: Path, ending: str) -> Iterator[Path]:
    """What a run that was killed left under such a name. What was written to within the last hour may be
    another program's that is still running."""
    name = re.compile(rf"\.{re.escape(place.name)}\.[0-9a-f]{{{_LETTERS}}}\.{ending}")
    with suppress(OSError):  # a folder may be one to write to and not to look into
        for item in list(place.parent.iterdir()):
            if name.fullmatch(item.name) and not item.is_symlink() and _age(item) > _RUNNING:
                yield item


def _age(path: Path) -> float:
    """Seconds since it was written to; 0 for what has gone."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
