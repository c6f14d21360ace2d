"""Which split of a data set a folder or file belongs to, by what it is called."""

from __future__ import annotations

from typing import Final

_SPLITS: Final = {"train", "training", "trainval", "valid", "val", "validation", "dev", "test", "testing"}


def split_of(path: str) -> str:
    """The split that a part of the path names, in its own word ("train" for "train2017/a.xml"), else ""."""
    for part in path.lower().replace("\\", "/").split("/"):
        word = part.split("-")[0].split("_")[0].split(".")[0].rstrip("0123456789")
        if word in _SPLITS:
            return word
    return ""
