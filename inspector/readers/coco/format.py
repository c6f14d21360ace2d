"""COCO ground truth and COCO results."""

from __future__ import annotations

from pathlib import Path

from inspector.readers.coco.detections import read_found
from inspector.readers.coco.kind import truth_of_splits
from inspector.readers.coco.splits import read_truth
from inspector.readers.encodings import head_of

__all__ = ["looks_like_detections", "looks_like_truth", "read_found", "read_truth"]


def looks_like_truth(path: Path) -> bool:
    """A JSON object, or a folder with ground truth of several splits."""
    return bool(truth_of_splits(path)) if path.is_dir() else _first_byte(path) == "{"


def looks_like_detections(path: Path) -> bool:
    """A JSON list, or an object."""
    return _first_byte(path) in ("[", "{")


def _first_byte(path: Path) -> str:
    try:
        return head_of(path, 4096)[:1]
    except OSError:
        return ""
