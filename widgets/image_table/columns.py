"""How wide the columns of the image table are until the person decides otherwise."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QTableView

from inspector.dataset import Dataset
from inspector.image_columns import COLUMNS, SPLIT, Kind
from widgets.image_table.header import TableHeader
from widgets.image_table.model import THUMBNAIL, ImageTableModel, section_of
from widgets.image_table.painter import PADDING
from widgets.image_table.states import state_width

_NARROWEST_NAME, _WIDEST_NAME, _WIDEST_SPLIT = 80, 320, 90
_ASIDE = frozenset(("detections", "ap50", "miou", "fpscore"))
"""Columns that the name does not make room for: they are reached by scrolling where the table is narrow."""
_SAMPLE = 400


class ColumnWidths(QObject):
    """Numbers get what their longest text needs, the name what is left. A width set by hand stays."""

    def __init__(self, table: QTableView, header: TableHeader, model: ImageTableModel) -> None:
        super().__init__(table)
        self._table, self._header, self._model = table, header, model
        self._thumbnail = 48
        self._fitted: dict[int, int] = {}
        self._by_hand: set[int] = set()
        header.sectionResized.connect(self._on_resized)
        header.geometriesChanged.connect(self.fit_name)
        header.reset_requested.connect(self.reset)
        model.modelReset.connect(self.fit)

    def set_thumbnail(self, width: int) -> None:
        if width != self._thumbnail:
            self._thumbnail = width
            self.fit()

    def by_hand(self) -> list[str]:
        """The keys of the columns that the person has set."""
        return [column.key for column in COLUMNS if section_of(column.key) in self._by_hand]

    def restore(self, by_hand: list[str]) -> None:
        """Take the widths that the header has for these columns; fit the others."""
        self._by_hand = {section_of(column.key) for column in COLUMNS if column.key in by_hand}
        self.fit()

    def reset(self) -> None:
        """Every column as at first: shown, in its place, of its own width."""
        self._by_hand.clear()
        for section in range(self._header.count()):
            self._header.setSectionHidden(section, section in self._header.absent)
            self._header.moveSection(self._header.visualIndex(section), section)
        self.fit()

    def show_splits(self, there: bool) -> None:
        """Only where there are splits, there is a column of them."""
        section = section_of(SPLIT.key)
        self._header.absent = frozenset() if there else frozenset({section})
        self._header.setSectionHidden(section, not there)
        self.fit()

    def fit(self) -> None:
        self._set(THUMBNAIL, self._thumbnail)
        for column in COLUMNS:
            if column.kind is Kind.STATE:
                section, needed = section_of(column.key), state_width(self._table.fontMetrics())
                self._set(section, max(needed + 2 * PADDING, self._header.title_width(section)))
            elif column.kind is Kind.SPLIT:
                section = section_of(column.key)
                names = dict.fromkeys(self._model.splits)
                longest = max(map(self._table.fontMetrics().horizontalAdvance, names), default=0)
                self._set(
                    section,
                    max(min(longest, _WIDEST_SPLIT) + 2 * PADDING + 2, self._header.title_width(section)),
                )
            elif column.kind is not Kind.TEXT:
                section = section_of(column.key)
                texts = ("0.000",) if column.kind is Kind.RATE else (self._longest_count(column.key),)
                needed = max(self._table.fontMetrics().horizontalAdvance(text) for text in texts)
                self._set(section, max(needed + 2 * PADDING, self._header.title_width(section)))
        self.fit_name()

    def fit_name(self) -> None:
        """Give the name what the other columns leave, but neither too little nor more than it needs."""
        name = section_of("name")
        aside = {section_of(key) for key in _ASIDE}
        others = (section for section in range(self._header.count()) if section not in aside | {name})
        left = self._table.viewport().width() - sum(self._header.sectionSize(section) for section in others)
        self._set(name, max(_NARROWEST_NAME, min(left, self._longest_name())))

    def _set(self, section: int, width: int) -> None:
        if section in self._by_hand or self._header.isSectionHidden(section):
            return
        self._fitted[section] = width
        self._header.resizeSection(section, width)

    def _on_resized(self, section: int, _old: int, new: int) -> None:
        if new and new != self._fitted.get(section) and section not in self._by_hand:
            if self._header.isVisible():
                self._by_hand.add(section)
            self.fit_name()
        elif section != section_of("name"):
            self.fit_name()

    def _longest_count(self, key: str) -> str:
        """As wide as the largest number of the column, or two digits."""
        dataset = self._model.dataset
        largest = _most(dataset, key) if dataset else 0
        return "0" * len(f"{max(10, largest)}") + ("," if largest >= 1000 else "")

    def _longest_name(self) -> int:
        dataset = self._model.dataset
        names = dataset.images.file_names if dataset else ()
        sample = names[:: max(1, len(names) // _SAMPLE)]
        longest = sorted(sample, key=len)[-10:]
        widths = (self._table.fontMetrics().horizontalAdvance(name) for name in longest)
        return min(_WIDEST_NAME, max(widths, default=0) + 2 * PADDING + 4)


def _most(dataset: Dataset, key: str) -> int:
    """The most objects or detections that one image has."""
    offsets = dataset.objects.offsets
    if key in ("detections", "fp"):
        offsets = dataset.detections.offsets
    return int(np.diff(offsets).max(initial=0))
