"""Which label files belong to which split, by data.yaml, by obj.data, or by a list of images."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inspector.errors import InputError
from inspector.images.listing import file_of, stem_of, without_suffix
from inspector.readers.folders import read_text
from inspector.readers.text.class_lists import YAML_SUFFIXES, beside
from inspector.readers.text.settings import Setting, read_pairs, read_yaml

_SPLITS: Final = ("train", "val", "valid", "test")
_KINDS: Final = ("labels", "label", "images", "image")
_MOST_SETTINGS: Final = 20


@dataclass(slots=True)
class LabelParts:
    """The splits that settings name: as folders, or as lists of images."""

    folders: list[tuple[str, str]] = field(default_factory=list)
    """Folders relative to the settings, with "/" at the end, and their splits."""
    listed: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By stem: the paths without suffix that lists have, and their splits."""
    keypoints: int = 0
    """How many numbers for keypoints stand behind each box."""
    missing: list[str] = field(default_factory=list)
    """What the settings name, and is not there."""

    def __bool__(self) -> bool:
        return bool(self.folders or self.listed)

    def split(self, name: str) -> str | None:
        """The split of a label file or of an image; None where the settings do not name it."""
        stem = stem_of(name.removesuffix(".txt"))
        paths = self.listed.get(stem, ())
        if len(paths) == 1:
            return paths[0][1]
        if paths:
            own = as_labels(without_suffix(name.removesuffix(".txt")))
            return max(paths, key=lambda path: _common_end(own, as_labels(path[0])))[1]
        place = f"{as_labels(name.rpartition('/')[0])}/"
        fitting = [(len(folder), split) for folder, split in self.folders if place.startswith(folder)]
        return max(fitting)[1] if fitting else None


def is_settings(name: str) -> bool:
    """Whether a file of this name may be data.yaml or obj.data."""
    return name.lower().endswith((*YAML_SUFFIXES, ".data"))


def parts_of(path: Path) -> LabelParts:
    """The splits that data.yaml, obj.data or a list of images names.

    What they name is looked for beside them, wherever it was when they were written; it never leads out of
    their folder. Raises InputError where the file cannot be read.
    """
    parts = LabelParts()
    if path.suffix.lower() in YAML_SUFFIXES:
        settings = read_yaml(path)
        parts.keypoints = _keypoints(settings.get("kpt_shape"))
        base = settings.get("path")
        prefix = f"{base}/" if isinstance(base, str) and base else ""
        for split in _SPLITS:
            for entry in _entries(settings.get(split)):
                _add(parts, path, split, f"{prefix}{entry}")
    elif path.suffix.lower() == ".data":
        pairs = read_pairs(path)
        for split in _SPLITS:
            _add(parts, path, split, pairs.get(split, ""))
    else:
        _add_list(parts, path, path.stem)
    return parts


def as_labels(path: str) -> str:
    """A path with "labels" in the place of "images", which is where YOLO's tools look."""
    return _with(path, "labels")


def as_images(path: str) -> str:
    """The other way round."""
    return _with(path, "images")


def _with(path: str, kind: str) -> str:
    parts = path.split("/")
    for place in range(len(parts) - 1, -1, -1):
        if parts[place].lower() in _KINDS:
            return "/".join([*parts[:place], kind, *parts[place + 1 :]])
    return path


def _keypoints(shape: Setting | None) -> int:
    """How many numbers a shape such as [17, 3] makes."""
    if not isinstance(shape, list) or not all(isinstance(size, str) and size.isdecimal() for size in shape):
        return 0
    return min(math.prod(int(str(size)[:6]) for size in shape), 1_000_000) if shape else 0


def _entries(setting: Setting | None) -> Iterable[str]:
    if isinstance(setting, str):
        return [setting] if setting else []
    return [entry for entry in setting if isinstance(entry, str)] if isinstance(setting, list) else []


def _add(parts: LabelParts, settings: Path, split: str, written: str) -> None:
    if not written:
        return
    if written.lower().endswith(".txt"):
        listing = beside(settings, written)
        if listing is not None:
            _add_list(parts, listing, split)
            return
    else:
        folder = _folder_beside(settings.parent, written)
        if folder is not None:
            parts.folders.append((f"{as_labels(folder)}/" if folder else "", split))
            return
    parts.missing.append(f"{split}: {written}")


def _add_list(parts: LabelParts, listing: Path, split: str) -> None:
    for line in read_text(listing).splitlines():
        path = without_suffix(line.strip().replace("\\", "/"))
        if path:
            parts.listed.setdefault(file_of(path), []).append((path, split))


def _folder_beside(root: Path, written: str) -> str | None:
    """The folder below `root` that is meant, relative to it: the longest end of the path that is there."""
    named = [part for part in written.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    for first in range(len(named)):
        if (root.joinpath(*named[first:])).is_dir():
            return "/".join(named[first:])
    return "" if not named else None


def _common_end(one: str, other: str) -> int:
    """How many parts two paths have in common at their ends."""
    count = 0
    for left, right in zip(reversed(one.split("/")), reversed(other.split("/")), strict=False):
        if left != right:
            break
        count += 1
    return count


def settings_in(folder: Path) -> LabelParts:
    """The splits that settings in a folder name; none where there are no such settings."""
    try:
        with os.scandir(folder) as entries:  # which may be a hundred thousand label files
            names = sorted(entry.name for entry in entries if is_settings(entry.name) and entry.is_file())
    except OSError:
        return LabelParts()
    for name in names[:_MOST_SETTINGS]:
        try:
            parts = parts_of(folder / name)
        except InputError:
            continue
        if parts:
            return parts
    return LabelParts()
