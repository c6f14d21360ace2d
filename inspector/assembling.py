"""Files of any format, of one side or both, as a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from inspector.dataset import Classes, Dataset, Detections, FileId, Images, Objects, Rows
from inspector.duplicates import first_objects
from inspector.joining import Joining, join, put
from inspector.progress import Progress
from inspector.readers.coco.columns import part_of
from inspector.readers.files import size_of
from inspector.readers.folders import files_below
from inspector.readers.formats import TRUTH_FORMATS, Format, detection_format, truth_format
from inspector.readers.notes import EXAMPLES, NoteBook
from inspector.readers.ordering import numbers_of, sorted_ids
from inspector.readers.parts import Context, Found, GroundTruth, Keys
from inspector.reading import Reading
from inspector.ways import Choice, rows_by_names

_PER_IMAGE: Final = {"voc": ".xml", "labelme": ".json"}
"""Formats with a file for each image, and how the files end."""


def read_files(
    ground_truth: Path | None, detections: Path | None, context: Context, progress: Progress
) -> Dataset:
    """Read what is there; where a side is missing, it has no rows.

    Made for a worker thread. Raises InputError, whose text names the file, the place and the reason, and
    what `progress` raises.
    """
    notes, reading = NoteBook(), context.reading
    share = _share(ground_truth, detections)
    truth, found = None, None
    if ground_truth is not None:
        kind = truth_format(ground_truth, reading.ground_truth_format)
        step = part_of(progress, 0.0, share)
        truth = kind.truth_reader().read_truth(ground_truth, context, notes, step)
        _note_others(ground_truth, kind, notes, step)
    joining_from = share + 0.9 * (1.0 - share)
    if detections is not None:
        kind = detection_format(detections, reading.detections_format)
        step = part_of(progress, share, joining_from)
        found = kind.detection_reader().read_found(detections, truth, context, notes, step)
    last = part_of(progress, joining_from, 1.0)
    if truth is not None:
        truth = adjusted(truth, reading, notes, last)
        joining = _nothing(truth) if found is None else join(truth, found, reading, notes, last)
    else:
        assert found is not None, "at least one side is opened"
        truth, joining = alone(found, context, notes, last)
    return _dataset(ground_truth, detections, truth, joining, notes)


def _note_others(path: Path, chosen: Format, notes: NoteBook, progress: Progress) -> None:
    """Say that a folder with a file for each image in one format has such files in another one as well."""
    if chosen.name not in _PER_IMAGE or not path.is_dir():
        return
    for other in TRUTH_FORMATS:
        if other.name in _PER_IMAGE and other != chosen and other.truth_reader().looks_like_truth(path):
            names = files_below(path, (_PER_IMAGE[other.name],), progress)
            notes.add(
                f"{other.title} file{{s}} in the same folder not read", *names[:EXAMPLES], count=len(names)
            )


def adjusted(truth: GroundTruth, reading: Reading, notes: NoteBook, progress: Progress) -> GroundTruth:
    """The ground truth as a person wants its objects to be read, whatever its format."""
    objects = truth.objects
    if reading.drop_duplicates:
        objects = first_objects(objects, notes, progress)
    if reading.box_areas:
        areas = objects.boxes[:, 2] * objects.boxes[:, 3]
        text = "area{s} replaced by width x height"
        notes.add(text, count=int(np.count_nonzero(areas != objects.areas)))
        objects = replace(objects, areas=areas)
    return replace(truth, objects=objects)


def _dataset(
    ground_truth: Path | None, detections: Path | None, truth: GroundTruth, joining: Joining, notes: NoteBook
) -> Dataset:
    return Dataset(
        images=truth.images,
        classes=truth.classes,
        objects=truth.objects,
        detections=joining.detections,
        ground_truth_path=ground_truth,
        detections_path=detections,
        image_folder=truth.image_folder,
        notes=notes.notes(),
        splits=truth.splits,
        joined=joining.joined if ground_truth is not None else None,
        unplaced=joining.unplaced,
    )


def _share(ground_truth: Path | None, detections: Path | None) -> float:
    """The part of the progress that reading the ground truth takes."""
    if ground_truth is None or detections is None:
        return float(detections is None)
    sizes = [size_of(path) for path in (ground_truth, detections)]
    return sizes[0] / (sum(sizes) or 1)


def alone(found: Found, context: Context, notes: NoteBook, progress: Progress) -> tuple[GroundTruth, Joining]:
    """Detections without ground truth: images and classes are theirs.

    Where they are not called by file names, images of the folder give them.
    """
    names = _names_on_disk(found.images, context, progress)
    ids, file_names, images, keys = _ordered(found.images, names)
    class_ids, class_names, classes, _ = _ordered(found.classes, found.classes.names)
    sizes = np.zeros((len(keys), 2), np.int32) if found.sizes is None else found.sizes[keys]
    none = np.empty(0, np.int64)
    objects = Objects(
        ids=none,
        positions=none.copy(),
        images=none.astype(np.int32),
        classes=none.astype(np.int32),
        boxes=np.empty((0, 4)),
        areas=np.empty(0),
        crowd=np.empty(0, np.bool_),
        difficult=np.empty(0, np.bool_),
        offsets=np.zeros(len(keys) + 1, np.int64),
    )
    truth = GroundTruth(
        Images(ids, file_names, sizes, numbers_of(file_names)),
        Classes(class_ids, class_names),
        objects,
        image_folder=context.sizes.folder,
    )
    by_image, by_class = (Choice("id", rows, (), 0) for rows in (images, classes))
    detections, _ = put(truth, found, by_image, by_class, context.reading, notes, progress)
    return truth, Joining(detections, None, None)


def _names_on_disk(keys: Keys, context: Context, progress: Progress) -> list[str | None]:
    """For each key the image that is meant, else what the file calls it; None where it gives no name."""
    numbers = [item for item in keys.ids if isinstance(item, int)]
    # how COCO calls its images; it also leads to their folder
    called = [f"{item:012d}" if isinstance(item, int) else str(item) for item in keys.ids]
    called = [name or other for name, other in zip(keys.names, called, strict=True)]
    found = context.sizes.find([*called, *map(str, numbers)], progress)[: len(called)]
    in_folder = context.sizes.names()
    if in_folder and None in found:
        for key, row in enumerate(rows_by_names(in_folder, keys, context.reading)["stem"].tolist()):
            if found[key] is None and row >= 0:
                found[key] = in_folder[row]
    return [name or other for name, other in zip(found, keys.names, strict=True)]


def _ordered(
    keys: Keys, names: Sequence[str | None]
) -> tuple[tuple[FileId, ...], tuple[str, ...], Rows, list[int]]:
    """Ids and names, ascending by id; the row of each key; and a key of each row."""
    ids = [name or "" if item is None else item for item, name in zip(keys.ids, keys.names, strict=True)]
    key_of = {item: key for key, item in reversed(list(enumerate(ids)))}
    ordered = sorted_ids(key_of)
    row_of = {item: row for row, item in enumerate(ordered)}
    called = tuple(names[key_of[item]] or str(item) for item in ordered)
    rows = np.fromiter((row_of[item] for item in ids), np.int32, len(ids))
    return tuple(ordered), called, rows, [key_of[item] for item in ordered]


def _nothing(truth: GroundTruth) -> Joining:
    """No detections at all."""
    none = np.empty(0, np.int32)
    found = Detections(
        positions=np.empty(0, np.int64),
        images=none,
        classes=none.copy(),
        boxes=np.empty((0, 4)),
        scores=np.empty(0),
        offsets=np.zeros(len(truth.images) + 1, np.int64),
    )
    return Joining(found, None, None)
