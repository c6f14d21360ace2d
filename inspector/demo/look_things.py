"""How kites and the things on a table are drawn."""

from __future__ import annotations

from inspector.demo.dice import Dice
from inspector.demo.look_living import CLOTHES
from inspector.demo.pen import Colour, Pen, shade

GLASSES: tuple[Colour, ...] = ((52, 104, 70), (110, 66, 40), (126, 164, 182), (60, 72, 110), (150, 44, 50))
CHINA: tuple[Colour, ...] = (
    (238, 236, 228), (206, 86, 74), (84, 138, 168), (240, 196, 90), (112, 158, 120), (72, 76, 88),
)  # fmt: skip


def kite(pen: Pen, dice: Dice) -> None:
    first = dice.pick(CLOTHES)
    second = shade(first, 0.7) if dice.chance(0.4) else dice.pick(CLOTHES)
    pen.line(((0.5, 0.6), (0.6, 0.72), (0.44, 0.84), (0.56, 0.99)), (90, 84, 84), 0.012)
    for x, y in ((0.56, 0.7), (0.48, 0.81), (0.52, 0.95)):
        pen.shape(
            ((x - 0.12, y - 0.025), (x + 0.12, y + 0.025), (x + 0.12, y - 0.025), (x - 0.12, y + 0.025)),
            second,
        )
    pen.box(0.5, 0.98, 0.6, 1.0, second)
    pen.shape(((0.5, 0.0), (1.0, 0.26), (0.5, 0.64), (0.0, 0.26)), first)
    pen.shape(((0.5, 0.0), (1.0, 0.26), (0.5, 0.26)), second)
    pen.shape(((0.5, 0.64), (0.0, 0.26), (0.5, 0.26)), second)
    pen.line(((0.5, 0.0), (0.5, 0.64)), (70, 62, 60), 0.012)


def bottle(pen: Pen, dice: Dice) -> None:
    glass = dice.pick(GLASSES)
    shoulder = dice.between(0.34, 0.42)
    pen.shape(
        ((0.34, 0.06), (0.66, 0.06), (0.68, 0.24), (1.0, shoulder), (0.0, shoulder), (0.32, 0.24)), glass
    )
    pen.box(0.0, shoulder - 0.02, 1.0, 1.0, glass, 0.04)
    pen.box(0.76, shoulder, 0.98, 0.97, shade(glass, 0.7), 0.03)
    pen.box(0.08, shoulder + 0.02, 0.18, 0.95, shade(glass, 1.4), 0.02)
    pen.box(0.3, 0.0, 0.7, 0.08, dice.pick(((200, 60, 50), (220, 190, 120), (50, 50, 54))), 0.015)
    label = dice.pick(((240, 232, 210), (232, 190, 90), (214, 220, 224)))
    pen.box(0.0, 0.54, 1.0, 0.8, label)
    pen.box(0.78, 0.54, 1.0, 0.8, shade(label, 0.85))
    pen.box(0.16, 0.59, 0.7, 0.63, shade(glass, 0.8))
    pen.box(0.16, 0.67, 0.56, 0.69, (150, 140, 130))
    pen.box(0.16, 0.72, 0.62, 0.74, (150, 140, 130))


def cup(pen: Pen, dice: Dice) -> None:
    china = dice.pick(CHINA)
    pen.ring(0.62, 0.24, 1.0, 0.72, shade(china, 0.86), 0.085)
    pen.shape(((0.0, 0.1), (0.8, 0.1), (0.72, 0.88), (0.08, 0.88)), china)
    pen.oval(0.08, 0.76, 0.72, 1.0, china)
    pen.shape(((0.56, 0.12), (0.8, 0.1), (0.72, 0.88), (0.54, 0.95)), shade(china, 0.85))
    pen.oval(0.0, 0.0, 0.8, 0.22, shade(china, 1.25))
    pen.oval(0.05, 0.035, 0.75, 0.19, shade(china, 0.6))
    pen.oval(0.08, 0.07, 0.72, 0.19, dice.pick(((74, 46, 30), (120, 82, 48), (166, 96, 40))))
    if dice.chance(0.5):
        pen.box(0.03, 0.42, 0.77, 0.54, shade(china, 0.7))
    pen.box(0.1, 0.26, 0.16, 0.78, shade(china, 1.5), 0.03)
