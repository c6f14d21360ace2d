"""A simulated detector: what it finds, misses, mixes up and makes up in the true scenes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.demo.boxes import FloatBox, displaced, iou, shaken, within
from inspector.demo.dice import Dice
from inspector.demo.kinds import BY_NAME
from inspector.demo.recipes import CREWS
from inspector.demo.scenes import PlacedObject, Scene

LEAST_SCORE = 0.01


@dataclass(frozen=True, slots=True)
class Detection:
    """One box that the model reports."""

    kind: str
    box: FloatBox
    score: float


# Side of the object (square root of its area) in pixels up to which it is found with this chance.
_FOUND = ((9.0, 0.55), (14.0, 0.74), (22.0, 0.87), (32.0, 0.93), (96.0, 0.97), (10_000.0, 0.99))


class _Detector:
    """Looks at one picture."""

    def __init__(self, scene: Scene, others: Sequence[Scene], dice: Dice) -> None:
        self.scene, self.others, self.dice = scene, others, dice
        self.sight = 0.85 if scene.lighting == "night" else 0.94 if scene.lighting == "dusk" else 1.0
        self.found: list[Detection] = []

    def report(self, kind: str, box: FloatBox, score: float) -> None:
        """Scores have three decimals, so some of them tie."""
        rounded = round(min(score, 0.999), 3)
        if rounded >= LEAST_SCORE:
            self.found.append(Detection(kind, box, rounded))

    def look_at(self, placed: PlacedObject) -> None:
        dice, size = self.dice, self.scene.size
        kind = BY_NAME[placed.kind]
        box = (float(placed.box[0]), float(placed.box[1]), float(placed.box[2]), float(placed.box[3]))
        side = (box[2] * box[3]) ** 0.5
        chance = next(share for limit, share in _FOUND if side < limit)
        if not dice.chance(chance * kind.recall * self.sight):
            return
        score = self._score_of_a_hit(side)
        if dice.chance(0.07):  # far too large, or only a part of it
            loose = displaced(box, size, 0.3, 0.6, dice)
            if loose is not None:
                self.report(placed.kind, loose, dice.beta(3, 3))
                return
        blur = 0.032 + 0.45 / side
        found = shaken(box, size, blur, dice)
        if dice.chance(kind.mix_up_rate):
            self.report(dice.pick(kind.taken_for), shaken(box, size, blur, dice), dice.beta(4, 3))
            if dice.chance(0.5):  # the right class is seen as well, with less trust
                self.report(placed.kind, found, score * dice.between(0.3, 0.8))
            return
        self.report(placed.kind, found, score)
        if dice.chance(0.12):
            self.report(placed.kind, shaken(box, size, blur * 2.6, dice), score * dice.between(0.15, 0.85))

    def _score_of_a_hit(self, side: float) -> float:
        if side >= 60:
            return self.dice.beta(7, 2)
        return self.dice.beta(6, 2) if side >= 20 else self.dice.beta(5, 3)

    def imagine(self) -> None:
        """Background taken for objects: as large as objects of such a setting are, where they could stand."""
        dice, scene = self.dice, self.scene
        kinds = [crew.kind for crew in CREWS[scene.setting]]
        for _ in range(dice.whole(5, 17)):
            model = dice.pick(dice.pick(self.others).objects)
            box = within(
                (
                    dice.between(0, scene.size[0] - model.box[2]),
                    model.box[1] + dice.between(-30, 30),
                    model.box[2] * dice.between(0.8, 1.25),
                    model.box[3] * dice.between(0.8, 1.25),
                ),
                scene.size,
            )
            kind = model.kind if dice.chance(0.75) else dice.pick(kinds)
            score = dice.beta(1, 9) if dice.chance(0.83) else dice.beta(4, 4)
            if all(iou(box, placed.box) < 0.3 for placed in scene.objects):
                self.report(kind, box, score)


def detect(scenes: Sequence[Scene], seed: int) -> list[list[Detection]]:
    """The detections of every picture, those with the highest scores first."""
    detections = []
    for scene in scenes:
        others = [other for other in scenes if other.setting == scene.setting and other.objects]
        detector = _Detector(scene, others, Dice(seed, 2, scene.index))
        for placed in scene.objects:
            detector.look_at(placed)
        detector.imagine()
        detections.append(sorted(detector.found, key=lambda detection: -detection.score))
    return detections
