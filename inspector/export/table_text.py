"""Tables as text: aligned columns to read, tab-separated ones to paste into other programs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Final

import numpy as np

from inspector.evaluation.protocol import short_iou
from inspector.evaluation.tables import COUNTS, LIMITS, Table, reason
from inspector.export.report import one_line

_LONGEST_NAME: Final = 40
"""Characters of a name in aligned columns; files hold all of it."""
_NOT_AVAILABLE: Final = "n/a"
_FORMULA: Final = ("=", "+", "-", "@")


def aligned(table: Table) -> list[str]:
    """The title, a header and a line for each place along the axes; at last, why numbers are missing."""
    rows = [_header(table), *_rows(table, _short_name, cell_text)]
    missing = _missing(table)
    return [table.title, *_columns(rows, len(table.axes)), *([missing] if missing else [])]


def grids(table: Table) -> list[str]:
    """The same of a table with two axes, one grid for each measure: the second axis goes across."""
    down, across = table.axes
    lines = [table.title]
    for measure, values in table.measures.items():
        header = (measure, *map(_name_text, across.values))
        cells = [[cell_text(measure, value) for value in row] for row in values.tolist()]
        rows = [(_name_text(name), *row) for name, row in zip(down.values, cells, strict=True)]
        lines += _columns([header, *rows], 1)
    missing = _missing(table)
    return [*lines, *([missing] if missing else [])]


def _columns(rows: Sequence[Sequence[str]], names: int) -> list[str]:
    """Lines with aligned columns, the first ones `names`, the others numbers."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    forms = [f"{{:{'<' if column < names else '>'}{width}}}" for column, width in enumerate(widths)]
    return ["  ".join(map(str.format, forms, row)).rstrip() for row in rows]


def _short_name(name: str) -> str:
    return one_line(name, _LONGEST_NAME)


def _name_text(value: str | float) -> str:
    return _short_name(value) if isinstance(value, str) else short_iou(value)


def tab_separated(table: Table) -> str:
    """A header and a line for each place along the axes; numbers have no thousands separators, so that they
    stay numbers."""
    rows = _rows(table, lambda name: harmless(one_line(name)), lambda name, value: cell_text(name, value, ""))
    return "".join("\t".join(row) + "\n" for row in (_header(table), *rows))


def harmless(name: str) -> str:
    """A name that no spreadsheet takes for a formula: where one would, an apostrophe stands before it."""
    return f"'{name}" if name.lstrip().startswith(_FORMULA) else name


def cell_text(measure: str, value: float, separator: str = ",") -> str:
    """A number as people read it: "1,234", "0.567", "n/a", or "n/a: no objects" in place of a count."""
    if math.isnan(value):
        return f"{_NOT_AVAILABLE}: {reason(measure)}" if measure in COUNTS else _NOT_AVAILABLE
    if measure in COUNTS:
        return f"{value:{separator}.0f}"
    return f"{value:{separator}.12g}" if measure in LIMITS else f"{value:.3f}"


def _header(table: Table) -> Sequence[str]:
    return (*(axis.name for axis in table.axes), *table.measures)


def _rows(
    table: Table, name_text: Callable[[str], str], number_text: Callable[[str, float], str]
) -> Iterator[Sequence[str]]:
    places = product(*(axis.values for axis in table.axes))
    numbers = zip(*(values.ravel().tolist() for values in table.measures.values()), strict=True)
    for place, row in zip(places, numbers, strict=True):
        names = [name_text(value) if isinstance(value, str) else short_iou(value) for value in place]
        yield (*names, *map(number_text, table.measures, row))


def _missing(table: Table) -> str:
    """Why rates are missing, with the names of those that are."""
    measures: dict[str, list[str]] = {}
    for name, values in table.measures.items():
        if name not in COUNTS and np.isnan(values).any():
            measures.setdefault(reason(name), []).append(name)
    reasons = (f"{why} ({', '.join(names)})" for why, names in measures.items())
    return f"{_NOT_AVAILABLE}: {'; '.join(reasons)}" if measures else ""
