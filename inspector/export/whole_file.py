"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from inspector.errors import InputError


def write_whole(target: Path, content: bytes) -> None:
    """Into a file beside it, which then takes the name. Raises InputError; what was there then stays.

    What is no file (a pipe, a terminal) is written to directly.
    """
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)
            return
        place = target.resolve()  # a link stays one
        beside = place.with_name(f".{place.name}.{os.getpid()}.part")
        try:
            beside.write_bytes(content)
            beside.replace(place)
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(target, "", f"cannot be written: {error.strerror}") from error
