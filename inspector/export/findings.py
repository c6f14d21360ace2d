"""What the doctor found, as text and as records for JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec

from inspector.dataset import Dataset
from inspector.doctor import Example, Finding, Severity
from inspector.export.report import counted, one_line
from inspector.reading import Reading
from inspector.refs import BoxRef, Side

Options = Callable[[Reading], Sequence[str]]
"""How a reading is written on the command line."""

_WIDTH: Final = 100
_INDENT: Final = " " * 9
"""As wide as the longest severity, and two blanks."""


def findings_text(findings: Sequence[Finding], options: Options) -> str:
    """How many there are, and each with its effect, places and remedies."""
    return "\n\n".join([summary(findings), *("\n".join(_lines(finding, options)) for finding in findings)])


def summary(findings: Sequence[Finding]) -> str:
    """ "1 error, 3 notes", or that nothing was found."""
    counts = Counter(finding.severity for finding in findings)
    parts = [counted(counts[severity], severity.value) for severity in Severity if counts[severity]]
    return ", ".join(parts) if parts else "Nothing odd was found."


def told(finding: Finding) -> str:
    """The title behind its count."""
    return one_line(f"{finding.count:,} {finding.title}" if finding.count else finding.title)


def document(dataset: Dataset, findings: Sequence[Finding], options: Options) -> dict[str, Any]:
    """Everything that was found; names stay as they are from version to version."""
    counts = Counter(finding.severity.value for finding in findings)
    return {
        "ground_truth": _path(dataset.ground_truth_path),
        "detections": _path(dataset.detections_path),
        "counts": {f"{severity.value}s": counts[severity.value] for severity in Severity},
        "findings": [_record(dataset, finding, options) for finding in findings],
    }


def _lines(finding: Finding, options: Options) -> Iterator[str]:
    yield from _wrapped(f"{finding.severity.value:<9}{told(finding)}", _INDENT)
    if finding.effect:
        yield from _wrapped(f"{_INDENT}{one_line(finding.effect)}", _INDENT)
    for example in finding.examples:
        yield f"{_INDENT}  {one_line(example.text)}"
    if 0 < len(finding.examples) < finding.count:
        yield f"{_INDENT}  …"
    for remedy in finding.remedies:
        words = " ".join(options(remedy.reading))
        what = "Choice" if finding.severity is Severity.NOTE else "Remedy"
        yield from _wrapped(f"{_INDENT}{what}: {remedy.title}: {words}", f"{_INDENT}  ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _record(dataset: Dataset, finding: Finding, options: Options) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "count": finding.count,
        "title": finding.title,
        "effect": finding.effect,
        "examples": [_example(dataset, example) for example in finding.examples],
        "remedies": [
            {
                "title": remedy.title,
                "options": list(options(remedy.reading)),
                "reading": msgspec.to_builtins(remedy.reading, enc_hook=str),
            }
            for remedy in finding.remedies
        ],
    }


def _example(dataset: Dataset, example: Example) -> dict[str, Any]:
    """`place` says where; the others are null where nothing of the opened data is meant."""
    record: dict[str, Any] = {"place": example.text}
    empty = dict.fromkeys(("image_id", "file_name", "object_id", "detection", "class", "box", "score"))
    record |= empty
    ref = example.ref
    if ref is None:
        return record
    if isinstance(ref, BoxRef):
        record |= _box(dataset, ref)
        columns = dataset.objects if ref.kind is Side.OBJECT else dataset.detections
        image = int(columns.images[ref.row])
    else:
        image = ref.row
    return record | {"image_id": dataset.images.ids[image], "file_name": dataset.images.file_names[image]}


def _box(dataset: Dataset, ref: BoxRef) -> dict[str, Any]:
    row, objects, detections = ref.row, dataset.objects, dataset.detections
    if ref.kind is Side.OBJECT:
        return {
            "object_id": objects.ids[row : row + 1].tolist()[0],
            "class": dataset.object_name(row),
            "box": objects.boxes[row].tolist(),
        }
    return {
        "detection": int(detections.positions[row]),
        "class": dataset.detection_name(row),
        "box": detections.boxes[row].tolist(),
        "score": float(detections.scores[row]),
    }


def _path(path: object) -> str | None:
    return None if path is None else str(path)
