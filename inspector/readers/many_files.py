"""One file or a folder of files, of which some may be broken."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from inspector.errors import InputError
from inspector.parallel import in_order
from inspector.pauses import Pauses
from inspector.progress import Progress
from inspector.readers.coco.columns import part_of
from inspector.readers.folders import files_below
from inspector.readers.notes import NoteBook

_AT_ONCE = 16
"""Files that one thread reads before it takes others."""
_AHEAD = 4
"""How many times as many are read ahead: so many are in memory."""
Part = TypeVar("Part")


def files_of(path: Path, suffix: str, progress: Progress) -> tuple[Path, list[str]]:
    """A folder and its files, relative to it with "/" between; a single file in its own folder.

    Raises InputError where there is none.
    """
    if not path.is_dir():
        return path.parent, [path.name]
    names = files_below(path, (suffix,), progress)
    if not names:
        raise InputError(path, "", f"holds no {suffix} files")
    return path, names


def each_of(
    root: Path,
    names: Sequence[str],
    read: Callable[[str], Part | None],
    notes: NoteBook,
    progress: Progress,
    stage: str,
) -> Iterator[tuple[str, Part]]:
    """What `read` gives for each file. One that is broken is noted, as long as any other can be read.

    `read` is called by several threads, some files ahead; it returns None for a file of another kind. Raises
    the InputError of the first file where none can be read, and what `progress` raises.
    """
    folder, first, count, pause = os.fspath(root), None, 0, Pauses()

    def read_some(start: int) -> list[Part | InputError | None]:
        return [_tried(read, os.path.join(folder, name)) for name in names[start : start + _AT_ONCE]]  # noqa: PTH118

    starts = range(0, len(names), _AT_ONCE)
    with closing(in_order(read_some, starts, ahead=_AHEAD)) as blocks:
        for start, parts in zip(starts, blocks, strict=True):
            progress(stage, start / len(names))
            for name, part in zip(names[start : start + _AT_ONCE], parts, strict=True):
                pause()
                if part is None:
                    notes.add("file{s} left out: of another kind", name)
                elif isinstance(part, InputError):
                    first = first or part
                    _note_broken(name, part, notes)
                else:
                    count += 1
                    yield name, part
    if not count:
        raise first or InputError(root / names[0], "", "is not of this format")


def _tried(read: Callable[[str], Part | None], path: str) -> Part | InputError | None:
    try:
        return read(path)
    except InputError as error:
        return error


def parts_of(
    root: Path,
    names: Sequence[str],
    read: Callable[[Path, Progress], None],
    notes: NoteBook,
    progress: Progress,
) -> None:
    """Call `read` for a few large files, each with its part of the progress. A single one may not be broken.

    Of several, those that are broken are noted: what stands before the place is kept. Raises the first
    InputError where none can be read, and what `progress` raises.
    """
    errors: list[InputError] = []
    for number, name in enumerate(names):
        try:
            read(root / name, part_of(progress, number / len(names), (number + 1) / len(names)))
        except InputError as error:
            errors.append(error)
            _note_broken(name, error, notes, "file{s} broken: what stands before the place is used")
    if len(errors) == len(names):
        raise errors[0]


def _note_broken(
    name: str, error: InputError, notes: NoteBook, text: str = "file{s} left out: broken"
) -> None:
    place = f"{name}, {error.location}" if error.location else name
    notes.add(text, f"{place}: {error.reason}")


def folder_of(name: str) -> str:
    """The folder of a file, both relative with "/" between; "" at the top."""
    return name.rpartition("/")[0]
