"""How vehicles, boats and traffic lights are drawn."""

from __future__ import annotations

from inspector.demo.dice import Dice
from inspector.demo.pen import Colour, Pen, shade

PAINT: tuple[Colour, ...] = (
    (190, 48, 46), (44, 92, 150), (226, 226, 224), (58, 62, 70), (158, 162, 168), (226, 178, 60),
    (66, 122, 92), (128, 62, 92), (224, 122, 58), (104, 158, 184),
)  # fmt: skip
LIVERY: tuple[Colour, ...] = ((204, 58, 52), (48, 108, 168), (238, 186, 60), (70, 142, 98), (226, 226, 220))
GLASS: Colour = (158, 190, 206)
TYRE: Colour = (34, 34, 38)
LAMP: Colour = (255, 240, 190)
TAIL_LAMP: Colour = (240, 52, 44)


def _wheel(pen: Pen, x: float, top: float, bottom: float) -> None:
    """A wheel centred at x."""
    half = (bottom - top) / 2 / pen.proportion
    rim = (bottom - top) * 0.24
    pen.oval(x - half, top, x + half, bottom, TYRE)
    pen.oval(x - half * 0.52, top + rim, x + half * 0.52, bottom - rim, (176, 178, 182))


def car_from_the_side(pen: Pen, dice: Dice) -> None:
    paint = dice.pick(PAINT)
    glass = GLASS if dice.chance(0.7) else shade(GLASS, 0.5)
    rear, front = dice.between(0.06, 0.2), dice.between(0.78, 0.86)  # hatchback to saloon
    pen.shape(
        ((rear, 0.46), (rear + 0.1, 0.05), (rear + 0.14, 0.0), (0.6, 0.0), (0.65, 0.03), (front, 0.46)), paint
    )
    pen.shape(((rear + 0.07, 0.42), (rear + 0.15, 0.1), (0.4, 0.1), (0.4, 0.42)), glass)
    pen.shape(((0.43, 0.42), (0.43, 0.1), (0.59, 0.1), (front - 0.07, 0.42)), glass)
    pen.shape(((0.47, 0.42), (0.53, 0.1), (0.56, 0.1), (0.5, 0.42)), shade(glass, 1.4))
    pen.box(0.0, 0.4, 1.0, 0.84, paint, 0.16)
    pen.box(0.01, 0.66, 0.99, 0.84, shade(paint, 0.74), 0.08)
    pen.box(0.03, 0.42, 0.95, 0.455, shade(paint, 1.3))
    pen.line(((0.415, 0.43), (0.415, 0.8)), shade(paint, 0.6), 0.02)
    pen.line(((0.67, 0.5), (0.66, 0.8)), shade(paint, 0.6), 0.02)
    pen.box(0.44, 0.52, 0.49, 0.55, shade(paint, 0.5))
    pen.oval(0.945, 0.48, 0.995, 0.62, LAMP, glow=True)
    pen.box(0.0, 0.48, 0.03, 0.62, TAIL_LAMP, glow=True)
    _wheel(pen, 0.2, 0.6, 1.0)
    _wheel(pen, 0.8, 0.6, 1.0)


def car_from_behind(pen: Pen, dice: Dice) -> None:
    paint = dice.pick(PAINT)
    lamp = TAIL_LAMP if dice.chance(0.6) else LAMP
    for x in (0.06, 0.74):
        pen.box(x, 0.7, x + 0.2, 1.0, TYRE, 0.05)
    pen.shape(((0.08, 0.44), (0.2, 0.05), (0.26, 0.0), (0.74, 0.0), (0.8, 0.05), (0.92, 0.44)), paint)
    pen.shape(((0.17, 0.4), (0.26, 0.08), (0.74, 0.08), (0.83, 0.4)), shade(GLASS, 0.7))
    pen.shape(((0.3, 0.4), (0.44, 0.08), (0.54, 0.08), (0.4, 0.4)), shade(GLASS, 1.1))
    pen.box(0.0, 0.38, 1.0, 0.88, paint, 0.14)
    pen.box(0.02, 0.68, 0.98, 0.88, shade(paint, 0.7), 0.08)
    pen.box(0.04, 0.46, 0.24, 0.58, lamp, 0.04, glow=True)
    pen.box(0.76, 0.46, 0.96, 0.58, lamp, 0.04, glow=True)
    pen.box(0.36, 0.66, 0.64, 0.77, (236, 236, 226))
    pen.box(0.04, 0.4, 0.96, 0.43, shade(paint, 1.3))


def bus_from_the_side(pen: Pen, dice: Dice) -> None:
    livery = dice.pick(LIVERY)
    pen.box(0.0, 0.0, 1.0, 0.9, livery, 0.09)
    pen.box(0.0, 0.68, 1.0, 0.9, shade(livery, 0.72), 0.05)
    pen.box(0.01, 0.02, 0.98, 0.08, shade(livery, 1.3), 0.02)
    pen.box(0.03, 0.15, 0.985, 0.52, (44, 50, 60), 0.04)
    panes = dice.whole(5, 7)
    for pane in range(panes):
        left = 0.045 + pane * 0.74 / panes
        pen.box(left, 0.18, left + 0.74 / panes - 0.014, 0.49, shade(GLASS, dice.between(0.75, 1.1)), 0.02)
    pen.box(0.8, 0.17, 0.88, 0.86, shade(GLASS, 0.8), 0.02)
    pen.line(((0.84, 0.17), (0.84, 0.86)), (44, 50, 60), 0.02)
    pen.shape(((0.9, 0.17), (0.97, 0.17), (0.985, 0.5), (0.9, 0.5)), GLASS)
    pen.box(0.0, 0.57, 0.79, 0.62, shade(livery, 1.55))
    pen.box(0.955, 0.68, 0.995, 0.76, LAMP, 0.03, glow=True)
    _wheel(pen, 0.2, 0.74, 1.0)
    _wheel(pen, 0.72, 0.74, 1.0)


