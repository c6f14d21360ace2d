"""Which label files a data set has, one per image, and which images they are about."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from inspector.errors import InputError
from inspector.images.listing import ImageListing, file_of, folder_of_stems
from inspector.images.paths import IMAGE_SUFFIXES, subfolders
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.folders import files_below
from inspector.readers.notes import EXAMPLES, NoteBook
from inspector.readers.parts import ImageSizes
from inspector.readers.split_names import split_of
from inspector.readers.text.class_lists import is_class_list
from inspector.readers.text.label_parts import LabelParts, as_images, is_settings, parts_of, settings_in
from inspector.readers.text.sample import sampled

_IMAGES: Final = ("images", "Images", "image", "JPEGImages", "img", "imgs")
_LABELS: Final = ("labels", "label", "annotations", "txt", "gt", "gts")
_SUFFIXES: Final = tuple(suffix.encode() for suffix in IMAGE_SUFFIXES)
_LEVELS: Final = 3
_MOST_FOLDERS: Final = 12
"""In which the images of one folder of labels may lie."""

BARE: Final = "image{s} without a label file: taken as images without objects"
_MISSING: Final = "part{s} of the data set left out: what the settings name is not beside them"
_TWICE: Final = "label file{s} of an image that another one is about as well"


@dataclass(frozen=True, slots=True, eq=False)
class LabelFiles:
    """Text files that may be label files, before their images are known."""

    root: Path
    names: tuple[str, ...]
    """Relative to `root`, with "/" between, sorted."""
    splits: tuple[str, ...]
    parts: LabelParts
    restricted: bool
    """Whether only what `parts` names belongs to the data set."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Label files and their images."""

    image_folder: Path | None
    """None where no image was found."""
    images: tuple[str | None, ...]
    """For each label file its image, relative to `image_folder`; None where there is none."""
    bare: tuple[str, ...]
    """Images without a label file."""
    bare_splits: tuple[str, ...]


def label_files(path: Path, notes: NoteBook, progress: Progress) -> LabelFiles:
    """The text files of a folder; or those that data.yaml, obj.data or a list of images names; or one file.

    Raises InputError where there is none, and what `progress` raises.
    """
    if path.is_dir():
        parts, root, restricted = settings_in(path), path, False
    elif is_settings(path.name) or is_image_list(path):
        parts, root, restricted = parts_of(path), path.parent, True
        if not parts:
            raise InputError(path, "", _nothing_beside(parts))
        for missing in parts.missing:
            notes.add(_MISSING, missing)
    else:
        return LabelFiles(path.parent, (path.name,), ("",), LabelParts(), False)
    found: dict[str, str] = {}
    by_folder: dict[str, str] = {}
    for name in files_below(root, (".txt",), progress):
        split = parts.split(name) if parts else None
        if split is None and not restricted:
            folder = name.rpartition("/")[0]
            if folder not in by_folder:
                by_folder[folder] = split_of(folder)
            split = by_folder[folder]
        if split is not None and not is_class_list(name):
            found[name] = split
    if not found:
        raise InputError(
            path, "", "names images that have no label files" if restricted else "holds no labels"
        )
    return LabelFiles(root, tuple(found), tuple(found.values()), parts, restricted)


def is_image_list(path: Path) -> bool:
    """Whether a text file lists images, one path per line, as its first lines show."""
    if path.suffix.lower() != ".txt":
        return False
    lines = sampled(path.parent, [path.name])
    paths = [line for line in lines if not line.numbers and line.word.lower().endswith(_SUFFIXES)]
    return 2 * len(paths) > len(lines)


def layout_of(files: LabelFiles, sizes: ImageSizes, notes: NoteBook, progress: Progress) -> Layout:
    """Find the images: in the chosen folder, where YOLO's tools look, or else beside the label files.

    Raises what `progress` raises.
    """
    search = _Search(files, progress)
    if sizes.chosen is not None:
        search.look_in(sizes.chosen, range(len(files.names)), deep=True)
    else:
        for folder, rows in search.rows_by_folder().items():
            search.look_around(files.root / folder, rows)
    folders = [folder for folder in dict.fromkeys(search.folders) if folder is not None]
    if not folders:
        return Layout(None, (None,) * len(files.names), (), ())
    root = sizes.chosen or Path(os.path.commonpath(folders))
    within = {folder: _within(root, folder) for folder in folders}
    images: list[str | None] = []
    seen: set[str] = set()
    for row, name in enumerate(search.images):
        place = search.folders[row]
        image = None if place is None or name is None else within[place] + name
        if image is not None and image in seen:
            notes.add(_TWICE, files.names[row])
        seen.update(() if image is None else (image,))
        images.append(image)
    if not root.is_relative_to(os.path.abspath(files.root)):  # noqa: PTH100
        notes.add(f"images from {Path(os.path.relpath(root, files.root)).as_posix()}", count=0)
    bare = {name: split for name, split in search.others(root) if name not in seen}
    if bare:
        notes.add(BARE, *islice(bare, EXAMPLES), count=len(bare))
    return Layout(root, tuple(images), tuple(bare), tuple(bare.values()))


