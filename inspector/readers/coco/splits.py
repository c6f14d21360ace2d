"""COCO ground truth with a file for each split: one data set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector.errors import InputError
from inspector.images.paths import resolve_image
from inspector.images.problem import ImageProblem
from inspector.progress import Progress
from inspector.readers.coco.columns import part_of
from inspector.readers.coco.ground_truth import read_truth_file
from inspector.readers.coco.kind import split_word, truth_of_splits
from inspector.readers.files import size_of
from inspector.readers.image_places import ImagePlaces
from inspector.readers.merging import Part, merged
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context, GroundTruth


def read_truth(path: Path, context: Context, notes: NoteBook, progress: Progress) -> GroundTruth:
    """A file, or a folder with a file for each split. Raises InputError, and what `progress` raises."""
    if not path.is_dir():
        return read_truth_file(path, context, notes, progress)
    files = truth_of_splits(path)
    if not files:
        raise InputError(path, "", "holds no COCO ground truth with one file for each split")
    sizes = [size_of(path / file) for file in files.values()]
    truths, done = [], 0
    for file, size in zip(files.values(), sizes, strict=True):
        begin, end = (0.9 * part / (sum(sizes) or 1) for part in (done, done + size))
        with notes.inside(f"{file}: "):
            truths.append(read_truth_file(path / file, context, notes, part_of(progress, begin, end)))
        done += size
    names, folder = _named(path, list(files.values()), truths, context)
    parts = [Part(*part) for part in zip(files, names, truths, strict=True)]
    return merged(parts, folder, part_of(progress, 0.9, 1.0))


def _named(
    root: Path, files: Sequence[str], truths: Sequence[GroundTruth], context: Context
) -> tuple[list[tuple[str, ...]], Path | None]:
    """What the images of each file are called among all, and where these names start from."""
    folders = [file.rpartition("/")[0] for file in files]
    own = [truth.images.file_names for truth in truths]
    if len(set(folders)) > 1:
        places = ImagePlaces(root, folders, context.sizes)
        called = [
            tuple(places.name(folder, name) for name in names)
            for folder, names in zip(folders, own, strict=True)
        ]
        return called, places.image_folder
    below = [
        tuple(f"{split_word(file)}/{name}" for name in names) for file, names in zip(files, own, strict=True)
    ]
    for folder in _image_folders(root, folders[0]):
        if all(_is_there(folder, names[0]) for names in below):
            return below, folder
    all_names = [name for names in own for name in names]
    return (own if len(set(all_names)) == len(all_names) else below), None


def _image_folders(root: Path, annotations: str) -> list[Path]:
    """Where the folders of the splits may lie."""
    places = [root] if annotations else [root, root.parent]
    return [folder for place in places for folder in (place, place / "images")]


def _is_there(folder: Path, name: str) -> bool:
    try:
        resolve_image(folder, name)
    except ImageProblem:
        return False
    return True
