"""The images on the disk: which are missing, which nobody labelled, and whether their sizes are right."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from inspector.dataset import Rows
from inspector.doctor.case import EXAMPLES, STAGE, Case, worded
from inspector.doctor.findings import Example, Finding, Severity
from inspector.export.report import counted
from inspector.images import ImageProblem, resolve_image
from inspector.images.sizes import IMAGE_SUFFIXES, size_of_image

_LOOKED_AT: Final = 400
"""Images whose headers are read: under a second from a slow disk."""
_MOST_FOLDERS: Final = 200
_MOST_ENTRIES: Final = 200_000


def disk_checks(case: Case) -> Iterator[Finding]:
    """Nothing where no folder of images was found: that is noted already."""
    folder = case.dataset.image_folder
    if folder is None or any(note.code == "images_not_found" for note in case.dataset.notes):
        return
    count = len(case.dataset.images)
    rows = (
        np.unique(np.linspace(0, count - 1, min(count, _LOOKED_AT)).astype(np.int64)).tolist()
        if count
        else []
    )
    paths: dict[int, Path] = {}
    problems: dict[int, str] = {}
    for row in rows:
        try:
            paths[row] = resolve_image(folder, case.dataset.images.file_names[row])
        except ImageProblem as problem:
            problems[row] = str(problem)
        case.step()
    looked = counted(len(rows), "image")
    yield from _missing(case, problems, looked)
    yield from _sizes(case, paths, looked)
    yield from _unlabelled(case, folder, paths)


def _missing(case: Case, problems: dict[int, str], looked: str) -> Iterator[Finding]:
    if not problems:
        return
    effect = (
        f"Of {looked} that were looked for. The numbers are the same; their boxes are shown without an image."
    )
    yield Finding(
        "images_missing",
        Severity.WARNING,
        worded("image{s} of the ground truth {is|are} not on disk", len(problems)),
        len(problems),
        case.images(problems, lambda row: problems[row]),
        effect,
    )


def _sizes(case: Case, paths: dict[int, Path], looked: str) -> Iterator[Finding]:
    """Declared sizes against those of the pictures as they are shown."""
    declared = case.dataset.images.sizes
    other: dict[int, tuple[int, int]] = {}
    unreadable: list[int] = []
    for row, path in paths.items():
        case.step()
        size = size_of_image(path)
        if size is None:
            unreadable.append(row)
        elif (declared[row] > 0).all() and tuple(declared[row].tolist()) != size:
            other[row] = size
    if unreadable:
        yield Finding(
            "images_unreadable",
            Severity.WARNING,
            worded("image{s} cannot be read", len(unreadable)),
            len(unreadable),
            case.images(unreadable),
            f"Of {looked} that were looked at. The numbers are the same; nothing is shown behind the boxes.",
        )
    if not other:
        return
    turned = sum(size == tuple(declared[row][::-1].tolist()) for row, size in other.items())
    effect = (
        f"Of {looked} that were looked at. Boxes are compared in the pixels of the files: right if both sides"
        " mean the declared size, wrong if one was made on the pictures as they are."
    )
    if turned:
        effect += (
            f" {turned:,} of them are turned: width and height are exchanged (orientation of the camera)."
        )
    yield Finding(
        "image_sizes_differ",
        Severity.WARNING,
        worded("image{s} of another size than declared", len(other)),
        len(other),
        case.images(other, lambda row: _both(declared[row], other[row])),
        effect,
    )


def _both(declared: Rows, found: tuple[int, int]) -> str:
    width, height = declared.tolist()
    return f"declared {width} x {height}, is {found[0]} x {found[1]}"


def _unlabelled(case: Case, folder: Path, paths: dict[int, Path]) -> Iterator[Finding]:
    """Pictures beside those of the ground truth that it does not list."""
    folders = list(dict.fromkeys(path.parent for path in paths.values()))[:_MOST_FOLDERS]
    known = {_last(name) for name in case.dataset.images.file_names}
    found: list[str] = []
    count = 0
    for below in folders:
        for name in _pictures(case, below):
            if name.casefold() not in known:
                count += 1
                if len(found) < EXAMPLES:
                    found.append(os.path.relpath(below / name, folder))
    if count:
        yield Finding(
            "images_not_listed",
            Severity.NOTE,
            worded("image{s} on disk that the ground truth does not list", count),
            count,
            tuple(Example(name) for name in found),
            "They take no part in the numbers; what the model finds there is ignored.",
        )


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].casefold()


def _pictures(case: Case, folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number >= _MOST_ENTRIES:
                    return
                if entry.name.lower().endswith(IMAGE_SUFFIXES):
                    yield entry.name
                if number % 1000 == 0:
                    case.progress(STAGE, 0.0)
                    case.pause()
    except OSError:
        return
