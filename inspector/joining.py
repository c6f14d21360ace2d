"""Joins detections to ground truth: whose image is whose, which class is which, what the numbers mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from inspector.conventions import to_pixels
from inspector.dataset import Detections, FileId, Flags, Joined, Rows, Unplaced
from inspector.masks import rows_of
from inspector.parallel import in_order
from inspector.progress import Progress
from inspector.readers.coco_columns import IdRows, describe_id
from inspector.readers.coco_masks import note_other_sizes
from inspector.readers.notes import NoteBook
from inspector.readers.ordering import dataset_order, offsets_of, reorder
from inspector.readers.parts import Found, GroundTruth, Keys
from inspector.reading import PIXELS, Reading
from inspector.ways import choose, class_ways, image_ways

STAGE: Final = "Joining detections to images"
_UNKNOWN: Final = "detection{{s}} ignored: unknown {}"
_INFINITE: Final = "detection{s} ignored: a number in the box or the score is not finite"
_NEGATIVE: Final = "detection{s} ignored: negative width or height"
_ODD_SCORE: Final = "score{s} outside 0 to 1 (kept)"
_BLOCK: Final = 200_000
"""Rows that are looked at in one step: some milliseconds."""

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Joining:
    """Detections in the dataset's order, and how they were joined."""

    detections: Detections
    joined: Joined | None
    unplaced: Unplaced | None


def join(truth: GroundTruth, found: Found, reading: Reading, notes: NoteBook, progress: Progress) -> Joining:
    """Put detections in the dataset's order. What cannot be used is left out and noted.

    The columns of `found` are gone afterwards, so that only one copy of them remains.
    """
    progress(STAGE, 0.0)
    by_image, by_class = image_ways(truth.images, found.images), class_ways(truth.classes, found.classes)
    image_way, images = choose(by_image, found.image_rows, len(found.images), reading.images_by)
    class_way, classes = choose(by_class, found.class_rows, len(found.classes), reading.classes_by)
    joined = Joined(image_way, class_way, images, classes, len(found.scores))
    rows = _Rows(
        _mapped(by_image[image_way], found.image_rows), _mapped(by_class[class_way], found.class_rows)
    )
    if found.convention != PIXELS:
        found.boxes = to_pixels(found.boxes, found.convention, truth.images.sizes[rows.images])
    dropped, unplaced = _note_odd(truth, found, rows, joined, notes)
    lost = _unplaced(found, unplaced) if len(unplaced) else None
    place = found.place
    detections = _ordered(found, rows, dropped, len(truth.images), progress)
    note_other_sizes(detections, truth.images, place, notes)
    progress(STAGE, 1.0)
    return Joining(detections, joined, lost)


@dataclass(slots=True, eq=False)
class _Rows:
    """The image and the class of each detection, -1 where they are unknown."""

    images: Rows
    classes: Rows


def _mapped(table: Rows, rows: Rows) -> Rows:
    """table[rows]; the rows themselves where nothing changes."""
    if np.array_equal(table, np.arange(len(table))):
        return rows
    return reorder(table, rows)


def _note_odd(
    truth: GroundTruth, found: Found, rows: _Rows, joined: Joined, notes: NoteBook
) -> tuple[Positions, Positions]:
    """Note what is odd, each detection for one reason only.

    Returns, ascending, the rows of what cannot be used, and of these what has no image or no class.
    """
    odd = _odd_rows(found, rows)
    boxes, scores = found.boxes[odd], found.scores[odd]
    finite = np.isfinite(boxes).all(axis=1) & np.isfinite(scores)

    def place(row: int, key: str) -> str:
        position = row if found.positions is None else int(found.positions[row])
        return found.place(position) + (f".{key}" if key else "")

    def called(keys: Keys, key_rows: Rows) -> Callable[[int], str]:
        return lambda row: f"{place(row, keys.key)}: {_called(keys, int(key_rows[row]))}"

    def box(row: int) -> str:
        return f"{place(row, found.box_key)}: {found.boxes[row].tolist()}"

    def score(row: int) -> str:
        return f"{place(row, found.score_key)}: {found.scores[row]}"

    def box_or_score(row: int) -> str:
        return box(row) if np.isfinite(found.scores[row]) else score(row)

    image_text = _UNKNOWN.format(_noun(found.images, "image"))
    class_text = _UNKNOWN.format(_noun(found.classes, "class"))
    reasons: tuple[tuple[str, Flags, Callable[[int], str]], ...] = (
        (image_text, rows.images[odd] < 0, called(found.images, found.image_rows)),
        (class_text, rows.classes[odd] < 0, called(found.classes, found.class_rows)),
        (_INFINITE, ~finite, box_or_score),
        (_NEGATIVE, cast(Flags, np.any(boxes[:, 2:] < 0, axis=1)), box),
    )
    keep = np.ones(len(odd), np.bool_)
    for text, bad, example in reasons:
        which = odd[keep & bad]
        notes.add_rows(text, which, len(which), example)
        keep &= ~bad
    which = odd[keep & ((scores < 0) | (scores > 1))]
    notes.add_rows(_ODD_SCORE, which, len(which), score)
    _explain(image_text, truth.images.ids, found.images, joined.images_by, notes)
    _explain(class_text, truth.classes.ids, found.classes, joined.classes_by, notes)
    without = (rows.images[odd] < 0) | (rows.classes[odd] < 0)
    return odd[~keep], odd[without]


