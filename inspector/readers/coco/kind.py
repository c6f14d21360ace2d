"""Which COCO file is which, by a few kilobytes of it, and the files of splits in a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from inspector.readers.encodings import head_of
from inspector.readers.folders import is_file
from inspector.readers.split_names import split_of

_HEAD: Final = 65_536
KEYS: Final = ('"images"', '"annotations"', '"categories"')
_LABELME: Final = ('"shapes"', '"imagePath"')
_EXPORTED: Final = "_annotations.coco.json"
"""What Roboflow calls the file of each split, in a folder called like the split."""
_INSTANCES: Final = "instances"
"""How the file with boxes begins, beside those with captions and key points."""
_MOST_FILES: Final = 200
"""A folder with more of them has one for each image."""
_WORDS: Final = re.compile(r"[_.\-]")


def is_truth(path: Path) -> bool:
    """Whether a file is COCO ground truth: an object with some of its keys and without scores."""
    ends = ends_of(path)
    if not ends.startswith("{") or '"score"' in ends or all(key in ends for key in _LABELME):
        return False
    return any(key in ends for key in KEYS)


def truth_of_splits(folder: Path) -> dict[str, str]:
    """The ground truth of each split: the file, relative to the folder, by the split's name.

    Empty unless there are at least two splits, each with one file.
    """
    files = [file for file in _json_files(folder) if split_word(file)]
    instances = [file for file in files if file.rpartition("/")[2].startswith(_INSTANCES)]
    found: dict[str, str] = {}
    for file in instances or files:
        if is_truth(folder / file):
            split = split_of(split_word(file))
            if split in found:
                return {}
            found[split] = file
    return found if len(found) > 1 else {}


def split_word(file: str) -> str:
    """The part of a relative path that names its split: "train2017" of "instances_train2017.json"."""
    parent, _, name = file.rpartition("/")
    words = [*reversed(_WORDS.split(name)), *reversed(parent.split("/"))]
    return next((word for word in words if split_of(word)), "")


def _json_files(folder: Path) -> Iterator[str]:
    """JSON files of a folder, of its annotations and of its splits; relative, sorted."""
    direct, folders = _entries(folder)
    yield from direct
    for name in folders:
        if name.lower() == "annotations":
            yield from (f"{name}/{file}" for file in _entries(folder / name)[0])
        elif split_of(name):
            if (folder / name / _EXPORTED).is_file():  # among thousands of images
                yield f"{name}/{_EXPORTED}"
            else:
                yield from (f"{name}/{file}" for file in _entries(folder / name)[0])


def _entries(folder: Path) -> tuple[list[str], list[str]]:
    """The JSON files and the folders in a folder, sorted; no files where there is one for each image."""
    files: list[str] = []
    folders: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.name.lower().endswith(".json"):
                    if len(files) <= _MOST_FILES and is_file(entry):
                        files.append(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
    except OSError:
        return [], []
    return (sorted(files) if len(files) <= _MOST_FILES else []), sorted(folders)


def ends_of(path: Path) -> str:
    """The beginning of a text file without spaces before it, and its end; empty where it cannot be read."""
    try:
        head = head_of(path, _HEAD)
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _HEAD))
            tail = file.read()
    except OSError:
        return ""
    return head + tail.replace(b"\0", b"").decode("utf-8", errors="replace")
