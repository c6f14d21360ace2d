"""Draws the pictures of the scenes."""

from __future__ import annotations

from functools import cache

from PIL import Image, ImageDraw

from inspector.demo.backdrop_parts import LIGHTINGS
from inspector.demo.dice import Dice
from inspector.demo.kinds import BY_NAME
from inspector.demo.pen import Pen
from inspector.demo.scenes import PlacedObject, Scene

_SHADOW_SIZE = (96, 24)


@cache
def _shadow() -> Image.Image:
    """A soft flat oval, as an L picture to be scaled."""
    width, height = _SHADOW_SIZE
    shadow = Image.new("L", _SHADOW_SIZE, 0)
    draw = ImageDraw.Draw(shadow)
    for ring in range(8):
        inset = ring / 16
        corners = (width * inset, height * inset, width * (1 - inset) - 1, height * (1 - inset) - 1)
        draw.ellipse(corners, 12 * (ring + 1))
    return shadow


def _paint_object(image: Image.Image, scene: Scene, placed: PlacedObject) -> None:
    left, top, width, height = placed.drawn
    if placed.shadow:
        wide, flat = round(width * 1.12) + 2, max(3, round(min(height, width) * 0.16) + 2)
        shadow = _shadow().resize((wide, flat))
        image.paste((16, 20, 34), (left + (width - wide) // 2, top + height - round(flat * 0.62)), shadow)
    pen = Pen(width, height, LIGHTINGS[scene.lighting].light)
    BY_NAME[placed.kind].forms[placed.form].draw(pen, Dice(placed.look))
    sprite = pen.finished(placed.mirrored)
    image.paste(sprite, (left, top), sprite)


def paint_scene(scene: Scene, backdrop: Image.Image) -> Image.Image:
    """The RGB picture as it is to be displayed, `scene.size` large."""
    left, top = scene.corner
    width, height = scene.size
    image = backdrop.crop((left, top, left + width, top + height))
    if scene.mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for placed in scene.objects:
        _paint_object(image, scene, placed)
    return image
