"""What the COCO API itself says, through pycocotools."""

from __future__ import annotations

import contextlib
import copy
import io
from typing import Any

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from inspector.evaluation.protocol import Protocol

STATS = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl")


def coco_evaluation(
    ground_truth: dict[str, Any],
    results: list[dict[str, Any]],
    *,
    image_ids: list[int] | None = None,
    class_ids: list[int] | None = None,
    use_classes: bool = True,
    iou_type: str = "bbox",
    protocol: Protocol | None = None,
) -> COCOeval:
    """Run COCOeval, quietly: `eval["precision"]` ... hold its arrays, `stats` its numbers.

    With another protocol, which sets thresholds, limits and size ranges, there are no `stats`: the API can
    only summarize its own.
    """
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
        evaluation = COCOeval(truth, detections, iou_type)
        params = evaluation.params
        params.imgIds = params.imgIds if image_ids is None else image_ids
        params.catIds = params.catIds if class_ids is None else class_ids
        params.useCats = int(use_classes)
        if protocol is not None:
            params.iouThrs = np.array(protocol.iou_thresholds)
            params.maxDets = list(protocol.max_dets)
            params.areaRng = [[size.low, size.high] for size in protocol.size_ranges]
            params.areaRngLbl = [size.name for size in protocol.size_ranges]
        evaluation.evaluate()
        evaluation.accumulate()
        if protocol is None:
            evaluation.summarize()
    return evaluation
