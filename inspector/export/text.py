"""The numbers of an evaluation as text for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset
from inspector.evaluation.matching import Evaluation, beyond_limit
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.summary import headline, size_suffix
from inspector.evaluation.tables import Axis, Table
from inspector.export.report import counted, number, opened
from inspector.export.table_text import aligned, grids

_MOST_IMAGES: Final = 20
_IN_GRIDS: Final = "average"
_ONLY_IN_FILES: Final = "class_sizes"


def headline_text(dataset: Dataset, evaluation: Evaluation) -> str:
    """The protocol, what is evaluated, and the headline numbers."""
    protocol, beyond = evaluation.protocol, beyond_limit(evaluation)
    lines = [protocol.describe(), opened(dataset, protocol)]
    if beyond:
        of = "image" if protocol.class_agnostic else "class and image"
        lines.append(
            f"{counted(beyond, 'detection')} beyond {protocol.max_dets[-1]:,} per {of}: not evaluated"
        )
    return "\n".join([*lines, "", *_headline(evaluation)])


def tables_text(tables: Sequence[Table]) -> str:
    """The tables, with an empty line before each; of many images, the worst ones."""
    lines = []
    for table in tables:
        if table.name == "images":
            lines += ["", *_image_lines(table)]
        elif table.name == _IN_GRIDS:
            lines += ["", *grids(table)]
        elif table.name == _ONLY_IN_FILES:
            lines += ["", f"{table.title}: in --json and --csv"]
        else:
            lines += ["", *aligned(table)]
    return "\n".join(lines)


def _headline(evaluation: Evaluation) -> list[str]:
    stats, titles = headline(evaluation), _titles(evaluation.protocol)
    width = max(6, *map(len, stats))
    return [f"{name:<{width}} {number(value):>6}  {titles[name]}" for name, value in stats.items()]


def _titles(protocol: Protocol) -> dict[str, str]:
    """What each of the headline numbers is."""
    sizes = protocol.size_ranges[1:]
    of = "image" if protocol.class_agnostic else "class and image"
    return {
        "AP": f"average precision, IoU {protocol.iou_span}",
        "AP50": "average precision, IoU 0.50",
        "AP75": "average precision, IoU 0.75",
        **{f"AP{size_suffix(size)}": f"average precision, {size.name} objects" for size in sizes},
        **{
            f"AR{limit}": f"average recall, {counted(limit, 'detection')} per {of}"
            for limit in protocol.max_dets
        },
        **{f"AR{size_suffix(size)}": f"average recall, {size.name} objects" for size in sizes},
    }


def _image_lines(table: Table) -> list[str]:
    """All images, or the worst by F1, then AP; those without either are not among these."""
    images = len(table.axes[0].values)
    if images <= _MOST_IMAGES:
        return aligned(table)
    worst = np.lexsort((table.measures["AP"], table.measures["F1"]))[:_MOST_IMAGES]  # nan comes last
    shown = _some(replace(table, title=f"{table.title}; the {_MOST_IMAGES} worst by F1"), worst)
    return [*aligned(shown), f"{images - _MOST_IMAGES:,} more images: in --json and --csv"]


def _some(table: Table, rows: NDArray[np.intp]) -> Table:
    """Some rows of a table with one axis."""
    (axis,) = table.axes
    return replace(
        table,
        axes=(Axis(axis.name, tuple(axis.values[row] for row in rows.tolist())),),
        measures={name: values[rows] for name, values in table.measures.items()},
    )
