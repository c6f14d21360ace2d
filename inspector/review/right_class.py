"""Which class an object may really be of."""

from __future__ import annotations

from typing import Final

import numpy as np

from inspector.dataset import Dataset
from inspector.geometry import overlaps

_LEAST_IOU: Final = 0.1


def class_names(dataset: Dataset) -> tuple[str, ...]:
    """What the files call the classes, also where they are evaluated as one."""
    return dataset.classes.names if dataset.labels is None else dataset.labels.names


def likely_class(dataset: Dataset, object_row: int) -> str:
    """The class of the detection of another class that overlaps an object best; "" where none does."""
    rows = dataset.detections_of(int(dataset.objects.images[object_row]))
    own = dataset.object_name(object_row)
    iou = overlaps(dataset.objects.boxes[object_row], dataset.detections.boxes[rows])
    # Of equals the one with the higher score.
    for row in np.lexsort((-dataset.detections.scores[rows], -iou)).tolist():
        if iou[row] < _LEAST_IOU:
            break
        if (name := dataset.detection_name(rows.start + row)) != own:
            return name
    return ""
