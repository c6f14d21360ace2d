"""What became of some boxes at the operating point, wherever they lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags
from inspector.evaluation.matching import MatchTable
from inspector.evaluation.operating_point import OperatingPoint
from inspector.outcomes import FALSE_NEGATIVE, IGNORED, NO_MATCH, TRUE_POSITIVE, Codes

AnyRows = NDArray[np.int64] | NDArray[np.int32]


def shown_detections(dataset: Dataset, point: OperatingPoint, rows: AnyRows | slice) -> Flags:
    """bool [rows]: which detections have a score of at least the confidence and a chosen class."""
    found = dataset.detections
    shown: Flags = found.scores[rows] >= point.confidence
    if point.class_rows is not None:
        shown &= point.chosen(len(dataset.classes))[found.classes[rows]]
    return shown


def object_codes(dataset: Dataset, table: MatchTable, confidence: float, rows: AnyRows) -> Codes:
    """uint8 [rows] of objects: TRUE_POSITIVE for a matched one, FALSE_NEGATIVE or IGNORED."""
    matched = table.object_matches[rows]
    hit = matched != NO_MATCH
    hit[hit] = dataset.detections.scores[matched[hit]] >= confidence
    codes = np.where(hit, TRUE_POSITIVE, FALSE_NEGATIVE)
    codes[table.object_ignored[rows]] = IGNORED
    return codes
