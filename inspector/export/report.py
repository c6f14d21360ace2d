"""The numbers of an evaluation, as text for people and as a document for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from inspector.dataset import Dataset, Note
from inspector.evaluation.matching import Evaluation
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.summary import ClassSummary, class_summaries, headline

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
_LONGEST_NAME = 40
"""Characters of a class name in a table; the document holds all of it."""


def number(value: float | None) -> str:
    """A rate to three decimals, or "n/a"."""
    return "n/a" if value is None else f"{value:.3f}"


def counted(amount: int, noun: str) -> str:
    """How many of something: "1 image", "5,827 detections", "80 classes"."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{amount:,} {noun if amount == 1 else plural}"


def one_line(text: str, longest: int | None = None) -> str:
    """Text of a file that cannot break a line or speak to a terminal; cut to `longest` characters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return plain if longest is None or len(plain) <= longest else f"{plain[: longest - 1]}…"


def opened(dataset: Dataset) -> str:
    """What is open, in numbers. The objects are those of the class table: the ones that count.

    Goes through all objects, so it is asked once for a dataset, not in every frame.
    """
    sizes = Protocol().size_ranges[0]
    crowd, areas = dataset.objects.crowd, dataset.objects.areas
    outside = int(np.count_nonzero(~crowd & ((areas < sizes.low) | (areas > sizes.high))))
    crowds = int(np.count_nonzero(crowd))
    parts = [
        counted(len(dataset.images), "image"),
        counted(len(dataset.objects) - crowds - outside, "object"),
        counted(crowds, "crowd region") if crowds else "",
        f"{counted(outside, 'object')} outside every size range" if outside else "",
        counted(len(dataset.detections), "detection"),
        counted(len(dataset.classes), "class"),
    ]
    return " · ".join(filter(None, parts))


def document(dataset: Dataset, evaluation: Evaluation) -> dict[str, Any]:
    """`protocol`, `stats` and `classes`, ready for JSON; None where there is no object to compute from."""
    return {
        "protocol": _protocol_document(evaluation.protocol),
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
        opened(dataset),
        "",
    ]
    lines += [
        f"{name:<6} {number(value):>6}  {_STAT_TITLES.get(name, '')}"
        for name, value in headline(evaluation).items()
    ]
    return "\n".join([*lines, "", *_class_table(class_summaries(dataset, evaluation))])


def _class_table(summaries: Sequence[ClassSummary]) -> Iterable[str]:
    header = ("class", "id", "AP", "AP50", "AP75", "objects", "detections")
    rows = [
        (
            one_line(summary.name, _LONGEST_NAME),
            one_line(str(summary.id), _LONGEST_NAME),
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


def note_lines(note: Note) -> list[str]:
    """What a note says, and then each place that it names; "…" where there are more."""
    what = f"{note.count:,} {note.text}" if note.count else note.text
    more = ["…"] if note.count > len(note.examples) > 0 else []
    return [one_line(line) for line in (what, *note.examples, *more)]


def notes_text(notes: Sequence[Note]) -> str:
    """One line per note: how many, what, and where the first ones are."""
    lines = []
    for note in notes:
        what, *places = note_lines(note)
        lines.append(f"{what} ({', '.join(places)})" if places else what)
    return "\n".join(lines)