def bus_from_the_front(pen: Pen, dice: Dice) -> None:
    livery = dice.pick(LIVERY)
    for x in (0.1, 0.74):
        pen.box(x, 0.84, x + 0.16, 1.0, TYRE, 0.03)
    pen.box(0.0, 0.24, 1.0, 0.42, (40, 42, 46), 0.03)
    pen.box(0.05, 0.0, 0.95, 0.94, livery, 0.08)
    pen.box(0.05, 0.78, 0.95, 0.94, shade(livery, 0.7), 0.05)
    pen.box(0.2, 0.03, 0.8, 0.12, (30, 32, 36), 0.02)
    pen.box(0.3, 0.05, 0.7, 0.1, (250, 190, 70), 0.0, glow=True)
    pen.box(0.1, 0.16, 0.9, 0.6, shade(GLASS, 0.8), 0.04)
    pen.shape(((0.2, 0.58), (0.42, 0.18), (0.55, 0.18), (0.33, 0.58)), shade(GLASS, 1.2))
    pen.line(((0.5, 0.16), (0.5, 0.6)), (50, 54, 60), 0.015)
    for x in (0.1, 0.74):
        pen.oval(x, 0.68, x + 0.16, 0.78, LAMP, glow=True)


def bicycle(pen: Pen, dice: Dice) -> None:
    frame = dice.pick(PAINT)
    half = 0.33 / pen.proportion
    for x in (half, 1.0 - half):
        pen.ring(x - half, 0.34, x + half, 1.0, TYRE, 0.055)
        for ends in (((x, 0.37), (x, 0.97)), ((x - half, 0.67), (x + half, 0.67))):
            pen.line(ends, (150, 152, 156), 0.012)
        pen.oval(x - 0.025, 0.63, x + 0.025, 0.71, (90, 92, 96))
    back, crank, seat, head = (half, 0.67), (0.46, 0.7), (0.38, 0.24), (0.7, 0.22)
    for line in ((back, crank, head, (0.37, 0.3), crank), (back, (0.37, 0.3)), (head, (1.0 - half, 0.67))):
        pen.line(line, frame, 0.06)
    pen.line((seat, (0.38, 0.34)), (60, 60, 64), 0.05)
    pen.box(0.29, 0.16, 0.47, 0.23, (40, 38, 38), 0.03)
    pen.line((head, (0.68, 0.06)), (60, 60, 64), 0.05)
    pen.box(0.62, 0.0, 0.78, 0.07, (40, 40, 44), 0.03)
    pen.oval(crank[0] - 0.05, 0.63, crank[0] + 0.05, 0.79, (70, 70, 74))


def sailing_boat(pen: Pen, dice: Dice) -> None:
    hull, sail = (
        dice.pick(PAINT),
        dice.pick(((246, 244, 236), (246, 244, 236), (216, 92, 72), (242, 206, 120))),
    )
    pen.box(0.47, 0.0, 0.5, 0.84, (110, 80, 54))
    pen.shape(((0.53, 0.04), (0.54, 0.74), (0.97, 0.74), (0.8, 0.42)), sail)
    pen.shape(((0.53, 0.04), (0.54, 0.74), (0.64, 0.74), (0.6, 0.3)), shade(sail, 0.86))
    pen.shape(((0.45, 0.1), (0.45, 0.74), (0.08, 0.74), (0.26, 0.46)), shade(sail, 0.93))
    pen.shape(((0.0, 0.82), (1.0, 0.8), (0.84, 1.0), (0.16, 1.0)), hull)
    pen.shape(((0.0, 0.82), (1.0, 0.8), (0.96, 0.86), (0.04, 0.87)), shade(hull, 1.6))


def motor_boat(pen: Pen, dice: Dice) -> None:
    hull = dice.pick(PAINT)
    pen.box(0.3, 0.0, 0.66, 0.5, (236, 236, 230), 0.08)
    pen.shape(((0.6, 0.06), (0.74, 0.5), (0.5, 0.5), (0.5, 0.06)), (236, 236, 230))
    for x in (0.34, 0.45):
        pen.box(x, 0.12, x + 0.08, 0.34, shade(GLASS, 0.7), 0.04)
    pen.shape(((0.56, 0.12), (0.62, 0.12), (0.69, 0.36), (0.56, 0.36)), shade(GLASS, 0.8))
    pen.shape(((0.0, 0.48), (1.0, 0.42), (0.84, 1.0), (0.08, 1.0)), hull)
    pen.shape(((0.0, 0.48), (1.0, 0.42), (0.97, 0.54), (0.01, 0.6)), shade(hull, 1.5))
    pen.shape(((0.05, 0.82), (0.89, 0.82), (0.84, 1.0), (0.08, 1.0)), shade(hull, 0.6))


def traffic_light(pen: Pen, dice: Dice) -> None:
    shown = dice.whole(0, 2)
    pen.box(0.42, 0.4, 0.58, 1.0, (84, 88, 92))
    pen.box(0.3, 0.96, 0.7, 1.0, (70, 72, 76))
    pen.box(0.0, 0.0, 1.0, 0.46, (44, 48, 52), 0.05)
    pen.box(0.06, 0.02, 0.94, 0.44, (62, 66, 70), 0.04)
    for index, colour in enumerate(((240, 60, 48), (250, 190, 50), (70, 214, 110))):
        top = 0.04 + 0.135 * index
        on = index == shown
        pen.oval(0.2, top, 0.8, top + 0.115, colour if on else shade(colour, 0.28), glow=on)
