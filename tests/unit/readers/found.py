"""Reading detections of any format in tests."""

from __future__ import annotations

from pathlib import Path

from inspector.dataset import Note
from inspector.images.sizes import FolderSizes
from inspector.progress import Progress, no_progress
from inspector.readers.formats import detection_format
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context, Found, GroundTruth
from inspector.reading import AS_WRITTEN, Reading


def read_found(
    path: Path,
    reading: Reading = AS_WRITTEN,
    truth: GroundTruth | None = None,
    progress: Progress = no_progress,
    images: Path | None = None,
) -> tuple[Found, tuple[Note, ...]]:
    """Read detections in the format that they look like; the notes as well."""
    notes = NoteBook()
    context = Context(reading, False, FolderSizes(images, (path,)))
    reader = detection_format(path, reading.detections_format).detection_reader()
    return reader.read_found(path, truth, context, notes, progress), notes.notes()


def written(folder: Path, **files: str) -> Path:
    """A folder with text files, named without their suffix."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def told(notes: tuple[Note, ...]) -> list[str]:
    """Notes as lines: count, text and the first example."""
    return [" ".join((str(note.count), note.text, *note.examples[:1])) for note in notes]
