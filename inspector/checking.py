"""What there is to say about single detections, and which of them cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import FileId, Flags, Rows
from inspector.parallel import in_order
from inspector.readers.coco.columns import IdRows, describe_id
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Found, GroundTruth, Keys
from inspector.reading import Reading

_UNKNOWN: Final = "detection{{s}} ignored: unknown {}"
_NO_SIZE: Final = "detection{s} ignored: the size of the image, of which the box is a part, is not known"
_INFINITE: Final = "detection{s} ignored: a number in the box or the score is not finite"
_NEGATIVE: Final = "detection{s} ignored: negative width or height"
_ODD_SCORE: Final = "score{s} outside 0 to 1 (kept)"
_CLIPPED: Final = "score{s} outside 0 to 1: the nearer of both is used"
_BLOCK: Final = 200_000
"""Rows that are looked at in one step: some milliseconds."""

Positions = NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Placing:
    """Where detections belong, and how that was found."""

    images_by: str
    classes_by: str
    images: Rows
    """int32 [detections]: the image of each, -1 where it is unknown."""
    classes: Rows


def note_odd(
    truth: GroundTruth, found: Found, rows: Placing, reading: Reading, notes: NoteBook
) -> tuple[Positions, Positions]:
    """Note what is odd, each detection for one reason only; `found` is in pixels already.

    Returns, ascending, the rows of what cannot be used, and of these what has no image or no class.
    """
    odd = _odd_rows(found, rows)
    boxes, scores = found.boxes[odd], found.scores[odd]
    part_of_nothing = cast(Flags, np.isnan(boxes).all(axis=1) & found.convention.relative)
    finite = np.isfinite(boxes).all(axis=1) & np.isfinite(scores)
    tell = _Teller(found)
    image_text = _UNKNOWN.format(_noun(found.images, "image"))
    class_text = _UNKNOWN.format(_noun(found.classes, "class"))
    reasons: tuple[tuple[str, Flags, Callable[[int], str]], ...] = (
        (image_text, rows.images[odd] < 0, tell.image),
        (class_text, rows.classes[odd] < 0, tell.of_class),
        (_NO_SIZE, part_of_nothing, tell.place),
        (_INFINITE, ~finite, tell.box_or_score),
        (_NEGATIVE, cast(Flags, np.any(boxes[:, 2:] < 0, axis=1)), tell.box),
    )
    keep = np.ones(len(odd), np.bool_)
    for text, bad, example in reasons:
        which = odd[keep & bad]
        notes.add_rows(text, which, len(which), example)
        keep &= ~bad
    which = odd[keep & ((scores < 0) | (scores > 1))]
    notes.add_rows(_CLIPPED if reading.clip_scores else _ODD_SCORE, which, len(which), tell.score)
    if reading.clip_scores and len(which):
        found.scores = found.scores.copy()
        found.scores[which] = found.scores[which].clip(0.0, 1.0)
    _explain(image_text, truth.images.ids, found.images, rows.images_by, notes)
    _explain(class_text, truth.classes.ids, found.classes, rows.classes_by, notes)
    without = (rows.images[odd] < 0) | (rows.classes[odd] < 0)
    return odd[~keep], odd[without]


def _odd_rows(found: Found, rows: Placing) -> Positions:
    """int64, ascending: the rows that there is anything to say about."""

    def look(start: int) -> Positions:
        part = slice(start, start + _BLOCK)
        images, classes, scores = rows.images[part], rows.classes[part], found.scores[part]
        boxes = found.boxes[part]
        least = min(images.min(), classes.min(), boxes[:, 2].min(), boxes[:, 3].min(), scores.min())
        if least >= 0 and scores.max() <= 1 and boxes.min() > -np.inf and boxes.max() < np.inf:
            return np.empty(0, np.int64)  # as nearly always; never true where there is a NaN
        fine = (images >= 0) & (classes >= 0) & (scores >= 0) & (scores <= 1)
        fine &= np.isfinite(boxes).all(axis=1) & (boxes[:, 2:] >= 0).all(axis=1)
        return np.flatnonzero(~fine) + start

    parts = list(in_order(look, range(0, len(found.scores), _BLOCK)))
    return np.concatenate([np.empty(0, np.int64), *parts])


class _Teller:
    """Words for the places of detections, and for what stands there."""

    def __init__(self, found: Found) -> None:
        self._found = found

    def place(self, row: int, key: str = "") -> str:
        positions = self._found.positions
        position = row if positions is None else int(positions[row])
        return self._found.place(position) + (f".{key}" if key else "")

    def image(self, row: int) -> str:
        return self._key(row, self._found.images, self._found.image_rows)

    def of_class(self, row: int) -> str:
        return self._key(row, self._found.classes, self._found.class_rows)

    def box(self, row: int) -> str:
        return f"{self.place(row, self._found.box_key)}: {self._found.boxes[row].tolist()}"

    def score(self, row: int) -> str:
        return f"{self.place(row, self._found.score_key)}: {self._found.scores[row]}"

    def box_or_score(self, row: int) -> str:
        return self.box(row) if np.isfinite(self._found.scores[row]) else self.score(row)

    def _key(self, row: int, keys: Keys, rows: Rows) -> str:
        item, name = keys.ids[rows[row]], keys.names[rows[row]]
        called = describe_id(item) if keys.key and item is not None else str(item) if name is None else name
        return f"{self.place(row, keys.key)}: {called}"


def _noun(keys: Keys, what: str) -> str:
    return keys.key.replace("_", " ") or what


def _explain(text: str, ids: tuple[FileId, ...], keys: Keys, way: str, notes: NoteBook) -> None:
    """Say why ids are unknown, where they only differ by their type."""
    known = IdRows(ids, f"{_noun(keys, '')}s")
    item = known.other_type(item for item in keys.ids if item is not None and item not in known.rows)
    if way == "id" and keys.key and item is not None:
        kind, other = ("integers", "strings") if isinstance(item, int) else ("strings", "integers")
        notes.explain(text, f"{known.what} are {kind} in the detections and {other} in the ground truth")
