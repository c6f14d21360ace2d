"""Which images the table shows and in which order: pure, so that it can run on a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Floats
from inspector.evaluation.operating_point import OperatingPoint, image_counts
from inspector.filtering import Filter, Searched
from inspector.image_columns import (
    NAME,
    NUMBERS,
    SPLIT,
    VERDICTS,
    column_values,
    natural_ranks,
    sorted_rows,
)
from inspector.one_side import image_values
from inspector.progress import Progress
from inspector.refs import Ref
from inspector.review.verdicts import Entry
from inspector.selection import split_ranks
from widgets.results import Results

ImageRows = NDArray[np.int64]

LIVE_KEYS = frozenset(column.key for column in NUMBERS if column.live)
FIXED_KEYS = frozenset(("", NAME.key, SPLIT.key, VERDICTS.key))
"""What no operating point changes the order by: the data set's order, and columns that hold no numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """The file names, prepared for searching and sorting."""

    folded: tuple[str, ...]
    ranks: Floats


@dataclass(frozen=True, slots=True, eq=False)
class OrderRequest:
    """Everything that an order depends on."""

    dataset: Dataset
    results: Results | None
    point: OperatingPoint
    filter: Filter
    key: str
    """The column to sort by; "" for the data set's order."""
    descending: bool
    names: Names | None
    """None until they were needed for the first time."""
    values: Mapping[str, Floats] | None
    """All columns at this point, where they are known already."""
    entries: Mapping[Ref, Entry]
    reviewed: Flags
    """bool [images]."""
    states: Floats
    """float64 [images]: what the column of verdicts sorts by."""
    staying: int | None
    """The image row that is shown whatever the filter says."""

    @property
    def lacks_names(self) -> bool:
        """Whether names have to be prepared first, which takes a while for many images."""
        return self.names is None and (self.key == NAME.key or not self.filter.is_empty)


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """The answer; `values` and `names` are what it was made from, where it needed them."""

    sorted_rows: ImageRows
    """All images."""
    rank: ImageRows
    """int64 [images]: the place of each image in `sorted_rows`."""
    shown: ImageRows
    """Those that the filter keeps, in the same order."""
    place: ImageRows
    """int64 [images]: the place of each image in `shown`, or -1."""
    values: Mapping[str, Floats] | None
    names: Names | None


def prepared_names(file_names: tuple[str, ...]) -> Names:
    return Names(tuple(name.casefold() for name in file_names), natural_ranks(file_names))


def values_of(
    dataset: Dataset, results: Results | None, point: OperatingPoint, image_rows: ImageRows | None = None
) -> dict[str, Floats] | None:
    """Every column for every image, or for these; None until they are evaluated. Where a side is missing,
    what the other one tells."""
    if dataset.missing is not None:
        return image_values(dataset, point, image_rows)
    if results is None:
        return None
    counts = image_counts(dataset, results.at.table, point, image_rows)
    return column_values(counts, results.at.image_ap50, image_rows)


def make_order(request: OrderRequest, progress: Progress) -> Order:
    """Sort, then filter. What needs numbers waits for the evaluation; until then nothing is held back."""
    if request.lacks_names:
        request = replace(request, names=prepared_names(request.dataset.images.file_names))
    values = request.values
    needs_values = bool(request.filter.fields) or request.key not in FIXED_KEYS
    if values is None and needs_values:
        values = values_of(request.dataset, request.results, request.point)
        progress("Sorting", 0.3)
    rows = _sorted(request, values)
    progress("Sorting", 0.6)
    kept = _kept(request, values)
    shown = rows if kept is None else rows[kept[rows]]
    return Order(rows, _inverse(rows, len(rows)), shown, _inverse(shown, len(rows)), values, request.names)


def _sorted(request: OrderRequest, values: Mapping[str, Floats] | None) -> ImageRows:
    keys: Floats | None = None
    if request.key == NAME.key:
        assert request.names is not None
        keys = request.names.ranks
    elif request.key == VERDICTS.key:
        keys = request.states
    elif request.key == SPLIT.key:
        keys = split_ranks(request.dataset)
    elif request.key and values is not None:
        keys = values[request.key]
    if keys is not None:
        return sorted_rows(keys, descending=request.descending)
    rows = np.arange(len(request.dataset.images))
    return rows[::-1].copy() if request.descending and not request.key else rows


def _kept(request: OrderRequest, values: Mapping[str, Floats] | None) -> NDArray[np.bool_] | None:
    results = request.results
    waits = results is None and request.dataset.missing is None
    if request.filter.is_empty or (waits and request.filter.needs_evaluation):
        return None
    assert request.names is not None
    searched = Searched(
        dataset=request.dataset,
        point=request.point,
        folded_names=request.names.folded,
        values=values or {},
        table=results.at.table if results else None,
        entries=request.entries,
        reviewed=request.reviewed,
    )
    kept = request.filter.matches(searched)
    if request.staying is not None:
        kept[request.staying] = True
    return kept


def _inverse(rows: ImageRows, length: int) -> ImageRows:
    place = np.full(length, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    return place
