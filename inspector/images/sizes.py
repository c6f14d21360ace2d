"""The sizes of images, from the first bytes of their files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector.images.decode import MAX_PIXELS
from inspector.images.opening import opened, stored_orientation
from inspector.images.paths import find_image_folder, resolve_image
from inspector.images.problem import ImageProblem

IMAGE_SUFFIXES = (
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


class FolderSizes:
    """Looks in one folder: the one that was chosen, or the one beside the files that holds them."""

    def __init__(self, folder: Path | None, files: Sequence[Path]) -> None:
        self._folder, self._files = folder, files
        self._names: tuple[str, ...] | None = None

    def size(self, name: str) -> tuple[int, int] | None:
        """Width and height in pixels as the image is shown; None where it cannot be found or read."""
        if self._folder is None:
            for file in self._files:
                self._folder = self._folder or find_image_folder(file, [name])
        try:
            with opened(resolve_image(self._folder, name), MAX_PIXELS) as source:
                width, height = source.stored
                return (height, width) if stored_orientation(source.image) >= 5 else (width, height)
        except ImageProblem:
            return None

    def names(self) -> Sequence[str]:
        """All images of the folder, relative to it with "/" between, sorted."""
        if self._names is None:
            folder = self._folder
            found = (
                []
                if folder is None
                else [path for path in folder.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES]
            )
            self._names = tuple(
                sorted(path.relative_to(folder).as_posix() for path in found if folder is not None)
            )
        return self._names
