"""COCO ground truth and COCO results."""

from __future__ import annotations

from pathlib import Path

from inspector.dataset import Dataset
from inspector.progress import Progress, no_progress
from inspector.readers.coco_columns import part_of
from inspector.readers.coco_detections import read_detections
from inspector.readers.coco_ground_truth import read_ground_truth
from inspector.readers.files import size_of
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context, GroundTruth


def read_coco(
    ground_truth: Path,
    detections: Path,
    image_folder: Path | None,
    progress: Progress = no_progress,
    *,
    masks: bool = True,
) -> Dataset:
    """Read a COCO ground-truth file and a file of COCO results.

    Without `masks` they are passed over, but for those of objects and detections without a box of their own.
    What cannot be used is left out and noted in the dataset's notes; `image_folder` is stored as given.
    Made for a worker thread: decodes in pieces, and no step holds up other threads for long. Raises
    InputError, whose text names the file, the place and the reason, and what `progress` raises.
    """
    notes = NoteBook()
    sizes = [size_of(ground_truth), size_of(detections)]
    share = sizes[0] / (sum(sizes) or 1)
    truth = read_ground_truth(ground_truth, notes, part_of(progress, 0.0, share), masks)
    reading = part_of(progress, share, 1.0)
    found = read_detections(detections, truth.images, truth.classes, notes, reading, masks)
    return Dataset(
        images=truth.images,
        classes=truth.classes,
        objects=truth.objects,
        detections=found,
        ground_truth_path=ground_truth,
        detections_path=detections,
        image_folder=image_folder,
        notes=notes.notes(),
    )


def looks_like_truth(path: Path) -> bool:
    """A JSON object."""
    return _first_byte(path) == "{"


def looks_like_detections(path: Path) -> bool:
    """A JSON list, or an object."""
    return _first_byte(path) in ("[", "{")


def read_truth(path: Path, context: Context, notes: NoteBook, progress: Progress) -> GroundTruth:
    """Raises InputError, and what `progress` raises."""
    return read_ground_truth(path, notes, progress, context.masks)


def _first_byte(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(4096).decode("utf-8-sig", errors="replace").lstrip()[:1]
    except OSError:
        return ""
