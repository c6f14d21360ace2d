"""Tells pictures whose colours are classes from photos: semantic segmentation is not read yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from inspector.images.opening import opened
from inspector.images.problem import ImageProblem
from inspector.readers.folders import files_below

NOT_YET: Final = (
    "holds label pictures of semantic segmentation, which cannot be opened yet: give boxes, polygons or run "
    "lengths of objects, such as COCO JSON, YOLO or Pascal VOC XML"
)
_SAMPLE: Final = 4
_MOST_PIXELS: Final = 16_000_000
_MOST_VALUES: Final = 48
_MODES: Final = ("1", "L", "P", "I;16", "I")


def hold_label_images(path: Path) -> bool:
    """Whether a PNG, or the PNGs of a folder at any depth, are label pictures."""
    if not path.is_dir():
        return path.suffix.lower() == ".png" and are_label_images([path])
    names = files_below(path, (".png",))
    return bool(names) and are_label_images([path / name for name in names])


def are_label_images(paths: Sequence[Path]) -> bool:
    """Whether most of some PNGs hold few distinct grey or palette values, as labels do and photos do not."""
    sample = [paths[i * len(paths) // _SAMPLE] for i in range(_SAMPLE)] if len(paths) > _SAMPLE else paths
    few = sum(_has_few_values(path) for path in sample)
    return few * 2 > len(sample)


def _has_few_values(path: Path) -> bool:
    try:
        with opened(path, _MOST_PIXELS) as source:
            if source.image.mode not in _MODES:
                return False
            source.load()
            return len(np.unique(np.asarray(source.image))) <= _MOST_VALUES
    except ImageProblem:
        return False
