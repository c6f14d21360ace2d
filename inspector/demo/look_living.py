"""How people and animals are drawn."""

from __future__ import annotations

from inspector.demo.dice import Dice
from inspector.demo.pen import Colour, Pen, shade

SKIN: tuple[Colour, ...] = ((244, 205, 175), (224, 172, 135), (186, 128, 92), (141, 92, 62), (96, 62, 44))
HAIR: tuple[Colour, ...] = ((38, 28, 24), (74, 48, 30), (120, 78, 42), (196, 156, 92), (150, 150, 152))
CLOTHES: tuple[Colour, ...] = (
    (196, 62, 58), (232, 148, 52), (240, 206, 92), (78, 148, 96), (52, 116, 168), (92, 72, 148),
    (222, 222, 216), (70, 76, 88), (214, 120, 148), (60, 160, 164),
)  # fmt: skip
TROUSERS: tuple[Colour, ...] = ((46, 58, 84), (40, 42, 48), (112, 96, 76), (70, 94, 130), (90, 88, 92))
FUR: tuple[Colour, ...] = ((150, 102, 58), (92, 62, 42), (206, 170, 118), (54, 50, 50), (222, 214, 200))
PLUMAGE: tuple[Colour, ...] = ((58, 60, 68), (232, 232, 230), (120, 112, 106), (74, 96, 128), (140, 94, 66))


def _legs(pen: Pen, dice: Dice, trousers: Colour) -> None:
    shoe = dice.pick(((40, 36, 36), (230, 228, 222), (122, 52, 44)))
    spread = dice.between(0.02, 0.14)
    dark = shade(trousers, 0.8)
    pen.shape(((0.46, 0.5), (0.76, 0.5), (0.74 + spread, 0.97), (0.56 + spread, 0.97)), dark)
    pen.shape(((0.24, 0.5), (0.56, 0.5), (0.44 - spread, 0.97), (0.26 - spread, 0.97)), trousers)
    pen.box(0.2 - spread, 0.955, 0.47 - spread, 1.0, shoe, 0.015)
    pen.box(0.55 + spread, 0.955, 0.82 + spread, 1.0, shade(shoe, 0.8), 0.015)


def _head(pen: Pen, dice: Dice, skin: Colour, clothes: Colour) -> None:
    hair = dice.pick(HAIR)
    style = dice.whole(0, 3)
    if style == 0:  # long hair falls behind the neck
        pen.box(0.27, 0.03, 0.73, 0.2, hair, 0.05)
    pen.box(0.43, 0.11, 0.57, 0.19, shade(skin, 0.85))
    pen.oval(0.3, 0.0, 0.7, 0.13, hair)
    pen.oval(0.32, 0.025, 0.7, 0.15, skin)
    if style == 1:  # a cap
        pen.oval(0.28, 0.0, 0.72, 0.09, shade(clothes, 0.7))
        pen.box(0.5, 0.045, 0.86, 0.065, shade(clothes, 0.6))
    else:
        pen.oval(0.29, 0.0, 0.71, 0.07, hair)


def person(pen: Pen, dice: Dice) -> None:
    skin, shirt, trousers = dice.pick(SKIN), dice.pick(CLOTHES), dice.pick(TROUSERS)
    sleeve = shirt if dice.chance(0.6) else skin
    backpack = dice.chance(0.2)
    pen.line(((0.76, 0.2), (0.92, 0.36), (0.97, 0.52)), shade(sleeve, 0.75), 0.05)
    pen.box(0.9, 0.47, 1.0, 0.54, shade(skin, 0.9), 0.03)
    if dice.chance(0.25):  # a skirt over bare legs
        _legs(pen, dice, skin)
        pen.shape(((0.3, 0.42), (0.7, 0.42), (0.9, 0.74), (0.1, 0.74)), shade(dice.pick(CLOTHES), 0.9))
    else:
        _legs(pen, dice, trousers)
    if backpack:
        pen.box(0.04, 0.2, 0.4, 0.44, shade(dice.pick(CLOTHES), 0.7), 0.04)
    pen.box(0.2, 0.165, 0.8, 0.53, shirt, 0.06)
    pen.box(0.62, 0.19, 0.8, 0.53, shade(shirt, 0.84), 0.03)
    pen.line(((0.25, 0.2), (0.1, 0.36), (0.04, 0.5)), shade(sleeve, 0.92), 0.05)
    pen.box(0.0, 0.46, 0.11, 0.54, skin, 0.03)
    _head(pen, dice, skin, shirt)


