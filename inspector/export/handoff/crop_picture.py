"""The picture of one flag: its place with context, the boxes, and a caption. Made with Pillow alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inspector.dataset import Dataset
from inspector.export.handoff.flags import Flag
from inspector.export.handoff.lettering import draw_text, text_width, wrapped
from inspector.export.report import one_line
from inspector.geometry import overlaps
from inspector.images import ImagePixels
from inspector.review.corrections import box_of, usable
from inspector.review.verdicts import Box, Judgement, Kind, Target
from inspector.review.words import JUDGEMENTS, KINDS

# Okabe & Ito's palette, as in the window, and a letter: never colour alone.
_DETECTION, _LABEL, _RIGHT, _OTHER = ("#D55E00", "D"), ("#0072B2", "L"), ("#009E73", "R"), ("#CC79A7", "O")
_PAPER, _INK, _MUTED, _EDGE = "#ffffff", "#1d2126", "#5d6570", "#ffffff"
_CONTEXT: Final = 0.6
"""On each side, as a part of the longer side of what is boxed."""
_LEAST_CONTEXT: Final = 24
_SHORTEST, _LONGEST, _LARGEST_SCALE = 480, 1024, 6.0
"""Pixels of the longer side of a crop; small ones are enlarged, but not beyond recognition."""
_LINE, _TEXT, _PADDING, _MARK = 3, 15, 8, 15
_SPEAKS_OF_IT: Final = 0.3
"""IoU from which on a detection speaks of the flagged object."""
_LONGEST_NOTE: Final = 1000
_LONGEST_LINE: Final = 640
"""Pixels of a line of text below a crop that is narrower."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One box of the picture."""

    box: Box
    mark: tuple[str, str]
    """Its colour, and the letter that stands at one of its corners."""
    text: str


def boxes_of(dataset: Dataset, flag: Flag) -> Sequence[Drawn]:
    """The label, the detection that speaks of the same place, the right box, and of a duplicate the other
    label; none for a whole image."""
    place, verdict = flag.place, flag.entry.verdict
    box = usable(place.box)
    if box is None:
        return ()
    right = usable(verdict.right_box)
    drawn = []
    if place.target is Target.OBJECT:
        drawn.append(Drawn(box, _LABEL, f"label: {place.class_name}"))
        other = _other_label(dataset, flag, box) if verdict.kind is Kind.DUPLICATE else None
        if other is not None:
            text = f"other label: {dataset.object_name(other)}, annotation {_object_id(dataset, other)}"
            drawn.append(Drawn(box_of(dataset.objects.boxes, other), _OTHER, text))
    seen = flag.detection_row if place.target is Target.DETECTION else _detection_at(dataset, flag, box)
    if seen is not None:
        score = float(dataset.detections.scores[seen])
        text = f"detection: {dataset.detection_name(seen)} {score:.2f}"
        drawn.append(Drawn(box_of(dataset.detections.boxes, seen), _DETECTION, text))
    elif place.target is Target.DETECTION:
        drawn.append(Drawn(box, _DETECTION, f"detection: {place.class_name}"))
    if right is not None:
        drawn.append(Drawn(right, _RIGHT, f"right: {verdict.right_class or place.class_name}"))
    return drawn


def picture_of(
    pixels: ImagePixels, declared: tuple[int, int], flag: Flag, drawn: Sequence[Drawn]
) -> Image.Image:
    """The crop with its boxes, which are in pixels of the `declared` size, and below it what is wrong."""
    width, height = pixels.size
    stretch = (width / (declared[0] or width), height / (declared[1] or height))
    boxes = [_stretched(item.box, stretch) for item in drawn]
    left, top, right, bottom = _cut(boxes, (width, height))
    longer = max(right - left, bottom - top)
    scale = min(_LONGEST / longer, max(1.0, min(_SHORTEST / longer, _LARGEST_SCALE)))
    size = max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale))
    crop = Image.fromarray(pixels.levels[0][top:bottom, left:right, 2::-1].copy())
    picture = crop.resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    on_picture = [
        ((box[0] - left) * scale, (box[1] - top) * scale, box[2] * scale, box[3] * scale) for box in boxes
    ]
    for box, item in zip(on_picture, drawn, strict=True):
        _draw_box(draw, box, item)
    for box, item in zip(on_picture, drawn, strict=True):  # no box is drawn over a letter
        _draw_letter(draw, box, item, size)
    return _with_caption(picture, flag, drawn)


def headline(flag: Flag) -> str:
    """What is wrong, in a few words: "wrong class: car, right: van"."""
    place, verdict = flag.place, flag.entry.verdict
    kind = JUDGEMENTS[Judgement.LABEL] if verdict.kind is None else KINDS[verdict.kind]
    what = f"{kind}: {place.class_name or 'the whole image'}"
    return f"{what}, right: {verdict.right_class}" if verdict.right_class else what


