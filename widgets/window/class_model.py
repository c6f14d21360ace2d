"""The classes with their counts and rates at the operating point, in the order that the person chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from inspector.dataset import Floats
from inspector.evaluation.operating_point import class_counts
from inspector.one_side import MISSING
from inspector.refs import Side
from widgets.session import Session

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the class table."""

    title: str
    tip: str
    is_rate: bool = False


COLUMNS = (
    Column("Class", "Double click, or Enter, shows only this class; once more shows all again"),
    Column("Objects", "Ground-truth objects that count (crowd regions left out)"),
    Column("TP", "True positives at the operating point"),
    Column("FP", "False positives at the operating point"),
    Column("FN", "False negatives at the operating point"),
    Column("P", "Precision: TP / (TP + FP)", is_rate=True),
    Column("R", "Recall: TP / (TP + FN)", is_rate=True),
    Column("F1", "2 TP / (2 TP + FP + FN)", is_rate=True),
    Column(
        "AP",
        "Average precision over all IoU thresholds of the protocol, whatever the confidence",
        is_rate=True,
    ),
)
_FP = 3
_ALONE = Column("Detections", "Detections of at least the confidence threshold")
"""In place of the objects, where no ground truth is open."""


class ClassModel(QAbstractTableModel):
    """One row per class; float64 values, nan where nothing can be computed."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._names: Sequence[str] = ()
        self._sorted_by, self._descends = -1, False
        self._values: Floats = np.empty((0, len(COLUMNS)))
        self._order: NDArray[np.intp] = np.empty(0, dtype=np.intp)
        session.dataset_changed.connect(self._reset)
        session.results_changed.connect(self._update)
        session.operating_point_changed.connect(self._update)
        self._reset()

    def class_row(self, row: int) -> int:
        """The dataset's class row that is shown in a row of the table."""
        return int(self._order[row])

    def column(self, number: int) -> Column:
        """What a column is called, and what it says."""
        counts_detections = number == 1 and self._session.missing is Side.OBJECT
        return _ALONE if counts_detections else COLUMNS[number]

    def value(self, row: int, column: int) -> float:
        """The number behind a cell (nan for n/a); 0 for the name."""
        return float(self._values[self._order[row], column])

    def widest_texts(self) -> list[str]:
        """For each column the longest text that it can show at any threshold."""
        results, alone = self._session.results, self._session.alone
        most = 0
        if alone is not None:
            most = int(alone.class_counts(0.0).max(initial=0))
        if results is not None and len(self._names):
            most = int(max(results.at.positives.max(), np.diff(results.at.class_offsets).max()))
        return ["", *("0.000" if column.is_rate else f"{most:,}" for column in COLUMNS[1:])]

    def text(self, row: int, column: int) -> str:
        """What a cell shows."""
        if column == 0:
            return self._names[self.class_row(row)]
        value = self.value(row, column)
        if value != value:  # nan
            return "n/a"
        return f"{value:.3f}" if COLUMNS[column].is_rate else f"{int(value):,}"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                arrow = " ▾" if self._descends else " ▴"
                return self.column(section).title + (arrow if section == self._sorted_by else "")
            if role == Qt.ItemDataRole.ToolTipRole:
                return self.column(section).tip
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignLeft if section == 0 else Qt.AlignmentFlag.AlignRight
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == Qt.ItemDataRole.UserRole:
            return self.value(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == 0:
                return f"{self.text(row, 0)}: {COLUMNS[0].tip}"
            return self._reason(row, column) if np.isnan(self.value(row, column)) else None
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Stable, with "n/a" last in both directions."""
        self._sorted_by, self._descends = column, order is Qt.SortOrder.DescendingOrder
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        rows = [self.class_row(index.row()) for index in before]
        if column == 0:
            keys = np.unique([name.casefold() for name in self._names], return_inverse=True)[1].astype(float)
        else:
            keys = self._values[:, column]
        self._order = np.argsort(-keys if self._descends else keys, kind="stable")  # nan comes last
        places = np.argsort(self._order)
        after = [
            self.index(int(places[row]), index.column()) for row, index in zip(rows, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _reason(self, row: int, column: int) -> str:
        if self._session.missing is not None:
            return f"n/a: {MISSING[self._session.missing]}"
        if self._session.results is None:
            return "Not evaluated yet"
        if COLUMNS[column].title == "P":
            return "n/a: nothing of this class is detected at this confidence"
        return "n/a: no object of this class" + ("" if self.value(row, _FP) == 0 else " to compute from")

    def _reset(self) -> None:
        self.beginResetModel()
        dataset = self._session.dataset
        self._names = dataset.classes.names if dataset else ()
        self._order = np.arange(len(self._names))
        self._values = self._compute()
        self.endResetModel()

    def _update(self) -> None:
        if len(self._names):
            self._values = self._compute()
            self.dataChanged.emit(self.index(0, 1), self.index(len(self._names) - 1, len(COLUMNS) - 1))

    def _compute(self) -> Floats:
        values = np.full((len(self._names), len(COLUMNS)), np.nan)
        values[:, 0] = 0.0
        results, alone = self._session.results, self._session.alone
        if alone is not None and len(self._names):
            values[:, 1] = alone.class_counts(self._session.point.confidence)
        if results is None or not len(self._names):
            return values
        counts = class_counts(results.at, self._session.point.confidence)
        tp, fp, fn = counts.T
        values[:, 1] = results.at.positives
        values[:, 2:5] = counts
        with np.errstate(invalid="ignore"):  # 0 / 0 is nan: nothing to compute from
            values[:, 5] = tp / (tp + fp)
            values[:, 6] = tp / (tp + fn)
            values[:, 7] = 2 * tp / (2 * tp + fp + fn)
        values[:, 8] = results.class_ap
        return values
