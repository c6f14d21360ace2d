"""Files of any format, of one side or both, as a dataset."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inspector.dataset import Classes, Dataset, Detections, FileId, Images, Objects
from inspector.joining import Joining, join
from inspector.progress import Progress
from inspector.readers.coco_columns import part_of
from inspector.readers.files import size_of
from inspector.readers.formats import detection_format, truth_format
from inspector.readers.notes import NoteBook
from inspector.readers.ordering import numbers_of, sorted_ids
from inspector.readers.parts import Context, Found, GroundTruth, Keys


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
    joining_from = share + 0.9 * (1.0 - share)
    if detections is not None:
        kind = detection_format(detections, reading.detections_format)
        step = part_of(progress, share, joining_from)
        found = kind.detection_reader().read_found(detections, truth, context, notes, step)
    truth = truth or _truth_of(found)
    last = part_of(progress, joining_from, 1.0)
    joining = _nothing(truth) if found is None else join(truth, found, reading, notes, last)
    return _dataset(ground_truth, detections, truth, joining, notes)


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


def _truth_of(found: Found | None) -> GroundTruth:
    """The images and classes of detections that are opened alone."""
    assert found is not None, "at least one side is opened"
    ids, names, rows = _ordered(found.images)
    sizes = np.zeros((len(rows), 2), np.int32) if found.sizes is None else found.sizes[rows]
    class_ids, class_names, _ = _ordered(found.classes)
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
        offsets=np.zeros(len(rows) + 1, np.int64),
    )
    return GroundTruth(Images(ids, names, sizes, numbers_of(names)), Classes(class_ids, class_names), objects)


def _ordered(keys: Keys) -> tuple[tuple[FileId, ...], tuple[str, ...], list[int]]:
    """Ids, names, and the row of each in `keys`, ascending by id."""
    ids = [name or "" if item is None else item for item, name in zip(keys.ids, keys.names, strict=True)]
    rows = {item: row for row, item in enumerate(ids)}
    ordered = sorted_ids(rows)
    names = tuple(keys.names[rows[item]] or str(item) for item in ordered)
    return tuple(ordered), names, [rows[item] for item in ordered]


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
