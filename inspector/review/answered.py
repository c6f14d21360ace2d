"""Suspicions that a verdict on another label answers: of two copies of a label only one has to go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from inspector.dataset import Dataset, Flags
from inspector.geometry import overlaps
from inspector.refs import BoxRef, Side
from inspector.review.suspects import KINDS, Suspects
from inspector.review.verdicts import Kind, Verdict

_GOES: Final = frozenset((Kind.DUPLICATE, Kind.SPURIOUS, Kind.IGNORE))
"""Flags after which a label is no longer there to be copied."""
_STILL: Final = 0.7
"""IoU with a label that stays from which a copy is still suspect (see `odds`)."""


class Answered:
    """Knows what it found of an image as long as the verdicts there stay the same."""

    def __init__(self, dataset: Dataset, suspects: Suspects) -> None:
        rows = suspects.objects[suspects.kinds == KINDS.index(Kind.DUPLICATE)]
        self._dataset = dataset
        self._copies: Flags = np.zeros(len(dataset.objects), dtype=np.bool_)
        self._copies[rows] = True
        self._images: Flags = np.zeros(len(dataset.images), dtype=np.bool_)
        self._images[dataset.objects.images[rows]] = True
        self._known: dict[int, tuple[frozenset[int], list[int]]] = {}

    def rows(self, judged: Flags, verdict: Callable[[BoxRef], Verdict]) -> frozenset[int]:
        """Object rows that are suspected as copies, but only of labels that are said to go already.

        `judged`: bool [objects], those to ask `verdict` for.
        """
        rows = np.flatnonzero(judged)
        gone: dict[int, set[int]] = {}
        for row in rows[self._images[self._dataset.objects.images[rows]]].tolist():
            said = verdict(BoxRef(Side.OBJECT, row))
            if said.is_flag and said.kind in _GOES:
                gone.setdefault(int(self._dataset.objects.images[row]), set()).add(row)
        return frozenset(row for image, those in gone.items() for row in self._on(image, frozenset(those)))

    def _on(self, image_row: int, gone: frozenset[int]) -> list[int]:
        known = self._known.get(image_row)
        if known is None or known[0] != gone:
            known = self._known[image_row] = gone, self._find(image_row, gone)
        return known[1]

    def _find(self, image_row: int, gone: frozenset[int]) -> list[int]:
        objects, there = self._dataset.objects, self._dataset.objects_of(image_row)
        boxes, classes = objects.boxes[there], objects.classes[there]
        goes = np.zeros(len(boxes), dtype=np.bool_)
        goes[np.array(sorted(gone)) - there.start] = True
        found = []
        for place in np.flatnonzero(self._copies[there] & ~goes).tolist():
            iou = overlaps(boxes[place], boxes)
            iou[(classes != classes[place]) | objects.crowd[there]] = 0.0
            iou[place] = 0.0
            stays = iou[~goes].max(initial=0.0)
            if stays < _STILL and iou[goes].max(initial=0.0) > stays:
                found.append(there.start + place)
        return found
