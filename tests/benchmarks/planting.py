"""Label errors of known kinds in ground truth that is taken to be right."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.demo.boxes import displaced, iou, shaken
from inspector.demo.dice import Dice
from inspector.review.verdicts import Kind

Record = dict[str, Any]
GroundTruth = Mapping[str, list[Record]]

KINDS = (Kind.MISSING, Kind.SPURIOUS, Kind.WRONG_CLASS, Kind.BADLY_PLACED, Kind.DUPLICATE)
NOWHERE = 0.1
"""A spurious label overlaps no other by more than this."""
MOVED = (0.25, 0.6)
"""IoU of a badly placed label with the right one."""
SHAKEN = 0.02
"""How far the edges of a duplicate lie from those of its original, as a share of width and height."""


@dataclass(frozen=True)
class Error:
    """One wrong label."""

    kind: Kind
    image_id: Any
    object_ids: frozenset[Any]
    """The labels that may be named: one, the two of a duplicate pair, or none where a label is missing."""
    class_id: Any
    """Of the object that truly is there; of a spurious one what it is called."""
    box: tuple[float, ...]
    """Where the object truly is."""


def plant(truth: GroundTruth, share: float, seed: int) -> tuple[GroundTruth, list[Error]]:
    """Ground truth with errors in a share of its labels, as many of each kind; no label has two of them."""
    planter = _Planter(truth, Dice(seed))
    wanted = share * len(planter.sound)
    for number, kind in enumerate(KINDS):
        count = round(wanted * (number + 1) / len(KINDS)) - round(wanted * number / len(KINDS))
        planter.plant(kind, count)
    return {**truth, "annotations": planter.labels}, planter.errors


class _Planter:
    """Goes through the sound labels in an order by chance."""

    def __init__(self, truth: GroundTruth, dice: Dice) -> None:
        self.dice = dice
        self.sizes = {image["id"]: (image["width"], image["height"]) for image in truth["images"]}
        self.labels = [dict(label) for label in truth["annotations"]]
        self.errors: list[Error] = []
        self.of_image: dict[Any, list[Record]] = {image: [] for image in self.sizes}
        for label in self.labels:
            self.of_image[label["image_id"]].append(label)
        self.sound = dice.shuffled([label for label in self.labels if not label.get("iscrowd", 0)])
        self.used = sorted({label["category_id"] for label in self.sound})
        self.models = list(self.sound)
        self.next_id = max(label["id"] for label in self.labels) + 1

    def plant(self, kind: Kind, count: int) -> None:
        planters: dict[Kind, Callable[[Record], bool]] = {
            Kind.MISSING: self._drop,
            Kind.SPURIOUS: self._invent,
            Kind.WRONG_CLASS: self._rename,
            Kind.BADLY_PLACED: self._misplace,
            Kind.DUPLICATE: self._repeat,
        }
        planted = 0
        while planted < count and self.sound:
            planted += planters[kind](self.sound.pop())

    def _note(self, kind: Kind, label: Record, *named: Record) -> bool:
        ids = frozenset(other["id"] for other in named)
        box = tuple(map(float, label["bbox"]))
        self.errors.append(Error(kind, label["image_id"], ids, label["category_id"], box))
        return True

    def _drop(self, label: Record) -> bool:
        self.labels.remove(label)
        return self._note(Kind.MISSING, label)

    def _rename(self, label: Record) -> bool:
        self._note(Kind.WRONG_CLASS, label, label)
        others = [item for item in self.used if item != label["category_id"]]
        label["category_id"] = self.dice.pick(others)
        return True

    def _misplace(self, label: Record) -> bool:
        box = displaced(tuple(label["bbox"]), self.sizes[label["image_id"]], *MOVED, self.dice)
        if box is None:
            return False
        self._note(Kind.BADLY_PLACED, label, label)
        label["bbox"] = list(box)
        return True

    def _repeat(self, label: Record) -> bool:
        box = shaken(tuple(label["bbox"]), self.sizes[label["image_id"]], SHAKEN, self.dice)
        if not 0.7 <= iou(box, tuple(label["bbox"])) < 1.0:
            return False
        return self._note(Kind.DUPLICATE, label, label, self._add({**label, "bbox": list(box)}))

    def _invent(self, label: Record) -> bool:
        """A label of the class and size of one of the same picture, or as often of any picture, at a place
        where nothing is."""
        model = label if self.dice.chance(0.5) else self.dice.pick(self.models)
        width, height = self.sizes[label["image_id"]]
        wide, high = min(model["bbox"][2], width), min(model["bbox"][3], height)
        for _ in range(20):
            box = (self.dice.between(0, width - wide), self.dice.between(0, height - high), wide, high)
            taken = (other["bbox"] for other in self.of_image[label["image_id"]])
            if all(iou(box, tuple(other)) <= NOWHERE for other in taken):
                added = self._add({**model, "image_id": label["image_id"], "bbox": list(box)})
                return self._note(Kind.SPURIOUS, added, added)
        return False

    def _add(self, label: Record) -> Record:
        added = {**label, "id": self.next_id, "area": label["bbox"][2] * label["bbox"][3]}
        self.next_id += 1
        self.labels.append(added)
        self.of_image[added["image_id"]].append(added)
        return added


def without_planted(truth: GroundTruth, planted: Path) -> GroundTruth:
    """The demo's ground truth as it would be without its errors, from the record that lies beside it."""
    errors = json.loads(planted.read_text(encoding="utf-8"))["errors"]
    by_id = {label["id"]: dict(label) for label in truth["annotations"]}
    following = max(by_id) + 1
    for error in errors:
        right, number = error["truth"], error["annotation_id"]
        if error["kind"] in ("spurious", "duplicate"):
            del by_id[number]
            continue
        if number is None:
            number, following = following, following + 1
            by_id[number] = {"id": number, "image_id": error["image_id"], "iscrowd": 0}
        by_id[number].update(category_id=right["category_id"], bbox=list(right["bbox"]))
        by_id[number]["area"] = right["bbox"][2] * right["bbox"][3]
    return {**truth, "annotations": list(by_id.values())}


def demo_errors(truth: GroundTruth, planted: Path) -> list[Error]:
    """The errors that the demo comes with."""
    boxes = {label["id"]: label for label in truth["annotations"]}
    errors = []
    for error in json.loads(planted.read_text(encoding="utf-8"))["errors"]:
        number = error["annotation_id"]
        ids = frozenset({number, error["duplicate_of"]} - {None})
        what = error["truth"] or boxes[number]
        errors.append(
            Error(Kind(error["kind"]), error["image_id"], ids, what["category_id"], tuple(what["bbox"]))
        )
    return errors
