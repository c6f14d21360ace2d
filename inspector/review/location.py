"""Where the review file of a dataset lies, and how it finds the dataset again."""

from __future__ import annotations

import os
from pathlib import Path

from inspector.sources import Sources


def default_path(sources: Sources) -> Path:
    """`<ground truth's name>.review.sqlite` in the folder of the detections, or of what there is."""
    return sources.paths[-1].parent / _name(sources.first)


def paths_alone(sources: Sources) -> tuple[Path, ...]:
    """Where it lies if a side was judged while only that was open."""
    return tuple(path.parent / _name(path) for path in sources.paths)


def _name(path: Path) -> str:
    return f"{path.stem}.review.sqlite"


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
