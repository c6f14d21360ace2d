"""The sizes of images, from the first bytes of their files."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from inspector.dataset import Rows
from inspector.images.decode import MAX_PIXELS
from inspector.images.headers import plain_size
from inspector.images.listing import ImageListing, folder_of_stems
from inspector.images.opening import opened, stored_orientation
from inspector.images.paths import IMAGE_SUFFIXES, candidate_folders, find_image_folder, resolve_image
from inspector.images.problem import ImageProblem
from inspector.parallel import in_order
from inspector.pauses import Pauses
from inspector.progress import Progress, no_progress

__all__ = ["IMAGE_SUFFIXES", "FolderSizes", "size_of_image"]

_STAGE = "Reading the sizes of images"
_AT_ONCE = 64
"""Images whose headers one thread reads before progress is reported."""


class FolderSizes:
    """Looks in one folder: the one that was chosen, or the one beside the files that holds them."""

    def __init__(self, folder: Path | None, files: Sequence[Path]) -> None:
        self._chosen = self._folder = folder
        self._files = tuple(files)
        self._listing: ImageListing | None = None

    @property
    def chosen(self) -> Path | None:
        """The folder that a person chose; None where nobody did."""
        return self._chosen

    @property
    def folder(self) -> Path | None:
        """Where images are looked for; None as long as no folder was found."""
        return self._folder

    def look_in(self, folder: Path) -> None:
        """A folder that the files themselves lead to; what a person chose comes first."""
        if self._chosen is None and folder != self._folder:
            self._folder, self._listing = folder, None

    def size(self, name: str) -> tuple[int, int] | None:
        """Width and height in pixels as the image is shown; None where it cannot be found or read."""
        self._find_folder([name])
        return None if self._folder is None else _size_under(self._folder, name)

    def sizes(self, names: Sequence[str], progress: Progress = no_progress) -> Rows:
        """int32 [names, 2]: width and height as the images are shown; 0 where one cannot be found or read.

        Headers are read by several threads. Raises what `progress` raises.
        """
        self._find_folder(names)
        folder, found = self._folder, np.zeros((len(names), 2), np.int32)
        if folder is None:
            return found

        def read(first: int) -> list[tuple[int, int]]:
            pause, sizes = Pauses(), []
            for name in names[first : first + _AT_ONCE]:
                sizes.append(_size_under(folder, name) or (0, 0))
                pause()
            return sizes

        with closing(in_order(read, range(0, len(names), _AT_ONCE))) as blocks:
            for block, sizes in enumerate(blocks):
                first = block * _AT_ONCE
                found[first : first + len(sizes)] = sizes
                progress(_STAGE, first / len(names))
        return found

    def find(self, called: Sequence[str], progress: Progress = no_progress) -> list[str | None]:
        """The images of the folder that are meant by paths, file names or stems; None where there is none.

        See `ImageListing.find`. Raises what `progress` raises.
        """
        self._find_folder(called)
        listing = self._listed(progress)
        if listing is None:
            return [None] * len(called)
        found: list[str | None] = []
        pause = Pauses()
        for name in called:
            found.append(listing.find(name))
            pause()
        return found

    def names(self) -> Sequence[str]:
        """All images of the folder, relative to it with "/" between, sorted."""
        listing = self._listed(no_progress)
        return () if listing is None else listing.names

    def _listed(self, progress: Progress) -> ImageListing | None:
        if self._listing is None and self._folder is not None:
            self._listing = ImageListing(self._folder, progress)
        return self._listing

    def _find_folder(self, called: Sequence[str]) -> None:
        if self._folder is None and called:
            self._folder = next(_folders_beside(self._files, called), None)


def size_of_image(path: Path) -> tuple[int, int] | None:
    """Width and height in pixels as the image is shown; None where there is none that can be read."""
    try:
        if stat.S_ISREG(path.stat().st_mode):  # opening a pipe could wait for ever
            size = plain_size(path, lambda width, height: width * height <= MAX_PIXELS)
            if size is not None:
                return size
        with opened(path, MAX_PIXELS) as source:
            width, height = source.stored
            return (height, width) if stored_orientation(source.image) >= 5 else (width, height)
    except (ImageProblem, OSError):
        return None


def _size_under(folder: Path, name: str) -> tuple[int, int] | None:
    try:
        return size_of_image(resolve_image(folder, name))
    except ImageProblem:
        return None


def _folders_beside(files: Sequence[Path], called: Sequence[str]) -> Iterator[Path]:
    """Folders in or beside the files that hold images of these names, or at least of these stems."""
    for path in files:
        folder = find_image_folder(path, called)
        if folder is None:
            candidates = list(candidate_folders(path))
            near = [candidate for candidate, is_neighbour in candidates if not is_neighbour]
            beyond = [candidate for candidate, is_neighbour in candidates if is_neighbour]
            folder = folder_of_stems(near, called) or folder_of_stems(beyond, called, neighbours=True)
        if folder is not None:
            yield folder
