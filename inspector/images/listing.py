"""What images a folder holds, and which of them is meant by a name, a path or a stem."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from inspector.images.paths import IMAGE_SUFFIXES, enough_of, sample_of
from inspector.pauses import Pauses, sorted_in_steps
from inspector.progress import Progress, no_progress

_SUFFIXES: Final = frozenset(IMAGE_SUFFIXES)
_MOST_FOLDERS: Final = 5000
_AMBIGUOUS: Final = ""


class ImageListing:
    """The images of a folder and of the folders in it, listed once.

    Hidden files and folders are left out. Links to files are followed; links to folders are not, since they
    could lead round in a circle.
    """

    def __init__(self, folder: Path, progress: Progress = no_progress, *, deep: bool = True) -> None:
        """`deep`: with the images of the folders in it.

        A folder that cannot be listed holds nothing. Raises what `progress` raises.
        """
        self.folder = folder
        self.names: tuple[str, ...] = tuple(sorted_in_steps(_below(folder, progress, deep)))
        """Relative to the folder with "/" between, sorted."""
        self._paths = frozenset(self.names)
        self._known: list[dict[str, str]] = []

    def find(self, called: str) -> str | None:
        """The name of the image that is meant: by its path, else its file name, else its stem.

        A suffix need not be there or right. What is written exactly so comes first, then whatever the case.
        None where there is none, or more than one.
        """
        path = called.replace("\\", "/").removeprefix("./")
        if path in self._paths:
            return path
        keys = (without_suffix(path), file_of(path), stem_of(path))
        for place, key in enumerate((*keys, *map(str.casefold, keys))):
            known = self._names_by(place)
            if key in known:
                return known[key] or None
        return None

    def _names_by(self, place: int) -> dict[str, str]:
        """The names by path, file name and stem, as they are written, then folded; made when needed."""
        while place >= len(self._known):
            key_of = (without_suffix, file_of, stem_of)[len(self._known) % 3]
            fold = str if len(self._known) < 3 else str.casefold
            self._known.append(_unambiguous((fold(key_of(name)), name) for name in self.names))
        return self._known[place]


def folder_of_stems(
    candidates: Iterable[Path], called: Sequence[str], *, neighbours: bool = False
) -> Path | None:
    """The folder that holds most images of a sample of names, whatever their suffix and case.

    Of equals the first wins; None where none holds any, and of neighbours none half of them. Only the folders
    themselves are looked at, not those in them.
    """
    sample = {stem_of(name) for name in sample_of(called)}
    folders = list(candidates)
    if neighbours and not enough_of(len(sample), len(sample)):
        return None
    for folder in folders:  # in most cases: without listing a folder that may be huge
        if all(_has_image(folder, stem) for stem in sample):
            return folder
    folded = {stem.casefold() for stem in sample}
    found = [len(folded.intersection(_stems_in(folder))) for folder in folders]
    most = max(found, default=0)
    if not most or (neighbours and not enough_of(most, len(folded))):
        return None
    return folders[found.index(most)]


def _has_image(folder: Path, stem: str) -> bool:
    # os.path, as names may be too long or impossible here
    return any(os.path.isfile(f"{folder}/{stem}{suffix}") for suffix in (*IMAGE_SUFFIXES[:3], ".JPG"))  # noqa: PTH113


def _stems_in(folder: Path) -> Iterator[str]:
    pause = Pauses()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                pause()
                if entry.name.lower().endswith(IMAGE_SUFFIXES):
                    yield stem_of(entry.name).casefold()
    except OSError:
        return


def file_of(name: str) -> str:
    """The file name of a path."""
    return name.rpartition("/")[2]


def stem_of(name: str) -> str:
    """The file name without its suffix, if that is one of images."""
    return without_suffix(file_of(name))


def without_suffix(name: str) -> str:
    """A path without its suffix, if that is one of images: "2007.01" is a stem as well."""
    stem, dot, suffix = name.rpartition(".")
    return stem if stem and (dot + suffix).lower() in _SUFFIXES else name


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The names by their keys; "" where several names have the same."""
    pause = Pauses()
    known: dict[str, str] = {}
    for key, name in pairs:
        known[key] = _AMBIGUOUS if key in known else name
        pause()
    return known


def _below(folder: Path, progress: Progress, deep: bool) -> Iterator[str]:
    pause = Pauses()
    waiting, folders = [""], 0
    while waiting and folders < _MOST_FOLDERS:
        below, folders = waiting.pop(), folders + 1
        progress("Looking for images", 0.0)
        try:
            with os.scandir(folder / below) as entries:
                for entry in entries:
                    pause()
                    name = entry.name
                    if name.startswith("."):
                        continue
                    if name.lower().endswith(IMAGE_SUFFIXES):
                        if entry.is_file():
                            yield f"{below}{name}"
                    elif deep and entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{below}{name}/")
        except OSError:
            continue
