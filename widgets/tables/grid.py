"""A table with named axes laid out in rows and columns. No Qt."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import FileId, Floats
from inspector.evaluation.protocol import LARGEST_AREA, short_iou
from inspector.evaluation.tables import LIMITS, Axis, Table, reason
from inspector.export.table_text import cell_text, harmless

Value = str | float
"""What stands along an axis."""
_Any = TypeVar("_Any")
_MISSING: Final = "n/a"
_FIRST: Final = ("AP", "TP", "objects")
"""The measures that are shown first."""
_TITLES: Final = {"iou": "IoU"}


@dataclass(frozen=True, eq=False)
class Grid:
    """Names at the left, numbers at the right."""

    table: Table
    measure: str
    """What was chosen to be shown; "" where all measures are."""
    names: tuple[tuple[str, ...], ...]
    """A column each: what stands along the axes that go down, repeated for each row."""
    items: tuple[tuple[Value | FileId, ...], ...]
    """The same by which it is known: ids where it has some, as its names need not be unique."""
    heads: tuple[str, ...]
    """Of all columns."""
    tips: tuple[str, ...]
    measures: tuple[str, ...]
    """What each column of numbers shows."""
    numbers: Floats
    """float64 [rows, columns of numbers], nan for n/a."""

    @property
    def rows(self) -> int:
        return len(self.numbers)

    @property
    def columns(self) -> int:
        return len(self.heads)

    def is_like(self, other: Grid | None) -> bool:
        """Whether each cell of the other stands for the same item, so that only numbers differ."""
        return other is not None and (self.table.name, self.heads, self.names, self.items) == (
            other.table.name,
            other.heads,
            other.names,
            other.items,
        )

    def item(self, row: int) -> tuple[Value | FileId, ...]:
        """What a row stands for."""
        return tuple(column[row] for column in self.items)

    def row_of(self, item: tuple[Value | FileId, ...]) -> int | None:
        """The row that stands for it."""
        rows = (row for row, other in enumerate(zip(*self.items, strict=True)) if other == item)
        return next(rows, None)

    def is_name(self, column: int) -> bool:
        return column < len(self.names)

    def text(self, row: int, column: int, separator: str = ",") -> str:
        """As people read it."""
        if self.is_name(column):
            return self.names[column][row]
        measure, value = (
            self.measures[column - len(self.names)],
            float(self.numbers[row, column - len(self.names)]),
        )
        if math.isnan(value):
            return _MISSING
        if measure in LIMITS and value >= LARGEST_AREA:
            return "any"
        return cell_text(measure, value, separator)

    def widest(self, column: int) -> str:
        """As wide as the longest text of a column, without going through all of its numbers' texts."""
        if self.is_name(column):
            return max(self.names[column], key=len, default="")
        measure, numbers = self.measures[column - len(self.names)], self.numbers[:, column - len(self.names)]
        there = numbers[numbers < LARGEST_AREA]
        if not len(there):
            return _MISSING
        largest = re.sub(r"\d", "0", cell_text(measure, float(there.max())))  # digits can differ in width
        return max(largest, _MISSING, key=len)

    def why_missing(self, row: int, column: int) -> str:
        """Why there is no number; "" where there is one."""
        if self.is_name(column) or not math.isnan(self.numbers[row, column - len(self.names)]):
            return ""
        return f"n/a: {reason(self.measures[column - len(self.names)])}"

    def order(self, column: int, descending: bool) -> NDArray[np.intp]:
        """The rows sorted by a column: stable, n/a last in both directions."""
        if self.is_name(column):
            texts = [text.casefold() for text in self.names[column]]
            keys = np.unique(texts, return_inverse=True)[1].astype(np.float64)
        else:
            keys = self.numbers[:, column - len(self.names)]
        return np.argsort(-keys if descending else keys, kind="stable")

    def tab_separated(self, rows: Sequence[int], columns: Sequence[int]) -> str:
        """For other programs: a header, and numbers without thousands separators.

        Where the cells hold one measure, a line before says which, and of what.
        """
        lines = [[f"{self.measure}: {self.table.title}"]] if self.measure else []
        lines.append([self.heads[column] for column in columns])
        for row in rows:
            texts = (self.text(row, column, "") for column in columns)
            lines.append([harmless(" ".join(text.split())) for text in texts])
        return "".join("\t".join(line) + "\n" for line in lines)


def measures_of(table: Table) -> tuple[str, ...]:
    """Those to choose one from, where a table has more axes than fit beside them."""
    return tuple(table.measures) if len(table.axes) > 1 else ()


def grid_of(table: Table, wanted: str) -> Grid:
    """The splits, else the last of several axes, or the sizes of two, go across, for the `wanted` measure, if
    it is one.

    A table of one axis shows all its measures.
    """
    if len(table.axes) == 1:
        shown = tuple(table.measures)
        columns = [np.asarray(values, dtype=np.float64) for values in table.measures.values()]
        return _grid(table, "", table.axes, shown, tuple("" for _ in shown), shown, np.stack(columns, axis=1))
    measure = next(name for name in (wanted, *_FIRST, *table.measures) if name in table.measures)
    place = 0 if len(table.axes) == 2 or table.axes[0].name == "split" else len(table.axes) - 1
    across = table.axes[place]
    down = tuple(axis for axis in table.axes if axis is not across)
    numbers = np.moveaxis(np.asarray(table.measures[measure], dtype=np.float64), place, -1)
    heads = tuple(map(_text, across.values))
    tips = tuple(f"{measure}, {across.name} {head}" for head in heads)
    return _grid(table, measure, down, heads, tips, (measure,) * len(heads), numbers.reshape(-1, len(heads)))


def _grid(
    table: Table,
    measure: str,
    down: Sequence[Axis],
    heads: tuple[str, ...],
    tips: tuple[str, ...],
    measures: tuple[str, ...],
    numbers: Floats,
) -> Grid:
    splits = [axis.splits for axis in down if axis.splits is not None]  # of images, which stand alone
    return Grid(
        table=table,
        measure=measure,
        names=(*_columns([[_text(value) for value in axis.values] for axis in down]), *splits),
        items=_columns([axis.values if axis.ids is None else axis.ids for axis in down]),
        heads=(*(_TITLES.get(axis.name, axis.name) for axis in down), *("split" for _ in splits), *heads),
        tips=(*("" for _ in (*down, *splits)), *tips),
        measures=measures,
        numbers=numbers,
    )


def _text(value: Value) -> str:
    return value if isinstance(value, str) else short_iou(value)


def _columns(parts: Sequence[Sequence[_Any]]) -> tuple[tuple[_Any, ...], ...]:
    """What stands along the axes that go down, one entry per row."""
    columns = []
    for number, part in enumerate(parts):
        inner = math.prod(map(len, parts[number + 1 :]))
        outer = math.prod(map(len, parts[:number]))
        columns.append(tuple([entry for entry in part for _ in range(inner)] * outer))
    return tuple(columns)
