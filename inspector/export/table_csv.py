"""Tables as CSV files for spreadsheets and programs."""

from __future__ import annotations

import csv
from itertools import chain, product
from pathlib import Path

from inspector.evaluation.tables import COUNTS, Axis, Measure, Table
from inspector.export.table_text import harmless


def write_csv(table: Table, path: Path) -> None:
    """Columns for each axis (what stands there, its id, its split) and measure, one line for each place.
    Raises OSError.

    UTF-8 with a byte order mark, without which Excel takes it for the computer's old code page. Lines end as
    RFC 4180 says, on every system. Numbers have all their digits; where there is none, the cell is empty.
    """
    places = product(*(_names(axis) for axis in table.axes))
    numbers = zip(*(_cells(values, name in COUNTS) for name, values in table.measures.items()), strict=True)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([*(title for axis in table.axes for title in _titles(axis)), *table.measures])
        for place, row in zip(places, numbers, strict=True):
            writer.writerow([*chain.from_iterable(place), *row])


def _titles(axis: Axis) -> list[str]:
    titles = [axis.name] if axis.ids is None else [axis.name, f"{axis.name} id"]
    return titles if axis.splits is None else [*titles, "split"]


def _names(axis: Axis) -> list[tuple[object, ...]]:
    """The cells of each place: what stands there, and its id and its split if it has one."""
    columns = [column for column in (axis.values, axis.ids, axis.splits) if column is not None]
    cells = [[harmless(item) if isinstance(item, str) else item for item in column] for column in columns]
    return list(zip(*cells, strict=True))


def _cells(values: Measure, whole: bool) -> list[str]:
    """Numbers with all their digits, "" for nan."""
    return [
        "" if value != value else f"{value:.0f}" if whole else repr(value)
        for value in values.ravel().tolist()
    ]
