"""Rows of the image table as text for other programs."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.image_columns import NOT_AVAILABLE, Column, Kind, plain_texts
from widgets.image_table.model import ImageTableModel
from widgets.image_table.order import ImageRows


def as_tab_separated(model: ImageTableModel, columns: Sequence[Column], image_rows: ImageRows) -> str:
    """A header and one line per image. Numbers have no thousands separators, so that they stay numbers."""
    dataset = model.dataset
    if dataset is None:
        return ""
    values = model.values_of(image_rows)
    texts: list[list[str]] = []
    for column in columns:
        if column.kind is Kind.TEXT:
            names = dataset.images.file_names
            texts.append([" ".join(names[row].split()) for row in image_rows.tolist()])
        elif column.kind is Kind.SPLIT:
            texts.append([" ".join(model.splits[row].split()) for row in image_rows.tolist()])
        elif column.kind is Kind.STATE:
            texts.append([model.states.text(row) for row in image_rows.tolist()])
        elif values is None:
            texts.append([NOT_AVAILABLE] * len(image_rows))
        else:
            texts.append(plain_texts(column, values[column.key]))
    lines = ["\t".join(column.title for column in columns)]
    lines.extend("\t".join(cells) for cells in zip(*texts, strict=True))
    return "\n".join(lines) + "\n"
