"""Where the images lie that annotation files beside them speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from inspector.images.paths import resolve_image
from inspector.images.problem import ImageProblem
from inspector.readers.notes import NoteBook
from inspector.readers.numbers import whole_size
from inspector.readers.parts import ImageSizes

_IMAGES: Final = ("JPEGImages", "images", "Images", "img", "imgs", "image")
_ANNOTATIONS: Final = ("annotations", "annotation", "labels", "label", "xml", "xmls", "json", "jsons", "ann")
_SUFFIXES: Final = (".jpg", ".png", ".jpeg", ".JPG", ".JPEG", ".PNG", ".bmp", ".tif", ".tiff", ".webp")
_OTHER_NAME: Final = "image{s} called otherwise than the annotation file"
_ODD_SIZE: Final = "image size{s} not used: not whole numbers of pixels"
_ATTEMPTS: Final = 20


class ImagePlaces:
    """Names the images of annotation files that lie in one folder or in several.

    Of one folder, images are called by their file names; of several, by their paths below `root`, so that
    images of the same name in two folders stay two.
    """

    def __init__(self, root: Path, folders: Iterable[str], sizes: ImageSizes) -> None:
        """`folders`: of the annotation files, relative to `root`, with "/" between; "" for `root` itself."""
        self._root, self._sizes = root, sizes
        self._there: dict[str, str] = {}
        self._attempts = dict.fromkeys(folders, 0)
        self._in_vain = 0
        self._named: set[str] = set()

    @property
    def image_folder(self) -> Path | None:
        """Where the names start from; None where no image was found below `root`."""
        if not self._there:
            return None
        return self._root if len(self._attempts) > 1 else self._root / next(iter(self._there.values()))

    def name(self, folder: str, file_name: str) -> str:
        """What the image of a file in `folder` is called."""
        place = self._place(folder, file_name)
        return f"{place}/{file_name}" if place and len(self._attempts) > 1 else file_name

    def size(
        self, name: str, declared: tuple[float | None, float | None], place: str, notes: NoteBook
    ) -> tuple[int, int]:
        """Width and height in pixels as the file declares them, or else as the image's header does.

        0, 0 where neither says it. What is declared but is no size is noted with its place.
        """
        size = whole_size(*declared)
        if size is None and any(declared):
            notes.add(_ODD_SIZE, f"{place}: {declared[0]} x {declared[1]}")
        return size or self._size_of_image(name) or (0, 0)

    def _size_of_image(self, name: str) -> tuple[int, int] | None:
        if self._in_vain == _ATTEMPTS:
            return None
        if self.image_folder is not None:
            self._sizes.look_in(self.image_folder)
        found = self._sizes.size(name)
        self._in_vain += found is None and self._sizes.folder is None  # each time, folders are looked through
        return found

    def with_suffix(self, folder: str, stem: str) -> str:
        """The file name of an image of which only the stem is known; the stem where none is there."""
        for place in [self._there[folder]] if folder in self._there else _candidates(folder):
            for suffix in _SUFFIXES:
                if _is_there(self._root / place, stem + suffix):
                    return stem + suffix
        return stem

    def named(self, file: str, declared: str, notes: NoteBook) -> str:
        """What the image of one annotation file is called, by what that says and by the file's own name.

        Of two names the one counts that leads to an image; of two that do or do not, the declared one, unless
        another file has declared it before. `declared` may be a path from elsewhere, of which only the last
        part counts; empty: nothing was declared.
        """
        folder, _, own = file.rpartition("/")
        stem = own.rpartition(".")[0] or own
        base = declared.replace("\\", "/").rpartition("/")[2].strip()
        said_stem, dot, suffix = base.rpartition(".")
        if not dot:
            base = self.with_suffix(folder, base or stem)
            said_stem, dot, suffix = base.rpartition(".")
        name = self.name(folder, base)
        if (said_stem or base) != stem:
            by_file = self.name(folder, stem + dot + suffix)
            folder_of_images = self._sizes.chosen or self.image_folder
            only_by_file = (
                folder_of_images is not None
                and _is_there(folder_of_images, by_file)
                and not _is_there(folder_of_images, name)
            )
            if only_by_file or name in self._named:
                name = by_file
            notes.add(_OTHER_NAME, f'{file}: "{declared}", taken as "{name}"')
        self._named.add(name)
        return name

    def _place(self, folder: str, file_name: str) -> str:
        """The folder of the images; as long as none is found, the one of the files."""
        if folder in self._there:
            return self._there[folder]
        if self._attempts[folder] < _ATTEMPTS:
            self._attempts[folder] += 1
            for place in _candidates(folder):
                if _is_there(self._root / place, file_name):
                    self._there[folder] = place
                    return place
        return folder


def _candidates(folder: str) -> Iterator[str]:
    """Where the images of files in a folder may lie, the likeliest first."""
    yield folder
    parts = folder.split("/") if folder else []
    yield from ("/".join([*parts, name]) for name in _IMAGES)
    for number, part in enumerate(parts):
        if part.lower() in _ANNOTATIONS:
            for name in _IMAGES:
                yield "/".join([*parts[:number], name, *parts[number + 1 :]])
            yield "/".join(parts[:number] + parts[number + 1 :])


def _is_there(folder: Path, name: str) -> bool:
    try:
        resolve_image(folder, name)
    except ImageProblem:
        return False
    return True
