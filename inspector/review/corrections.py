"""What the flags come to: which labels go, become another, or are missing, and which flags say too little."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from inspector.dataset import Dataset, Floats, ImageName
from inspector.geometry import overlaps
from inspector.refs import BoxRef, Ref, Side
from inspector.review.attaching import TOLERANCE, Attached
from inspector.review.verdicts import Box, Entry, Kind, Target, Verdict

NO_KIND: Final = "nobody said how the label is wrong"
NO_CLASS: Final = "wrong class, and nobody said the right one"
UNKNOWN_CLASS: Final = "the right class is none of the ground truth's"
NO_BOX: Final = "badly placed, and nobody said where it should be"
WHOLE_IMAGE: Final = "said of a whole image, and not of which label"
UNFITTING: Final = "the kind does not fit what it was said of"
TWICE: Final = "another flag puts nearly the same label there"
LAST: Final = "its twin is removed already"
GONE: Final = "what it was said of is not there"
_SAME: Final = 0.9
"""IoU from which on a label that was corrected is the one that was missing. It is high because a person said
that one is missing: neighbours in a crowd share up to three quarters of their boxes."""
_TWINS: Final = 0.8
"""IoU from which on two labels of one class are copies of each other: there, the queue of suspects has even
odds for a duplicate (`odds.py`)."""


@dataclass(frozen=True, slots=True)
class NewLabel:
    """A label that was missing."""

    image_row: int
    name: int
    """Position in `class_names`."""
    box: Box
    seen: BoxRef | None
    """The detection that it was said of, which gives the mask; None where there is none, or where somebody
    corrected its box."""


@dataclass(slots=True)
class Corrections:
    """What is to be done with the objects of one dataset, by object row."""

    removed: set[int] = field(default_factory=set)
    crowds: set[int] = field(default_factory=set)
    """To be marked as crowd."""
    names: dict[int, int] = field(default_factory=dict)
    """Their right classes: positions in `class_names`."""
    boxes: dict[int, Box] = field(default_factory=dict)
    added: list[NewLabel] = field(default_factory=list)
    """By image, then by the position of the detection; those whose detection is gone come last."""
    flags: int = 0
    """All flags, also those that are left out."""
    left_out: list[tuple[Entry, str]] = field(default_factory=list)
    """The flags that cannot be corrected, and why."""

    @property
    def is_empty(self) -> bool:
        return not (self.removed or self.crowds or self.names or self.boxes or self.added)

    def reasons(self) -> dict[str, int]:
        """How many flags are left out for which reason, the most frequent first."""
        return dict(Counter(reason for _, reason in self.left_out).most_common())


def masks_left_out(count: int) -> str:
    """In words: masks outline the former place of a box that was corrected."""
    if count == 1:
        return "1 mask left out: its box was corrected"
    return f"{count:,} masks left out: their boxes were corrected"


def flags_of(attached: Attached) -> Sequence[tuple[Ref | None, Entry]]:
    """Every flag and the row that it hangs on (None: an orphan): images first, each in the order of rows."""
    hanging = [(ref, entry) for ref, entry in attached.entries.items() if entry.verdict.is_flag]
    hanging.sort(key=lambda item: (item[0].kind if isinstance(item[0], BoxRef) else "", item[0].row))
    return [*hanging, *((None, entry) for entry in attached.orphans if entry.verdict.is_flag)]


def corrections(dataset: Dataset, attached: Attached) -> Corrections:
    """What the flags say should be done.

    A missing label whose detection is gone is added all the same where its image and its class are there,
    and none is added twice: where an object (or another addition) of the class has the same box, the flag is
    fulfilled already. The last of several copies is never removed as a duplicate: those that were flagged
    first go.
    """
    made = _Making(dataset)
    for ref, entry in flags_of(attached):
        made.take(ref, entry)
    made.remove_duplicates()
    made.leave_out_twins()
    return made.result


def class_names(dataset: Dataset) -> tuple[str, ...]:
    """What boxes can be called: the classes, or what they were before all were joined to one."""
    return dataset.classes.names if dataset.labels is None else dataset.labels.names


def object_name(dataset: Dataset, row: int) -> int:
    """What an object is called: a position in `class_names`."""
    return int(dataset.objects.classes[row] if dataset.labels is None else dataset.labels.objects[row])


def detection_name(dataset: Dataset, row: int) -> int:
    """What a detection is called: a position in `class_names`."""
    return int(dataset.detections.classes[row] if dataset.labels is None else dataset.labels.detections[row])


def is_fulfilled(dataset: Dataset, row: int, verdict: Verdict) -> bool:
    """Whether an object has the class and the box that a flag wants: somebody corrected the ground truth."""
    if not (verdict.right_class or verdict.right_box):
        return False
    named = not verdict.right_class or dataset.object_name(row) == verdict.right_class
    return named and (
        verdict.right_box is None or _is_same(dataset.objects.boxes[row], np.array(verdict.right_box))
    )


def _is_same(one: Floats, other: Floats) -> bool:
    return bool((np.abs(one - other) <= TOLERANCE).all())


def box_of(boxes: Floats, row: int) -> Box:
    """One of the boxes, as plain numbers."""
    x, y, width, height = boxes[row].tolist()
    return x, y, width, height


def usable(box: Box | None) -> Box | None:
    """A box that a label can have; None for others, which no reader would accept."""
    if box is None or not all(map(math.isfinite, box)) or min(box[2:]) < 0:
        return None
    return box


class _Making:
    def __init__(self, dataset: Dataset) -> None:
        self.result = Corrections()
        self._dataset = dataset
        self._names = {name: place for place, name in reversed([*enumerate(class_names(dataset))])}
        self._image_rows: Mapping[ImageName, int] | None = None
        self._added: dict[tuple[int, int, Box], Entry] = {}
        self._duplicates: list[tuple[int, Entry]] = []

    def take(self, ref: Ref | None, entry: Entry) -> None:
        self.result.flags += 1
        if isinstance(ref, BoxRef):
            of = self._object if ref.kind is Side.OBJECT else self._detection
            reason = of(ref.row, entry)
        else:
            reason = WHOLE_IMAGE if ref is not None else self._orphan(entry)
        if reason:
            self.result.left_out.append((entry, reason))

    def remove_duplicates(self) -> None:
        """Once all flags are taken, in the order in which they were said."""
        removed = self.result.removed
        for row, entry in sorted(self._duplicates, key=lambda item: item[1].time):
            twins = self._twins(row)
            if twins and twins <= removed:
                self.result.left_out.append((entry, LAST))
            else:
                removed.add(row)

    def _twins(self, row: int) -> set[int]:
        """The copies of an object, without itself."""
        objects, name = self._dataset.objects, object_name(self._dataset, row)
        within = self._dataset.objects_of(int(objects.images[row]))
        same = np.flatnonzero(overlaps(objects.boxes[row], objects.boxes[within]) >= _TWINS) + within.start
        return {other for other in same.tolist() if object_name(self._dataset, other) == name} - {row}

    def leave_out_twins(self) -> None:
        """Once all flags are taken."""
        dataset, result = self._dataset, self.result
        corrected: dict[tuple[int, int], list[Box]] = {}
        for row in {*result.names, *result.boxes}:
            key = int(dataset.objects.images[row]), result.names.get(row, object_name(dataset, row))
            corrected.setdefault(key, []).append(result.boxes.get(row) or box_of(dataset.objects.boxes, row))
        kept = []
        for label in result.added:
            others = np.array(corrected.get((label.image_row, label.name), [])).reshape(-1, 4)
            if (overlaps(np.array(label.box), others) >= _SAME).any():
                entry = self._added[label.image_row, label.name, label.box]
                result.left_out.append((entry, TWICE))
            else:
                kept.append(label)
        result.added[:] = kept

    def _object(self, row: int, entry: Entry) -> str:
        """Note what to do; returns why nothing can be done."""
        verdict, result = entry.verdict, self.result
        if verdict.kind is Kind.SPURIOUS:
            result.removed.add(row)
        elif verdict.kind is Kind.DUPLICATE:
            self._duplicates.append((row, entry))
        elif verdict.kind is Kind.IGNORE:
            result.crowds.add(row)
        elif verdict.kind in (Kind.WRONG_CLASS, Kind.BADLY_PLACED):
            return self._repair(row, entry)
        else:
            return NO_KIND if verdict.kind is None else UNFITTING
        return ""

    def _repair(self, row: int, entry: Entry) -> str:
        if is_fulfilled(self._dataset, row, entry.verdict):
            return ""
        name, box = entry.verdict.right_class, usable(entry.verdict.right_box)
        if entry.verdict.kind is Kind.WRONG_CLASS and name not in self._names:
            return UNKNOWN_CLASS if name else NO_CLASS
        if entry.verdict.kind is Kind.BADLY_PLACED and box is None:
            return NO_BOX
        if name in self._names:
            self.result.names[row] = self._names[name]
        if box is not None:
            self.result.boxes[row] = box
        return ""

    def _detection(self, row: int, entry: Entry) -> str:
        if entry.verdict.kind is not Kind.MISSING:
            return NO_KIND if entry.verdict.kind is None else UNFITTING
        detections = self._dataset.detections
        box, name = box_of(detections.boxes, row), detection_name(self._dataset, row)
        return self._add(entry, int(detections.images[row]), name, box, BoxRef(Side.DETECTION, row))

    def _orphan(self, entry: Entry) -> str:
        place = entry.place
        if place.target is not Target.DETECTION or entry.verdict.kind is not Kind.MISSING:
            return GONE
        if self._image_rows is None:
            self._image_rows = self._dataset.images.rows_by_name()
        image_row, box = self._image_rows.get(place.image_name), usable(place.box)
        if image_row is None or box is None or place.class_name not in self._names:
            return GONE
        return self._add(entry, image_row, self._names[place.class_name], box, None)

    def _add(self, entry: Entry, image_row: int, name: int, box: Box, seen: BoxRef | None) -> str:
        right = entry.verdict.right_class
        if right and right not in self._names:
            return UNKNOWN_CLASS
        name = self._names.get(right, name)
        moved = usable(entry.verdict.right_box)
        if moved is not None:
            box, seen = moved, None
        key = image_row, name, box
        if key not in self._added and not self._is_there(*key):
            self._added[key] = entry
            self.result.added.append(NewLabel(image_row, name, box, seen))
        return ""

    def _is_there(self, image_row: int, name: int, box: Box) -> bool:
        within = self._dataset.objects_of(image_row)
        distances = np.abs(self._dataset.objects.boxes[within] - np.array(box)).max(axis=1)
        same = np.flatnonzero(distances <= TOLERANCE)
        return any(object_name(self._dataset, within.start + row) == name for row in same.tolist())