class _Search:
    """Looks for the images of label files."""

    def __init__(self, files: LabelFiles, progress: Progress) -> None:
        self._files, self._progress = files, progress
        # Two lists: a hundred thousand pairs would set off the collector of garbage, which holds the window.
        self.folders: list[Path | None] = [None] * len(files.names)
        """For each label file the folder of its image."""
        self.images: list[str | None] = [None] * len(files.names)
        """The name of the image in this folder."""
        self._listings: dict[Path, ImageListing] = {}
        self._splits: dict[Path, set[str]] = {}

    def rows_by_folder(self) -> dict[str, list[int]]:
        """The label files of each folder."""
        rows: dict[str, list[int]] = {}
        for row, name in enumerate(self._files.names):
            rows.setdefault(name.rpartition("/")[0], []).append(row)
        return rows

    def look_around(self, folder: Path, rows: Sequence[int]) -> None:
        """Look for the images of label files of one folder.

        What is not there is looked for in the folders beside the images only: elsewhere, another data set may
        have images of the same names.
        """
        candidates: Iterable[Path] = _likely(folder, self._files.root)
        for _ in range(_MOST_FOLDERS):
            stems = [file_of(self._files.names[row])[:-4] for row in rows]
            place = folder_of_stems(candidates, stems)
            if place is None:
                return
            rows = self.look_in(place, rows)
            if not rows or place.parent.name not in _IMAGES:
                return
            candidates = subfolders(place.parent)

    def look_in(self, folder: Path, rows: Sequence[int], *, deep: bool = False) -> list[int]:
        """Take the images of a folder; returns the label files whose images are not there."""
        if folder not in self._listings:
            self._listings[folder] = ImageListing(folder, self._progress, deep=deep)
        listing, splits, pause = self._listings[folder], self._splits.setdefault(folder, set()), Pauses()
        left = []
        for row in rows:
            pause()
            name = self._files.names[row][:-4]
            image = listing.find(as_images(name) if deep else file_of(name))
            if image is None:
                left.append(row)
            else:
                self.folders[row], self.images[row] = folder, image
                splits.add(self._files.splits[row])
        return left

    def others(self, root: Path) -> Iterator[tuple[str, str]]:
        """All images of the folders that were found, relative to `root`, and the splits of bare ones."""
        parts, pause = self._files.parts, Pauses()
        for folder, listing in self._listings.items():
            of_labels = self._splits[folder]
            usual = next(iter(of_labels)) if len(of_labels) == 1 else ""
            within = _within(root, folder)
            split_by: dict[str, str] = {}
            for name in listing.names:
                pause()
                whole = within + name
                split = parts.split(whole) if parts else None
                if split is None and (not self._files.restricted or not parts.listed):
                    own = whole.rpartition("/")[0]
                    if own not in split_by:
                        split_by[own] = usual or split_of(own)
                    split = split_by[own]
                if split is not None:
                    yield whole, split


def _likely(folder: Path, root: Path) -> Iterator[Path]:
    """Where the images of a folder of labels may lie, the likeliest first."""
    own = Path(os.path.abspath(folder))  # noqa: PTH100
    for place in range(len(own.parts) - 1, 0, -1):
        if own.parts[place].lower() in _LABELS:
            for name in _IMAGES:
                yield Path(*own.parts[:place], name, *own.parts[place + 1 :])
    yield own
    above = own
    for _ in range(_LEVELS + 1):
        for name in _IMAGES:
            yield above / name / own.relative_to(above).as_posix().partition("/")[2]
            yield above / name
        above = above.parent
    yield from subfolders(own)
    # Beside the folder that was opened lie other data sets, unless it holds nothing but the labels.
    if own != Path(os.path.abspath(root)) or own.name.lower() in _LABELS:  # noqa: PTH100
        yield own.parent
        yield from subfolders(own.parent)


def _within(root: Path, folder: Path) -> str:
    """What stands before the names of a folder's images in their paths below `root`."""
    return "" if folder == root else f"{folder.relative_to(root).as_posix()}/"


def _nothing_beside(parts: LabelParts) -> str:
    if parts.missing:
        return f"names {', '.join(parts.missing)}, which is not beside it: open the data set's folder instead"
    return "names no images (train, val or test)"
