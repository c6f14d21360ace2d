"""Tables as CSV files for spreadsheets and programs."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

from inspector.evaluation.tables import COUNTS, Measure, Table
from inspector.export.table_text import harmless


def write_csv(table: Table, path: Path) -> None:
    """One column for each axis and measure, one line for each place along the axes. Raises OSError.

    UTF-8 with a byte order mark, without which Excel takes it for the computer's old code page. Lines end as
    RFC 4180 says, on every system. Numbers have all their digits; where there is none, the cell is empty.
    """
    places = product(*(axis.values for axis in table.axes))
    numbers = zip(*(_cells(values, name in COUNTS) for name, values in table.measures.items()), strict=True)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([*(axis.name for axis in table.axes), *table.measures])
        for place, row in zip(places, numbers, strict=True):
            names = [harmless(value) if isinstance(value, str) else value for value in place]
            writer.writerow([*names, *row])


def _cells(values: Measure, whole: bool) -> list[str]:
    """Numbers with all their digits, "" for nan."""
    return [
        "" if value != value else f"{value:.0f}" if whole else repr(value)
        for value in values.ravel().tolist()
    ]
