"""Joins detections to ground truth: whose image is whose, which class is which, what the numbers mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from inspector.conventions import to_pixels
from inspector.dataset import Classes, Detections, FileId, Flags, Images, Joined, Rows, Unplaced
from inspector.progress import Progress
from inspector.readers.notes import NoteBook
from inspector.readers.ordering import dataset_order, offsets_of, reorder
from inspector.readers.parts import Found, GroundTruth, Keys
from inspector.reading import CLASSES_BY, IMAGES_BY, Reading

STAGE: Final = "Joining detections to images"
_UNKNOWN_IMAGE: Final = "detection{s} ignored: unknown image"
_UNKNOWN_CLASS: Final = "detection{s} ignored: unknown class"
_INFINITE: Final = "detection{s} ignored: a number in the box or the score is not finite"
_NEGATIVE: Final = "detection{s} ignored: negative width or height"
_ODD_SCORE: Final = "score{s} outside 0 to 1 (kept)"

Way = TypeVar("Way", bound=str)


@dataclass(frozen=True, slots=True, eq=False)
class Joining:
    """Detections in the dataset's order, and how they were joined."""

    detections: Detections
    joined: Joined | None
    unplaced: Unplaced | None


def join(truth: GroundTruth, found: Found, reading: Reading, notes: NoteBook, progress: Progress) -> Joining:
    """Put detections in the dataset's order. What cannot be used is left out and noted."""
    progress(STAGE, 0.0)
    by_image = {way: _image_rows(truth.images, found.images, way) for way in IMAGES_BY}
    by_class = {way: _class_rows(truth.classes, found.classes, way) for way in CLASSES_BY}
    images_by, image_counts = _choose(by_image, found.image_rows, reading.images_by)
    classes_by, class_counts = _choose(by_class, found.class_rows, reading.classes_by)
    image_rows = by_image[images_by][found.image_rows]
    class_rows = by_class[classes_by][found.class_rows]
    boxes = to_pixels(found.boxes, found.convention, truth.images.sizes[image_rows])
    placed = (image_rows >= 0) & (class_rows >= 0)
    keep = _noted(found, image_rows, class_rows, boxes, notes)
    positions = np.arange(len(boxes)) if found.positions is None else found.positions
    rows = np.flatnonzero(keep)
    order = dataset_order(
        image_rows[rows], class_rows[rows], found.scores[rows], len(truth.images), progress, STAGE
    )
    kept: Rows = rows[order].astype(np.int32)
    ordered = reorder(image_rows, kept)
    detections = Detections(
        positions=reorder(positions, kept),
        images=ordered,
        classes=reorder(class_rows, kept),
        boxes=reorder(boxes, kept),
        scores=reorder(found.scores, kept),
        offsets=offsets_of(ordered, len(truth.images)),
        areas=None if found.areas is None else reorder(found.areas, kept),
    )
    joined = Joined(images_by, classes_by, image_counts, class_counts, len(boxes))
    return Joining(detections, joined, None if placed.all() else _unplaced(found, positions, ~placed))


def _choose(
    ways: Mapping[Way, Rows], rows: Rows, wish: Way | None
) -> tuple[Way, tuple[tuple[str, int], ...]]:
    """The wished way, or the first of those that place the most detections."""
    counts = {way: int(np.count_nonzero(known[rows] >= 0)) for way, known in ways.items()}
    best = wish if wish is not None else max(counts, key=lambda way: counts[way])
    return best, tuple(counts.items())


def _image_rows(images: Images, keys: Keys, way: str) -> Rows:
    """int32 [keys]: the image that each key means; -1 where there is none, or more than one."""
    if way == "id":
        return _rows_of(images.ids, keys.ids)
    spoken = {"path": _path, "name": _name, "stem": _stem}[way]
    called = [
        str(key) if name is None and key is not None else name
        for key, name in zip(keys.ids, keys.names, strict=True)
    ]
    return _rows_of(
        map(spoken, images.file_names), [None if name is None else spoken(name) for name in called]
    )


def _class_rows(classes: Classes, keys: Keys, way: str) -> Rows:
    return _rows_of(classes.ids, keys.ids) if way == "id" else _rows_of(classes.names, keys.names)


def _rows_of(known: Iterable[FileId], keys: Sequence[FileId | None]) -> Rows:
    names = list(known)
    several = Counter(names)
    rows = {name: row for row, name in enumerate(names) if several[name] == 1}
    return np.array([-1 if key is None else rows.get(key, -1) for key in keys], dtype=np.int32)


def _path(name: str) -> str:
    return name.replace("\\", "/")


def _name(name: str) -> str:
    return _path(name).rpartition("/")[2]


def _stem(name: str) -> str:
    last = _name(name)
    return last.rpartition(".")[0] or last


def _noted(
    found: Found, image_rows: Rows, class_rows: Rows, boxes: NDArray[np.float64], notes: NoteBook
) -> Flags:
    """bool [detections]: what can be used; the rest is noted, each for one reason only."""
    scores = found.scores
    keep = np.ones(len(boxes), np.bool_)
    finite = np.isfinite(boxes).all(axis=1) & np.isfinite(scores)
    reasons: tuple[tuple[str, Flags, Callable[[int], str]], ...] = (
        (_UNKNOWN_IMAGE, image_rows < 0, lambda row: _called(found.images, int(found.image_rows[row]))),
        (_UNKNOWN_CLASS, class_rows < 0, lambda row: _called(found.classes, int(found.class_rows[row]))),
        (_INFINITE, ~finite, lambda row: str(boxes[row].tolist())),
        (_NEGATIVE, np.any(boxes[:, 2:] < 0, axis=1), lambda row: str(boxes[row].tolist())),
    )
    for text, odd, example in reasons:
        rows = np.flatnonzero(keep & odd)
        notes.add_rows(text, rows, len(rows), lambda row, told=example: f"{_place(found, row)}: {told(row)}")  # type: ignore[misc]
        keep &= ~odd
    rows = np.flatnonzero(keep & ((scores < 0) | (scores > 1)))
    notes.add_rows(_ODD_SCORE, rows, len(rows), lambda row: f"{_place(found, row)}: {scores[row]}")
    return keep


def _place(found: Found, row: int) -> str:
    return found.place(row if found.positions is None else int(found.positions[row]))


def _called(keys: Keys, key: int) -> str:
    item, name = keys.ids[key], keys.names[key]
    return str(item) if name is None else name


def _unplaced(found: Found, positions: NDArray[np.int64], without: Flags) -> Unplaced:
    rows = np.flatnonzero(without)
    return Unplaced(
        image_keys=_file_ids(found.images),
        class_keys=_file_ids(found.classes),
        positions=positions[rows],
        images=found.image_rows[rows],
        classes=found.class_rows[rows],
        boxes=found.boxes[rows],
        scores=found.scores[rows],
    )


def _file_ids(keys: Keys) -> tuple[FileId, ...]:
    return tuple(
        (name or "") if item is None else item for item, name in zip(keys.ids, keys.names, strict=True)
    )
