"""Tells ground truth in text files by the first lines of some of them."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Literal

import numpy as np

from inspector.conventions import looks_relative
from inspector.errors import InputError
from inspector.images.paths import IMAGE_SUFFIXES
from inspector.readers.text.label_layout import is_image_list
from inspector.readers.text.label_parts import is_settings, parts_of
from inspector.readers.text.sample import sampled, some_text_files

_SUFFIXES = tuple(suffix.encode() for suffix in IMAGE_SUFFIXES)


def looks_like_labels(path: Path) -> Literal["yolo", "text"] | None:
    """ "yolo" for boxes or polygons in parts of the image, "text" for boxes in pixels; None for neither."""
    try:
        if not path.is_dir():
            if is_settings(path.name):
                return "yolo" if parts_of(path) else None
            if path.suffix.lower() != ".txt":
                return None
            if is_image_list(path):
                return "yolo"
        fields = sampled(*some_text_files(path))
    except InputError:
        return None
    lines = [one.numbers for one in fields if one.numbers and not one.word.lower().endswith(_SUFFIXES)]
    boxes = [numbers for numbers in lines if len(numbers) == 4]
    polygons = [numbers for numbers in lines if len(numbers) >= 6 and len(numbers) % 2 == 0]
    if 2 * (len(boxes) + len(polygons)) > len(lines) and looks_relative(
        np.array([*chain.from_iterable(boxes), *chain.from_iterable(polygons)])
    ):
        return "yolo"
    return "text" if 2 * len(boxes) > len(lines) else None
