"""What one side knows and the other does not: images, and size ranges without an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from inspector.dataset import Offsets
from inspector.doctor.boxes import size_ranges
from inspector.doctor.case import Case, share, worded
from inspector.doctor.findings import Finding, Severity
from inspector.evaluation.protocol import COCO_SIZES
from inspector.export.report import counted

_MANY: Final = 0.2
"""From this part of the images with objects on it is likelier that the model never ran on them than that it
saw nothing there."""


def coverage_checks(case: Case) -> Iterator[Finding]:
    """Images without objects, without detections; sizes without objects."""
    data = case.dataset
    objects, found = np.diff(data.objects.offsets), np.diff(data.detections.offsets)
    if len(data.objects):
        empty = np.flatnonzero(objects == 0)
        if len(empty):
            there = int(found[empty].sum())
            effect = "Right if nothing is to be found there, wrong if labels are missing."
            if there:
                effect += f" {counted(there, 'detection')} there can only be FP."
            title = worded("image{s} without any object", len(empty))
            yield Finding(
                "images_without_objects",
                Severity.NOTE,
                title,
                len(empty),
                case.images(empty.tolist()),
                effect,
            )
    if case.both_sides:
        yield from _undetected(case, objects, found)
    if len(data.objects):
        yield from _sizes(case)


def _undetected(case: Case, objects: Offsets, found: Offsets) -> Iterator[Finding]:
    """By the objects and detections on each image."""
    rows = np.flatnonzero((objects > 0) & (found == 0))
    if not len(rows):
        return
    labelled, missed = int(np.count_nonzero(objects)), int(objects[rows].sum())
    many = len(rows) >= _MANY * labelled
    title = worded("image{s} with objects but without any detection", len(rows))
    effect = f"All objects on {'it' if len(rows) == 1 else 'them'} are missed ({counted(missed, 'object')})."
    if many:
        part = share(len(rows), labelled)
        effect += f" At {part} of the images with objects, the model may not have seen them at all."
    yield Finding(
        "images_without_detections",
        Severity.WARNING if many else Severity.NOTE,
        title,
        len(rows),
        case.images(rows.tolist(), lambda row: counted(int(objects[row]), "object")),
        effect,
    )


def _sizes(case: Case) -> Iterator[Finding]:
    """COCO's size ranges in which no object lies."""
    objects = case.dataset.objects
    ranges = size_ranges(objects.areas[~objects.crowd])
    empty = [size for number, size in enumerate(COCO_SIZES) if not np.count_nonzero(ranges == number)]
    if empty and len(empty) < len(COCO_SIZES):
        names = " and ".join(size.name for size in empty)
        title = worded(f"size range{{s}} without any object: {names}", len(empty))
        effect = (
            "AP and AR of these sizes cannot be computed. Percentile sizes always hold objects"
            " (--sizes percentile)."
        )
        yield Finding("sizes_without_objects", Severity.NOTE, title, len(empty), (), effect)