def sitting_person(pen: Pen, dice: Dice) -> None:
    """Seen from the side, knees up: wider than a standing person."""
    skin, shirt, trousers = dice.pick(SKIN), dice.pick(CLOTHES), dice.pick(TROUSERS)
    pen.line(((0.22, 0.88), (0.66, 0.56), (0.8, 0.92)), shade(trousers, 0.9), 0.15)
    pen.box(0.74, 0.9, 1.0, 1.0, (48, 42, 42), 0.04)
    pen.box(0.06, 0.26, 0.42, 0.99, shirt, 0.16)
    pen.box(0.0, 0.78, 0.4, 1.0, trousers, 0.1)
    pen.line(((0.28, 0.38), (0.46, 0.6), (0.64, 0.54)), shade(shirt, 0.8), 0.1)
    pen.oval(0.1, 0.0, 0.5, 0.3, dice.pick(HAIR))
    pen.oval(0.18, 0.05, 0.52, 0.32, skin)


def dog(pen: Pen, dice: Dice) -> None:
    fur = dice.pick(FUR)
    dark = shade(fur, 0.72)
    for x in (0.3, 0.68):
        pen.box(x, 0.6, x + 0.07, 1.0, dark, 0.03)
    pen.line(((0.2, 0.45), (0.08, 0.32), (0.03, 0.14)), fur, 0.07)
    pen.box(0.0, 0.1, 0.06, 0.22, fur, 0.04)
    pen.box(0.16, 0.36, 0.78, 0.72, fur, 0.17)
    pen.box(0.24, 0.6, 0.7, 0.72, shade(fur, 0.85), 0.06)
    for x in (0.18, 0.62):
        pen.box(x, 0.58, x + 0.09, 1.0, fur, 0.03)
    pen.shape(((0.6, 0.5), (0.66, 0.16), (0.84, 0.2), (0.78, 0.56)), fur)
    pen.box(0.64, 0.04, 0.9, 0.34, fur, 0.12)
    pen.box(0.8, 0.17, 1.0, 0.34, shade(fur, 1.12), 0.07)
    pen.oval(0.95, 0.16, 1.0, 0.24, (30, 26, 26))
    pen.shape(((0.64, 0.02), (0.73, 0.0), (0.74, 0.28), (0.66, 0.32)), dark)
    pen.oval(0.81, 0.12, 0.845, 0.18, (24, 20, 20))
    if dice.chance(0.5):
        pen.line(((0.66, 0.38), (0.79, 0.42)), dice.pick(CLOTHES), 0.05)


def flying_bird(pen: Pen, dice: Dice) -> None:
    plumage = dice.pick(PLUMAGE)
    tip, far = shade(plumage, 0.5), shade(plumage, 0.72)
    bend = dice.between(-0.06, 0.06)
    pen.shape(((0.46, 0.74), (0.62, 0.26 + bend), (0.9, 0.02), (0.8, 0.42), (0.64, 0.76)), far)
    pen.shape(((0.82, 0.09), (0.9, 0.02), (0.83, 0.29)), tip)
    pen.shape(((0.34, 0.74), (0.06, 0.68), (0.0, 0.78), (0.08, 0.88), (0.34, 0.9)), far)
    pen.oval(0.22, 0.64, 0.86, 1.0, plumage)
    pen.oval(0.72, 0.58, 0.94, 0.86, plumage)
    pen.shape(((0.91, 0.66), (1.0, 0.74), (0.91, 0.78)), (230, 150, 40))
    pen.oval(0.85, 0.64, 0.88, 0.69, (20, 20, 22))
    pen.shape(
        ((0.62, 0.76), (0.46, 0.28 + bend), (0.12, 0.0), (0.24, 0.44), (0.36, 0.8)), shade(plumage, 0.9)
    )
    pen.shape(((0.3, 0.14), (0.12, 0.0), (0.2, 0.3)), tip)


def perched_bird(pen: Pen, dice: Dice) -> None:
    plumage = dice.pick(PLUMAGE)
    for x in (0.42, 0.54):
        pen.box(x, 0.76, x + 0.04, 1.0, (190, 120, 50))
    pen.shape(((0.0, 0.72), (0.3, 0.4), (0.46, 0.7), (0.08, 0.84)), shade(plumage, 0.65))
    pen.oval(0.16, 0.28, 0.8, 0.86, plumage)
    pen.oval(0.38, 0.46, 0.8, 0.86, shade(plumage, 1.35))
    pen.shape(((0.22, 0.44), (0.56, 0.42), (0.5, 0.72), (0.16, 0.7)), shade(plumage, 0.75))
    pen.oval(0.54, 0.0, 0.9, 0.46, plumage)
    pen.shape(((0.84, 0.16), (1.0, 0.25), (0.84, 0.31)), (232, 160, 44))
    pen.oval(0.72, 0.12, 0.79, 0.2, (20, 20, 22))
