"""What size ranges mean for the objects at hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from textwrap import wrap
from typing import Final

import numpy as np

from inspector.dataset import Dataset
from inspector.evaluation.options import Options, prepare
from inspector.evaluation.protocol import LARGEST_AREA, never_counted
from inspector.export.report import counted, one_line

_LONGEST: Final = 24
"""Letters of a range's name."""


@dataclass(frozen=True, slots=True)
class SizeLine:
    """One size range in numbers."""

    name: str
    low: float
    high: float
    """Square pixels."""
    objects: int

    @property
    def area(self) -> str:
        """The limits: "1,024 to 9,216 px²"."""
        if self.high >= LARGEST_AREA:
            return "any" if self.low <= 0 else f"from {_number(self.low)} px²"
        return f"{_number(self.low)} to {_number(self.high)} px²"

    @property
    def side(self) -> str:
        """The same as the sides of squares: "32 to 96 px"."""
        if self.high >= LARGEST_AREA:
            return "" if self.low <= 0 else f"from {math.sqrt(self.low):,.0f} px"
        return f"{math.sqrt(self.low):,.0f} to {math.sqrt(self.high):,.0f} px"

    @property
    def count(self) -> str:
        return counted(self.objects, "object") if self.objects else "n/a: no objects"


def size_lines(dataset: Dataset, options: Options) -> list[SizeLine]:
    """The ranges of some options and how many objects of each count; `dataset` is that of the session."""
    objects = dataset.objects
    _, protocol = prepare(dataset, _with_classes_as_they_are(options))
    areas = objects.areas[~never_counted(objects, protocol)]
    return [
        SizeLine(
            size.name, size.low, size.high, int(np.count_nonzero((areas >= size.low) & (areas <= size.high)))
        )
        for size in protocol.size_ranges
    ]


def sizes_html(lines: Sequence[SizeLine], text: str, muted: str) -> str:
    """A table for a label; `text` and `muted` are colours. Long names are cut: `long_names_html`."""
    rows = [
        f"<tr><td>{escape(one_line(line.name, _LONGEST))}</td><td>&nbsp;&nbsp;&nbsp;&nbsp;{line.area}</td>"
        f'<td style="color:{muted}">&nbsp;&nbsp;&nbsp;&nbsp;{line.side}</td>'
        f'<td align="right">&nbsp;&nbsp;&nbsp;&nbsp;{line.count}</td></tr>'
        for line in lines
    ]
    return f'<table style="color:{text}" cellspacing="0" cellpadding="1">{"".join(rows)}</table>'


def long_names_html(lines: Sequence[SizeLine]) -> str:
    """The names that are cut, in whole, for a tooltip."""
    names = [wrap(one_line(line.name), 60) for line in lines if len(line.name) > _LONGEST]
    return "".join(f"<p>{'<br>'.join(map(escape, pieces))}</p>" for pieces in names)


def _with_classes_as_they_are(options: Options) -> Options:
    """Joining the classes changes no object's size, and takes time."""
    return replace(options, class_agnostic=False)


def _number(area: float) -> str:
    return f"{area:,.0f}" if area == round(area) else f"{area:,.1f}"
