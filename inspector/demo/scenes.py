"""What is where in every picture: the truth that the labels and the model start from."""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.demo.backdrop_parts import HORIZON, SIDE
from inspector.demo.dice import Dice
from inspector.demo.kinds import BY_NAME
from inspector.demo.recipes import CREWS, GATHERINGS, Crew, Gathering

IMAGE_COUNT = 128
SIZES = (
    (640, 480),
    (640, 480),
    (640, 480),
    (480, 640),
    (640, 480),
    (720, 480),
    (512, 512),
    (640, 480),
    (800, 600),
)
EMPTY_IMAGES = (13, 47, 85, 118)
"""Pictures without any object."""
SMALLEST_SIDE = 6

Box = tuple[int, int, int, int]
"""x, y, width, height in whole pixels."""


@dataclass(frozen=True, slots=True)
class PlacedObject:
    """One true object."""

    kind: str
    form: int
    drawn: Box
    """Where it is drawn; may reach over the picture's edge."""
    box: Box
    """The part of it within the picture."""
    depth: float
    """What is deeper is drawn earlier; the row of its foot."""
    look: int
    """The seed of its colours."""
    mirrored: bool
    crowd: int
    """Which crowd region of the picture covers it; -1 where it is labelled on its own."""
    shadow: bool


@dataclass(slots=True)
class Scene:
    """One picture."""

    index: int
    setting: str
    lighting: str
    backdrop: int
    """Which of the backdrops of this setting and lighting."""
    size: tuple[int, int]
    """Width and height as displayed."""
    corner: tuple[int, int]
    """The left and top of the cut-out of the backdrop."""
    mirrored: bool
    objects: list[PlacedObject] = field(default_factory=list)

    @property
    def horizon(self) -> int:
        """The row of the horizon within the picture."""
        return HORIZON - self.corner[1]


# (setting, lighting): one backdrop each, so that drawing them takes a fraction of a second.
BACKDROPS = (
    ("street", "noon"), ("park", "noon"), ("harbour", "morning"), ("avenue", "overcast"), ("beach", "noon"),
    ("sky", "noon"), ("table", "noon"), ("street", "dusk"), ("park", "morning"), ("avenue", "noon"),
    ("harbour", "dusk"), ("street", "morning"), ("beach", "morning"), ("avenue", "night"), ("table", "dusk"),
    ("street", "night"), ("sky", "dusk"), ("park", "overcast"),
)  # fmt: skip


def clipped(box: Box, size: tuple[int, int]) -> Box:
    """The part of a box within a picture; its sides are 0 or negative where they do not meet."""
    left, top = max(0, box[0]), max(0, box[1])
    right, bottom = min(size[0], box[0] + box[2]), min(size[1], box[1] + box[3])
    return left, top, right - left, bottom - top


