"""What is opened together, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inspector.cache import opened
from inspector.dataset import Dataset, Note
from inspector.images import ImageProblem, find_image_folder, resolve_image, sample_of
from inspector.masks import make_outlines_ready
from inspector.progress import Progress, no_progress
from inspector.readers import read_coco
from inspector.readers.notes import EXAMPLES


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
    from inspector.demo import ensure_demo  # its painting is loaded for nobody else

    files = ensure_demo(progress=progress)
    return Sources(files.ground_truth, files.detections, files.images)


def read(
    sources: Sources, progress: Progress = no_progress, *, find_images: bool = True, masks: bool = True
) -> Dataset:
    """Read the files and find the images. Raises InputError, and CancelledError when `progress` does.

    Without `find_images` nothing is looked for, and nothing remarked on, beside the files. `masks`: whether
    to read those of records that have a box as well.
    """
    dataset = opened(
        sources.ground_truth,
        sources.detections,
        "boxes and masks" if masks else "boxes",
        lambda: read_coco(sources.ground_truth, sources.detections, None, progress, masks=masks),
        progress,
    )
    dataset = replace(dataset, image_folder=sources.images)
    if not find_images:
        return dataset
    if dataset.objects.masks is not None or dataset.detections.masks is not None:
        make_outlines_ready(progress)
    names, folder = dataset.images.file_names, sources.images
    if folder is None:
        folder = find_image_folder(sources.ground_truth, names)
        if folder is None:
            return replace(dataset, notes=(*dataset.notes, _not_found(names, "beside the ground truth")))
    elif not any(_is_there(folder, name) for name in sample_of(names)):
        return replace(dataset, notes=(*dataset.notes, _not_found(names, f"in {folder}")))
    return replace(dataset, image_folder=folder)


def _is_there(folder: Path, name: str) -> bool:
    try:
        resolve_image(folder, name)
    except ImageProblem:
        return False
    return True


def _not_found(names: Sequence[str], where: str) -> Note:
    looked_for = sample_of(names)
    by = f", judging by {len(looked_for)} of them" if len(looked_for) < len(names) else ""
    text = f"image{'' if len(names) == 1 else 's'} not found {where}{by}"
    return Note(text, len(names), tuple(looked_for[:EXAMPLES]))
