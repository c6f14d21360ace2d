"""The tables that can be chosen, and how each is made. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from inspector.dataset import Dataset, Floats
from inspector.evaluation.iou_slice import image_average_precision
from inspector.evaluation.operating_point import OperatingPoint, size_counts
from inspector.evaluation.split_tables import ALL, Part, by_split, splits_table
from inspector.evaluation.split_tables import NAME as SPLITS_NAME
from inspector.evaluation.tables import (
    Table,
    average_table,
    class_sizes_table,
    classes_table,
    counts_table,
    images_table,
    pooled_table,
    sizes_table,
)
from widgets.results import Results


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What a table is made of."""

    dataset: Dataset
    results: Results
    point: OperatingPoint
    alone: dict[int | None, Floats] = field(default_factory=dict)
    """AP of each image alone by IoU threshold (None: over all): no confidence changes it, so it is kept."""
    splits: Mapping[str, Given] = field(default_factory=dict)
    """The same of each split, where their columns are wanted."""

    @property
    def part(self) -> Part:
        return Part(ALL, self.dataset, self.results.evaluation)

    def image_ap(self, iou_index: int | None = None) -> Floats:
        if iou_index not in self.alone:
            evaluation, at = self.results.evaluation, self.results.at
            self.alone[iou_index] = image_average_precision(
                self.dataset, evaluation, at.table.object_ignored, at.chosen, iou_index
            )
        return self.alone[iou_index]


@dataclass(frozen=True, slots=True)
class Choice:
    """One table."""

    title: str
    make: Callable[[Given], Table]
    remark: str = ""
    """One sentence below it."""

    def table(self, given: Given) -> Table:
        """With columns for the splits, where they are given."""
        whole = self.make(given)
        if whole.name == SPLITS_NAME:
            return whole
        return by_split(whole, {name: self.make(part) for name, part in given.splits.items()})


def _average(given: Given) -> Table:
    return average_table(given.results.evaluation, given.results.at.chosen)


def _counts(given: Given) -> Table:
    evaluation = given.results.evaluation
    return counts_table(
        evaluation, size_counts(given.dataset, evaluation, given.point.confidence), given.point
    )


def _classes(given: Given) -> Table:
    evaluation = given.results.evaluation
    counts = size_counts(given.dataset, evaluation, given.point.confidence)
    return classes_table(given.dataset, evaluation, counts, given.point)


def _class_sizes(given: Given) -> Table:
    evaluation = given.results.evaluation
    counts = size_counts(given.dataset, evaluation, given.point.confidence)
    return class_sizes_table(given.dataset, evaluation, counts, given.point)


def _images(given: Given) -> Table:
    results = given.results
    return images_table(given.dataset, results.evaluation, results.at.table, given.point, given.image_ap())


def _pooled(given: Given) -> Table:
    index = given.point.iou_index
    return pooled_table(given.results.evaluation, given.point, given.image_ap(), given.image_ap(index))


def _sizes(given: Given) -> Table:
    return sizes_table(given.results.evaluation, given.results.at.chosen)


def _splits(given: Given) -> Table:
    parts = [replace(split.part, name=name) for name, split in given.splits.items()]
    return splits_table(given.part, parts, given.point)


CHOICES: Final = (
    Choice("AP and AR", _average),
    Choice("Counts", _counts),
    Choice(
        "Classes", _classes, "A double click, or Enter, shows only this class; once more shows all again."
    ),
    Choice("Classes by size", _class_sizes),
    Choice("Images", _images, "A click, or an arrow key, shows the image."),
    Choice(
        "Pooled and per image",
        _pooled,
        "They differ because, pooled, a detection is ranked among those of all images; alone, only among"
        " those of its own image, and every image weighs the same.",
    ),
    Choice("Size ranges", _sizes),
)
SPLITS: Final = Choice("Splits", _splits, "Each split is evaluated by its own, as if its images were all.")
"""Only where there are several."""