def covered(one: Box, other: Box) -> float:
    """The share of the smaller box that both have in common."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / min(one[2] * one[3], other[2] * other[3])


class _Composer:
    """Places objects into one picture, with perspective and without hiding one behind another."""

    def __init__(self, scene: Scene, dice: Dice) -> None:
        self.scene, self.dice = scene, dice
        self.camera = dice.pick((2.1, 2.6, 3.2, 4.4))
        """How high above the ground the picture was taken, in metres: the higher, the smaller the objects."""

    def _add(self, kind: str, form: int, drawn: Box, overlap: float, crowd: int, shadow: bool) -> bool:
        scene = self.scene
        box = clipped(drawn, scene.size)
        if box[2] < SMALLEST_SIDE or box[3] < SMALLEST_SIDE or box[2] * box[3] < 0.64 * drawn[2] * drawn[3]:
            return False
        if any(covered(box, other.box) > overlap for other in scene.objects):
            return False
        depth = drawn[1] + drawn[3] if shadow else 0.0
        look, mirrored = self.dice.whole(0, 2**30), self.dice.chance(0.5)
        scene.objects.append(PlacedObject(kind, form, drawn, box, depth, look, mirrored, crowd, shadow))
        return True

    def crew(self, crew: Crew) -> None:
        """A few objects of one class, each at its own distance."""
        for _ in range(self.dice.whole(crew.fewest, crew.most)):
            for _attempt in range(10):
                if self._try_one(crew):
                    break

    def _try_one(self, crew: Crew) -> bool:
        dice, scene = self.dice, self.scene
        form_index = dice.pick(crew.forms)
        form = BY_NAME[crew.kind].forms[form_index]
        width, height = scene.size
        if crew.aloft:
            tall = crew.near * height / 480 * (crew.far / crew.near) ** (dice.unit() ** 0.6)
            foot = dice.between(tall + 4, scene.horizon - 24 if scene.setting != "sky" else height - 4)
        else:
            # More of them far away, as on any picture of a wide place.
            offset = crew.far + (crew.near - crew.far) * dice.unit() ** 1.2
            if scene.horizon + offset > height * 1.08:
                return False
            tall = form.height * dice.between(0.92, 1.08) * offset / (crew.scale or self.camera)
            foot = scene.horizon + offset
        wide = tall * form.proportion
        if crew.lane:
            sideways = dice.pick((-1, 1)) * crew.lane * (foot - scene.horizon)
            centre = width / 2 + sideways + dice.between(-0.06, 0.06) * wide
        else:
            centre = dice.between(-0.1 * wide, width + 0.1 * wide)
        drawn = (round(centre - wide / 2), round(foot - tall), max(3, round(wide)), max(3, round(tall)))
        return self._add(crew.kind, form_index, drawn, crew.overlap, -1, not crew.aloft)

    def gathering(self, gathering: Gathering, crowd: int) -> None:
        """A crowd: many small objects of one class close together."""
        dice, scene = self.dice, self.scene
        width, height = scene.size
        count = dice.whole(15, 38)
        tall = dice.between(gathering.smallest, gathering.largest)
        middle = dice.between(width * 0.25, width * 0.75)
        spread = tall * gathering.spread * count**0.5
        if gathering.aloft:
            foot = dice.between(
                0.25 * height, 0.6 * height if scene.setting == "sky" else 0.8 * scene.horizon
            )
        else:
            foot = scene.horizon + gathering.offset + tall * 1.6
        for _ in range(count * 2):
            if count == 0:
                break
            form_index = dice.pick(gathering.forms)
            form = BY_NAME[gathering.kind].forms[form_index]
            size = tall * dice.between(0.86, 1.14) * form.height / BY_NAME[gathering.kind].forms[0].height
            wide = size * form.proportion
            x = middle + (dice.unit() + dice.unit() - 1.0) * spread
            y = foot + (dice.unit() + dice.unit() - 1.0) * tall * gathering.deep
            drawn = (round(x - wide / 2), round(y - size), max(6, round(wide)), max(6, round(size)))
            if clipped(drawn, scene.size) == drawn:
                count -= self._add(gathering.kind, form_index, drawn, 0.5, crowd, not gathering.aloft)


def _new_scene(index: int, dice: Dice) -> Scene:
    backdrop = index % len(BACKDROPS)
    setting, lighting = BACKDROPS[backdrop]
    width, height = dice.pick(SIZES)
    top = min(SIDE - height, max(0, round(HORIZON - height * dice.between(0.34, 0.46))))
    left = (SIDE - width) // 2 if setting == "avenue" else dice.whole(0, SIDE - width)
    mirrored = dice.chance(0.5)
    return Scene(index, setting, lighting, backdrop, (width, height), (left, top), mirrored)


def compose(index: int, seed: int) -> Scene:
    """The picture number `index`, always the same for the same seed."""
    dice = Dice(seed, 0, index)
    scene = _new_scene(index, dice)
    if index in EMPTY_IMAGES:
        return scene
    composer = _Composer(scene, dice)
    gatherings = GATHERINGS.get(scene.setting, ())
    if gatherings and dice.chance(0.34):
        # About a third of the crowds are too dense to label one by one.
        composer.gathering(dice.pick(gatherings), 0 if dice.chance(0.4) else -1)
    for crew in CREWS[scene.setting]:
        composer.crew(crew)
    scene.objects.sort(key=lambda placed: placed.depth)
    return scene
