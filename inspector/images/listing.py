"""What images a folder holds, and which of them is meant by a name, a path or a stem."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from inspector.images.paths import sample_of
from inspector.pauses import Pauses, sorted_in_steps
from inspector.progress import Progress, no_progress

IMAGE_SUFFIXES: Final = (
    ".jpg",
    ".jpeg",
    ".png",
    ".bmp",
    ".webp",
    ".tif",
    ".tiff",
    ".gif",
    ".jp2",
    ".avif",
    ".ppm",
    ".pgm",
)
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
        self._known: tuple[dict[str, str], ...] = ()

    def find(self, called: str) -> str | None:
        """The name of the image that is meant: by its path, else its file name, else its stem.

        A suffix need not be there or right. What is written exactly so comes first, then whatever the case.
        None where there is none, or more than one.
        """
        path = called.replace("\\", "/").removeprefix("./")
        if path in self._paths:
            return path
        self._known = self._known or tuple(self._lists())
        keys = (without_suffix(path), file_of(path), stem_of(path))
        for known, key in zip(self._known, (*keys, *map(str.casefold, keys)), strict=True):
            if key in known:
                return known[key] or None
        return None

    def _lists(self) -> Iterator[dict[str, str]]:
        """The names by path, file name and stem, as they are written and folded."""
        for fold in (str, str.casefold):
            for key_of in (without_suffix, file_of, stem_of):
                yield _unambiguous((fold(key_of(name)), name) for name in self.names)


def folder_of_stems(candidates: Iterable[Path], called: Sequence[str]) -> Path | None:
    """The folder that holds most images of a sample of names, whatever their suffix and case.

    Of equals the first wins; None where none holds any. Only the folders themselves are looked at, not those
    in them.
    """
    sample = {stem_of(name).casefold() for name in sample_of(called)}
    best: Path | None = None
    most = 0
    for folder in candidates:
        found = len(sample.intersection(_stems_in(folder)))
        if found > most:
            best, most = folder, found
        if most == len(sample):
            break
    return best


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
    stem, _, suffix = name.rpartition(".")
    return stem if stem and f".{suffix.lower()}" in IMAGE_SUFFIXES else name


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
