"""What is opened together, and how it is read."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inspector.assembling import read_files
from inspector.cache import opened
from inspector.dataset import Dataset, Note
from inspector.images import (
    FolderSizes,
    ImageProblem,
    find_image_folder,
    is_neighbour,
    resolve_image,
    sample_of,
)
from inspector.masks import make_outlines_ready
from inspector.progress import Progress, no_progress
from inspector.readers.notes import EXAMPLES
from inspector.readers.parts import Context
from inspector.reading import AS_WRITTEN, Reading


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of one dataset, files or folders; at least one side is there."""

    ground_truth: Path | None
    detections: Path | None
    images: Path | None = None
    """None: where the ground truth says, or else beside it."""
    reading: Reading = AS_WRITTEN

    @property
    def first(self) -> Path:
        """The ground truth, or else the detections: what the dataset is named by."""
        path = self.ground_truth or self.detections
        assert path is not None
        return path

    @property
    def paths(self) -> tuple[Path, ...]:
        """Ground truth and detections, as far as they are there."""
        return tuple(path for path in (self.ground_truth, self.detections) if path is not None)

    def shares(self, other: Sources | None) -> bool:
        """Whether both have a side in common, in whatever way it is read: the images are then the same."""
        if other is None:
            return False
        sides = ((self.ground_truth, other.ground_truth), (self.detections, other.detections))
        return any(one is not None and one == another for one, another in sides)


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
    context = Context(sources.reading, masks, FolderSizes(sources.images, sources.paths))

    def read_all() -> Dataset:
        return read_files(sources.ground_truth, sources.detections, context, progress)

    if sources.ground_truth is None:  # what images are called depends on what lies beside the file
        dataset = read_all()
    else:
        options = f"{'boxes and masks' if masks else 'boxes'} {sources.reading}"
        dataset = opened(sources.ground_truth, sources.detections, options, read_all, progress)
    dataset = replace(dataset, image_folder=sources.images or dataset.image_folder)
    if not find_images:
        return dataset
    if dataset.objects.masks is not None or dataset.detections.masks is not None:
        make_outlines_ready(progress)
    names, folder = dataset.images.file_names, dataset.image_folder
    if folder is None:
        folder = find_image_folder(sources.first, names)
        if folder is None:
            where = f"beside the {'ground truth' if sources.ground_truth else 'detections'}"
            return replace(dataset, notes=(*dataset.notes, _not_found(names, where)))
    elif not any(_is_there(folder, name) for name in sample_of(names)):
        return replace(dataset, notes=(*dataset.notes, _not_found(names, f"in {folder}")))
    return replace(
        dataset, image_folder=folder, notes=(*dataset.notes, *_from_neighbour(sources, dataset, folder))
    )


def _from_neighbour(sources: Sources, dataset: Dataset, folder: Path) -> tuple[Note, ...]:
    """A word on a folder that was looked for and may belong to another data set."""
    was_looked_for = dataset.image_folder is None or sources.ground_truth is None
    if sources.images is not None or not was_looked_for or not is_neighbour(folder, sources.first):
        return ()
    own = sources.first if sources.first.is_dir() else sources.first.parent
    return (Note(f"images from {Path(os.path.relpath(folder, own)).as_posix()}", 0, ()),)


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
    return Note(text, len(names), tuple(looked_for[:EXAMPLES]), "images_not_found")
