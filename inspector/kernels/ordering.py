"""Where the rows of each image begin, and sorting those of an image by class and score."""

from __future__ import annotations

import numpy as np

from inspector.dataset import Floats, Offsets, Rows
from inspector.kernels.jit import boolean, float64, inner, int32, int64, kernel, reads, void, writes

_SHORT = 12
"""Runs of this length are sorted by insertion before they are merged."""


@kernel(void(reads(int32), writes(int64)))
def count_keys(keys: Rows, offsets: Offsets) -> None:
    """`offsets` int64 [possible keys + 1]: where the rows of each key begin when they are sorted by key."""
    offsets[:] = 0
    for k in keys:
        offsets[k + 1] += 1
    for k in range(offsets.shape[0] - 1):
        offsets[k + 1] += offsets[k]


@inner(boolean(reads(int32), reads(float64), int64, int64))
def comes_before(classes: Rows, scores: Floats, one: int, other: int) -> bool:
    """By class, then by descending score."""
    if classes[one] != classes[other]:
        return bool(classes[one] < classes[other])
    return bool(scores[one] > scores[other])


@kernel(void(int64, int64, reads(int64), reads(int32), reads(int32), reads(float64), writes(int32)))
def sort_images(
    first: int, end: int, offsets: Offsets, images: Rows, classes: Rows, scores: Floats, rows: Rows
) -> None:
    """Fill in the rows of the images from `first` to `end`, by image, class and descending score, stably.

    `rows` int32: those of image i stand from offsets[i] to offsets[i + 1]. Every call goes through all of
    `images`: that is cheap, and so calls for other images can run side by side. Each image is sorted by
    merging; keys of 64 bits that are merged without branches were not faster.
    """
    at = offsets[first:end].copy()
    longest = 0
    for image in range(first, end):
        longest = max(longest, offsets[image + 1] - offsets[image])
    for row in range(images.shape[0]):
        place = images[row] - first
        if 0 <= place < at.shape[0]:
            rows[at[place]] = row
            at[place] += 1
    # The keys of one image side by side: where they are, every comparison would wait for the memory
    own_rows, own_classes, own_scores = (
        np.empty(longest, np.int32),
        np.empty(longest, np.int32),
        np.empty(longest),
    )
    order, spare = np.empty(longest, np.int32), np.empty(longest, np.int32)
    for image in range(first, end):
        begin, n = offsets[image], offsets[image + 1] - offsets[image]
        for i in range(n):
            row = rows[begin + i]
            own_rows[i], own_classes[i], own_scores[i] = row, classes[row], scores[row]
        for start in range(0, n, _SHORT):
            for i in range(start, min(start + _SHORT, n)):
                j = i
                while j > start and comes_before(own_classes, own_scores, i, order[j - 1]):
                    order[j] = order[j - 1]
                    j -= 1
                order[j] = i
        width = _SHORT
        while width < n:
            for left in range(0, n, 2 * width):
                middle, right = min(left + width, n), min(left + 2 * width, n)
                i, j = left, middle
                for k in range(left, right):
                    # from the right only what comes before: equal rows keep their order
                    if j < right and (
                        i >= middle or comes_before(own_classes, own_scores, order[j], order[i])
                    ):
                        spare[k] = order[j]
                        j += 1
                    else:
                        spare[k] = order[i]
                        i += 1
            order, spare = spare, order
            width *= 2
        for i in range(n):
            rows[begin + i] = own_rows[order[i]]
