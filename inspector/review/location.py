"""Where the review file of a dataset lies, and how it finds the dataset again."""

from __future__ import annotations

import os
from pathlib import Path

from inspector.sources import Sources


def default_path(sources: Sources) -> Path:
    """`<ground truth's name>.review.sqlite` beside the detections, or beside what there is."""
    return folder_beside(sources.paths[-1], sources) / _name(sources.first)


def paths_alone(sources: Sources) -> tuple[Path, ...]:
    """Where it lies if a side was judged while only that was open."""
    return tuple(folder_beside(path, sources) / _name(path) for path in sources.paths)


def is_usual(review: Path, sources: Sources) -> bool:
    """Whether a review file lies where nobody had to choose."""
    return _whole(review) in {_whole(path) for path in (default_path(sources), *paths_alone(sources))}


def folder_beside(path: Path, sources: Sources) -> Path:
    """The folder that a path lies in, or the next one above that is not opened itself: what lies in such a
    folder could be taken for data."""
    folders = [_whole(opened) for opened in sources.paths if opened.is_dir()]
    if not folders:
        return path.parent
    folder = _whole(path).parent
    while any(folder.is_relative_to(opened) for opened in folders) and folder.parent != folder:
        folder = folder.parent
    return folder


def _name(path: Path) -> str:
    """Folders have no suffix: "v1.2" is a name."""
    return f"{_whole(path).name if path.is_dir() else path.stem}.review.sqlite"


def _whole(path: Path) -> Path:
    """From the root on, without "..", but through links as it is named."""
    return Path(os.path.normpath(path.absolute()))


def parts_of(sources: Sources) -> dict[str, Path]:
    """The paths by what they are; image folder and class names only where they were chosen."""
    parts = {
        "ground_truth": sources.ground_truth,
        "detections": sources.detections,
        "images": sources.images,
        "class_names": sources.reading.class_names,
    }
    return {part: path for part, path in parts.items() if path is not None}


def both_ways(path: Path, review: Path) -> tuple[str, str]:
    """A path as such, and from the review file's folder on; the latter empty on another Windows drive."""
    absolute = path.absolute()
    try:
        relative = Path(os.path.relpath(absolute, review.absolute().parent)).as_posix()
    except ValueError:
        relative = ""
    return str(absolute), relative


def find_again(absolute: str, relative: str, review: Path) -> Path:
    """Where a path is now: beside the review file if both were moved, else where it was."""
    if relative:
        moved = Path(os.path.normpath(review.absolute().parent / relative))
        if moved.exists():
            return moved
    return Path(absolute)
