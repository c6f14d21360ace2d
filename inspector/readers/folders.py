"""Files in folders, and small text files, whoever wrote them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from inspector.errors import InputError
from inspector.pauses import sorted_in_steps
from inspector.progress import Progress

_MOST_ENTRIES = 5_000
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def files_below(path: Path, suffixes: Sequence[str], progress: Progress | None = None) -> list[str]:
    """The files of a folder whose name ends so (lower case), at any depth, sorted, with "/" between folders.

    Links to files are followed, links to folders are not: they could lead out of it, or round in a circle.
    Hidden files and folders are left out. Raises InputError where the folder cannot be listed.
    """
    found: list[str] = []
    waiting = [""]
    while waiting:
        below = waiting.pop()
        if progress is not None:
            progress("Looking for files", 0.0)
        for name, is_folder in _entries(path, below):
            if is_folder:
                waiting.append(f"{below}{name}/")
            elif name.lower().endswith(tuple(suffixes)):
                found.append(f"{below}{name}")
    return sorted_in_steps(found)


def some_files(path: Path, suffixes: Sequence[str], most: int = 8) -> list[str]:
    """A few files of a folder whose name ends so, the nearest first, as `files_below` would find them.

    Looks at some thousand entries only; empty where the folder cannot be listed.
    """
    found: list[str] = []
    waiting, looked_at = [""], 0
    for below in waiting:  # which grows
        try:
            for name, is_folder in _entries(path, below):
                looked_at += 1
                if is_folder:
                    waiting.append(f"{below}{name}/")
                elif name.lower().endswith(tuple(suffixes)):
                    found.append(f"{below}{name}")
                if len(found) == most or looked_at > _MOST_ENTRIES:
                    return found
        except InputError:
            continue
    return found


def _entries(path: Path, below: str) -> Iterator[tuple[str, bool]]:
    try:
        with os.scandir(path / below) as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    is_folder = entry.is_dir(follow_symlinks=False)
                    if is_folder or is_file(entry):
                        yield entry.name, is_folder
    except OSError as error:
        raise InputError(path / below, "", f"cannot be read: {error.strerror or error}") from None


def is_file(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a file, or a link to one; a link that leads nowhere, or in a circle, is none."""
    try:
        return entry.is_file()
    except OSError:
        return False


def read_text(path: Path, most: int = -1) -> str:
    """The text of a file in UTF-8 or UTF-16, with or without a byte order mark; the first `most` bytes of it.

    Raises InputError where it cannot be read or is no text.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most)
    except OSError as error:
        raise InputError(path, "", f"cannot be read: {error.strerror or error}") from None
    coding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(coding, errors="strict" if most < 0 else "ignore")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(path, f"line {line}", "is not text in UTF-8") from None
