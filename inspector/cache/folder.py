"""Where entries lie, and how much room they may take."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inspector.cache.entry import PART
from inspector.user_folders import user_cache_folder

LIMIT: Final = 4 << 30
"""Bytes that all entries may take together."""

VARIABLE: Final = "DETECTION_INSPECTOR_CACHE"
"""The environment variable that names another folder; set to nothing, nothing is kept."""

_SUFFIX: Final = ".inspector-entry"
"""Nobody else's files end like this: the person may name a folder that holds others as well."""
_SHARE_OF_DISK: Final = 0.25
"""Of what is free or ours."""
_FORGOTTEN_AFTER: Final = 600.0
"""Seconds after which a file that nobody writes to any more was left by a process that was killed."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What the cache takes; `folder` is None where nothing is kept."""

    folder: Path | None
    entries: int
    bytes: int
    """Also those of entries that are being written."""


def cache_folder() -> Path | None:
    """The folder of the entries; it may not exist yet."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    try:
        return user_cache_folder() / "detection-inspector" / "opened"
    except RuntimeError:  # there is no home
        return None


def entry_path(folder: Path, key: str) -> Path:
    return folder / f"{key}{_SUFFIX}"


def was_used(path: Path) -> None:
    """Note that an entry was used now: those that were not for the longest time go first."""
    with suppress(OSError):
        os.utime(path)


def make_room(folder: Path, size: int) -> bool:
    """Delete what was not used for long until `size` bytes more fit; False where they do not.

    Raises OSError where the disk cannot be asked.
    """
    found = _files(folder)
    for path, _, changed in found:
        if path.suffix == PART and time.time() - changed > _FORGOTTEN_AFTER:
            delete(path)
    found = [item for item in found if item[0].exists()]
    taken = sum(bytes_ for _, bytes_, _ in found)
    limit = min(LIMIT, int(_SHARE_OF_DISK * (shutil.disk_usage(folder).free + taken)))
    if size > limit:
        return False
    for path, bytes_, _ in sorted(found, key=lambda item: item[2]):
        if taken + size <= limit:
            break
        if path.suffix == _SUFFIX and delete(path):
            taken -= bytes_
    return taken + size <= limit


def usage() -> Usage:
    """What is kept, and where."""
    folder = cache_folder()
    found = _files(folder) if folder else []
    entries = sum(path.suffix == _SUFFIX for path, _, _ in found)
    return Usage(folder, entries, sum(size for _, size, _ in found))


def clear() -> Usage:
    """Delete everything that can be deleted; what is left is told. Programs that use it go on as they are."""
    folder = cache_folder()
    for path, _, _ in _files(folder) if folder else []:
        delete(path)
    return usage()


def _files(folder: Path) -> list[tuple[Path, int, float]]:
    """Path, bytes and time of last use of our files; other processes may be deleting them."""
    found = []
    with suppress(OSError):
        for path in folder.iterdir():
            if path.suffix in (_SUFFIX, PART):
                with suppress(OSError):
                    stat = path.stat()
                    found.append((path, stat.st_size, stat.st_mtime))
    return found


def delete(path: Path) -> bool:
    """Delete one file; False where that is not possible."""
    try:
        path.unlink(missing_ok=True)
    except OSError:  # a read-only folder
        return False
    return True
