"""Ground truth as label files, one per image: a class, and a box's four numbers or a polygon's corners."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.conventions import to_pixels
from inspector.dataset import Flags, Floats, Offsets, Rows
from inspector.errors import InputError
from inspector.images.paths import IMAGE_SUFFIXES
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.coco.columns import part_of
from inspector.readers.folders import read_text
from inspector.readers.found_keys import whole_number
from inspector.readers.notes import EXAMPLES, NoteBook
from inspector.readers.parts import Context, GroundTruth
from inspector.readers.text.class_lists import class_names_for
from inspector.readers.text.label_layout import LabelFiles, Layout, label_files, layout_of
from inspector.readers.text.lines import UNREADABLE, TextLines, read_lines
from inspector.readers.truth_rows import STAGE, TruthRows
from inspector.reading import PIXELS, Convention

_BOX: Final = 4
_FEWEST_CORNERS: Final = 6
_AT_ONCE: Final = 50_000
"""Boxes that are added at once: some milliseconds."""
_NO_LINE: Final = 64
"""Bytes: a longer file is not looked at to see whether it is empty."""
_NO_LIST: Final = "no list of class names was found: classes are called by their numbers"
_BEYOND: Final = "object{s} of classes that the list of names does not have: called as they are written"
_MIXED: Final = "object{s} whose class is a word where others are numbers: a class of its own"
_NO_SIZE: Final = "object{s} left out: the size of their image cannot be read"
_OUTSIDE: Final = "object{s} with numbers outside of 0 to 1 (kept)"
_FAR: Final = "object{s} far outside of 0 to 1 (kept): pixels instead of parts of the image?"
_KEYPOINTS: Final = "object{s} with keypoints, which are left out"
_NO_IMAGE: Final = "label file{s} without an image"
_PLACELESS: Final = "label file{s} left out: without an image, the size that boxes are parts of is not known"
_OTHER: Final = "text file{s} left out: no labels in them, and no image of this name"
_MOST: Final = 0.95
_ENOUGH: Final = 8
"""Boxes: hardly ever are so many wider than they are far from the left, and higher than from the top."""
_ROUNDING: Final = 1e-3
_FAR_FROM: Final = 2.0


def read_labels(
    path: Path, context: Context, notes: NoteBook, progress: Progress, convention: Convention | None
) -> GroundTruth:
    """Ground truth of a folder of label files, of what data.yaml, obj.data or a list names, or of one file.

    `convention`: what four numbers mean, corners of polygons are relative where boxes are; None: pixels, of
    which the content shows whether the last two are the lower right corner or the size. Raises InputError
    where nothing can be read, and what `progress` raises.
    """
    notes.declare(UNREADABLE, _BEYOND, _NO_SIZE, _PLACELESS, _NO_IMAGE, _FAR, _OUTSIDE, _KEYPOINTS)
    files = label_files(path, notes, part_of(progress, 0.0, 0.05))
    layout = layout_of(files, context.sizes, notes, part_of(progress, 0.05, 0.1))
    relative = convention is not None and convention.relative
    orphans = _orphans(files, layout, notes, relative, part_of(progress, 0.1, 0.2))
    if relative and layout.image_folder is None:
        raise InputError(path, "", _no_images(len(orphans)))
    rows = TruthRows(notes, context.masks)
    images = _add_images(
        rows, files, layout, [] if relative else orphans, context, part_of(progress, 0.2, 0.5)
    )
    lines = read_lines(files.root, images.names, notes, part_of(progress, 0.5, 0.8), STAGE)
    labels = _Labels(path, lines, images, notes)
    labels.check(files.root, files.parts.keypoints)
    labels.read_as(convention)
    labels.add_to(rows, context, part_of(progress, 0.8, 0.9))
    return rows.ground_truth(part_of(progress, 0.9, 1.0), layout.image_folder)


@dataclass(frozen=True, slots=True, eq=False)
class _Images:
    """The label files that are used, and their images."""

    names: list[str]
    """Of the label files."""
    numbers: Rows
    """int32 [names]: of their images in `TruthRows`."""
    sizes: Rows
    """int32 [names, 2]: width and height; 0 where they are not known."""


def _orphans(
    files: LabelFiles, layout: Layout, notes: NoteBook, relative: bool, progress: Progress
) -> list[str]:
    """The label files without an image; other text files, such as lists of images, are no label files."""
    names = [name for name, image in zip(files.names, layout.images, strict=True) if image is None]
    if not names:
        return []
    lines = read_lines(files.root, names, NoteBook(), progress, STAGE)
    if len(names) == len(files.names):
        lines.check_read(files.root / names[0] if len(names) == 1 else files.root)
    found = _counts_by(lines.files[(lines.counts == _BOX) | _are_polygons(lines.counts)], len(names))
    lists = np.array([word.lower().endswith(IMAGE_SUFFIXES) for word in lines.words] or [False], np.bool_)
    listing = _counts_by(lines.files[lists[lines.word_rows] & (lines.counts == 0)], len(names))
    silent = np.flatnonzero((found == 0) & (listing == 0)).tolist()
    empty = {row for row in silent if _is_empty(files.root / names[row])}
    orphans = sorted({*np.flatnonzero(found).tolist(), *empty})
    others = [row for row in silent if row not in empty]
    text = _PLACELESS if relative else _NO_IMAGE
    if layout.image_folder is not None and orphans:
        told = [f"{names[row]} (objects: {found[row]})" for row in orphans[:EXAMPLES]]
        notes.add(text, *told, count=len(orphans))
    if others:
        notes.add(_OTHER, *(names[row] for row in others[:EXAMPLES]), count=len(others))
    return [names[row] for row in orphans]


def _is_empty(path: Path) -> bool:
    try:
        return path.stat().st_size < _NO_LINE and not read_text(path).strip()
    except (InputError, OSError):
        return False


def _counts_by(files: Rows, count: int) -> NDArray[np.int64]:
    return np.bincount(files, minlength=count).astype(np.int64)


def _no_images(count: int) -> str:
    if not count:
        return "holds no labels"
    return (
        f"no image was found for {count:,} label file{'' if count == 1 else 's'}: boxes that are parts of the"
        " image need its size. Choose the folder of the images (--images)"
    )


def _add_images(
    rows: TruthRows,
    files: LabelFiles,
    layout: Layout,
    orphans: list[str],
    context: Context,
    progress: Progress,
) -> _Images:
    """All images with their sizes; where boxes are pixels, also those of which only labels are there."""
    pause = Pauses()
    names, listed, splits = [], [], []
    for name, image, split in zip(files.names, layout.images, files.splits, strict=True):
        if image is not None:
            names.append(name)
            listed.append(image)
            splits.append(split)
        pause()
    listed += layout.bare
    splits += layout.bare_splits
    sizes = np.zeros((len(listed), 2), np.int32)
    if layout.image_folder is not None:
        context.sizes.look_in(layout.image_folder)
        sizes = context.sizes.sizes(listed, progress)
    numbers = []
    columns = sizes[:, 0].tolist(), sizes[:, 1].tolist()
    for image, split, width, height in zip(listed, splits, *columns, strict=True):
        numbers.append(rows.image(image, (width, height), split))
        pause()
    numbers = numbers[: len(names)]
    by_name = dict(zip(files.names, files.splits, strict=True)) if orphans else {}
    for name in orphans:  # called by the path of the labels: only their stem is known
        numbers.append(rows.image(name[:-4], (0, 0), by_name[name]))
        pause()
    own = np.concatenate((sizes[: len(names)], np.zeros((len(orphans), 2), np.int32)))
    return _Images([*names, *orphans], np.array(numbers, np.int32), own)


class _Labels:
    """The lines of label files as objects."""

    def __init__(self, path: Path, lines: TextLines, images: _Images, notes: NoteBook) -> None:
        self._path, self._lines, self._images, self._notes = path, lines, images, notes
        self._convention = PIXELS
        self._counts = lines.counts
        self._boxes: Flags = self._counts == _BOX
        """Lines with four numbers."""
        self._polygons: Flags = _are_polygons(self._counts)

    def check(self, root: Path, keypoints: int) -> None:
        """Leave out lines of another form. Raises InputError where they are detections, or none is usable."""
        lines, counts = self._lines, self._counts
        if keypoints:
            with_points = counts == _BOX + keypoints
            self._note(_KEYPOINTS, with_points)
            self._boxes, self._polygons = self._boxes | with_points, self._polygons & ~with_points
        wrong = ~(self._boxes | self._polygons)
        scored = counts == _BOX + 1
        if 2 * np.count_nonzero(scored) > len(lines):
            raise self._error(
                root, int(np.flatnonzero(scored)[0]), "6 numbers: detections, with a confidence"
            )
        rows = np.flatnonzero(wrong)
        self._notes.add_rows(
            UNREADABLE, rows, len(rows), lambda row: f"{lines.place(row)}: {_told(int(counts[row]))}"
        )
        if wrong.all() and (len(lines) or self._notes.first(UNREADABLE)):
            if len(lines):
                raise self._error(root, 0, _told(int(counts[0])))
            raise InputError(self._path, "", f"no line can be read: {self._notes.first(UNREADABLE)}")

    def read_as(self, convention: Convention | None) -> None:
        """Take the numbers for what they are said to be; None: pixels, as the content shows."""
        if convention is None:
            rows = np.flatnonzero(self._boxes)
            sizes = self._images.sizes[self._lines.files[rows]]
            convention = corners_of(self._lines.table(_BOX, rows), sizes, self._notes)
        self._convention = convention

    def add_to(self, rows: TruthRows, context: Context, progress: Progress) -> None:
        """Add all objects, in the order of the files."""
        lines = self._lines
        class_numbers = self._classes(rows, context)[lines.word_rows]
        used = (self._boxes | self._polygons) & (class_numbers >= 0)
        if self._convention.relative:
            known = self._images.sizes[lines.files].min(axis=1) > 0
            self._note(_NO_SIZE, used & ~known)
            used &= known
            self._note_outside(used)
        kept = np.flatnonzero(used)
        images = self._images.numbers[lines.files]
        is_polygon = self._polygons[kept]
        # Objects keep their order: stretches of boxes are added at once, polygons one by one.
        turns = np.flatnonzero(np.diff(is_polygon)) + 1
        cuts = np.unique([*turns, *range(0, len(kept), _AT_ONCE), len(kept)]).astype(int).tolist()
        pause = Pauses()
        for first, end in pairwise(cuts):
            part = kept[first:end]
            progress(STAGE, first / max(len(kept), 1))
            if first < end and not is_polygon[first]:
                self._add_boxes(rows, part, images[part], class_numbers[part])
                continue
            for row in part.tolist():
                corners = self._corners(row)
                rows.add_polygons(int(images[row]), int(class_numbers[row]), [corners], lines.place(row))
                pause()

    def _add_boxes(self, rows: TruthRows, part: NDArray[np.int64], images: Rows, classes: Rows) -> None:
        lines = self._lines
        sizes = self._images.sizes[lines.files[part]]
        boxes = to_pixels(lines.table(_BOX, part), self._convention, sizes)
        rows.add_boxes(images, classes, boxes, lambda row: lines.place(int(part[row])))

    def _corners(self, row: int) -> list[float]:
        numbers = self._lines.numbers[self._lines.offsets[row] : self._lines.offsets[row + 1]].reshape(-1, 2)
        if self._convention.relative:
            numbers = numbers * self._images.sizes[int(self._lines.files[row])]
        corners: list[float] = numbers.reshape(-1).tolist()
        return corners

    def _classes(self, rows: TruthRows, context: Context) -> Rows:
        """int32 [words]: the number of each word's class in `rows`; -1 for what is no class."""
        listed = class_names_for(self._path, context)
        names = {} if listed is None else dict(listed.names)
        if listed is not None:
            listed.note(self._notes)
        numbers = {number: rows.class_of(number, name) for number, name in names.items()}
        by_name = {name: numbers[number] for number, name in reversed(names.items())}
        found = np.full(len(self._lines.words), -1, np.int32)
        beyond = np.zeros(len(found), np.bool_)
        named = np.zeros(len(found), np.bool_)
        plain = False
        for word, text in enumerate(self._lines.words):
            number = whole_number(text)
            if number is None and not _is_number(text):
                beyond[word] = named[word] = text not in by_name
                found[word] = by_name[text] if text in by_name else rows.class_of(text)
            elif number is not None and number >= 0:
                plain = True
                beyond[word] = number not in numbers
                found[word] = numbers[number] if number in numbers else rows.class_of(number)
        lines, odd = self._lines, np.flatnonzero(found[self._lines.word_rows] < 0)
        told = "the class is no whole number from 0 on"
        self._notes.add_rows(UNREADABLE, odd, len(odd), lambda row: f"{lines.place(row)}: {told}")
        if listed is None and plain:
            self._notes.add(_NO_LIST, count=0)
            self._note(_MIXED, named[lines.word_rows])
        elif listed is not None:
            self._note(_BEYOND, beyond[lines.word_rows])
        return found

    def _note_outside(self, used: Flags) -> None:
        """Note objects with numbers outside of 0 to 1: a little, or so far that they may be pixels."""
        lines = self._lines
        if not len(lines):
            return
        with np.errstate(invalid="ignore"):
            beyond = np.maximum(lines.numbers - 1.0, -lines.numbers)
        worst = np.maximum.reduceat(np.append(beyond, 0.0), np.minimum(lines.offsets[:-1], len(beyond)))
        far = worst > _FAR_FROM
        self._note(_FAR, used & far)
        self._note(_OUTSIDE, used & (worst > _ROUNDING) & ~far)

    def _note(self, text: str, which: Flags) -> None:
        rows = np.flatnonzero(which)
        self._notes.add_rows(text, rows, len(rows), self._lines.place)

    def _error(self, root: Path, row: int, reason: str) -> InputError:
        file = root / self._lines.names[int(self._lines.files[row])]
        return InputError(file, f"line {int(self._lines.line_numbers[row])}", reason)


