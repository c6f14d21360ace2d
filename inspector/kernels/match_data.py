"""What the matching kernels are given: columns of a dataset, room to work in, and where matches go."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inspector.dataset import Flags, Floats, Offsets, Rows
from inspector.kernels.jit import boolean, float64, int32, int64, reads, types, writes


class Columns(NamedTuple):
    """What matching reads of a dataset; see `inspector.dataset`, whose arrays are read-only."""

    object_offsets: Offsets
    object_classes: Rows
    object_boxes: Floats
    object_areas: Floats
    object_crowd: Flags
    object_ignored: Flags
    """Never counted, and can be taken again and again: crowd regions, and what else the protocol ignores."""
    detection_offsets: Offsets
    detection_classes: Rows
    detection_boxes: Floats
    detection_areas: Floats
    """Empty: width x height of the boxes."""
    iou_offsets: Offsets
    """int64 [images + 1] into the next; empty where the IoU is that of the boxes."""
    ious: Floats
    """Per image and class with both sides: IoU of its first `max_dets` detections with each object."""


COLUMNS = types.NamedTuple(
    (
        reads(int64),
        reads(int32),
        reads(float64, 2),
        reads(float64),
        reads(boolean),
        reads(boolean),
        reads(int64),
        reads(int32),
        reads(float64, 2),
        reads(float64),
        reads(int64),
        reads(float64),
    ),
    Columns,
)


class Scratch(NamedTuple):
    """Room for one group of D detections and G objects, the largest there is, at T IoU thresholds."""

    iou: Floats
    """float64 [D, G]."""
    best: Floats
    """float64 [D]."""
    ignored: Flags
    """bool [G]."""
    taken: Flags
    """bool [G]."""
    visit: Offsets
    """int64 [G]."""
    partners: Rows
    """int32 [D, T]."""
    uniform: Rows
    """int32 [D, T]."""


SCRATCH = types.NamedTuple(
    (
        writes(float64, 2),
        writes(float64),
        writes(boolean),
        writes(boolean),
        writes(int64),
        writes(int32, 2),
        writes(int32, 2),
    ),
    Scratch,
)


class Matches(NamedTuple):
    """Who met whom at one IoU threshold."""

    objects: Rows
    """int32 [detections]: object row."""
    detections: Rows
    """int32 [objects]: detection row."""
    ious: Floats
    """float64 [objects]."""


MATCHES = types.NamedTuple((writes(int32), writes(int32), writes(float64)), Matches)


def largest_image(data: Columns) -> tuple[int, int]:
    """The most detections and the most objects on an image."""
    detections, objects = (np.diff(offsets) for offsets in (data.detection_offsets, data.object_offsets))
    return int(detections.max(initial=0)), int(objects.max(initial=0))


def scratch_for(largest: tuple[int, int], max_dets: int, n_ious: int) -> Scratch:
    """Room for the largest image. Made in Python: compiling `np.empty` takes longer than all its calls."""
    d, g = min(max_dets, largest[0]), largest[1]
    return Scratch(
        np.empty((d, g)),
        np.empty(d),
        np.empty(g, dtype=np.bool_),
        np.empty(g, dtype=np.bool_),
        np.empty(g, dtype=np.int64),
        np.empty((d, n_ious), dtype=np.int32),
        np.empty((d, n_ious), dtype=np.int32),
    )
