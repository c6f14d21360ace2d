"""Boxes that are there twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Detections, Flags, Objects, Offsets, Rows
from inspector.progress import Progress
from inspector.readers.notes import NoteBook
from inspector.selection import detections_at, objects_at

STAGE: Final = "Looking for duplicates"
_STEP: Final = 50_000
"""Boxes that are compared in one step, or those of an image."""


def first_detections(detections: Detections, notes: NoteBook, progress: Progress) -> Detections:
    """Of detections that agree in image, class, box and score the first. Raises what `progress` raises."""
    columns = (detections.scores, *detections.boxes.T)
    keep = _first_of_equal(detections.offsets, detections.classes, columns, progress)
    rows = np.flatnonzero(keep).astype(np.int32)
    if len(rows) == len(keep):
        return detections
    notes.add("duplicate detection{s} left out", count=len(keep) - len(rows))
    return detections_at(detections, rows)


def first_objects(objects: Objects, notes: NoteBook, progress: Progress) -> Objects:
    """Of objects that agree in image, class, box and being a crowd the first."""
    columns = (objects.crowd.astype(np.float64), *objects.boxes.T)
    keep = _first_of_equal(objects.offsets, objects.classes, columns, progress)
    rows = np.flatnonzero(keep).astype(np.int32)
    if len(rows) == len(keep):
        return objects
    notes.add("duplicate object{s} left out", count=len(keep) - len(rows))
    return objects_at(objects, rows)


def _first_of_equal(
    offsets: Offsets, classes: Rows, columns: Sequence[NDArray[np.float64]], progress: Progress
) -> Flags:
    """bool [rows]: whether no row before it, of the same image and class, has the same numbers."""
    keep = np.ones(len(classes), np.bool_)
    cuts = np.searchsorted(offsets, np.arange(0, len(classes), _STEP))
    bounds = np.unique(np.append(offsets[cuts], (0, len(classes)))).tolist()
    for start, end in pairwise(bounds):
        progress(STAGE, start / len(classes))
        part = slice(start, end)
        images = np.searchsorted(offsets, np.arange(start, end), side="right")
        keys: list[NDArray[Any]] = [*(column[part] for column in columns), classes[part], images]
        order = np.lexsort(tuple(keys))
        same = np.ones(len(order) - 1, np.bool_)
        for key in keys:
            same &= key[order][1:] == key[order][:-1]
        keep[start + order[1:][same]] = False
    return keep
