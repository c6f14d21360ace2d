"""IoU of the masks of detections with those of objects."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.dataset import Floats, Offsets


@dataclass(frozen=True, eq=False)
class PairIous:
    """The IoU of each pair that matching may ask for."""

    offsets: Offsets
    """int64 [images + 1] into the next."""
    values: Floats
    """float64: for each image, for each class on it that has detections and objects, ascending: IoU of its
    first min(n, max_dets) detections with each of its objects, detection by detection."""
