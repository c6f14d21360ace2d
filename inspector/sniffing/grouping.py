"""Puts together what belongs together: folders of small files with the data set that they are parts of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SPLIT: Final = re.compile(
    r"(train|training|val|valid|validation|test|testing|dev|trainval|minival)([-_]?\d+)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A folder with files of one kind directly in it."""

    folder: Path
    files: int


@dataclass(frozen=True, slots=True)
class Group:
    """A folder, what it consists of, and the names of its splits."""

    folder: Path
    leaves: tuple[Leaf, ...]
    splits: tuple[str, ...]

    @property
    def files(self) -> int:
        return sum(leaf.files for leaf in self.leaves)


def grouped(
    leaves: Sequence[Leaf], root: Path, indexed: Collection[Path], fits: Callable[[Path], bool]
) -> list[Group]:
    """The data sets that some leaves below `root` are parts of.

    A leaf belongs to the nearest folder above it (or itself) that is `indexed`: one with a file that tells
    of the whole data set. Folders whose paths differ only by a split's name ("train/labels", "valid/labels";
    "labels/train", "labels/val") belong to the folder above that name. Where a folder as a whole does not
    fit, its parts stay by themselves.
    """
    homes: dict[Path, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        home = next((above for above in _up(leaf.folder, root) if above in indexed), leaf.folder)
        homes[home if home == leaf.folder or fits(home) else leaf.folder].append(leaf)
    by_pattern: dict[tuple[str, ...], list[Path]] = defaultdict(list)
    for home in homes:
        by_pattern[_pattern(home, root)].append(home)
    groups = []
    for alike in by_pattern.values():
        above = _above_split(alike[0], root)
        if len(alike) > 1 and above is not None and fits(above):
            groups.append(_group(above, [leaf for home in alike for leaf in homes[home]], root))
        else:
            groups += [_group(home, homes[home], root) for home in alike]
    return groups


def _group(folder: Path, leaves: Sequence[Leaf], root: Path) -> Group:
    found = (_split_at(leaf.folder, root) for leaf in leaves)
    names = dict.fromkeys(leaf.folder.parts[at] for leaf, at in zip(leaves, found, strict=True) if at)
    return Group(folder, tuple(leaves), tuple(names))


def _up(folder: Path, root: Path) -> list[Path]:
    """A folder and those above it, up to `root`."""
    return [path for path in (folder, *folder.parents) if path.is_relative_to(root)]


def _split_at(folder: Path, root: Path) -> int | None:
    """Which part of a path is the name of a split; of several, the last."""
    own = len(root.parts)
    places = [at for at, part in enumerate(folder.parts) if at >= own and _SPLIT.fullmatch(part)]
    return places[-1] if places else None


def _pattern(folder: Path, root: Path) -> tuple[str, ...]:
    """The path with its split's name left open."""
    at, parts = _split_at(folder, root), folder.parts
    return parts if at is None else (*parts[:at], "*", *parts[at + 1 :])


def _above_split(folder: Path, root: Path) -> Path | None:
    at = _split_at(folder, root)
    return None if at is None else Path(*folder.parts[:at])
