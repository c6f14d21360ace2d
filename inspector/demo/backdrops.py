"""The settings: street, avenue, park, beach, harbour, sky and table, each drawn as one large square."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageChops, ImageFilter

from inspector.demo.backdrop_parts import HORIZON, LIGHTINGS, SIDE, Canvas, Noise
from inspector.demo.dice import Dice
from inspector.demo.pen import Colour, shade

CENTRE = SIDE // 2


def _street(canvas: Canvas) -> None:
    dice = canvas.dice
    canvas.sky(HORIZON + 20, dice.between(0.2, 0.8))
    for x in range(-20, SIDE, 46):  # the roofs of the next street
        top = dice.whole(150, 240)
        canvas.draw.rectangle((x, top, x + 46, HORIZON), canvas.lit((152, 164, 176)))
    left, base = -dice.whole(0, 60), HORIZON + 32
    while left < SIDE:
        width = dice.whole(84, 150)
        if dice.chance(0.16):
            canvas.draw.rectangle((left, HORIZON, left + 80, base), canvas.lit((92, 126, 74)))
            canvas.tree(left + 40, base, dice.whole(110, 160))
            left += 80
            continue
        canvas.house(left, left + width, dice.whole(80, 220), base)
        left += width + 2
    canvas.gradient(base, base + 26, (canvas.lit((168, 164, 158)), canvas.lit((186, 182, 174))))
    canvas.draw.rectangle((0, base + 26, SIDE, base + 31), canvas.lit((128, 126, 124)))
    _asphalt(canvas, base + 31, 588)
    for x in range(-30 + dice.whole(0, 60), SIDE, 120):
        points = ((x, 464), (x + 62, 464), (x + 56, 471), (x - 8, 471))
        canvas.draw.polygon(points, canvas.lit((226, 224, 212)))
    canvas.draw.rectangle((0, 588, SIDE, 600), canvas.lit((146, 144, 140)))
    canvas.gradient(600, SIDE, (canvas.lit((182, 176, 166)), canvas.lit((204, 198, 186))))
    for offset in range(-900, 1000, 90):
        canvas.draw.line((CENTRE + offset * 0.6, 600, CENTRE + offset, SIDE), canvas.lit((160, 154, 146)), 2)
    for y in (624, 664, 724):
        canvas.draw.line((0, y, SIDE, y), canvas.lit((160, 154, 146)), 2)
    canvas.texture(600, SIDE, (130, 122, 112), 0.25)


def _asphalt(canvas: Canvas, top: int, bottom: int) -> None:
    canvas.gradient(top, bottom, (canvas.lit((96, 98, 104)), canvas.lit((76, 78, 84))))
    canvas.texture(top, bottom, (112, 114, 118), 0.4)


def _avenue_side(canvas: Canvas, sign: int) -> None:
    """House fronts that shrink towards the vanishing point; `sign` -1 is the left side."""
    dice = canvas.dice
    near = 470
    while near > 26:
        far = max(20, int(near * dice.between(0.66, 0.78)))
        rise = dice.between(0.62, 1.1)
        wall = dice.pick(((198, 150, 118), (222, 206, 176), (168, 96, 80), (150, 160, 170), (206, 178, 130)))
        wall = shade(wall, 0.96 if sign < 0 else 0.8)

        def corner(distance: float, level: float) -> tuple[float, float]:
            """`level` -1 is the foot of the house, 1 its roof."""
            up = distance * (rise * level if level > 0 else 0.24 * level)  # noqa: B023 - used in this turn only
            return CENTRE + sign * distance, HORIZON - up

        canvas.draw.polygon(
            (corner(near, -1), corner(near, 1), corner(far, 1), corner(far, -1)), canvas.lit(wall)
        )
        floors = 5
        for floor in range(floors):
            low, high = (floor + 0.3) / floors, (floor + 0.8) / floors
            for bay in range(3):
                a, b = (near - (near - far) * (bay + share) / 3 for share in (0.25, 0.75))
                quad = (corner(a, low), corner(a, high), corner(b, high), corner(b, low))
                canvas.draw.polygon(quad, canvas.window_colour(0.5))
        foot = (corner(near, -1), corner(near, -0.05), corner(far, -0.05), corner(far, -1))
        canvas.draw.polygon(foot, canvas.lit(shade(wall, 0.62)))
        near = far


def _avenue(canvas: Canvas) -> None:
    dice = canvas.dice
    canvas.sky(HORIZON + 4, dice.between(0.2, 0.8))
    canvas.hills(HORIZON + 4, 60, (140, 158, 170))
    canvas.gradient(HORIZON, SIDE, (canvas.lit((170, 166, 160)), canvas.lit((200, 194, 184))))
    canvas.texture(HORIZON, SIDE, (150, 146, 140), 0.3)
    road = Image.new("L", (SIDE, SIDE), 0)
    plain = canvas.image.copy()
    _asphalt(canvas, HORIZON, SIDE)
    corners = ((CENTRE - 8, HORIZON), (CENTRE + 8, HORIZON), (CENTRE + 380, SIDE), (CENTRE - 380, SIDE))
    pen = type(canvas.draw)(road)
    pen.polygon(corners, 255)
    canvas.image.paste(plain, (0, 0), ImageChops.invert(road))
    for side in (-1, 1):
        edge = ((CENTRE + side * 8, HORIZON), (CENTRE + side * 380, SIDE), (CENTRE + side * 398, SIDE))
        canvas.draw.polygon(edge, canvas.lit((206, 202, 194)))
        _avenue_side(canvas, side)
    depth = 12.0
    while depth < SIDE - HORIZON:
        half = depth * 0.018
        y0, y1 = HORIZON + depth, HORIZON + depth * 1.16
        points = (
            (CENTRE - half, y0),
            (CENTRE + half, y0),
            (CENTRE + half * 1.16, y1),
            (CENTRE - half * 1.16, y1),
        )
        canvas.draw.polygon(points, canvas.lit((230, 226, 212)))
        depth *= 1.38
    for distance in (70, 120, 210):
        for side in (-1, 1):
            foot = HORIZON + int(distance * 0.62)
            canvas.tree(CENTRE + side * int(distance * 0.86), foot, int(distance * 0.9))


def _park(canvas: Canvas) -> None:
    dice = canvas.dice
    canvas.sky(HORIZON + 4, dice.between(0.3, 0.9))
    canvas.hills(HORIZON + 4, dice.whole(60, 110), (122, 150, 150))
    canvas.hills(HORIZON + 4, dice.whole(34, 60), (98, 140, 104))
    green = dice.pick(((112, 158, 78), (128, 162, 80), (98, 146, 84)))
    canvas.gradient(
        HORIZON, SIDE, (canvas.lit(shade(green, 1.12)), canvas.lit(green), canvas.lit(shade(green, 0.8)))
    )
    canvas.texture(HORIZON, SIDE, shade(green, 0.7), 0.5, 120)
    canvas.texture(HORIZON, SIDE, shade(green, 1.35), 0.3, 140)
    if dice.chance(0.6):
        x = dice.whole(100, 560)
        canvas.draw.ellipse((x - 6, HORIZON + 33, x + 206, HORIZON + 83), canvas.lit((150, 140, 104)))
        canvas.draw.ellipse((x, HORIZON + 36, x + 200, HORIZON + 78), canvas.lit((122, 166, 190)))
        canvas.draw.ellipse((x + 40, HORIZON + 46, x + 130, HORIZON + 54), canvas.lit((170, 204, 216)))
    _path(canvas)
    x = -20
    while x < SIDE:
        canvas.tree(x, HORIZON + dice.whole(4, 14), dice.whole(44, 96))
        x += dice.whole(24, 70)
    for x in (dice.whole(0, 150), dice.whole(650, 800)):
        canvas.tree(x, HORIZON + dice.whole(36, 70), dice.whole(170, 250))


def _path(canvas: Canvas) -> None:
    """A sandy path that winds towards the viewer and widens."""
    dice = canvas.dice
    x, width, left, right = CENTRE + dice.between(-200, 200), 8.0, [], []
    drift = dice.between(-1.0, 1.0)
    for y in range(HORIZON + 8, SIDE + 20, 20):
        left.append((x - width, float(y)))
        right.append((x + width, float(y)))
        width *= 1.13
        x += drift * width * 0.32
        drift += dice.between(-0.25, 0.25)
    canvas.draw.polygon([*left, *reversed(right)], canvas.lit((206, 190, 150)))


def _sea(canvas: Canvas, top: int, bottom: int) -> None:
    low = canvas.lighting.low_sky
    mirrored: Colour = ((low[0] + 90) // 2, (low[1] + 140) // 2, (low[2] + 170) // 2)
    canvas.gradient(
        top, bottom, (canvas.lit(mirrored), canvas.lit((62, 122, 150)), canvas.lit((40, 92, 122)))
    )
    canvas.texture(top, bottom, (206, 228, 232), 0.6, 146)
    canvas.texture(top, bottom, (30, 76, 106), 0.5, 140)


def _beach(canvas: Canvas) -> None:
    dice = canvas.dice
    canvas.sky(HORIZON, dice.between(0.2, 0.7))
    if dice.chance(0.6):
        canvas.hills(HORIZON + 1, 46, (120, 144, 156))
    shore = HORIZON + dice.whole(56, 80)
    _sea(canvas, HORIZON, shore)
    canvas.gradient(
        shore, SIDE, (canvas.lit((200, 176, 136)), canvas.lit((236, 212, 164)), canvas.lit((226, 198, 150)))
    )
    canvas.texture(shore, SIDE, (196, 166, 118), 0.5, 132)
    for x in range(0, SIDE, 40):
        foam = dice.whole(-3, 4)
        canvas.draw.ellipse((x - 34, shore - 5 + foam, x + 34, shore + 6 + foam), canvas.lit((240, 244, 240)))
    for _ in range(dice.whole(3, 6)):
        _parasol(canvas, dice.whole(30, 770), shore + dice.whole(24, 130))


def _parasol(canvas: Canvas, x: int, foot: int) -> None:
    size = (foot - HORIZON) * 0.42
    canvas.draw.line((x, foot, x, foot - size * 1.5), canvas.lit((240, 236, 226)), max(2, int(size / 18)))
    colour = canvas.dice.pick(((206, 72, 62), (58, 126, 160), (236, 188, 76), (84, 150, 110)))
    top, bottom = foot - size * 1.75, foot - size * 0.6
    for slices in range(6):
        tone = colour if slices % 2 else (244, 240, 230)
        start = 180 + slices * 30
        canvas.draw.pieslice((x - size, top, x + size, bottom), start, start + 30, canvas.lit(tone))
    towel = canvas.dice.pick(((206, 120, 110), (110, 160, 180), (230, 220, 200)))
    points = ((x + size * 0.2, foot), (x + size * 1.4, foot), (x + size * 1.2, foot + 9), (x, foot + 9))
    canvas.draw.polygon(points, canvas.lit(towel))


def _harbour(canvas: Canvas) -> None:
    dice = canvas.dice
    canvas.sky(HORIZON, dice.between(0.2, 0.8))
    canvas.hills(HORIZON + 1, dice.whole(50, 90), (130, 148, 162))
    x = -10
    while x < SIDE:
        width, top = dice.whole(16, 44), HORIZON - dice.whole(14, 58)
        if dice.chance(0.75):
            wall = dice.pick(((214, 196, 170), (188, 140, 120), (172, 178, 184), (226, 220, 206)))
            canvas.draw.rectangle((x, top, x + width, HORIZON), canvas.lit(shade(wall, 0.94)))
            roof = ((x - 2, top), (x + width / 2, top - 9), (x + width + 2, top))
            canvas.draw.polygon(roof, canvas.lit((164, 96, 78)))
            for y in range(top + 5, HORIZON - 6, 10):
                for column in range(x + 4, x + width - 4, 9):
                    canvas.draw.rectangle((column, y, column + 3, y + 4), canvas.window_colour(0.5))
        x += width
    _sea(canvas, HORIZON, SIDE)
    canvas.draw.rectangle((0, HORIZON - 1, SIDE, HORIZON + 3), canvas.lit((132, 124, 116)))
    canvas.gradient(650, SIDE, (canvas.lit((170, 160, 148)), canvas.lit((190, 180, 166))))
    canvas.draw.rectangle((0, 640, SIDE, 652), canvas.lit((110, 102, 96)))
    for y in (690, 740):
        canvas.draw.line((0, y, SIDE, y), canvas.lit((146, 136, 126)), 2)
    canvas.texture(652, SIDE, (130, 122, 112), 0.3)


def _sky(canvas: Canvas) -> None:
    canvas.sky(SIDE, canvas.dice.between(0.4, 0.9))


def _table(canvas: Canvas) -> None:
    dice = canvas.dice
    wall = dice.pick(((196, 206, 200), (222, 206, 186), (150, 170, 182), (206, 170, 150), (120, 132, 124)))
    canvas.gradient(0, HORIZON, (canvas.lit(shade(wall, 0.85)), canvas.lit(shade(wall, 1.15))))
    x = dice.whole(120, 420)
    canvas.draw.rectangle((x - 12, 70, x + 232, 282), canvas.lit((240, 236, 228)))
    canvas.draw.rectangle((x, 82, x + 220, 270), canvas.lighting.low_sky)
    canvas.draw.rectangle((x, 82, x + 220, 160), shade(canvas.lighting.low_sky, 0.94))
    canvas.draw.ellipse((x + 20, 190, x + 110, 272), canvas.lit((110, 150, 96)))
    canvas.draw.ellipse((x + 90, 210, x + 210, 272), canvas.lit((90, 134, 88)))
    canvas.draw.rectangle((x - 12, 270, x + 232, 284), canvas.lit((240, 236, 228)))
    canvas.draw.rectangle((x + 106, 82, x + 114, 270), canvas.lit((240, 236, 228)))
    for left in (x - 96, x + 226):
        for fold in range(0, 84, 14):
            tone = shade((186, 110, 92), 0.9 + 0.2 * (fold // 14 % 2))
            canvas.draw.rectangle((left + fold, 60, left + fold + 14, HORIZON), canvas.lit(tone))
    wood = dice.pick(((176, 122, 78), (150, 100, 66), (206, 168, 122), (120, 82, 62)))
    canvas.gradient(
        HORIZON, SIDE, (canvas.lit(shade(wood, 1.2)), canvas.lit(wood), canvas.lit(shade(wood, 0.8)))
    )
    canvas.texture(HORIZON, SIDE, shade(wood, 0.65), 0.6, 118)
    for offset in range(-1300, 1400, 150):
        line = (CENTRE + offset * 0.5, HORIZON, CENTRE + offset, SIDE)
        canvas.draw.line(line, canvas.lit(shade(wood, 0.6)), 2)
    canvas.draw.rectangle((0, HORIZON - 3, SIDE, HORIZON + 2), canvas.lit(shade(wood, 0.6)))


_SETTINGS: dict[str, Callable[[Canvas], None]] = {
    "street": _street,
    "avenue": _avenue,
    "park": _park,
    "beach": _beach,
    "harbour": _harbour,
    "sky": _sky,
    "table": _table,
}


def paint_backdrop(setting: str, lighting: str, noise: Noise, dice: Dice) -> Image.Image:
    """An RGB square of `SIDE` pixels with its horizon in the row `HORIZON`."""
    canvas = Canvas(LIGHTINGS[lighting], noise, dice)
    _SETTINGS[setting](canvas)
    # The outlines were drawn without smoothing: a slight blur hides their steps.
    smooth = canvas.image.filter(ImageFilter.SMOOTH)
    return ImageChops.add(smooth, noise.grain, 1, -128)
