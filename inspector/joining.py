"""Joins detections to ground truth: whose image is whose, which class is which, what the numbers mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from inspector.checking import Placing, Positions, note_odd
from inspector.conventions import recognise, spoken, to_pixels
from inspector.dataset import Detections, FileId, Joined, Rows, Unplaced
from inspector.duplicates import first_detections
from inspector.masks import rows_of
from inspector.progress import Progress
from inspector.readers.coco.masks import note_other_sizes
from inspector.readers.notes import NoteBook
from inspector.readers.ordering import dataset_order, offsets_of, reorder
from inspector.readers.parts import Found, GroundTruth, Keys
from inspector.reading import PIXELS, Convention, Reading
from inspector.ways import Choice, class_candidates, image_candidates, weights_of

STAGE: Final = "Joining detections to images"
_BLOCK: Final = 200_000
"""Boxes that are converted in one step: some milliseconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Joining:
    """Detections in the dataset's order, and how they were joined."""

    detections: Detections
    joined: Joined | None
    unplaced: Unplaced | None


def join(truth: GroundTruth, found: Found, reading: Reading, notes: NoteBook, progress: Progress) -> Joining:
    """Find the image and the class of each detection, and put them in the dataset's order.

    What cannot be used is left out and noted. The columns of `found` are gone afterwards, so that only one
    copy of them remains. Raises what `progress` raises.
    """
    progress(STAGE, 0.0)
    weights = weights_of(found.image_rows, len(found.images))
    images = image_candidates(truth.images, found.images, weights, reading).chosen(weights, reading.images_by)
    weights = weights_of(found.class_rows, len(found.classes))
    classes = class_candidates(truth.classes, found.classes, reading).chosen(weights, reading.classes_by)
    if classes.way == "id" and _any_as_text(truth.classes.ids, found.classes.ids, classes.rows):
        notes.add("class ids written as text are matched with numbers", count=0)
    count = len(found.scores)
    _note_ways(images, classes, count, reading, notes)
    detections, unplaced = put(truth, found, images, classes, reading, notes, progress)
    joined = Joined(images.way, classes.way, images.counts, classes.counts, count, found.convention)
    return Joining(detections, joined, unplaced)


def put(
    truth: GroundTruth,
    found: Found,
    images: Choice,
    classes: Choice,
    reading: Reading,
    notes: NoteBook,
    progress: Progress,
) -> tuple[Detections, Unplaced | None]:
    """Put detections, whose keys mean these rows, in the dataset's order; the rest of `join`."""
    rows = Placing(
        images.way,
        classes.way,
        _mapped(images.rows, found.image_rows),
        _mapped(classes.rows, found.class_rows),
    )
    if reading.percent_scores:
        found.scores = found.scores / 100.0
        notes.add("scores of the detections read as percents", count=0)
    sizes = _sizes(truth, found, images.rows)
    found.convention = _convention(truth, found, rows, sizes, reading, notes)
    if found.convention != PIXELS:
        own = np.zeros_like(sizes, shape=(len(found.images), 2)) if found.sizes is None else found.sizes
        key_sizes = np.where(images.rows[:, None] >= 0, sizes[images.rows], own) if len(sizes) else own
        _convert(found, key_sizes)
    dropped, unplaced = note_odd(truth, found, rows, reading, notes)
    lost = _unplaced(found, unplaced) if len(unplaced) else None
    detections = _ordered(found, rows, dropped, len(truth.images), progress)
    if reading.drop_duplicates:
        detections = first_detections(detections, notes, progress)
    note_other_sizes(detections, truth.images, found.place, notes)
    progress(STAGE, 1.0)
    return detections, lost


def _note_ways(images: Choice, classes: Choice, count: int, reading: Reading, notes: NoteBook) -> None:
    for choice, wish, what, one in (
        (images, reading.images_by, "images", "image"),
        (classes, reading.classes_by, "classes", "class"),
    ):
        counts = dict(choice.counts)
        names = [way for way in counts if way != "id"]
        if wish is not None or "id" not in counts or not names:
            continue
        other = "id" if choice.way != "id" else max(names, key=lambda way: counts[way])
        if choice.contradicted or choice.way != "id":
            verb = "finds its" if count == 1 else "find their"
            notes.add(
                f"{what} joined by {choice.way}: {counts[choice.way]:,} of {count:,} detections {verb} {one};"
                f" by {other}: {counts[other]:,}"
                + (", but their names are others" if other == "id" and choice.contradicted else ""),
                count=0,
            )
    for choice, shift, what in (
        (images, reading.image_id_shift, "image"),
        (classes, reading.class_id_shift, "class"),
    ):
        if shift and choice.way == "id":
            notes.add(f"{what} ids of the detections shifted by {shift}", count=0)
    if reading.coco_classes:
        notes.add("class ids 0-79 of the detections read as COCO's ids 1-90", count=0)
    if reading.fold_names:
        notes.add("names match whatever their case, blanks, hyphens and underscores", count=0)


def _any_as_text(known: Sequence[FileId], ids: Sequence[FileId | None], rows: Rows) -> bool:
    """Whether an id is text on one side and a number on the other."""
    pairs = zip(ids, rows.tolist(), strict=True)
    return any(row >= 0 and isinstance(item, str) != isinstance(known[row], str) for item, row in pairs)


def _mapped(table: Rows, rows: Rows) -> Rows:
    """table[rows]; the rows themselves where nothing changes."""
    if np.array_equal(table, np.arange(len(table))):
        return rows
    return reorder(table, rows)


def _sizes(truth: GroundTruth, found: Found, table: Rows) -> Rows:
    """int32 [images, 2]: width and height; those of the detections' file where the ground truth has none."""
    sizes = truth.images.sizes
    if found.sizes is None or (sizes > 0).all():
        return sizes
    filled = sizes.copy()
    keys = np.flatnonzero((table >= 0) & (found.sizes > 0).all(axis=1))
    keys = keys[(sizes[table[keys]] <= 0).any(axis=1)]
    filled[table[keys]] = found.sizes[keys]
    return filled


def _convention(
    truth: GroundTruth, found: Found, rows: Placing, sizes: Rows, reading: Reading, notes: NoteBook
) -> Convention:
    """What the numbers mean: as a person says, as the data clearly shows, or as the format has it."""
    if reading.detection_boxes is not None:
        notes.add(f"boxes of the detections read as {spoken(reading.detection_boxes)}", count=0)
        return reading.detection_boxes
    if found.candidates and len(found.scores):
        ways = (found.convention, *found.candidates)
        columns = (found.boxes, rows.images, rows.classes, sizes, truth.objects, found.scores)
        best = recognise(ways, *columns)
        if best is not None:
            text = f"boxes of the detections read as {spoken(best[0])}"
            notes.add(text, count=0)
            notes.explain(text, best[1])
            return best[0]
    return found.convention


def _convert(found: Found, sizes: Rows) -> None:
    """Bring the boxes to pixels, block by block; `sizes`: int32 [image keys, 2]."""
    boxes = found.boxes if found.boxes.flags.writeable else found.boxes.copy()
    for start in range(0, len(boxes), _BLOCK):
        part = slice(start, start + _BLOCK)
        of_image = sizes[found.image_rows[part]]
        boxes[part] = to_pixels(boxes[part], found.convention, of_image)
        if found.convention.relative:
            boxes[part][(of_image <= 0).any(axis=1)] = np.nan
    found.boxes = boxes


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


def _ordered(found: Found, rows: Placing, dropped: Positions, images: int, progress: Progress) -> Detections:
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
