"""What the tables beside that of the images have in common."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QTableView


def make_quiet(table: QTableView) -> None:
    """Lines close together without a grid, of which several can be selected, and no numbers before them."""
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 9)
    table.horizontalHeader().setHighlightSections(False)
