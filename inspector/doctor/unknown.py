"""Detections whose image or class the ground truth does not list, although it lists nearly the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

import numpy as np

from inspector.dataset import FileId, Rows
from inspector.doctor.case import EXAMPLES, Case, worded
from inspector.doctor.findings import Example, Finding, Remedy, Severity
from inspector.export.report import counted
from inspector.reading import folded

_MANY: Final = 0.5
"""From this part of the detections on the numbers are not those of the model."""


def unknown_checks(case: Case) -> Iterator[Finding]:
    """Ids that differ by their type, names by case, blanks, hyphens or underscores."""
    lost, data = case.dataset.unplaced, case.dataset
    if lost is None:
        return
    yield from _of_other_type("image", lost.image_keys, lost.images, data.images.ids)
    yield from _of_other_type("class", lost.class_keys, lost.classes, data.classes.ids)
    if case.reading.fold_names:
        return
    names = tuple(name.replace("\\", "/").rpartition("/")[2] for name in data.images.file_names)
    yield from _alike(case, "image", lost.image_keys, lost.images, names)
    yield from _alike(case, "class", lost.class_keys, lost.classes, data.classes.names)


def _of_other_type(what: str, keys: Sequence[FileId], rows: Rows, ids: Sequence[FileId]) -> Iterator[Finding]:
    """ "12" on one side, 12 on the other."""
    known = {str(item): item for item in ids}
    exact = set(ids)
    counts = np.bincount(rows, minlength=len(keys))
    pairs = [
        (int(count), key, known[str(key)])
        for key, count in zip(keys, counts.tolist(), strict=True)
        if count and key not in exact and str(key) in known
    ]
    if pairs:
        detections = sum(count for count, *_ in pairs)
        yield Finding(
            f"{what}_ids_of_other_type",
            Severity.ERROR,
            worded(
                f"detection{{s}} whose {what} id is a text on one side, a number on the other", detections
            ),
            detections,
            tuple(
                Example(f"{key!r} is {there!r} in the ground truth: {counted(count, 'detection')}")
                for count, key, there in pairs[:EXAMPLES]
            ),
            "They are left out, as by the COCO API: write the ids alike in both files.",
        )


def _alike(
    case: Case, what: Literal["image", "class"], keys: Sequence[FileId], rows: Rows, names: Sequence[str]
) -> Iterator[Finding]:
    """`rows`: int32 [detections], positions in `keys`, what the detections call it."""
    known = {folded(name): name for name in names}
    exact = set(names)
    counts = np.bincount(rows, minlength=len(keys))
    pairs = []
    for place, key in enumerate(keys):
        called = str(key).replace("\\", "/").rpartition("/")[2]
        meant = known.get(folded(called))
        if meant is not None and called not in exact and counts[place]:
            pairs.append((int(counts[place]), called, meant))
    if not pairs:
        return
    detections = sum(count for count, *_ in pairs)
    whole = len(case.dataset.detections) + len(rows)
    noun = "images" if what == "image" else "classes"
    yield Finding(
        f"{what}_names_differ",
        Severity.ERROR if detections >= _MANY * whole else Severity.WARNING,
        worded(f"detection{{s}} whose {what} has another spelling in the ground truth", detections),
        detections,
        tuple(
            Example(f'"{called}" is "{meant}" there: {counted(count, "detection")}')
            for count, called, meant in sorted(pairs, reverse=True)[:EXAMPLES]
        ),
        f"They are left out: {len(pairs):,} {noun} differ by case, blanks, hyphens or underscores only.",
        (Remedy("Take no notice of case and blanks", replace(case.reading, fold_names=True)),),
    )
