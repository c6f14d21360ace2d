"""The first lines of some text files, to tell what they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from inspector.errors import InputError
from inspector.progress import Progress
from inspector.readers.folders import files_below, read_text, some_files
from inspector.readers.text.class_lists import is_class_list
from inspector.readers.text.line_fields import Fields, fields_of

_FILES: Final = 40
_BYTES: Final = 1 << 13


def text_files(path: Path, progress: Progress) -> tuple[Path, list[str]]:
    """The folder and the text files of a path that is a file or a folder, without lists of class names.

    Raises InputError where the folder cannot be listed, and what `progress` raises.
    """
    if not path.is_dir():
        return path.parent, [path.name]
    return path, [name for name in files_below(path, (".txt",), progress) if not is_class_list(name)]


def some_text_files(path: Path) -> tuple[Path, list[str]]:
    """The same, but only a few of the files; none where the folder cannot be listed."""
    if not path.is_dir():
        return path.parent, [path.name]
    return path, [name for name in some_files(path, (".txt",), _FILES) if not is_class_list(name)]


def sampled(folder: Path, names: Sequence[str]) -> list[Fields]:
    """What the first lines of some files say, as far as they can be read."""
    found: list[Fields] = []
    for name in names:
        try:
            lines = read_text(folder / name, _BYTES).encode().splitlines(keepends=True)
        except InputError:
            continue
        if len(lines) > 1 and not lines[-1].endswith((b"\n", b"\r")):
            lines.pop()  # may be cut
        fields = [fields_of(line) for line in lines if line.strip()]
        found.extend(one for one in fields if not isinstance(one, str))
    return found
