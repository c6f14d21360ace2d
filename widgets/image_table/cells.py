"""The numbers and texts of some rows of the image table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from PySide6.QtCore import Qt

from inspector.dataset import Dataset, Floats
from inspector.evaluation.operating_point import OperatingPoint
from inspector.image_columns import NOT_AVAILABLE, NUMBERS, Column, Kind, format_value
from widgets.image_table.order import ImageRows, values_of
from widgets.results import Results

BLOCK: Final = 32
"""Rows that are counted together: about what a window shows."""


class Role(IntEnum):
    """What a cell answers besides Qt's own roles."""

    SORT = Qt.ItemDataRole.UserRole
    """The number that it sorts by (nan last)."""
    RAW = Qt.ItemDataRole.UserRole + 1
    """The value itself: text, int or float; None for n/a."""
    IMAGE = Qt.ItemDataRole.UserRole + 2
    """The image row of the dataset."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some rows, one entry each."""

    image_rows: list[int]
    names: list[str]
    splits: list[str]
    """Empty where there are none."""
    values: dict[str, Floats] | None
    """None until the images are evaluated."""
    texts: dict[str, list[str]]
    """What the number columns show."""


def make_block(
    dataset: Dataset,
    results: Results | None,
    point: OperatingPoint,
    image_rows: ImageRows,
    splits_of_images: Sequence[str] = (),
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
    rows, names = image_rows.tolist(), dataset.images.file_names
    splits = [splits_of_images[row] for row in rows] if splits_of_images else []
    return Block(rows, [names[row] for row in rows], splits, values, texts)


def alignment(column: Column | None) -> Qt.AlignmentFlag:
    """Of a column's cells and title; None stands for the thumbnails."""
    if column is None:
        return Qt.AlignmentFlag.AlignCenter
    is_left = column.kind in (Kind.TEXT, Kind.SPLIT, Kind.STATE)
    side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
