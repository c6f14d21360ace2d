"""The numbers of an evaluation as a document for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from inspector import __version__
from inspector.dataset import Dataset
from inspector.evaluation.matching import Evaluation, beyond_limit
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.protocol import AP_RULES, Protocol
from inspector.evaluation.split_tables import Part
from inspector.evaluation.summary import class_summaries, headline
from inspector.evaluation.tables import COUNTS, Measure, Table
from inspector.export.report import mask_notes


def document(
    dataset: Dataset,
    evaluation: Evaluation,
    point: OperatingPoint,
    tables: Sequence[Table],
    parts: Sequence[Part] = (),
) -> dict[str, Any]:
    """`evaluated`, `remarks`, `protocol`, `operating_point`, `stats`, `classes` and `tables`, ready for JSON;
    of several splits (`parts`) also `splits`, with `evaluated`, `stats` and `classes` of each.

    None stands where there is nothing to compute from.
    """
    splits = {part.name: _numbers(part.dataset, part.evaluation) for part in parts}
    numbers = _numbers(dataset, evaluation)
    return {
        "program": f"detection-inspector {__version__}",
        "evaluated": numbers["evaluated"],
        "remarks": [
            {"text": note.text, "count": note.count, "examples": list(note.examples)}
            for note in (*dataset.notes, *mask_notes(dataset, evaluation.protocol))
        ],
        "protocol": _protocol_document(evaluation.protocol),
        "operating_point": {
            "iou": evaluation.protocol.iou_thresholds[point.iou_index],
            "confidence": point.confidence,
        },
        "stats": numbers["stats"],
        "classes": numbers["classes"],
        **({"splits": splits} if splits else {}),
        "tables": {table.name: _table_document(table) for table in tables},
    }


def _numbers(dataset: Dataset, evaluation: Evaluation) -> dict[str, Any]:
    """What there is of all images, and of each split."""
    return {
        "evaluated": _evaluated_document(dataset, evaluation),
        "stats": headline(evaluation),
        "classes": [
            {
                "name": summary.name,
                "id": summary.id,
                "AP": summary.ap,
                "AP50": summary.ap50,
                "AP75": summary.ap75,
                "objects": summary.objects,
                "detections": summary.detections,
            }
            for summary in class_summaries(dataset, evaluation)
        ],
    }


def _evaluated_document(dataset: Dataset, evaluation: Evaluation) -> dict[str, Any]:
    """The files, and how much of them: after a choice of images and classes."""
    return {
        "ground_truth": str(dataset.ground_truth_path),
        "detections_file": str(dataset.detections_path),
        "images": len(dataset.images),
        "classes": len(dataset.classes),
        "objects": int(evaluation.positives[:, 0].sum()),
        "ignored_objects": len(dataset.objects) - int(evaluation.positives[:, 0].sum()),
        "detections": len(dataset.detections),
        "beyond_max_dets": beyond_limit(evaluation),
    }


def _protocol_document(protocol: Protocol) -> dict[str, Any]:
    return {
        "name": AP_RULES[protocol.ap_rule][0],
        "iou_type": protocol.iou_type,
        "ap_rule": protocol.ap_rule,
        "matching": "COCO",
        "class_agnostic": protocol.class_agnostic,
        "iou_thresholds": list(protocol.iou_thresholds),
        "recall_thresholds": None if protocol.ap_rule == "voc10" else protocol.averaged_recalls.tolist(),
        "max_dets": list(protocol.max_dets),
        "size_ranges": {size.name: [size.low, size.high] for size in protocol.size_ranges},
    }


def _table_document(table: Table) -> dict[str, Any]:
    """Named axes with their values; the measures are nested lists in the order of the axes."""
    splits = {axis.name: list(axis.splits) for axis in table.axes if axis.splits is not None}
    return {
        "title": table.title,
        "axes": {axis.name: list(axis.values) for axis in table.axes},
        "ids": {axis.name: list(axis.ids) for axis in table.axes if axis.ids is not None},
        **({"splits": splits} if splits else {}),
        "measures": {name: _nested(values, name in COUNTS) for name, values in table.measures.items()},
    }


def _nested(values: Measure, whole: bool) -> list[Any]:
    known = ~np.isnan(values)
    cells = np.full(values.shape, None, dtype=np.object_)
    cells[known] = values[known].astype(np.int64) if whole else values[known]
    nested: list[Any] = cells.tolist()
    return nested
