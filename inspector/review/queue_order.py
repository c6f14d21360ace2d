"""The suspects box by box: a box that is suspected in several ways is judged once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags
from inspector.refs import BoxRef, Side
from inspector.review.suspects import KINDS, NO_ROW, Suspects
from inspector.review.verdicts import Box, Kind


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a suspicion would have a person say."""

    kind: Kind
    right_class: str = ""
    right_box: Box | None = None


class QueueOrder:
    """Which suspicion of a box is its best, and what comes before and after it."""

    def __init__(self, dataset: Dataset, suspects: Suspects) -> None:
        self.suspects = suspects
        self._dataset = dataset
        self._is_object: Flags = suspects.objects != NO_ROW
        self._rows = np.where(self._is_object, suspects.objects, suspects.detections)
        self._best = {
            Side.OBJECT: np.full(len(dataset.objects), NO_ROW, dtype=np.int32),
            Side.DETECTION: np.full(len(dataset.detections), NO_ROW, dtype=np.int32),
        }
        for side, of_side in ((Side.OBJECT, self._is_object), (Side.DETECTION, ~self._is_object)):
            positions = np.flatnonzero(of_side)[::-1]  # of equal places numpy keeps the last: here the best
            self._best[side][self._rows[positions]] = positions
        firsts = np.concatenate([best[best != NO_ROW] for best in self._best.values()])
        self.boxes: NDArray[np.int32] = np.sort(firsts)
        """int32 [suspected boxes]: the best suspicion of each, best first."""

    def row_of(self, ref: BoxRef) -> int | None:
        """The best suspicion of a box."""
        row = int(self._best[ref.kind][ref.row])
        return None if row == NO_ROW else row

    def number(self, row: int) -> int:
        """How many-eth box a suspicion speaks of, from 1."""
        best = self.row_of(self.suspects.ref(row))
        assert best is not None
        return int(np.searchsorted(self.boxes, best)) + 1

    def judged(self, judged: Mapping[Side, Flags]) -> Flags:
        """bool [suspected boxes]: which have a judgement."""
        rows, is_object = self._rows[self.boxes], self._is_object[self.boxes]
        found: Flags = np.empty(len(rows), dtype=np.bool_)
        found[is_object] = judged[Side.OBJECT][rows[is_object]]
        found[~is_object] = judged[Side.DETECTION][rows[~is_object]]
        return found

    def without(self, answered: Collection[int]) -> Flags:
        """bool [suspicions]: which are left when these objects are copies no more (`answered`). A box that
        was suspected most of all as a copy leaves as a whole."""
        left: Flags = np.ones(len(self.suspects), dtype=np.bool_)
        objects = np.array(sorted(answered), dtype=np.int64)
        best = self._best[Side.OBJECT][objects]
        is_copy = self.suspects.kinds == KINDS.index(Kind.DUPLICATE)
        whole = objects[is_copy[best]]
        left[self._is_object & np.isin(self._rows, whole)] = False
        left[is_copy & np.isin(self._rows, objects)] = False
        return left

    def within(self, images: Flags, classes: Flags) -> Flags:
        """bool [suspected boxes]: which lie on some images (bool [images]) and are of some classes."""
        rows, is_object = self._rows[self.boxes], self._is_object[self.boxes]
        found: Flags = images[self.suspects.images[self.boxes]]
        found[is_object] &= classes[self._dataset.objects.classes[rows[is_object]]]
        found[~is_object] &= classes[self._dataset.detections.classes[rows[~is_object]]]
        return found

    def after(self, row: int, step: int, open_: Flags) -> int | None:
        """The suspicion of the next box (step 1) or the one before (-1) among those that are `open_` (bool
        [suspected boxes]); None at the end."""
        place = int(np.searchsorted(self.boxes, row))
        if step > 0:
            behind = place + (place < len(self.boxes) and self.boxes[place] == row)
            found = np.flatnonzero(open_[behind:])
            return int(self.boxes[behind + found[0]]) if len(found) else None
        found = np.flatnonzero(open_[:place])
        return int(self.boxes[found[-1]]) if len(found) else None

    def suggestion(self, row: int) -> Suggestion:
        """The kind, and what the detection says that speaks against the label."""
        kind, detection = self.suspects.kind(row), int(self.suspects.detections[row])
        if kind is Kind.WRONG_CLASS and detection != NO_ROW:
            return Suggestion(kind, right_class=self._dataset.detection_name(detection))
        if kind is Kind.BADLY_PLACED and detection != NO_ROW:
            x, y, width, height = self._dataset.detections.boxes[detection].tolist()
            return Suggestion(kind, right_box=(x, y, width, height))
        return Suggestion(kind)
