"""What lies in a folder, in bounded time: names and suffixes only."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inspector.errors import InputError
from inspector.progress import Progress
from inspector.readers.folders import is_file

STAGE: Final = "Looking through the folders"
_DEPTH: Final = 8
_MOST_ENTRIES: Final = 400_000
"""Of all folders together: half a second on a local disk."""
_EACH: Final = 2_000
"""Entries between two reports."""


@dataclass(slots=True)
class Listing:
    """One folder: its files by suffix (lower case, with the dot), and the folders in it."""

    path: Path
    files: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    folders: list[Listing] = field(default_factory=list)
    problem: str = ""
    """Why it could not be listed."""
    broken_links: list[str] = field(default_factory=list)
    """Names of links that lead nowhere, or in a circle."""
    is_cut: bool = False
    """There is more than was listed."""

    def below(self) -> Iterator[Listing]:
        """This folder and all below it, nearest first."""
        waiting = [self]
        while waiting:
            yield from waiting
            waiting = [folder for listing in waiting for folder in listing.folders]


def listing_of(folder: Path, progress: Progress) -> Listing:
    """List a folder and those below it, nearest first.

    Links to files count as files. Links to folders are not followed: they could lead out of it, or round in
    a circle. Raises InputError where the folder itself cannot be listed, and what `progress` raises.
    """
    root, left = Listing(folder), _MOST_ENTRIES
    level = [root]
    for _ in range(_DEPTH):
        for listing in level:
            left = _fill(listing, left, progress)
        level = [below for listing in level for below in listing.folders]
    if root.problem:
        raise InputError(folder, "", root.problem)
    for listing in level:
        listing.is_cut = True
    return root


def _fill(listing: Listing, left: int, progress: Progress) -> int:
    """Put in what lies directly in a folder; returns how many entries may still be listed."""
    try:
        with os.scandir(listing.path) as entries:
            for number, entry in enumerate(entries):
                if number % _EACH == 0:
                    progress(STAGE, 0.0)
                if left <= 0:
                    listing.is_cut = True
                    break
                left -= 1
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    listing.folders.append(Listing(Path(entry.path)))
                elif is_file(entry):
                    listing.files[entry.name[len(stem_of(entry.name)) :].lower()].append(entry.name)
                elif entry.is_symlink() and not os.path.exists(entry.path):  # noqa: PTH110 (as `entry` does)
                    listing.broken_links.append(entry.name)
    except OSError as error:
        listing.problem = f"cannot be read: {error.strerror or error}"
    for names in listing.files.values():
        names.sort()
    listing.folders.sort(key=lambda folder: folder.path)
    return left


def stem_of(name: str) -> str:
    """A file's name without its suffix; pathlib takes ten times as long."""
    return name.rpartition(".")[0] or name
