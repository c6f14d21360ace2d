"""The image sets of a VOC development kit: which image belongs to which split."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from inspector.errors import InputError
from inspector.readers.folders import read_text
from inspector.readers.split_names import split_of

_SETS: Final = ("train", "val", "test", "trainval")
"""An image of several sets belongs to the first of them."""
_MOST: Final = 64 << 20


class ImageSets:
    """The splits of images, by the folder of their annotation files and by their stem."""

    def __init__(self, root: Path, folders: Iterable[str]) -> None:
        self._splits = {folder: _sets_of(root, folder) for folder in folders}

    def split(self, folder: str, stem: str) -> str:
        """The split by the image sets, or else by the folder's name; "" where neither says it."""
        return self._splits[folder].get(stem) or split_of(folder)


def _sets_of(root: Path, folder: str) -> dict[str, str]:
    """The split of each stem that the sets beside a folder of annotations list."""
    main = root / folder.rpartition("/")[0] / "ImageSets" / "Main"
    found: dict[str, str] = {}
    for split in _SETS:
        path = main / f"{split}.txt"
        try:
            lines = read_text(path, _MOST).splitlines() if path.is_file() else []
        except (InputError, OSError):
            continue
        for line in lines:
            if stem := line.split(" ")[0].strip():
                found.setdefault(stem, split)
    return found
