"""Detections as the VOC development kit reads them: one text file per class, `comp4_det_test_<class>.txt`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import numpy as np

from inspector.conventions import looks_relative
from inspector.dataset import Rows
from inspector.errors import InputError
from inspector.progress import Progress
from inspector.readers.coco.columns import part_of
from inspector.readers.found_keys import class_keys, image_keys, listed_names
from inspector.readers.found_sizes import sizes_of
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context, Found, GroundTruth
from inspector.readers.text.lines import read_lines
from inspector.readers.text.sample import sampled, some_text_files, text_files
from inspector.reading import Convention

STAGE: Final = "Reading detections"
_NUMBERS: Final = 5
_OTHER_COUNT: Final = "line{s} left out: not an image and 5 numbers"
_NAME: Final = re.compile(r"(?:.*_)?det_(?:test|trainval|train|val)(?:_?\d{4})?_(.+)\.txt", re.IGNORECASE)
_CORNERS: Final = Convention("xyxy")
_FROM_ONE: Final = Convention("xyxy", one_based=True)


def looks_like_detections(path: Path) -> bool:
    """Files that are named by their class, most of whose lines are an image and five numbers."""
    folder, names = some_text_files(path)
    fields = sampled(folder, [name for name in names if _NAME.fullmatch(_last(name))])
    return 2 * sum(len(one.numbers) == _NUMBERS for one in fields) > len(fields)


def read_found(
    path: Path, truth: GroundTruth | None, context: Context, notes: NoteBook, progress: Progress
) -> Found:
    """Left, top, right and bottom are read as they stand: ground truth of VOC counts its pixels likewise.

    That they are counted from 1 where the ground truth is not is left to the data. Raises InputError, and
    what `progress` raises.
    """
    folder, names = text_files(path, progress)
    names = [name for name in names if _NAME.fullmatch(_last(name))] or names
    if not names:
        raise InputError(path, "", "holds no text files")
    lines = read_lines(folder, names, notes, part_of(progress, 0.0, 0.9), STAGE)
    lines.check_read(path)
    counts = lines.counts
    rows: Rows = np.flatnonzero(counts == _NUMBERS).astype(np.int32)
    others = np.flatnonzero(counts != _NUMBERS)
    if len(others) and not len(rows):
        reason = f"expected an image and 5 numbers, found an image and {int(counts[0])}"
        raise InputError(path, lines.place(0), reason)
    notes.add_rows(
        _OTHER_COUNT, others, len(others), lambda row: f"{lines.place(row)}: {counts[row]} numbers"
    )
    if not len(lines):
        notes.add("the detections file holds no detections", count=0)
    numbers = lines.table(_NUMBERS, rows)
    boxes = np.ascontiguousarray(numbers[:, 1:])
    relative = looks_relative(boxes)
    default = Convention("xyxy", relative=True) if relative else _CORNERS
    reading = context.reading
    images = image_keys((None, word) for word in lines.words)
    classes = [_class_of(name) for name in names]
    numbered = any(name.isdecimal() for name in classes)
    convention = reading.detection_boxes or default
    return Found(
        images=images,
        classes=class_keys(
            ((None, name) for name in classes), listed_names(path, context, notes) if numbered else {}
        ),
        image_rows=lines.word_rows[rows],
        class_rows=lines.files[rows],
        boxes=boxes,
        scores=numbers[:, 0].copy(),
        place=lambda row: lines.place(int(rows[row])),
        convention=convention,
        candidates=() if relative or reading.detection_boxes is not None else (_FROM_ONE,),
        sizes=sizes_of(images, convention, truth, context, part_of(progress, 0.9, 1.0)),
    )


def _class_of(name: str) -> str:
    """The class that a file is named by: "comp4_det_test_car.txt", or only "car.txt"."""
    match = _NAME.fullmatch(_last(name))
    return match[1] if match else _last(name)[:-4]


def _last(name: str) -> str:
    return name.rpartition("/")[2]
