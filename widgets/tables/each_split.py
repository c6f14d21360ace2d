"""The splits of what is shown, each evaluated by its own when a table of them is first looked at. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from inspector.dataset import Dataset
from inspector.evaluation.matching import Evaluation
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.options import Options
from inspector.evaluation.split_tables import Part, evaluate_splits
from inspector.progress import Progress
from inspector.selection import split_sizes
from widgets.results import cut
from widgets.tables.choices import Given


class EachSplit:
    """For one worker at a time."""

    def __init__(self, dataset: Dataset, evaluation: Evaluation, options: Options) -> None:
        self.dataset, self.evaluation = dataset, evaluation
        self._options = options
        self._parts: tuple[Part, ...] | None = None if split_sizes(dataset) else ()
        self._given: dict[str, Given] = {}

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to evaluate."""
        return self._parts is not None

    def given(self, point: OperatingPoint, progress: Progress) -> Mapping[str, Given]:
        """What tables of each split are made of; nothing where there are no two. Raises what `progress`
        raises."""
        if self._parts is None:
            self._parts = evaluate_splits(self.dataset, self._options, progress)
        self._given = {part.name: self._given_of(part, point) for part in self._parts}
        return self._given

    def _given_of(self, part: Part, point: OperatingPoint) -> Given:
        """Cut again only for another IoU threshold or other classes."""
        before = self._given.get(part.name)
        if before is not None and before.results.fits(point):
            return Given(part.dataset, before.results, point, before.alone)
        no_ap = np.full(len(part.dataset.classes), np.nan)
        return Given(part.dataset, cut(part.dataset, part.evaluation, no_ap, point), point)
