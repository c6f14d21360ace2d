"""What is known of chosen files before they are read as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from inspector.dataset import Joined
from inspector.errors import InputError
from inspector.images.paths import IMAGE_SUFFIXES
from inspector.progress import Progress, no_progress
from inspector.readers.formats import detection_format, truth_format
from inspector.sniffing.candidates import Role
from inspector.sniffing.walking import listing_of
from inspector.sources import Sources, read

_QUICK_BYTES: Final = 50_000_000
_QUICK_FILES: Final = 5_000


def format_title(role: Role, path: Path, name: str | None = None) -> str:
    """What the format of one side is called, found by its content or named. Raises InputError."""
    choose = truth_format if role is Role.GROUND_TRUTH else detection_format
    return choose(path, name).title


def formats_text(sources: Sources) -> str:
    """The formats of what is open: "YOLO · COCO results"; empty where files are gone."""
    reading = sources.reading
    sides = (
        (Role.GROUND_TRUTH, sources.ground_truth, reading.ground_truth_format),
        (Role.DETECTIONS, sources.detections, reading.detections_format),
    )
    try:
        return " · ".join(format_title(role, path, name) for role, path, name in sides if path is not None)
    except InputError:
        return ""


def images_text(folder: Path, progress: Progress = no_progress) -> str:
    """How many images a folder holds. Raises InputError where it is none, or holds none."""
    if not folder.is_dir():
        raise InputError(folder, "", "is not a folder" if folder.exists() else "there is no such folder")
    found = sum(
        len(names)
        for listing in listing_of(folder, progress).below()
        for suffix, names in listing.files.items()
        if suffix in IMAGE_SUFFIXES
    )
    if not found:
        raise InputError(folder, "", "holds no images")
    return "1 image" if found == 1 else f"{found:,} images"


def is_quick(sources: Sources, progress: Progress = no_progress) -> bool:
    """Whether reading both sides takes a moment only: small files, or few of them."""
    return all(_is_small(path, progress) for path in sources.paths)


def joined_of(sources: Sources, progress: Progress = no_progress) -> Joined | None:
    """How detections find their images and classes. Reads both sides. Raises what reading raises."""
    return read(sources, progress, find_images=False, masks=False).joined


def _is_small(path: Path, progress: Progress) -> bool:
    if path.is_dir():
        files = 0
        for listing in listing_of(path, progress).below():
            files += sum(map(len, listing.files.values()))
        return files < _QUICK_FILES
    return path.exists() and path.stat().st_size < _QUICK_BYTES
