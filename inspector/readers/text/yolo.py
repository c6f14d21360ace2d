"""YOLO's labels: one text file per image, boxes or polygons in parts of the image's width and height."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from inspector.progress import Progress
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context, GroundTruth
from inspector.readers.text.label_files import read_labels
from inspector.readers.text.label_sample import looks_like_labels
from inspector.reading import Convention

YOLO: Final = Convention("cxcywh", relative=True)


def looks_like_truth(path: Path) -> bool:
    """Label files with numbers from 0 to 1, or data.yaml, obj.data or a list of images that names them."""
    return looks_like_labels(path) == "yolo"


def read_truth(path: Path, context: Context, notes: NoteBook, progress: Progress) -> GroundTruth:
    """Raises InputError, and what `progress` raises."""
    return read_labels(path, context, notes, progress, context.reading.ground_truth_boxes or YOLO)
