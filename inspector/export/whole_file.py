"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from inspector.errors import InputError


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
        beside = place.with_name(f".{place.name}.{secrets.token_hex(4)}.part")
        try:
            with beside.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(place)
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(target, "", f"cannot be written: {error.strerror or error}") from error


def write_whole(target: Path, content: bytes) -> None:
    """The same for what is in memory."""
    with whole_file(target) as stream:
        stream.write(content)
