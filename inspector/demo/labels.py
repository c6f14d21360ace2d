"""The labels of the demo: the truth of the scenes with a few errors planted, and a record of each error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from inspector.demo.boxes import FloatBox, displaced, iou, shaken
from inspector.demo.dice import Dice
from inspector.demo.kinds import BY_NAME
from inspector.demo.scenes import Scene

ErrorKind = Literal["missing", "spurious", "wrong_class", "badly_placed", "duplicate"]

ERROR_SHARES: dict[ErrorKind, float] = {
    "missing": 0.014,
    "wrong_class": 0.013,
    "badly_placed": 0.014,
    "spurious": 0.008,
    "duplicate": 0.008,
}
"""How many errors of each kind, as a share of all labels: 5.7 % together."""
MOST_ERRORS_PER_IMAGE = 2
LEAST_AREA = 300.0
"""In square pixels: errors at smaller objects could not be seen by a reviewer."""


@dataclass(frozen=True, slots=True)
class Label:
    """One object as the ground truth states it, and as it truly is."""

    kind: str
    box: FloatBox
    crowd: bool
    true_kind: str | None
    """None: there is no such object."""
    true_box: FloatBox | None
    error: ErrorKind | None = None
    written: bool = True
    """False: the object is there, its label is missing."""
    copy: int = -1
    """For a duplicate: the position of the label that it repeats among its picture's labels."""


def _as_floats(box: tuple[int, int, int, int]) -> FloatBox:
    return float(box[0]), float(box[1]), float(box[2]), float(box[3])


def true_labels(scene: Scene) -> list[Label]:
    """What a perfect annotator would write: every object, or one region for a dense crowd."""
    labels, dense = [], []
    for placed in scene.objects:
        box = _as_floats(placed.box)
        if placed.crowd >= 0:
            dense.append((placed.kind, box))
        else:
            labels.append(Label(placed.kind, box, False, placed.kind, box))
    if dense:
        left, top = min(box[0] for _, box in dense), min(box[1] for _, box in dense)
        right, bottom = max(box[0] + box[2] for _, box in dense), max(box[1] + box[3] for _, box in dense)
        region = (left, top, right - left, bottom - top)
        labels.append(Label(dense[0][0], region, True, dense[0][0], region))
    return labels


class _Planter:
    """Turns true labels into wrong ones, spread over the pictures."""

    def __init__(self, scenes: Sequence[Scene], labels: list[list[Label]], dice: Dice) -> None:
        self.scenes, self.labels, self.dice = scenes, labels, dice
        self.errors_of: Counter[int] = Counter()

    def plant(self, error: ErrorKind, wanted: int) -> None:
        planters: dict[ErrorKind, Callable[[int, int], bool]] = {
            "missing": self._drop,
            "wrong_class": self._rename,
            "badly_placed": self._misplace,
            "duplicate": self._repeat,
            "spurious": self._invent,
        }
        sound = [
            (image, position)
            for image, labels in enumerate(self.labels)
            for position, label in enumerate(labels)
            if label.error is None and not label.crowd and label.box[2] * label.box[3] >= LEAST_AREA
        ]
        for image, position in self.dice.shuffled(sound):
            if wanted == 0:
                return
            if self.errors_of[image] < MOST_ERRORS_PER_IMAGE and planters[error](image, position):
                self.errors_of[image] += 1
                wanted -= 1

    def _repeated(self, image: int, position: int) -> bool:
        """A label that a duplicate repeats has to stay sound."""
        return any(label.copy == position for label in self.labels[image])

    def _drop(self, image: int, position: int) -> bool:
        label = self.labels[image][position]
        self.labels[image][position] = replace(label, error="missing", written=False)
        return True

    def _rename(self, image: int, position: int) -> bool:
        label = self.labels[image][position]
        other = self.dice.pick(BY_NAME[label.kind].taken_for)
        self.labels[image][position] = replace(label, kind=other, error="wrong_class")
        return True

    def _misplace(self, image: int, position: int) -> bool:
        label = self.labels[image][position]
        box = displaced(label.box, self.scenes[image].size, 0.25, 0.6, self.dice)
        if box is None:
            return False
        self.labels[image][position] = replace(label, box=box, error="badly_placed")
        return True

    def _repeat(self, image: int, position: int) -> bool:
        if self._repeated(image, position):
            return False
        label = self.labels[image][position]
        box = shaken(label.box, self.scenes[image].size, 0.02, self.dice)
        if not 0.8 <= iou(box, label.box) < 1.0:
            return False
        self.labels[image].append(replace(label, box=box, error="duplicate", copy=position))
        return True

    def _invent(self, image: int, position: int) -> bool:
        """A label of the size of a real one, somewhere else in the picture, around nothing."""
        label, (width, height) = self.labels[image][position], self.scenes[image].size
        for _ in range(20):
            x = float(self.dice.whole(0, int(width - label.box[2])))
            box = (x, label.box[1], label.box[2], label.box[3])
            taken = [_as_floats(placed.box) for placed in self.scenes[image].objects]
            taken += [other.box for other in self.labels[image] if other.crowd]
            if box[1] + box[3] <= height and all(iou(box, other) < 0.02 for other in taken):
                self.labels[image].append(Label(label.kind, box, False, None, None, "spurious"))
                return True
        return False


def annotate(scenes: Sequence[Scene], seed: int) -> list[list[Label]]:
    """The labels of every picture, the wrong ones among them."""
    labels = [true_labels(scene) for scene in scenes]
    total = sum(map(len, labels))
    planter = _Planter(scenes, labels, Dice(seed, 1))
    # Duplicates come last: what they repeat is sound, and stays so.
    for error in ("missing", "wrong_class", "badly_placed", "spurious", "duplicate"):
        planter.plant(error, round(total * ERROR_SHARES[error]))
    return labels
