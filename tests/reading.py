"""Reading pairs of files in tests."""

from __future__ import annotations

from pathlib import Path

from inspector.assembling import read_files
from inspector.dataset import Dataset
from inspector.images import FolderSizes
from inspector.progress import Progress, no_progress
from inspector.readers.parts import Context
from inspector.reading import Reading

COCO = Reading(ground_truth_format="coco", detections_format="coco")


def read_pair(
    ground_truth: Path | None,
    detections: Path | None,
    progress: Progress = no_progress,
    *,
    masks: bool = True,
    reading: Reading = COCO,
) -> Dataset:
    """What the files hold, without looking for images."""
    return read_files(ground_truth, detections, Context(reading, masks, FolderSizes(None, ())), progress)
