"""What the COCO API calls its parameters: the thresholds, size ranges and limits of an evaluation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.dataset import Floats


@dataclass(frozen=True, slots=True)
class SizeRange:
    """Objects whose area in square pixels lies in [low, high]; the others are ignored."""

    name: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Protocol:
    """How detections are matched and averaged. The defaults are COCO's for boxes.

    Source: the COCO API, `Params.setDetParams` in cocoeval.py. The thresholds come from the same
    `linspace` calls, so that they are the same floating-point numbers.
    """

    iou_thresholds: tuple[float, ...] = tuple(np.linspace(0.5, 0.95, 10).tolist())
    recall_thresholds: tuple[float, ...] = tuple(np.linspace(0.0, 1.0, 101).tolist())
    size_ranges: tuple[SizeRange, ...] = (
        SizeRange("all", 0.0, 1e5**2),
        SizeRange("small", 0.0, 32.0**2),
        SizeRange("medium", 32.0**2, 96.0**2),
        SizeRange("large", 96.0**2, 1e5**2),
    )
    """The first range holds every object: its matches are the ones that the views show."""
    max_dets: tuple[int, ...] = (1, 10, 100)
    """Ascending: how many of the best-scored detections of a class on an image are evaluated."""

    def iou_index(self, iou: float) -> int | None:
        """Position of an IoU threshold (to 1e-9), or None where it was not matched at."""
        found = np.flatnonzero(np.isclose(self.iou_thresholds, iou, rtol=0.0, atol=1e-9))
        return int(found[0]) if len(found) else None

    @property
    def size_limits(self) -> Floats:
        """float64 [size ranges, 2]: low and high area in square pixels."""
        return np.array([(size.low, size.high) for size in self.size_ranges], dtype=np.float64)

    def describe(self) -> str:
        """One line for people."""
        ious = self.iou_thresholds
        step = f":{ious[1] - ious[0]:.2f}" if len(ious) > 1 else ""
        span = f"{ious[0]:.2f}{step}:{ious[-1]:.2f}" if len(ious) > 1 else f"{ious[0]:.2f}"
        limits = "/".join(str(limit) for limit in self.max_dets)
        return f"COCO boxes, IoU {span}, {len(self.recall_thresholds)} recall points, maxDets {limits}"
