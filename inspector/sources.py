"""What is opened together, and how it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from inspector.dataset import Dataset
from inspector.demo import ensure_demo
from inspector.images import find_image_folder
from inspector.progress import Progress, no_progress
from inspector.readers import read_coco


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of one dataset."""

    ground_truth: Path
    detections: Path
    images: Path | None = None
    """None: look beside the ground truth."""


Find = Callable[[Progress], Sources]
"""Finds, or first makes, what is to be opened."""


def demo_sources(progress: Progress) -> Sources:
    """The demo data set, made on first use."""
    files = ensure_demo(progress=progress)
    return Sources(files.ground_truth, files.detections, files.images)


def read(sources: Sources, progress: Progress = no_progress) -> Dataset:
    """Read the files and find the images. Raises InputError, and CancelledError when `progress` does."""
    dataset = read_coco(sources.ground_truth, sources.detections, sources.images, progress)
    if dataset.image_folder is not None:
        return dataset
    folder = find_image_folder(sources.ground_truth, dataset.images.file_names)
    return replace(dataset, image_folder=folder)
