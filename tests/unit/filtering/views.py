"""What filters look at, for tests."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from inspector.dataset import Dataset
from inspector.evaluation.iou_slice import slice_at
from inspector.evaluation.matching import evaluate
from inspector.evaluation.operating_point import OperatingPoint, image_counts
from inspector.filtering import Searched
from inspector.image_columns import column_values
from inspector.refs import ImageRef, Ref
from inspector.review.verdicts import Entry


def searched(
    dataset: Dataset,
    confidence: float = 0.5,
    entries: Mapping[Ref, Entry] | None = None,
    chosen: frozenset[int] | None = None,
) -> Searched:
    """An evaluated dataset at IoU 0.50."""
    entries = entries or {}
    point = OperatingPoint(0, confidence, chosen)
    at = slice_at(dataset, evaluate(dataset), 0, point.chosen(len(dataset.classes)))
    reviewed = np.zeros(len(dataset.images), dtype=np.bool_)
    for ref, entry in entries.items():
        if isinstance(ref, ImageRef):
            reviewed[ref.row] = entry.verdict.reviewed
    return Searched(
        dataset=dataset,
        point=point,
        folded_names=tuple(name.casefold() for name in dataset.images.file_names),
        values=column_values(image_counts(dataset, at.table, point), at.image_ap50),
        table=at.table,
        entries=entries,
        reviewed=reviewed,
    )
