"""The sizes of images for boxes that are parts of them, where the ground truth does not tell them."""

from __future__ import annotations

import numpy as np

from inspector.dataset import Rows
from inspector.progress import Progress
from inspector.readers.parts import Context, GroundTruth, Keys
from inspector.reading import Convention


def sizes_of(
    images: Keys, convention: Convention, truth: GroundTruth | None, context: Context, progress: Progress
) -> Rows | None:
    """int32 [images, 2]: width and height, 0 where unknown; None where nobody needs them.

    Raises what `progress` raises.
    """
    if not convention.relative or (truth is not None and bool(truth.images.sizes.all())):
        return None
    found = context.sizes.find([name or "" for name in images.names], progress)
    rows = [row for row, name in enumerate(found) if name is not None]
    sizes = np.zeros((len(images), 2), np.int32)
    sizes[rows] = context.sizes.sizes([name for name in found if name is not None], progress)
    return sizes
