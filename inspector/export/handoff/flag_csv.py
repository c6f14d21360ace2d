"""The flags as a CSV file, one row each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from inspector.dataset import Dataset
from inspector.export.handoff.flags import Flag, image_id
from inspector.export.handoff.ours import FIRST_COLUMNS
from inspector.export.table_text import harmless
from inspector.review.verdicts import Box

COLUMNS: Final = (
    *FIRST_COLUMNS,
    *("x", "y", "width", "height", "score"),
    *("kind", "right class", "right x", "right y", "right width", "right height"),
    *("note", "author", "time (UTC)", "orphan", "corrected"),
)


def write_flags(dataset: Dataset, flags: Sequence[Flag], stream: BinaryIO) -> None:
    """As the CSV files of tables: UTF-8 with a byte order mark, for Excel, and lines as RFC 4180 ends them.

    Times are written as spreadsheets read them. An orphan hangs on nothing in these files; it is told with
    the class and the box of when it was judged. "corrected" tells whether the corrected ground truth obeys
    the flag, or why it does not. Names that a spreadsheet could take for a formula are behind an apostrophe:
    other programs join by the ids, of which only text that begins like a formula has one, too.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for flag in flags:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in _cells(dataset, flag)])
    text.detach()


def _cells(dataset: Dataset, flag: Flag) -> Iterator[object]:
    """One for each column; None is written as an empty cell."""
    place, verdict, detection = flag.place, flag.entry.verdict, flag.detection_row
    yield place.image
    yield image_id(dataset, flag)
    yield place.target.value
    yield place.object_id
    yield place.class_name
    yield from _numbers(place.box)
    yield None if detection is None else float(dataset.detections.scores[detection])
    yield None if verdict.kind is None else verdict.kind.value
    yield verdict.right_class
    yield from _numbers(verdict.right_box)
    yield verdict.note
    yield flag.entry.author
    yield flag.entry.time.strftime("%Y-%m-%d %H:%M:%S")
    yield "yes" if flag.is_orphan else None
    yield f"no: {flag.uncorrected}" if flag.uncorrected else "yes"


def _numbers(box: Box | None) -> Sequence[float | None]:
    return (None,) * 4 if box is None else box
