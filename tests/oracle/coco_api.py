"""What the COCO API itself says, through pycocotools."""

from __future__ import annotations

import contextlib
import copy
import io
from typing import Any

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

STATS = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl")


def coco_evaluation(
    ground_truth: dict[str, Any], results: list[dict[str, Any]], *, image_ids: list[int] | None = None
) -> COCOeval:
    """Run COCOeval for boxes, quietly: `eval["precision"]` ... hold its arrays, `stats` its numbers."""
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = copy.deepcopy(ground_truth)
        truth.createIndex()
        if results:
            detections = truth.loadRes(copy.deepcopy(results))
        else:  # loadRes cannot read an empty list
            detections = COCO()
            detections.dataset = {**copy.deepcopy(ground_truth), "annotations": []}
            detections.createIndex()
        evaluation = COCOeval(truth, detections, "bbox")
        if image_ids is not None:
            evaluation.params.imgIds = image_ids
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation
