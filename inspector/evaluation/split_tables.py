"""The splits of a data set, each evaluated by its own, beside all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from inspector.dataset import Dataset
from inspector.evaluation.matching import Evaluation, evaluate
from inspector.evaluation.operating_point import OperatingPoint, size_counts
from inspector.evaluation.options import Options, protocol_for
from inspector.evaluation.summary import headline
from inspector.evaluation.tables import Axis, Measure, Table, all_tables, at_point, count_measures, floats
from inspector.progress import Progress, no_progress
from inspector.selection import restricted, split_rows, split_sizes

ALL: Final = "all"
NAME: Final = "splits"
"""Of the table that has a line for each split."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some images of a data set, evaluated as if they were all of it."""

    name: str
    dataset: Dataset
    evaluation: Evaluation


def evaluate_splits(dataset: Dataset, options: Options, progress: Progress = no_progress) -> tuple[Part, ...]:
    """Every split of what `options.prepare` made; none where there are no two. Its numbers are those of its
    files alone, so percentile size ranges are those of its own objects. Raises what `progress` raises.
    """
    parts = []
    for name in split_sizes(dataset):
        part = restricted(dataset, split_rows(dataset, name))
        parts.append(Part(name, part, evaluate(part, protocol_for(part, options), progress)))
    return tuple(parts)


def by_split(whole: Table, parts: Mapping[str, Table]) -> Table:
    """The same table of all images and of each split, along an axis "split" before the others.

    A table of images stays as it is: each image is of one split.
    """
    if not parts or any(axis.name == "image" for axis in whole.axes):
        return whole
    tables = [whole, *parts.values()]
    return replace(
        whole,
        axes=(Axis("split", (ALL, *parts)), *whole.axes),
        measures={name: _stacked([table.measures[name] for table in tables]) for name in whole.measures},
    )


def _stacked(measures: Sequence[Measure]) -> Measure:
    if measures[0].dtype == np.int64:
        return np.stack(measures).astype(np.int64, copy=False)
    return np.stack(measures).astype(np.float64, copy=False)


def splits_table(whole: Part, parts: Sequence[Part], point: OperatingPoint) -> Table:
    """A line for all images, and one for each split: its averages, and its counts at the operating point."""
    rows = [whole, *parts]
    chosen = point.chosen(len(whole.dataset.classes))
    averages = [headline(row.evaluation, chosen) for row in rows]
    last = f"AR{whole.evaluation.protocol.max_dets[-1]}"
    names = [name for name in ("AP", "AP50", "AP75", last) if name in averages[0]]
    counts = [size_counts(row.dataset, row.evaluation, point.confidence)[chosen] for row in rows]
    measures: dict[str, Measure] = {
        "images": np.array([len(row.dataset.images) for row in rows], dtype=np.int64),
        **{name: floats([stats[name] for stats in averages]) for name in names},
        **count_measures(np.stack([count[:, 0, point.iou_index].sum(axis=0) for count in counts])),
    }
    return Table(
        name=NAME,
        title=f"Splits, {at_point(whole.evaluation, point)}; detections are TP + FP",
        axes=(Axis("split", (ALL, *(part.name for part in parts))),),
        measures=measures,
    )


def tables_by_split(
    whole: Part, tables: Sequence[Table], parts: Sequence[Part], point: OperatingPoint
) -> list[Table]:
    """The table of the splits, and `tables` of all images with an axis for them; `tables` where there are no
    splits."""
    if not parts:
        return list(tables)
    of_each = {
        part.name: {table.name: table for table in all_tables(part.dataset, part.evaluation, point)}
        for part in parts
    }
    joined = [
        by_split(table, {name: others[table.name] for name, others in of_each.items()}) for table in tables
    ]
    return [splits_table(whole, parts, point), *joined]