def _detection_at(dataset: Dataset, flag: Flag, box: Box) -> int | None:
    """The best of the detections that speak of the flagged object."""
    if flag.image_row is None:
        return None
    within = dataset.detections_of(flag.image_row)
    boxes = dataset.detections.boxes[within]
    near = (overlaps(np.array(box), boxes) >= _SPEAKS_OF_IT).nonzero()[0]
    scores = dataset.detections.scores[within][near]
    return within.start + int(near[scores.argmax()]) if len(near) else None


def _other_label(dataset: Dataset, flag: Flag, box: Box) -> int | None:
    """The label that the flagged one doubles: it overlaps it most, and is of its class where one is."""
    if flag.image_row is None or flag.object_row is None:
        return None
    within = dataset.objects_of(flag.image_row)
    shared = overlaps(np.array(box), dataset.objects.boxes[within])
    shared[flag.object_row - within.start] = 0.0
    classes = dataset.objects.classes[within]
    same = shared * (classes == dataset.objects.classes[flag.object_row])
    best = int((same if same.any() else shared).argmax())
    return within.start + best if shared[best] > 0 else None


def _object_id(dataset: Dataset, row: int) -> object:
    return dataset.objects.ids[row : row + 1].tolist()[0]


def _stretched(box: Box, stretch: tuple[float, float]) -> Box:
    (x, y, width, height), (across, down) = box, stretch
    return x * across, y * down, width * across, height * down


def _cut(boxes: Sequence[Box], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is shown: all boxes with context, within the image; or it all."""
    width, height = size
    if not boxes:
        return 0, 0, width, height
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    context = max(_LEAST_CONTEXT, _CONTEXT * max(right - left, bottom - top))
    # A box that lies outside of the image still leaves a pixel of it to be shown.
    left, top = min(max(0.0, left - context), width - 1), min(max(0.0, top - context), height - 1)
    right, bottom = max(min(width, right + context), left + 1), max(min(height, bottom + context), top + 1)
    return int(left), int(top), min(width, round(right)), min(height, round(bottom))


def _draw_box(draw: ImageDraw.ImageDraw, box: Box, item: Drawn) -> None:
    """A line in its colour with a light edge on both sides, so that it shows on any ground."""
    x, y, width, height = box
    right, bottom = x + max(width, 1.0), y + max(height, 1.0)
    draw.rectangle((x - 1, y - 1, right + 1, bottom + 1), None, _EDGE, _LINE + 2)
    draw.rectangle((x, y, right, bottom), None, item.mark[0], _LINE)


def _draw_letter(draw: ImageDraw.ImageDraw, box: Box, item: Drawn, size: tuple[int, int]) -> None:
    """Outside of the box, each at a corner of its own, so that boxes at one place do not hide them."""
    x, y, width, height = box
    left = x + width - _MARK + 1 if item.mark in (_DETECTION, _OTHER) else x - 1
    top = y + height + 2 if item.mark in (_RIGHT, _OTHER) else y - _MARK - 2
    places = [min(max(0.0, place), side - _MARK - 1) for place, side in zip((left, top), size, strict=True)]
    _draw_mark(draw, places[0], places[1], item.mark)


def _draw_mark(draw: ImageDraw.ImageDraw, x: float, y: float, mark: tuple[str, str]) -> None:
    colour, letter = mark
    draw.rectangle((x, y, x + _MARK, y + _MARK), colour)
    middle = x + _MARK / 2 + 0.5, y + _MARK / 2 + 0.5
    draw.text(middle, letter, _EDGE, ImageFont.load_default(_MARK - 3), anchor="mm")


def _with_caption(picture: Image.Image, flag: Flag, drawn: Sequence[Drawn]) -> Image.Image:
    """The picture with lines of text below it: what is wrong, the boxes by colour, the note, where it is."""
    place, note = flag.place, one_line(flag.entry.verdict.note, _LONGEST_NOTE)
    where = place.image if place.object_id is None else f"{place.image}, annotation {place.object_id}"
    lines = [(headline(flag), _INK, None), *((item.text, _INK, item.mark) for item in drawn)]
    lines += [(f"note: {note}", _INK, None)] if note else []
    lines += [(where, _MUTED, None)]
    step, margins = _TEXT + 6, 2 * _PADDING + _MARK + 6
    widest = max(text_width(one_line(text), _TEXT) for text, _, _ in lines) + margins
    width = max(picture.width, min(math.ceil(widest), _LONGEST_LINE))
    rows = [
        (part, colour, mark, line == 0)
        for text, colour, mark in lines
        for line, part in enumerate(wrapped(one_line(text), _TEXT, width - margins))
    ]
    whole = Image.new("RGB", (width, picture.height + 2 * _PADDING + step * len(rows)), _PAPER)
    whole.paste(picture, (0, 0))
    draw = ImageDraw.Draw(whole)
    for number, (text, colour, mark, is_first) in enumerate(rows):
        x, y = _PADDING, picture.height + _PADDING + step * number
        if mark is not None and is_first:
            _draw_mark(draw, x, y + 1, mark)
        draw_text(draw, (x if mark is None else x + _MARK + 6, y), text, colour, _TEXT)
    return whole
