"""The ways in which what a file calls images or classes can mean those of the ground truth."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Classes, FileId, Images, Rows
from inspector.images.sizes import IMAGE_SUFFIXES
from inspector.parallel import in_order
from inspector.readers.parts import Keys
from inspector.reading import COCO_CLASS_IDS, Reading

_BLOCK: Final = 200_000
"""Rows that are counted in one step: some milliseconds."""
_MOST_FOLDERS: Final = 16
"""Of a path, counted from its end, are compared."""
_MOST_DIGITS: Final = 18
_FOLDED: Final = re.compile(r"[\s_-]+")
_DRIVE: Final = re.compile(r"[A-Za-z]:/")
_NUMBER: Final = re.compile(r"(?:COCO_\w+_)?(\d+)")

Told = TypeVar("Told")
Names = Sequence[str | None]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What the keys mean by the way that was chosen."""

    way: str
    rows: Rows
    """int32 [keys]: the row that each key means; -1: none, or more than one."""
    counts: tuple[tuple[str, int], ...]
    """For each way that the files allow: how many detections it places."""
    contradicted: int
    """How many detections find a row by id whose name is another than theirs."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """What keys mean by each way."""

    rows: Mapping[str, Rows]
    named: NDArray[np.bool_]
    """bool [keys]: whether the file itself names what it gives an id."""

    def chosen(self, weights: NDArray[np.int64], wish: str | None) -> Choice:
        """The wished way, or the one that places the most detections; of equals the first.

        Ids can match by accident. So where the file names its keys as well, and more detections have a name
        that means another row than one that means the row of their id, ids are not asked.

        `weights`: int64 [keys], how many detections have each.
        """
        counts = {way: int(weights[rows >= 0].sum()) for way, rows in self.rows.items()}
        names = [way for way in counts if way != "id"]
        best = max(names, key=lambda way: counts[way], default="id")
        against = 0
        if "id" in counts and names:
            by_id, by_name = self.rows["id"], self.rows[best]
            both = self.named & (by_id >= 0)
            against = int(weights[both & (by_id != by_name)].sum())
            elsewhere = int(weights[both & (by_name >= 0) & (by_id != by_name)].sum())
            agreed = int(weights[both & (by_id == by_name)].sum())
            if counts["id"] >= counts[best] and elsewhere <= agreed:
                best = "id"
        if wish is not None:
            best = wish
        return Choice(best, self.rows[best], tuple(counts.items()), against)


def image_candidates(images: Images, keys: Keys, weights: NDArray[np.int64], reading: Reading) -> Candidates:
    """The ways for images, as far as the files allow them."""
    rows: dict[str, Rows] = {}
    if any(item is not None for item in keys.ids):
        rows["id"] = rows_by_id(images.ids, keys.ids, reading.image_id_shift)
    named = np.array([name is not None for name in keys.names], np.bool_)
    if reading.images_by == "id":
        rows.setdefault("id", np.full(len(keys), -1, np.int32))
    # Names are not looked up where they could change nothing: a hundred thousand take their time
    enough = "id" in rows and not named.any() and bool((rows["id"] >= 0)[weights > 0].all())
    if not enough or reading.images_by not in (None, "id"):
        by_name = rows_by_names(images.file_names, keys, reading)
        if reading.images_by != "path" and not _any_folders(images.file_names, keys.names):
            del by_name["path"]
        rows.update(by_name)
    return Candidates(rows, named)


def class_candidates(classes: Classes, keys: Keys, reading: Reading) -> Candidates:
    """The ways for classes."""
    ids, numbers = (
        shifted(items, reading.class_id_shift) for items in (keys.ids, tuple(map(_whole, keys.ids)))
    )
    if reading.coco_classes:
        ids, numbers = tuple(map(_coco_class, ids)), tuple(map(_coco_class, numbers))
    named = np.array([name is not None for name in keys.names], np.bool_)
    called = [
        item if name is None and isinstance(item, str) else name
        for item, name in zip(keys.ids, keys.names, strict=True)
    ]
    rows = {"id": _unique_rows(classes.ids, ids)}
    if (rows["id"] < 0).any():  # 3 and "3" are the same class where nothing fits by type
        _fill(rows["id"], _unique_rows(map(_whole, classes.ids), numbers))
    if reading.classes_by == "name" or any(name is not None for name in called):
        rows["name"] = _rows_by((_same, _fold) if reading.fold_names else (_same,), classes.names, called)
    return Candidates(rows, named)


def rows_by_names(file_names: Sequence[str], keys: Keys, reading: Reading) -> dict[str, Rows]:
    """By path, name and stem int32 [keys]: the file that each key means; -1: none, or more than one.

    Who goes by name takes a path that fits first, and who goes by stem a name: so "train/a.jpg" and
    "val/a.jpg" stay two. A key without a name is called by its id: a number also means the file whose stem
    is this number, with or without zeros in front.
    """
    called = [
        str(item) if name is None and item is not None else name
        for item, name in zip(keys.ids, keys.names, strict=True)
    ]
    spoken: tuple[Callable[[str], str], ...] = (_same, _fold) if reading.fold_names else (_same,)
    by_path = _rows_by_path(spoken, file_names, called)
    if (by_path >= 0).all():
        return {"path": by_path, "name": by_path, "stem": by_path}
    last = _told(called, _name)
    by_name = by_path.copy()
    _fill(by_name, _rows_by(spoken, [_name(name) for name in file_names], last))
    by_stem = by_name.copy()
    if (by_stem < 0).any():
        stems = [_stem(name) for name in file_names]
        _fill(by_stem, _rows_by(spoken, stems, last))  # a stem may hold dots
        _fill(by_stem, _rows_by(spoken, stems, _told(last, _key_stem)))
        _fill(by_stem, _unique_rows(map(_number, stems), _told(last, _number)))
    return {"path": by_path, "name": by_name, "stem": by_stem}


def rows_by_id(known: Sequence[FileId], ids: Sequence[FileId | None], shift: int) -> Rows:
    """int32 [ids]: the row of each id, when `shift` was added to it; -1 where it is unknown."""
    return _unique_rows(known, shifted(ids, shift))


def shifted(ids: Iterable[FileId | None], shift: int) -> tuple[FileId | None, ...]:
    """Whole-number ids and a number; text stays as it is."""
    return tuple(item + shift if isinstance(item, int) else item for item in ids)


def weights_of(rows: Rows, keys: int) -> NDArray[np.int64]:
    """int64 [keys]: how many of the rows are each key."""
    counts = np.zeros(keys, np.int64)

    def count(start: int) -> NDArray[np.int64]:
        return np.bincount(rows[start : start + _BLOCK], minlength=keys)

    for part in in_order(count, range(0, len(rows), _BLOCK), 4):
        counts += part
    return counts


def _coco_class(item: FileId | None) -> FileId | None:
    return COCO_CLASS_IDS[item] if isinstance(item, int) and 0 <= item < len(COCO_CLASS_IDS) else None


def _whole(item: FileId | None) -> int | None:
    """An id as a number, if it is one or its text has only digits."""
    if isinstance(item, str):
        is_number = item.isascii() and item.isdecimal() and len(item) <= _MOST_DIGITS
        return int(item) if is_number else None
    return item


def _unique_rows(known: Iterable[FileId | None], keys: Sequence[FileId | None]) -> Rows:
    names = list(known)
    several = Counter(names)
    rows = {name: row for row, name in enumerate(names) if several[name] == 1}
    return np.array([-1 if key is None else rows.get(key, -1) for key in keys], dtype=np.int32)


def _rows_by(spoken: Sequence[Callable[[str], str]], known: Names, keys: Names) -> Rows:
    """The row by the first of some ways to spell a name in which a key means one and only one."""
    rows = np.full(len(keys), -1, np.int32)
    for speak in spoken:
        there, wanted = ([None if name is None else speak(name) for name in names] for names in (known, keys))
        _fill(rows, _unique_rows(there, wanted))
    return rows


def _fill(rows: Rows, others: Rows) -> None:
    np.copyto(rows, others, where=rows < 0)


def _told(names: Names, speak: Callable[[str], Told]) -> list[Told | None]:
    return [None if name is None else speak(name) for name in names]


def _same(name: str) -> str:
    return name


def _fold(name: str) -> str:
    return _FOLDED.sub("", name.casefold())


def _plain(path: str) -> str:
    """With "/" between folders, and without "./" in front."""
    path = path.replace("\\", "/")
    while path.startswith("./"):
        path = path[2:]
    return path


def _name(path: str) -> str:
    return _plain(path).rpartition("/")[2]


def _stem(path: str) -> str:
    """Of a file name, which always has a suffix."""
    last = _name(path)
    return last.rpartition(".")[0] or last


def _key_stem(name: str) -> str:
    """Of what may be a file name or a stem, which may hold dots."""
    stem, dot, suffix = name.rpartition(".")
    return stem if f"{dot}{suffix}".lower() in IMAGE_SUFFIXES else name


def _number(stem: str) -> int | None:
    found = _NUMBER.fullmatch(_key_stem(stem)) if len(stem) <= 80 else None
    return int(found[1]) if found and len(found[1]) <= _MOST_DIGITS else None


def _any_folders(known: Iterable[str], keys: Names) -> bool:
    return any("/" in name or "\\" in name for names in (known, keys) for name in names if name is not None)


def _rows_by_path(spoken: Sequence[Callable[[str], str]], known: Sequence[str], keys: Names) -> Rows:
    there = [_plain(name) for name in known]
    wanted = _told(keys, _plain)
    rows = _rows_by(spoken, there, wanted)
    far, near = any(map(_is_absolute, there)), any(name is not None and _is_absolute(name) for name in wanted)
    if not (far or near):
        return rows
    if far and near:  # both from other machines: what all paths of a side have in common says nothing
        _fill(rows, _rows_by(spoken, _below_common(there), _below_common(wanted)))
    index = _ends_of(there)
    for key in np.flatnonzero(rows < 0).tolist():
        name = wanted[key]
        if name is None:
            continue
        # of an absolute path the longest end that is a path of the other side, or else the whole
        ends = _ends(name) if _is_absolute(name) else [name]
        rows[key] = next((index[end] for end in ends if end in index), -1)
    return rows


def _is_absolute(path: str) -> bool:
    return path.startswith("/") or _DRIVE.match(path) is not None


def _ends(path: str) -> Iterator[str]:
    """The path without one more of its folders each time, longest first."""
    parts = [part for part in path.split("/") if part][-_MOST_FOLDERS:]
    for first in range(len(parts)):
        yield "/".join(parts[first:])


def _ends_of(paths: Sequence[str]) -> dict[str, int]:
    """The row by each relative path, and by each end of an absolute one; -1 where several have it."""
    index: dict[str, int] = {}
    for row, path in enumerate(paths):
        for end in _ends(path) if _is_absolute(path) else [path]:
            index[end] = row if index.get(end, row) == row else -1
    return index


def _below_common(paths: Names) -> list[str | None]:
    """The paths below the folder that all of them lie in."""
    folders = [path.rpartition("/")[0].split("/") for path in paths if path is not None]
    common = 0
    if folders:
        first, last = min(folders), max(folders)
        while common < min(len(first), len(last)) and first[common] == last[common]:
            common += 1
    return [None if path is None else "/".join(path.split("/")[common:]) for path in paths]