def _told(count: int) -> str:
    if count == _BOX + 1:
        return "6 numbers, expected 5: is the last one a confidence, as detections have it?"
    return (
        f"{count + 1} number{'' if count == 0 else 's'}, expected 5, or an odd number of them for a polygon"
    )


def corners_of(numbers: Floats, sizes: Rows, notes: NoteBook) -> Convention:
    """Whether boxes in pixels are x, y, width, height or x1, y1, x2, y2, and notes it.

    `numbers`: float64 [boxes, 4]; `sizes`: int32 [boxes, 2], width and height of the image, 0 if unknown.
    """
    known = np.isfinite(numbers).all(axis=1)
    numbers, sizes = numbers[known], sizes[known]
    ordered = bool((numbers[:, 2:] >= numbers[:, :2]).all(axis=1).mean() >= _MOST) if len(numbers) else False
    known = sizes.min(axis=1) > 0
    beyond = (numbers[known, :2] + numbers[known, 2:] > sizes[known] + 1).any(axis=1)
    if not ordered:
        notes.add("boxes read as x, y, width, height in pixels", count=0)
        return PIXELS
    sure = beyond.any() or len(numbers) >= _ENOUGH
    doubt = "" if sure else ": there are too few to be sure that they are not x, y, width, height"
    notes.add(f"boxes read as x1, y1, x2, y2 in pixels{doubt}", count=0)
    return Convention("xyxy")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _are_polygons(counts: Offsets) -> Flags:
    polygons: Flags = (counts >= _FEWEST_CORNERS) & (counts % 2 == 0)
    return polygons