def _odd_rows(found: Found, rows: _Rows) -> Positions:
    """int64, ascending: the rows that there is anything to say about."""

    def look(start: int) -> Positions:
        part = slice(start, start + _BLOCK)
        images, classes, boxes, scores = (
            column[part] for column in (rows.images, rows.classes, found.boxes, found.scores)
        )
        least = min(images.min(), classes.min(), boxes[:, 2].min(), boxes[:, 3].min(), scores.min())
        if least >= 0 and scores.max() <= 1 and boxes.min() > -np.inf and boxes.max() < np.inf:
            return np.empty(0, np.int64)  # as nearly always; never true where there is a NaN
        fine = (images >= 0) & (classes >= 0) & (scores >= 0) & (scores <= 1)
        fine &= np.isfinite(boxes).all(axis=1) & (boxes[:, 2:] >= 0).all(axis=1)
        return np.flatnonzero(~fine) + start

    parts = list(in_order(look, range(0, len(found.scores), _BLOCK)))
    return np.concatenate([np.empty(0, np.int64), *parts])


def _noun(keys: Keys, what: str) -> str:
    return keys.key.replace("_", " ") or what


def _called(keys: Keys, key: int) -> str:
    item, name = keys.ids[key], keys.names[key]
    if keys.key and item is not None:
        return describe_id(item)
    return str(item) if name is None else name


def _explain(text: str, ids: tuple[FileId, ...], keys: Keys, way: str, notes: NoteBook) -> None:
    """Say why ids are unknown, where they only differ by their type."""
    known = IdRows(ids, f"{_noun(keys, '')}s")
    item = known.other_type(item for item in keys.ids if item is not None and item not in known.rows)
    if way == "id" and keys.key and item is not None:
        kind, other = ("integers", "strings") if isinstance(item, int) else ("strings", "integers")
        notes.explain(text, f"{known.what} are {kind} in the detections and {other} in the ground truth")


def _unplaced(found: Found, rows: Positions) -> Unplaced:
    return Unplaced(
        image_keys=_file_ids(found.images),
        class_keys=_file_ids(found.classes),
        positions=rows if found.positions is None else found.positions[rows],
        images=found.image_rows[rows],
        classes=found.class_rows[rows],
        boxes=found.boxes[rows],
        scores=found.scores[rows],
    )


def _file_ids(keys: Keys) -> tuple[FileId, ...]:
    return tuple(
        (name or "") if item is None else item for item, name in zip(keys.ids, keys.names, strict=True)
    )


def _ordered(found: Found, rows: _Rows, dropped: Positions, images: int, progress: Progress) -> Detections:
    """The detections that are kept in the dataset's order. Takes the columns out of `found` and `rows`."""
    kept = None
    if len(dropped):
        keep = np.ones(len(found.scores), np.bool_)
        keep[dropped] = False
        kept = np.flatnonzero(keep).astype(np.int32)
        rows.images, rows.classes = reorder(rows.images, kept), reorder(rows.classes, kept)
    scores = found.scores if kept is None else reorder(found.scores, kept)
    order = dataset_order(rows.images, rows.classes, scores, images, progress, STAGE)
    from_file = order if kept is None else kept[order]
    # One after the other, the largest first: what was read goes before the next is put in order
    found.image_rows = found.class_rows = np.empty(0, np.int32)
    boxes = found.boxes = reorder(found.boxes, from_file)
    if found.areas is not None:
        areas = reorder(found.areas, from_file)
        found.areas = np.where(np.isnan(areas), boxes[:, 2] * boxes[:, 3], areas)
    found.scores = reorder(scores, order)
    del scores
    rows.images = reorder(rows.images, order)
    rows.classes = reorder(rows.classes, order)
    positions = from_file.astype(np.int64)
    if found.positions is not None:
        positions = found.positions = reorder(found.positions, from_file)
    return Detections(
        positions=positions,
        images=rows.images,
        classes=rows.classes,
        boxes=boxes,
        scores=found.scores,
        offsets=offsets_of(rows.images, images),
        areas=found.areas,
        masks=None if found.masks is None else rows_of(found.masks, from_file),
    )
