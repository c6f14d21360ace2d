"""The numbers of an evaluation, as text for people and as a document for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from inspector.dataset import Dataset, Note
from inspector.evaluation.matching import Evaluation
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.summary import ClassSummary, class_summaries, coco_stats

_STAT_TITLES = {
    "AP": "average precision, IoU 0.50:0.95",
    "AP50": "average precision, IoU 0.50",
    "AP75": "average precision, IoU 0.75",
    "APs": "average precision, small objects",
    "APm": "average precision, medium objects",
    "APl": "average precision, large objects",
    "AR1": "average recall, 1 detection per class and image",
    "AR10": "average recall, 10 detections",
    "AR100": "average recall, 100 detections",
    "ARs": "average recall, small objects",
    "ARm": "average recall, medium objects",
    "ARl": "average recall, large objects",
}


def number(value: float | None) -> str:
    """A rate to three decimals, or "n/a"."""
    return "n/a" if value is None else f"{value:.3f}"


def document(dataset: Dataset, evaluation: Evaluation) -> dict[str, Any]:
    """`protocol`, `stats` and `classes`, ready for JSON; None where there is no object to compute from."""
    return {
        "protocol": _protocol_document(evaluation.protocol),
        "stats": coco_stats(evaluation),
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


def _protocol_document(protocol: Protocol) -> dict[str, Any]:
    return {
        "name": "COCO",
        "iou_type": "bbox",
        "iou_thresholds": list(protocol.iou_thresholds),
        "recall_thresholds": list(protocol.recall_thresholds),
        "max_dets": list(protocol.max_dets),
        "size_ranges": {size.name: [size.low, size.high] for size in protocol.size_ranges},
    }


def text(dataset: Dataset, evaluation: Evaluation) -> str:
    """The protocol, the twelve numbers and the per-class table."""
    lines = [
        evaluation.protocol.describe(),
        f"{len(dataset.images):,} images, {len(dataset.objects):,} objects, "
        f"{len(dataset.detections):,} detections, {len(dataset.classes):,} classes",
        "",
    ]
    lines += [
        f"{name:<6} {number(value):>6}  {_STAT_TITLES.get(name, '')}"
        for name, value in coco_stats(evaluation).items()
    ]
    return "\n".join([*lines, "", *_class_table(class_summaries(dataset, evaluation))])


def _class_table(summaries: Sequence[ClassSummary]) -> Iterable[str]:
    header = ("class", "id", "AP", "AP50", "AP75", "objects", "detections")
    rows = [
        (
            summary.name,
            str(summary.id),
            number(summary.ap),
            number(summary.ap50),
            number(summary.ap75),
            f"{summary.objects:,}",
            f"{summary.detections:,}",
        )
        for summary in summaries
    ]
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        numbers = (f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join((f"{row[0]:<{widths[0]}}", *numbers)).rstrip()


def notes_text(notes: Sequence[Note]) -> str:
    """One line per note: how many, what, and where the first ones are."""
    return "\n".join(f"{note.count:,} {note.text} ({', '.join(note.examples)})" for note in notes)
