"""AP of changed copies of the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Floats, Rows
from inspector.doctor.case import STAGE
from inspector.evaluation.matching import evaluate
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.summary import mean_average_precision
from inspector.progress import Progress
from inspector.readers.ordering import dataset_order, reorder
from inspector.selection import class_agnostic, some_detections

_SHUFFLES: Final = ((200_000, 8), (1_000_000, 4))
"""Up to so many detections, ties are put in so many orders; of more, in two: each takes seconds."""


@dataclass(frozen=True, eq=False)
class Measuring:
    """Evaluates what the numbers would be."""

    opened: Dataset
    protocol: Protocol
    progress: Progress

    @cached_property
    def dataset(self) -> Dataset:
        """What is evaluated: where all classes are one, that."""
        return class_agnostic(self.opened) if self.protocol.class_agnostic else self.opened

    @cached_property
    def ap(self) -> float | None:
        """As the files are; None where there is nothing to compute it from."""
        return self._ap(self.dataset, self.protocol)

    def above(self, score: float) -> float | None:
        """Without the detections below a score."""
        rows = np.flatnonzero(self.dataset.detections.scores >= score)
        return self._ap(some_detections(self.dataset, rows), self.protocol)

    def best_of_images(self, limit: int) -> float | None:
        """With the best `limit` detections of each image."""
        data = self.dataset.detections
        order = self._by_score(np.zeros_like(data.classes), data.scores)
        places = np.arange(len(order)) - data.offsets[data.images[order]]
        rows = np.sort(order[places < limit])
        return self._ap(some_detections(self.dataset, rows), self.protocol)

    def unlimited(self, largest: int) -> float | None:
        """With as many detections of a class on an image as there are at most."""
        limits = (*self.protocol.max_dets[:-1], largest)
        return self._ap(self.dataset, replace(self.protocol, max_dets=limits))

    def shuffled(self) -> list[float]:
        """With equal scores in other orders, each time the same ones."""
        count = len(self.dataset.detections)
        times = next((times for most, times in _SHUFFLES if count <= most), 2)
        found = (self._ap(self._shuffled(seed), self.protocol) for seed in range(times))
        return [ap for ap in found if ap is not None]

    def _shuffled(self, seed: int) -> Dataset:
        data = self.dataset.detections
        ranks = ranked(data.scores, np.random.default_rng(seed))
        order = self._by_score(data.classes, ranks)
        return some_detections(self.dataset, order, reorder(ranks, order))

    def _by_score(self, classes: Rows, scores: Floats) -> Rows:
        """int32: rows by image, class and descending score."""
        images = self.dataset.detections.images
        return dataset_order(images, classes, scores, len(self.dataset.images), self.progress, STAGE)

    def _ap(self, dataset: Dataset, protocol: Protocol) -> float | None:
        return mean_average_precision(evaluate(dataset, protocol, self.progress))


def ranked(scores: Floats, dice: np.random.Generator) -> NDArray[np.float64]:
    """float64 [scores]: the rank of each by ascending score, equal ones in an order of the dice."""
    order = dice.permutation(len(scores))
    order = order[np.argsort(scores[order], kind="stable")]
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(len(scores), dtype=np.float64)
    return ranks
