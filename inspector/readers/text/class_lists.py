"""Names for classes that files only number, from the lists that lie around them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inspector.errors import InputError
from inspector.images.paths import resolve_image
from inspector.images.problem import ImageProblem
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context
from inspector.readers.text.settings import Setting, read_pairs, read_yaml, short_text

YAML_SUFFIXES: Final = (".yaml", ".yml")
LIST_NAMES: Final = ("classes.txt", "predefined_classes.txt", "labels.txt", "names.txt")
"""Plain lists by what tools call them; they are no label files, though they may lie among them."""
_SUFFIXES: Final = (*YAML_SUFFIXES, ".data", ".names")
_DATA_YAML: Final = ("data", "dataset")
_PARENTS: Final = 3
_MOST_FILES: Final = 50
"""Of a folder that may be lists of names."""


@dataclass(frozen=True, slots=True)
class ClassList:
    """The names of numbered classes, and where they come from."""

    names: Mapping[int, str]
    """By number, ascending; not every number need have one."""
    path: Path
    shown: str
    """The path as seen from what was opened: "../voc.names"."""
    differing: tuple[str, ...] = ()
    """Other lists of the same folder that say something else."""

    def note(self, notes: NoteBook) -> None:
        """Say where the names come from, and which lists say something else."""
        notes.add(f"class names from {self.shown}", count=0)
        if self.differing:
            notes.add(f"other class names in {', '.join(self.differing)} were not used", count=0)


def class_names_for(path: Path, context: Context) -> ClassList | None:
    """The class names for a file or folder; None where there are none.

    `Reading.class_names` counts if it is given. Else they are looked for in `path` itself, in its folder
    and in up to three folders above, the nearest first; in one folder settings (*.yaml) come before
    obj.data, before *.names, before lists such as classes.txt. Raises InputError where the given list, or a
    data.yaml that is found, cannot be used.
    """
    given = context.reading.class_names
    if given is not None:
        names = names_in(given)
        if not names:
            raise InputError(given, "", "holds no class names")
        return ClassList(names, given, _shown(given, path))
    folder = path if path.is_dir() else path.parent
    if path.is_file() and _rank(path.name) is not None and (names := names_in(path)):
        return ClassList(names, path, path.name)
    for _ in range(_PARENTS + 1):
        found = list(_lists_in(folder))
        if found:
            (best, names), *others = found
            differing = tuple(_shown(other, path) for other, theirs in others if theirs != names)
            return ClassList(names, best, _shown(best, path), differing)
        if folder.parent == folder:
            break
        folder = folder.parent
    return None


def names_in(path: Path) -> dict[int, str]:
    """The class names that a file holds, by number; none where it is about something else.

    Raises InputError where it cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in YAML_SUFFIXES:
        return names_of(read_yaml(path).get("names"), path)
    if suffix == ".data":
        return _names_of_data(path)
    lines = [line.strip() for line in short_text(path).splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return {number: name for number, name in enumerate(lines) if name}


def names_of(setting: Setting | None, path: Path) -> dict[int, str]:
    """The names of a list, of a mapping from numbers, or of a file that is named in their place."""
    if isinstance(setting, list):
        return {number: name for number, name in enumerate(setting) if isinstance(name, str)}
    if isinstance(setting, dict):
        numbered = {
            int(number): name
            for number, name in setting.items()
            if number.isascii() and number.isdecimal() and len(number) < 10 and isinstance(name, str)
        }
        return dict(sorted(numbered.items()))
    if isinstance(setting, str) and setting:
        listed = beside(path, setting)
        return (
            {} if listed is None or listed.suffix.lower() in (*YAML_SUFFIXES, ".data") else names_in(listed)
        )
    return {}


def beside(path: Path, written: str) -> Path | None:
    """The file that a settings file means, from where the file lies; None where there is none.

    Settings are moved with the data, so their paths often begin where the tool ran: then the ends of the path
    count, the longest first. It never leads out of the folder of the settings.
    """
    parts = written.replace("\\", "/").split("/")
    for first in range(len(parts)):
        try:
            return resolve_image(path.parent, "/".join(parts[first:]))
        except ImageProblem:
            continue
    return None


def is_class_list(name: str) -> bool:
    """Whether a file of this name holds names of classes, or settings, and no labels."""
    return _rank(name.rpartition("/")[2]) is not None


def _names_of_data(path: Path) -> dict[int, str]:
    return names_of(read_pairs(path).get("names"), path)


def _rank(name: str) -> int | None:
    """Which lists of a folder come first; None for what is no list of names."""
    low = name.lower()
    if not low.endswith(_SUFFIXES) and low not in LIST_NAMES:
        return None
    stem, dot, suffix = low.rpartition(".")
    if f".{suffix}" in YAML_SUFFIXES and dot:
        return 0 if stem in _DATA_YAML else 1
    if dot and suffix in ("data", "names"):
        return 2 if suffix == "data" else 3
    return 4 + LIST_NAMES.index(low) if low in LIST_NAMES else None


def _lists_in(folder: Path) -> Iterator[tuple[Path, dict[int, str]]]:
    """The lists of one folder that hold names, the likeliest first."""
    ranked: list[tuple[int, str]] = []
    try:
        with os.scandir(folder) as entries:
            # Lists lie among a hundred thousand label files as well.
            for entry in entries:
                rank = _rank(entry.name)
                if rank is not None and not entry.name.startswith(".") and entry.is_file():
                    ranked.append((rank, entry.name))
    except OSError:
        return
    for rank, name in sorted(ranked)[:_MOST_FILES]:
        try:
            names = names_in(folder / name)
        except InputError:
            if rank == 0:  # certainly meant
                raise
            continue
        if names:
            yield folder / name, names


def _shown(path: Path, opened: Path) -> str:
    folder = opened if opened.is_dir() else opened.parent
    try:
        relative = Path(os.path.relpath(path, folder))
    except ValueError:  # on another drive
        return str(path)
    return str(path.absolute()) if relative.parts.count("..") > _PARENTS else relative.as_posix()
