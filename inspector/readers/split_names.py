"""Which split of a data set a folder or file belongs to, by what it is called."""

from __future__ import annotations

import re
from typing import Final

_SPLITS: Final = {"train", "training", "trainval", "valid", "val", "validation", "dev", "test", "testing"}


def split_of(path: str) -> str:
    """The split that a part of the path names, the last one first, in its own word; else "".

    "train" for "train2017/a", "validation" for "validation-annotations-bbox.csv".
    """
    for part in reversed(path.lower().replace("\\", "/").split("/")):
        for word in re.split("[-_. ]", part):
            plain = word.rstrip("0123456789")
            if plain in _SPLITS:
                return plain
    return ""
