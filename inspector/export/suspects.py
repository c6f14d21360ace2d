"""The queue of suspect labels as records for other programs, and as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.dataset import Dataset
from inspector.export.report import counted, one_line
from inspector.review.reasons import reason
from inspector.review.suspects import NO_ROW, Suspects
from inspector.review.verdicts import Kind

_LONGEST_NAME = 32
_LONGEST_CLASS = 20


def records(dataset: Dataset, suspects: Suspects) -> Iterator[dict[str, Any]]:
    """One for each suspicion, best first.

    `class` is what the label says (for a missing label: what was detected), `suggested_class` what it should
    say where that is a suggestion, `box` that of the label (for a missing label: of the detection), and
    `suggested_box` where a badly placed one should be; x, y, width, height in pixels. `detection` is the
    position in the detections file of the detection that speaks against the label.
    """
    for row in range(len(suspects)):
        yield _record(dataset, suspects, row)


def suspects_text(dataset: Dataset, suspects: Suspects, rows: int) -> str:
    """How many there are, the first ones as aligned columns, and how many more there are."""
    shown = min(rows, len(suspects))
    lines = [_summary(suspects)]
    if shown:
        header = ("score", "kind", "image", "object", "class", "suggested", "reason")
        cells = [header, *(_cells(_record(dataset, suspects, row)) for row in range(shown))]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines += ["", *("  ".join(map(str.ljust, line, widths)).rstrip() for line in cells)]
    if shown < len(suspects):
        lines.append(f"{len(suspects) - shown:,} more: in --json")
    return "\n".join(lines)


def _summary(suspects: Suspects) -> str:
    return counted(len(suspects), "suspicion")


def _record(dataset: Dataset, suspects: Suspects, row: int) -> dict[str, Any]:
    objects, detections = dataset.objects, dataset.detections
    kind, g, d = suspects.kind(row), int(suspects.objects[row]), int(suspects.detections[row])
    image = int(suspects.images[row])
    seen = None if d == NO_ROW else dataset.detection_name(d)
    return {
        "kind": kind.value,
        "score": round(float(suspects.scores[row]), 6),
        "image_id": dataset.images.ids[image],
        "file_name": dataset.images.file_names[image],
        "object_id": None if g == NO_ROW else objects.ids[g : g + 1].tolist()[0],
        "detection": None if d == NO_ROW else int(detections.positions[d]),
        "class": seen if g == NO_ROW else dataset.object_name(g),
        "suggested_class": seen if kind in (Kind.MISSING, Kind.WRONG_CLASS) else None,
        "box": (detections.boxes[d] if g == NO_ROW else objects.boxes[g]).tolist(),
        "suggested_box": detections.boxes[d].tolist() if kind is Kind.BADLY_PLACED else None,
        "reason": reason(dataset, suspects, row),
    }


def _cells(record: dict[str, Any]) -> tuple[str, ...]:
    number = "" if record["object_id"] is None else one_line(str(record["object_id"]), _LONGEST_CLASS)
    suggested = record["suggested_class"] if record["kind"] == Kind.WRONG_CLASS else None
    return (
        f"{record['score']:.3f}",
        record["kind"].replace("_", " "),
        one_line(record["file_name"], _LONGEST_NAME),
        number,
        one_line(record["class"], _LONGEST_CLASS),
        "" if suggested is None else one_line(suggested, _LONGEST_CLASS),
        one_line(record["reason"]),
    )
