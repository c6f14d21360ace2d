"""The numbers and texts of some rows of the image table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt

from inspector.dataset import Dataset, Floats
from inspector.evaluation.operating_point import OperatingPoint
from inspector.image_columns import NOT_AVAILABLE, NUMBERS, Column, Kind, format_value
from widgets.image_table.order import ImageRows, values_of
from widgets.results import Results

BLOCK: Final = 32
"""Rows that are counted together: about what a window shows."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some rows, one entry each."""

    image_rows: list[int]
    names: list[str]
    values: dict[str, Floats] | None
    """None until the images are evaluated."""
    texts: dict[str, list[str]]
    """What the number columns show."""


def make_block(
    dataset: Dataset,
    results: Results | None,
    point: OperatingPoint,
    image_rows: ImageRows,
    *,
    with_texts: bool = True,
) -> Block:
    values = values_of(dataset, results, point, image_rows)
    texts: dict[str, list[str]] = {}
    if with_texts:
        for column in NUMBERS:
            if values is None:
                texts[column.key] = [NOT_AVAILABLE] * len(image_rows)
            else:
                texts[column.key] = [format_value(column, value) for value in values[column.key].tolist()]
    rows = image_rows.tolist()
    return Block(rows, [dataset.images.file_names[row] for row in rows], values, texts)


def alignment(column: Column | None) -> Qt.AlignmentFlag:
    """Of a column's cells and title; None stands for the thumbnails."""
    if column is None:
        return Qt.AlignmentFlag.AlignCenter
    is_left = column.kind in (Kind.TEXT, Kind.STATE)
    side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
