"""The sizes of images for boxes that are parts of them, where the ground truth does not tell them."""

from __future__ import annotations

from typing import Final

import numpy as np

from inspector.dataset import Rows
from inspector.progress import Progress
from inspector.readers.parts import Context, GroundTruth, Keys
from inspector.reading import Convention

_STAGE: Final = "Looking up the sizes of images"


def sizes_of(
    images: Keys, convention: Convention, truth: GroundTruth | None, context: Context, progress: Progress
) -> Rows | None:
    """int32 [images, 2]: width and height, 0 where unknown; None where nobody needs them.

    Raises what `progress` raises.
    """
    if not convention.relative or (truth is not None and bool(truth.images.sizes.all())):
        return None
    files: dict[str, str] = {}
    for file in context.sizes.names():
        stem = file.rpartition(".")[0] or file
        for called in (file, stem, file.rpartition("/")[2], stem.rpartition("/")[2]):
            files.setdefault(called, file)
    sizes = np.zeros((len(images), 2), np.int32)
    for row, name in enumerate(images.names):
        if row % 64 == 0:
            progress(_STAGE, row / len(images))
        plain = (name or "").replace("\\", "/")
        there = files.get(plain) or files.get(plain.rpartition("/")[2])
        size = None if there is None else context.sizes.size(there)
        if size is not None:
            sizes[row] = size
    return sizes
