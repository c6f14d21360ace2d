"""The one box convention: x, y, width, height in pixels, float64."""

from __future__ import annotations

import numpy as np

from inspector.dataset import Flags, Floats


def overlaps(box: Floats, objects: Floats, crowd: Flags | None = None) -> Floats:
    """IoU of one detection's box (float64 [4]) with each object's (float64 [objects, 4]).

    For a crowd region the union is the detection's own area, as in the COCO API's `bbIou`.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # boxes of 1e308 are odd, but allowed
        size = np.minimum(box[:2] + box[2:], objects[:, :2] + objects[:, 2:]) - np.maximum(
            box[:2], objects[:, :2]
        )
        intersection = np.where((size > 0).all(axis=1), size[:, 0] * size[:, 1], 0.0)
        own = box[2] * box[3]
        union = own + objects[:, 2] * objects[:, 3] - intersection
        if crowd is not None:
            union = np.where(crowd, own, union)
        iou = np.zeros_like(intersection)
        np.divide(intersection, union, out=iou, where=intersection > 0)
    return iou
