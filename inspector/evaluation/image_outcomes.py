"""What became of each object and detection of one image at the operating point, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset
from inspector.evaluation.box_outcomes import object_codes, shown_detections
from inspector.evaluation.mask_iou import mask_overlaps
from inspector.evaluation.matching import MatchTable
from inspector.evaluation.operating_point import OperatingPoint
from inspector.geometry import overlaps
from inspector.outcomes import (
    IGNORED,
    NO_MATCH,
    NOT_EVALUATED,
    TRUE_POSITIVE,
    Codes,
)

_NEAR = 0.1
"""The least IoU at which a box of another class, or a badly placed one, is named as the reason."""


@dataclass(frozen=True, eq=False)
class ImageOutcomes:
    """The boxes of one image that the operating point shows."""

    detections: NDArray[np.int64]
    """Detection rows: score >= confidence and a chosen class, in the dataset's order."""
    detection_codes: Codes
    objects: NDArray[np.int64]
    """Object rows of the chosen classes."""
    object_codes: Codes
    """TRUE_POSITIVE for a matched object, FALSE_NEGATIVE or IGNORED."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a box has its outcome, in words that can be checked on the canvas."""

    reason: str
    partner: int | None
    """The row on the other side that the reason speaks of (an object's for a detection and vice versa)."""
    iou: float | None
    """With the partner."""


def outcomes_of(dataset: Dataset, table: MatchTable, point: OperatingPoint, image_row: int) -> ImageOutcomes:
    """The outcomes on one image."""
    chosen = point.chosen(len(dataset.classes))
    found, there = dataset.detections_of(image_row), dataset.objects_of(image_row)
    detections = np.flatnonzero(shown_detections(dataset, point, found)) + found.start
    objects = np.flatnonzero(chosen[dataset.objects.classes[there]]) + there.start
    codes = object_codes(dataset, table, point.confidence, objects)
    return ImageOutcomes(detections, table.outcomes[detections], objects, codes)


def explain_detection(dataset: Dataset, table: MatchTable, row: int) -> Explanation:
    """Why a detection is a TP, an FP or ignored."""
    detections, objects = dataset.detections, dataset.objects
    there = dataset.objects_of(int(detections.images[row]))
    if table.protocol.iou_type == "segm":
        iou = mask_overlaps(dataset, slice(row, row + 1), there)[0]
    else:
        iou = overlaps(detections.boxes[row], objects.boxes[there], objects.crowd[there])
    code, match = table.outcomes[row], table.matches[row]
    class_name = dataset.detection_name(row)
    if code == NOT_EVALUATED:
        limit = table.protocol.max_dets[-1]
        return Explanation(f"beyond the {limit} best {class_name} detections of this image", None, None)
    if match != NO_MATCH:
        what = _ignored_object(dataset, int(match))
        reason = "matches an object of its class" if code == TRUE_POSITIVE else f"matches {what}: not counted"
        return Explanation(reason, int(match), float(iou[match - there.start]))
    if code == IGNORED:
        return Explanation("outside the size range: not counted", None, None)
    same = objects.classes[there] == detections.classes[row]
    return _explain_false_positive(dataset, table, there.start, np.where(same, iou, 0.0), iou)


def _explain_false_positive(
    dataset: Dataset,
    table: MatchTable,
    first_object: int,
    same_class: NDArray[np.float64],
    any_class: NDArray[np.float64],
) -> Explanation:
    needed = table.iou_threshold
    if not len(any_class):
        return Explanation("background: no object on this image", None, None)
    nearest, other = int(same_class.argmax()), int(any_class.argmax())
    if same_class[nearest] >= needed:
        object_row = first_object + nearest
        taker = table.object_matches[object_row]
        score = dataset.detections.scores[taker]
        reason = f"duplicate: a detection scoring {score:.2f} already has this object"
        return Explanation(reason, object_row, float(same_class[nearest]))
    name = dataset.object_name(first_object + other)
    if any_class[other] >= needed:
        return Explanation(
            f"wrong class: the object is a {name}", first_object + other, float(any_class[other])
        )
    if same_class[nearest] >= _NEAR:
        reason = f"badly placed: IoU {needed:.2f} is needed"
        return Explanation(reason, first_object + nearest, float(same_class[nearest]))
    if any_class[other] > 0:
        much = "only part of" if any_class[other] >= _NEAR else "it hardly touches"
        overlaps_it = " overlaps" if any_class[other] >= _NEAR else ""
        reason = f"background: {much} a {name}{overlaps_it}"
        return Explanation(reason, first_object + other, float(any_class[other]))
    return Explanation("background: no object overlaps", None, None)


def explain_object(dataset: Dataset, table: MatchTable, point: OperatingPoint, row: int) -> Explanation:
    """Why an object is matched, missed or ignored."""
    objects, detections = dataset.objects, dataset.detections
    if table.object_ignored[row]:
        return Explanation(f"{_ignored_object(dataset, row)}: neither a hit nor a miss", None, None)
    found = dataset.detections_of(int(objects.images[row]))
    if table.protocol.iou_type == "segm":
        iou = mask_overlaps(dataset, found, slice(row, row + 1))[:, 0]
    else:  # symmetric where no crowd region is involved
        iou = overlaps(objects.boxes[row], detections.boxes[found])
    match = int(table.object_matches[row])
    if match != NO_MATCH:
        score, with_match = detections.scores[match], float(iou[match - found.start])
        if score >= point.confidence:
            return Explanation("found by a detection of its class", match, with_match)
        return Explanation(f"its detection scores {score:.3f}, below the threshold", match, with_match)
    shown = detections.scores[found] >= point.confidence
    same = shown & (detections.classes[found] == objects.classes[row])
    nearest, other = _best(iou, same), _best(iou, shown & ~same)
    needed = table.iou_threshold
    if other is not None and iou[other] >= needed:
        name = dataset.detection_name(found.start + other)
        return Explanation(f"detected as {name}", found.start + other, float(iou[other]))
    if nearest is not None and iou[nearest] >= needed:
        return Explanation("its detection matched another object", found.start + nearest, float(iou[nearest]))
    if nearest is not None and iou[nearest] >= _NEAR:
        reason = f"badly placed detection: IoU {needed:.2f} is needed"
        return Explanation(reason, found.start + nearest, float(iou[nearest]))
    closest = _best(iou, shown)
    if closest is not None and iou[closest] > 0:
        reason = "no detection overlaps it enough at this confidence"
        return Explanation(reason, found.start + closest, float(iou[closest]))
    return Explanation("no detection overlaps it at this confidence", None, None)


def _ignored_object(dataset: Dataset, row: int) -> str:
    """Why an object does not count."""
    objects = dataset.objects
    if objects.crowd[row]:
        return "a crowd region"
    return "a difficult object" if objects.difficult[row] else "an object outside the size range"


def _best(iou: NDArray[np.float64], among: NDArray[np.bool_]) -> int | None:
    return int(np.where(among, iou, -1.0).argmax()) if among.any() else None
