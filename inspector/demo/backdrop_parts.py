"""What the backdrops are composed of: light, noise, sky, ground, trees, houses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from inspector.demo.dice import Dice
from inspector.demo.pen import Colour, Light, lit, shade

SIDE = 800
"""A backdrop is a square of this many pixels, from which pictures of several sizes are cut."""
HORIZON = 340
"""The row of the horizon in a backdrop."""


@dataclass(frozen=True, slots=True)
class Lighting:
    """The time of day."""

    zenith: Colour
    low_sky: Colour
    cloud: Colour
    light: Light
    dark: bool
    """Lamps and windows are lit."""


LIGHTINGS: dict[str, Lighting] = {
    "noon": Lighting((74, 144, 206), (190, 222, 236), (250, 250, 250), (1.0, 1.0, 1.0), False),
    "morning": Lighting((126, 172, 210), (252, 228, 196), (255, 244, 228), (1.0, 0.95, 0.87), False),
    "overcast": Lighting((140, 154, 166), (202, 208, 210), (222, 226, 228), (0.84, 0.88, 0.9), False),
    "dusk": Lighting((66, 72, 124), (250, 164, 106), (246, 160, 130), (0.84, 0.66, 0.62), True),
    "night": Lighting((14, 20, 44), (50, 60, 98), (52, 62, 94), (0.42, 0.46, 0.64), True),
}


class Noise:
    """Textures that every backdrop shares: made once, cut at different places."""

    def __init__(self, seed: int) -> None:
        random = np.random.Generator(np.random.PCG64(seed))

        def octave(columns: int, rows: int) -> Image.Image:
            cells = random.integers(0, 256, (rows, columns), dtype=np.uint8)
            return Image.fromarray(cells).resize((SIDE * 2, SIDE), Image.Resampling.BICUBIC)

        self.clouds = octave(2 * 4, 10)
        for columns, rows, share in ((8, 22, 0.36), (20, 50, 0.2), (50, 110, 0.1)):
            self.clouds = Image.blend(self.clouds, octave(2 * columns, rows), share)
        """Soft, wide shapes: an L picture, twice as wide as a backdrop."""
        self.ripples = Image.blend(octave(2 * 30, 160), octave(2 * 90, 400), 0.4)
        """Flat, small shapes, for water, grass and sand."""
        grain = random.integers(123, 134, (SIDE, SIDE), dtype=np.uint8)
        self.grain = Image.merge("RGB", [Image.fromarray(grain)] * 3)

    def cut(self, texture: Image.Image, dice: Dice, width: int, height: int) -> Image.Image:
        left, top = dice.whole(0, texture.width - width), dice.whole(0, texture.height - height)
        return texture.crop((left, top, left + width, top + height))


class Canvas:
    """A backdrop in the making."""

    def __init__(self, lighting: Lighting, noise: Noise, dice: Dice) -> None:
        self.lighting, self.noise, self.dice = lighting, noise, dice
        self.image = Image.new("RGB", (SIDE, SIDE))
        self.draw = ImageDraw.Draw(self.image)

    def lit(self, colour: Colour) -> Colour:
        return lit(colour, self.lighting.light)

    def gradient(self, top: int, bottom: int, colours: Sequence[Colour]) -> None:
        """Fills the rows from top to bottom with evenly spread colours."""
        column = Image.new("RGB", (1, len(colours)))
        column.putdata(list(colours))
        # Bilinear interpolation is flat beyond the outer pixels' centres: cut those halves off.
        span = (0.0, 0.5, 1.0, len(colours) - 0.5)
        band = column.resize((1, bottom - top), Image.Resampling.BILINEAR, span)
        self.image.paste(band.resize((SIDE, bottom - top)), (0, top))

    def texture(self, top: int, bottom: int, colour: Colour, strength: float, threshold: int = 128) -> None:
        """Paints ripples of a colour over the rows from top to bottom."""
        mask = self.noise.cut(self.noise.ripples, self.dice, SIDE, bottom - top)
        slope = strength * 255.0 / (255 - threshold)
        mask = mask.point([int(max(0.0, (level - threshold) * slope)) for level in range(256)])
        self.image.paste(self.lit(colour), (0, top, SIDE, bottom), mask)

    def sky(self, bottom: int, cloudiness: float) -> None:
        """`cloudiness` in [0, 1]."""
        lighting = self.lighting
        middle = tuple((a + b) // 2 for a, b in zip(lighting.zenith, lighting.low_sky, strict=True))
        self.gradient(0, bottom, (lighting.zenith, (middle[0], middle[1], middle[2]), lighting.low_sky))
        if lighting.dark and lighting.light[0] < 0.5:
            for _ in range(90):
                x, y = self.dice.whole(0, SIDE), self.dice.whole(0, bottom)
                self.draw.point((x, y), shade((255, 250, 230), self.dice.between(0.4, 1.0)))
        if lighting.dark:
            self._low_disc(bottom)
        start = int(170 - 50 * cloudiness)
        mask = self.noise.cut(self.noise.clouds, self.dice, SIDE, bottom)
        mask = mask.point([int(min(225.0, max(0.0, (level - start) * 4.0))) for level in range(256)])
        self.image.paste(lighting.cloud, (0, 0, SIDE, bottom), mask)
        under = ImageChops.offset(mask, 0, -9)
        belly = ImageChops.subtract(mask, under).point([level // 3 for level in range(256)])
        self.image.paste(shade(lighting.cloud, 0.72), (0, 0, SIDE, bottom), belly)

    def _low_disc(self, bottom: int) -> None:
        """The setting sun, or the moon."""
        night = self.lighting.light[0] < 0.5
        x, y = self.dice.whole(200, 600), bottom - (240 if night else 60)
        radius = 20 if night else 32
        for ring in range(6, 0, -1):
            glow = Image.new("L", (SIDE, bottom), 0)
            spread = radius * (1 + ring * 0.45)
            ImageDraw.Draw(glow).ellipse((x - spread, y - spread, x + spread, y + spread), 26)
            self.image.paste((236, 240, 255) if night else (255, 222, 160), (0, 0, SIDE, bottom), glow)
        disc = (238, 238, 226) if night else (255, 236, 188)
        self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), disc)

    def hills(self, base: int, height: int, colour: Colour) -> None:
        """A soft ridge whose foot is the row `base`."""
        steps = 10
        peaks = [self.dice.between(0.2, 1.0) for _ in range(steps + 1)]
        ridge = Image.new("L", (steps + 1, 1))
        ridge.putdata([int(255 * peak) for peak in peaks])
        smooth = ridge.resize((SIDE // 4 + 1, 1), Image.Resampling.BICUBIC).tobytes()
        points = [(4 * column, base - height * level / 255) for column, level in enumerate(smooth)]
        self.draw.polygon([(0, base), *points, (SIDE, base)], self.lit(colour))

    def tree(self, x: int, foot: int, height: int) -> None:
        dice = self.dice
        leaf = dice.pick(((74, 128, 62), (96, 146, 66), (58, 108, 70), (148, 150, 62), (180, 118, 56)))
        trunk = max(2, height // 14)
        self.draw.rectangle((x - trunk, foot - height // 2, x + trunk, foot), self.lit((96, 70, 48)))
        if dice.chance(0.25):  # a conifer
            for tier in range(3):
                half, top = height * (0.16 + 0.07 * tier), foot - height * (1.0 - 0.24 * tier)
                points = ((x, top), (x + half, top + height * 0.38), (x - half, top + height * 0.38))
                self.draw.polygon(points, self.lit(shade((52, 100, 70), 1.1 - 0.12 * tier)))
            return
        for layer in range(3):
            colour = self.lit(shade(leaf, 0.72 + 0.2 * layer))
            for _ in range(6):
                radius = height * dice.between(0.12, 0.22) * (1 - 0.15 * layer)
                cx = x + height * dice.between(-0.2, 0.2) - layer * height * 0.03
                cy = foot - height * dice.between(0.48, 0.86) - layer * height * 0.04
                self.draw.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), colour)

    def house(self, left: int, right: int, top: int, base: int) -> None:
        """A house front with rows of windows and a shop below."""
        dice = self.dice
        wall = dice.pick(
            (
                (198, 150, 118),
                (222, 206, 176),
                (168, 96, 80),
                (150, 160, 170),
                (206, 178, 130),
                (176, 186, 172),
            )
        )
        self.draw.rectangle((left, top, right, base), self.lit(wall))
        self.draw.rectangle((right - 7, top, right, base), self.lit(shade(wall, 0.82)))
        self.draw.rectangle((left - 2, top - 5, right + 2, top + 3), self.lit(shade(wall, 0.7)))
        columns = max(2, (right - left) // 30)
        step = (right - left) / columns
        shop = base - 42
        for row in range(top + 14, shop - 30, 36):
            for column in range(columns):
                x = left + (column + 0.5) * step
                self._window(x - 7, row, x + 7, row + 22, wall)
        self.draw.rectangle((left + 4, shop, right - 8, base - 4), self.window_colour(0.7))
        door = left + 14 + dice.whole(0, max(1, right - left - 50))
        self.draw.rectangle((door, shop + 8, door + 15, base), self.lit(shade(wall, 0.4)))
        awning = dice.pick(((178, 62, 56), (62, 112, 92), (70, 92, 138), (214, 170, 82)))
        for stripe, x in enumerate(range(left + 3, right - 10, 8)):
            colour = awning if stripe % 2 else (236, 230, 216)
            points = ((x, shop - 8), (x + 8, shop - 8), (x + 8, shop + 6), (x, shop + 6))
            self.draw.polygon(points, self.lit(colour))

    def window_colour(self, share_lit: float) -> Colour:
        if self.lighting.dark and self.dice.chance(share_lit):
            return shade((255, 214, 130), self.dice.between(0.75, 1.1))
        return self.lit(shade((120, 152, 172), self.dice.between(0.6, 1.1)))

    def _window(self, x0: float, y0: float, x1: float, y1: float, wall: Colour) -> None:
        self.draw.rectangle((x0 - 2, y0 - 2, x1 + 2, y1 + 3), self.lit(shade(wall, 1.35)))
        self.draw.rectangle((x0, y0, x1, y1), self.window_colour(0.5))
        self.draw.line(((x0 + x1) / 2, y0, (x0 + x1) / 2, y1), self.lit(shade(wall, 1.35)))
