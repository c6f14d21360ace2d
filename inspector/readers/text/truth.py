"""Ground truth as text, one file per image, in pixels: x, y, width, height or x1, y1, x2, y2.

Text in parts of the image is YOLO's; where this format is asked for, it is read as well.
"""

from __future__ import annotations

from pathlib import Path

from inspector.progress import Progress
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context, GroundTruth
from inspector.readers.text.label_files import read_labels
from inspector.readers.text.label_sample import looks_like_labels
from inspector.readers.text.yolo import YOLO


def looks_like_truth(path: Path) -> bool:
    """Label files with a class and four numbers in pixels."""
    return looks_like_labels(path) == "text"


def read_truth(path: Path, context: Context, notes: NoteBook, progress: Progress) -> GroundTruth:
    """Raises InputError, and what `progress` raises."""
    convention = context.reading.ground_truth_boxes
    if convention is None and looks_like_labels(path) == "yolo":
        convention = YOLO
    return read_labels(path, context, notes, progress, convention)
