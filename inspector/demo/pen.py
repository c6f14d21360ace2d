"""Drawing in a unit square, with smooth edges, under a coloured light."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Light = tuple[float, float, float]
"""What each colour channel is multiplied with: (1, 1, 1) by day."""
Point = tuple[float, float]

DAYLIGHT: Light = (1.0, 1.0, 1.0)


def shade(colour: Colour, factor: float) -> Colour:
    """Darker below 1, lighter above."""
    if factor <= 1.0:
        red, green, blue = (int(channel * factor) for channel in colour)
    else:
        red, green, blue = (int(channel + (255 - channel) * (factor - 1.0)) for channel in colour)
    return red, green, blue


def lit(colour: Colour, light: Light) -> Colour:
    red, green, blue = (min(255, int(channel * part)) for channel, part in zip(colour, light, strict=True))
    return red, green, blue


class Pen:
    """Draws one object; coordinates run from (0, 0) top left to (1, 1) bottom right of its box.

    What is drawn up to 0 or 1 touches the edge of the box, so a shape that spans the square has a tight box.
    """

    def __init__(self, width: int, height: int, light: Light = DAYLIGHT) -> None:
        longest = max(width, height)
        self._scale = 4 if longest <= 40 else 3 if longest <= 90 else 2
        self._width = width * self._scale
        self._height = height * self._scale
        self._light = light
        self._image = Image.new("RGBA", (self._width, self._height))
        self._draw = ImageDraw.Draw(self._image)
        self.proportion = width / height
        """Width / height: divides horizontal lengths where a shape must stay round."""

    def _corners(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        left, top = round(x0 * self._width), round(y0 * self._height)
        # Pillow includes the last pixel, and wants at least one.
        right = max(left, round(x1 * self._width) - 1)
        bottom = max(top, round(y1 * self._height) - 1)
        return left, top, right, bottom

    def _points(self, points: Sequence[Point]) -> list[Point]:
        return [(round(x * (self._width - 1)), round(y * (self._height - 1))) for x, y in points]

    def _ink(self, colour: Colour, glow: bool) -> Colour:
        return colour if glow else lit(colour, self._light)

    def box(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        colour: Colour,
        radius: float = 0.0,
        glow: bool = False,
    ) -> None:
        """A rectangle; `radius` of its corners in heights of the object."""
        corners = self._corners(x0, y0, x1, y1)
        ink = self._ink(colour, glow)
        rounding = min(radius * self._height, (corners[2] - corners[0]) / 2, (corners[3] - corners[1]) / 2)
        if rounding >= 1.0:
            self._draw.rounded_rectangle(corners, int(rounding), ink)
        else:
            self._draw.rectangle(corners, ink)

    def oval(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, glow: bool = False) -> None:
        self._draw.ellipse(self._corners(x0, y0, x1, y1), self._ink(colour, glow))

    def ring(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, thickness: float) -> None:
        """An ellipse's outline; `thickness` in heights of the object."""
        width = max(2, round(thickness * self._height))
        self._draw.ellipse(self._corners(x0, y0, x1, y1), None, self._ink(colour, False), width)

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        self._draw.polygon(self._points(points), self._ink(colour, False))

    def line(self, points: Sequence[Point], colour: Colour, thickness: float) -> None:
        """A line with round joints; `thickness` in heights of the object."""
        width = max(2, round(thickness * self._height))
        self._draw.line(self._points(points), self._ink(colour, False), width, "curve")

    def finished(self, mirrored: bool = False) -> Image.Image:
        """The RGBA picture at its final size."""
        image = self._image.reduce(self._scale)
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else image
