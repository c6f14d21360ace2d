"""The best overlap of detections with the objects of their image."""

from __future__ import annotations

from inspector.dataset import Flags, Floats, Offsets, Rows
from inspector.kernels.jit import boolean, float64, int32, int64, kernel, reads, void, writes


@kernel(
    void(
        reads(int32),
        reads(int32),
        reads(float64, 2),
        reads(int64),
        reads(float64, 2),
        reads(boolean),
        writes(float64),
    )
)
def best_overlaps(
    rows: Rows,
    images: Rows,
    boxes: Floats,
    object_offsets: Offsets,
    object_boxes: Floats,
    crowd: Flags,
    best: Floats,
) -> None:
    """The highest IoU of each of the detections `rows` with an object of its image, of whatever class.

    `best` float64 [rows]: 0 where nothing overlaps. As `inspector.geometry.overlaps`, box by box.
    """
    for i in range(rows.shape[0]):
        d = rows[i]
        left, top, width, height = boxes[d, 0], boxes[d, 1], boxes[d, 2], boxes[d, 3]
        right, bottom, own = left + width, top + height, width * height
        highest = 0.0
        for g in range(object_offsets[images[d]], object_offsets[images[d] + 1]):
            x, y, w, h = object_boxes[g, 0], object_boxes[g, 1], object_boxes[g, 2], object_boxes[g, 3]
            across = (right if right < x + w else x + w) - (left if left > x else x)
            down = (bottom if bottom < y + h else y + h) - (top if top > y else y)
            if across <= 0 or down <= 0:
                continue
            common = across * down
            union = own if crowd[g] else own + w * h - common
            iou = common / union if common > 0 else 0.0
            if iou > highest:
                highest = iou
        best[i] = highest
