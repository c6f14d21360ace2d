"""What the COCO API calls its parameters: the thresholds, size ranges and limits of an evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from inspector.dataset import Flags, Floats, Objects

IouType = Literal["bbox", "segm"]
ApRule = Literal["coco", "voc07", "voc10"]
AP_RULES: Final[dict[ApRule, tuple[str, str]]] = {
    "coco": ("COCO", "101 recall points"),
    "voc07": ("VOC 2007", "11 recall points"),
    "voc10": ("VOC 2010", "area under the envelope"),
}
"""What people call each rule, and how it averages."""
LARGEST_AREA: Final = 1e5**2
"""Square pixels: COCO's upper end of "all" and "large"; what is larger counts nowhere."""


VOC07_RECALLS: Final = tuple(i * 0.1 if i <= 5 else 1 - (10 - i) * 0.1 for i in range(11))
"""The 11 recall levels of the VOC development kit: what MATLAB makes of 0:0.1:1, counted from both ends."""


@dataclass(frozen=True, slots=True)
class SizeRange:
    """Objects whose area in square pixels lies in [low, high]; the others are ignored."""

    name: str
    low: float
    high: float


ALL_SIZES: Final = SizeRange("all", 0.0, LARGEST_AREA)
COCO_SIZES: Final = (
    SizeRange("small", 0.0, 32.0**2),
    SizeRange("medium", 32.0**2, 96.0**2),
    SizeRange("large", 96.0**2, LARGEST_AREA),
)


@dataclass(frozen=True, slots=True)
class Protocol:
    """How detections are matched and averaged. The defaults are COCO's for boxes.

    Source: the COCO API, `Params.setDetParams` in cocoeval.py. The thresholds come from the same
    `linspace` calls, so that they are the same floating-point numbers.
    """

    iou_thresholds: tuple[float, ...] = tuple(np.linspace(0.5, 0.95, 10).tolist())
    recall_thresholds: tuple[float, ...] = tuple(np.linspace(0.0, 1.0, 101).tolist())
    size_ranges: tuple[SizeRange, ...] = (ALL_SIZES, *COCO_SIZES)
    """The first range holds every object: its matches are the ones that the views show."""
    max_dets: tuple[int, ...] = (1, 10, 100)
    """Ascending: how many of the best-scored detections of a class on an image are evaluated."""
    iou_type: IouType = "bbox"
    """Whether boxes or masks are compared."""
    ap_rule: ApRule = "coco"
    """How average precision follows from the ranked detections. VOC's rules ignore difficult objects, too;
    who matches whom is settled by COCO's matching for all of them."""
    class_agnostic: bool = False
    """Whether the dataset was made to have one class: see `inspector.selection.class_agnostic`."""

    @property
    def ignores_difficult(self) -> bool:
        """Whether objects that are marked as difficult count neither as found nor as missed."""
        return self.ap_rule != "coco"

    @property
    def averaged_recalls(self) -> Floats:
        """float64 [recall levels]: where the envelope is read for average precision (not by VOC 2010)."""
        return np.array(VOC07_RECALLS if self.ap_rule == "voc07" else self.recall_thresholds)

    def iou_index(self, iou: float) -> int | None:
        """Position of an IoU threshold (to 1e-9), or None where it was not matched at."""
        found = np.flatnonzero(np.isclose(self.iou_thresholds, iou, rtol=0.0, atol=1e-9))
        return int(found[0]) if len(found) else None

    @property
    def size_limits(self) -> Floats:
        """float64 [size ranges, 2]: low and high area in square pixels."""
        return np.array([(size.low, size.high) for size in self.size_ranges], dtype=np.float64)

    @property
    def iou_span(self) -> str:
        """The IoU thresholds in short: "0.50" or "0.50:0.05:0.95"."""
        ious = self.iou_thresholds
        if len(ious) == 1:
            return short_iou(ious[0])
        return f"{short_iou(ious[0])}:{short_iou(ious[1] - ious[0])}:{short_iou(ious[-1])}"

    def describe(self) -> str:
        """One line for people."""
        name, averaging = AP_RULES[self.ap_rule]
        what = "masks" if self.iou_type == "segm" else "boxes"
        classes = ", class-agnostic" if self.class_agnostic else ""
        limits = "/".join(str(limit) for limit in self.max_dets)
        matching = "" if self.ap_rule == "coco" else ", matched by COCO's rules"
        return f"{name} {what}{classes}, IoU {self.iou_span}, {averaging}, maxDets {limits}{matching}"


def never_counted(objects: Objects, protocol: Protocol) -> Flags:
    """bool [objects]: ignored whatever their size: crowd regions and, by VOC's rules, difficult objects."""
    return objects.crowd | objects.difficult if protocol.ignores_difficult else objects.crowd


def short_iou(value: float) -> str:
    """Two decimals, more where they are needed."""
    rounded = f"{value:.2f}"
    return rounded if abs(float(rounded) - value) < 1e-9 else f"{value:.4g}"
