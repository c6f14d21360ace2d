"""Reading ground truth of any format in tests, and looking at what came of it."""

from __future__ import annotations

from pathlib import Path

from inspector.dataset import Note
from inspector.images import FolderSizes
from inspector.progress import Progress, no_progress
from inspector.readers.formats import truth_format
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context, GroundTruth
from inspector.reading import AS_WRITTEN, Reading

Row = tuple[str, str, tuple[float, float, float, float]]


def truth_of(
    path: Path,
    reading: Reading = AS_WRITTEN,
    *,
    masks: bool = True,
    images: Path | None = None,
    progress: Progress = no_progress,
) -> tuple[GroundTruth, dict[str, Note]]:
    """Ground truth in the format that its content shows, and the notes by their text."""
    notes = NoteBook()
    context = Context(reading, masks, FolderSizes(images, [path]))
    reader = truth_format(path, reading.ground_truth_format).truth_reader()
    truth = reader.read_truth(path, context, notes, progress)
    return truth, {note.text: note for note in notes.notes()}


def rows_of(truth: GroundTruth) -> list[Row]:
    """Image, class and box of every object, in the dataset's order."""
    objects = truth.objects
    return [
        (truth.images.file_names[image], truth.classes.names[class_row], (x, y, width, height))
        for image, class_row, (x, y, width, height) in zip(
            objects.images.tolist(), objects.classes.tolist(), objects.boxes.tolist(), strict=True
        )
    ]
