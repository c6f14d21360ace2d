"""The image table's rows and cells. Its row numbers never leave it: outside, an image is its dataset row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtCore import QPersistentModelIndex as PersistentIndex

from inspector.dataset import Dataset, Floats
from inspector.evaluation.operating_point import OperatingPoint
from inspector.filtering import Filter, parse_filter
from inspector.image_columns import COLUMNS, NOT_AVAILABLE, NOT_EVALUATED_YET, VERDICTS, Column, Kind
from inspector.one_side import MISSING
from inspector.progress import Progress, no_progress
from inspector.selection import split_names, split_ranks
from widgets.image_table.cells import BLOCK, Block, Role, alignment, make_block
from widgets.image_table.order import (
    FIXED_KEYS,
    LIVE_KEYS,
    ImageRows,
    Names,
    Order,
    OrderRequest,
    make_order,
)
from widgets.image_table.states import ImageStates
from widgets.image_table.thumbnails import ThumbnailLoader
from widgets.jobs import Jobs
from widgets.results import Results
from widgets.reviewing import Reviewing

THUMBNAIL: Final = 0
"""The section of the thumbnails; those of `COLUMNS` follow."""
SECTIONS: Final[tuple[Column | None, ...]] = (None, *COLUMNS)

_AT_ONCE = 2_000_000
"""Images and detections that are counted, filtered and sorted without a worker: less than 50 ms."""
_ASKED_AT_ONCE = 500_000
"""The same where the filter asks every box."""
_NAMES_AT_ONCE = 5_000
_MOST_BLOCKS = 64

_Index = QModelIndex | PersistentIndex
_NO_INDEX = QModelIndex()
Result = TypeVar("Result")


def section_of(key: str) -> int:
    """The section that shows a column."""
    return 1 + next(number for number, column in enumerate(COLUMNS) if column.key == key)


_LIVE = [section for section, column in enumerate(SECTIONS) if column and column.key in LIVE_KEYS]


class ImageTableModel(QAbstractTableModel):
    """Cells are counted in blocks of rows, and only when somebody looks; whole columns only to sort by."""

    order_changed = Signal()
    """Other images are shown, or in another order."""

    def __init__(
        self,
        reviewing: Reviewing,
        thumbnails: ThumbnailLoader,
        jobs: Jobs,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reviewing, self._thumbnails, self._jobs = reviewing, thumbnails, jobs
        self._dataset: Dataset | None = None
        self._results: Results | None = None
        self._point = OperatingPoint()
        self._filter = parse_filter("")
        self._key, self._descending = "", False
        self._staying: int | None = None
        self.states = ImageStates(reviewing)
        """What was said of the images."""
        self.splits: Sequence[str] = ()
        """Of each image of the dataset; empty where there are none."""
        self._names: Names | None = None
        self._values: Mapping[str, Floats] | None = None
        self._order: Order | None = None
        self._blocks: dict[int, Block] = {}

    # --- what is shown ---

    @property
    def dataset(self) -> Dataset | None:
        return self._dataset

    @property
    def is_counted(self) -> bool:
        """Whether there are numbers: where a side is missing, of the other one."""
        return self._results is not None or (self._dataset is not None and self._dataset.missing is not None)

    @property
    def filter(self) -> Filter:
        return self._filter

    @property
    def sorts_by(self) -> tuple[str, bool]:
        """The key of the column ("" for the data set's order) and whether it descends."""
        return self._key, self._descending

    @property
    def order_is_live(self) -> bool:
        """Whether another operating point can change the order."""
        return self._key not in FIXED_KEYS or self._filter.needs_evaluation or self._filter.follows_confidence

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Show another data set, not yet evaluated."""
        if dataset is self._dataset:
            return
        self._jobs.cancel("order")
        self.beginResetModel()
        self._dataset, self._results = dataset, None
        self.states = ImageStates(self._reviewing)
        self._names = self._values = self._order = self._staying = None
        self.splits = () if dataset is None else split_names(dataset)
        self._blocks.clear()
        if dataset is not None:
            plain = replace(self._request(dataset), filter=parse_filter(""), key="")
            self._order = make_order(plain, no_progress)
        self.endResetModel()
        self.order_changed.emit()
        if dataset is not None and (self._key or not self._filter.is_empty):
            self.refresh_order()

    def set_results(self, results: Results | None, point: OperatingPoint) -> None:
        """Show the numbers of an evaluation; the order stays until `refresh_order`."""
        if (results, point) == (self._results, self._point):
            return
        self._results, self._point = results, point
        self._forget_numbers(1, len(SECTIONS) - 1)

    def set_point(self, point: OperatingPoint) -> None:
        """Show the numbers at another operating point; the order stays until `refresh_order`."""
        if point == self._point:
            return
        self._point = point
        self._forget_numbers(_LIVE[0], _LIVE[-1])

    def set_filter(self, new: Filter) -> None:
        if new != self._filter:
            self._filter, self._staying = new, None
            self.refresh_order()

    def follow_verdicts(self, image_row: int | None) -> None:
        """Show and filter by what was judged now. The image that the person is at stays until `leave`."""
        self.states = ImageStates(self._reviewing)
        if len(self.shown):
            section = section_of(VERDICTS.key)
            self.dataChanged.emit(self.index(0, section), self.index(len(self.shown) - 1, section))
        if self._filter.follows_verdicts:
            self._staying = None if self.row_of(image_row) is None else image_row
            self.refresh_order()

    def leave(self, image_row: int | None) -> None:
        """The person went to this image: what stayed only for them is filtered again."""
        if self._staying is not None and self._staying != image_row:
            self._staying = None
            self.refresh_order()

    def sort(self, section: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """The thumbnails' section, and none (-1), stand for the data set's order."""
        column = SECTIONS[section] if 0 <= section < len(SECTIONS) else None
        wish = (column.key if column else "", section >= 0 and order == Qt.SortOrder.DescendingOrder)
        if wish != (self._key, self._descending):
            self._key, self._descending = wish
            self.refresh_order()

    def refresh_order(self) -> None:
        """Sort and filter again at the present operating point."""
        dataset = self._dataset
        if dataset is None:
            return
        request = self._request(dataset)
        most = _ASKED_AT_ONCE if self._filter.asks_boxes else _AT_ONCE
        at_once = len(dataset.images) + len(dataset.detections) <= most
        if request.lacks_names and len(dataset.images) > _NAMES_AT_ONCE:
            at_once = False

        def done(order: Order) -> None:
            if order.values is not None and request.point == self._point and request.results is self._results:
                self._values = order.values
            if request.dataset is self._dataset:
                self._names = order.names
            self._set_order(order)

        self._do("order", at_once, lambda progress: make_order(request, progress), done)

    # --- images and rows ---

    @property
    def shown(self) -> ImageRows:
        """The image rows, in the table's order."""
        return self._order.shown if self._order else np.zeros(0, dtype=np.int64)

    def image_at(self, row: int) -> int:
        return int(self.shown[row])

    def row_of(self, image_row: int | None) -> int | None:
        """None where the filter leaves the image out."""
        if self._order is None or image_row is None or not 0 <= image_row < len(self._order.place):
            return None
        row = int(self._order.place[image_row])
        return None if row < 0 else row

    def row_near(self, image_row: int | None) -> tuple[int, bool]:
        """Where an image stands, or where it would stand if the filter kept it; and whether it does."""
        row = self.row_of(image_row)
        if row is not None:
            return row, True
        if self._order is None or image_row is None or not 0 <= image_row < len(self._order.rank):
            return 0, False
        ranks = self._order.rank[self._order.shown]
        return int(np.searchsorted(ranks, self._order.rank[image_row])), False

    # --- cells ---

    def block_of(self, row: int) -> Block:
        """The cells of some rows around this one."""
        number = row // BLOCK
        block = self._blocks.get(number)
        if block is None:
            assert self._dataset is not None
            if len(self._blocks) >= _MOST_BLOCKS:
                self._blocks.clear()
            rows = self.shown[number * BLOCK : (number + 1) * BLOCK]
            block = make_block(self._dataset, self._results, self._point, rows, self.splits)
            self._blocks[number] = block
        return block

    def values_of(self, image_rows: ImageRows) -> dict[str, Floats] | None:
        """Columns of any images; None until they are evaluated."""
        assert self._dataset is not None
        return make_block(self._dataset, self._results, self._point, image_rows, with_texts=False).values

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(SECTIONS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(SECTIONS):
            return None
        column = SECTIONS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title if column else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tooltip if column else "Thumbnails. Click for the order of the data set."
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column)
        if role == Qt.ItemDataRole.InitialSortOrderRole and column and column.descending_first:
            return Qt.SortOrder.DescendingOrder
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._dataset is None or index.row() >= len(self.shown):
            return None
        image_row, column = self.image_at(index.row()), SECTIONS[index.column()]
        if role == Role.IMAGE:
            return image_row
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column)
        if column is None:
            return self._thumbnail_data(image_row, role)
        if column.kind is Kind.TEXT:
            return self._name_data(image_row, role)
        if column.kind is Kind.SPLIT:
            split = self.splits[image_row] if self.splits else ""
            return self._word_data(role, split, float(split_ranks(self._dataset)[image_row]))
        if column.kind is Kind.STATE:
            keys = self.states.sort_keys
            return self._word_data(role, self.states.text(image_row), float(keys[image_row]))
        return self._number_data(index.row(), column, role)

    def _thumbnail_data(self, image_row: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnails.pixmap(image_row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._thumbnails.problem(image_row) or None
        if role in (Role.SORT, Role.RAW):
            return image_row
        return None

    def _name_data(self, image_row: int, role: int) -> Any:
        assert self._dataset is not None
        name = self._dataset.images.file_names[image_row]
        if role in (Qt.ItemDataRole.DisplayRole, Role.RAW):
            return name
        if role == Qt.ItemDataRole.ToolTipRole:
            width, height = self._dataset.images.sizes[image_row].tolist()
            size = f", {width} × {height} pixels" if width and height else ""
            return f"{name}\nid {self._dataset.images.ids[image_row]}{size}"
        if role == Role.SORT:
            return float(self._names.ranks[image_row]) if self._names else float(image_row)
        return None

    @staticmethod
    def _word_data(role: int, text: str, key: float) -> Any:
        if role == Role.SORT:
            return key
        shown = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Role.RAW)
        return text if role in shown else None

    def _number_data(self, row: int, column: Column, role: int) -> Any:
        assert self._dataset is not None
        block = self.block_of(row)
        text = block.texts[column.key][row % BLOCK]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title} {text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            if block.values is None:
                return NOT_EVALUATED_YET
            reason = column.missing if self._dataset.missing is None else MISSING[self._dataset.missing]
            return f"{NOT_AVAILABLE}: {reason}" if text == NOT_AVAILABLE else None
        if role in (Role.SORT, Role.RAW):
            value = float(block.values[column.key][row % BLOCK]) if block.values else float("nan")
            if role == Role.SORT:
                return value
            if value != value:
                return None
            return int(value) if column.kind is Kind.COUNT else value
        return None

    # --- changes ---

    def _request(self, dataset: Dataset) -> OrderRequest:
        said = self._filter.follows_verdicts
        return OrderRequest(
            dataset=dataset,
            results=self._results,
            point=self._point,
            filter=self._filter,
            key=self._key,
            descending=self._descending,
            names=self._names,
            values=self._values,
            entries=self._reviewing.entries if said else {},
            reviewed=self._reviewing.reviewed() if said else np.zeros(0, dtype=np.bool_),
            states=self.states.sort_keys,
            staying=self._staying,
        )

    def _do(
        self,
        kind: str,
        at_once: bool,
        work: Callable[[Progress], Result],
        done: Callable[[Result], None],
    ) -> None:
        """Small work is done in place: it takes less than a frame or two. The rest goes to a worker."""
        self._jobs.cancel(kind)
        if at_once:
            done(work(no_progress))
        else:
            self._jobs.start(kind, work, done, _raise)

    def _forget_numbers(self, first: int, last: int) -> None:
        self._values = None
        self._blocks.clear()
        if len(self.shown):
            self.dataChanged.emit(self.index(0, first), self.index(len(self.shown) - 1, last))

    def _set_order(self, order: Order) -> None:
        old = self._order
        if old is None or np.array_equal(old.shown, order.shown):
            self._order = order  # what is left out may stand elsewhere all the same
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = order.place[old.shown[[index.row() for index in before]]].tolist() if before else []
        self._order = order
        self._blocks.clear()
        self.changePersistentIndexList(before, self._moved(before, places))
        self.layoutChanged.emit()
        self.order_changed.emit()

    def _moved(self, before: Sequence[QModelIndex], places: list[int]) -> list[QModelIndex]:
        pairs = zip(before, places, strict=True)
        return [self.index(row, index.column()) if row >= 0 else QModelIndex() for index, row in pairs]


def _raise(error: Exception) -> None:
    raise error
