"""Finds labels that are probably wrong, by weighing what the detections say of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Floats, Rows
from inspector.kernels.ready import SUSPECTING, make_ready
from inspector.outcomes import NO_MATCH
from inspector.parallel import image_blocks, in_order
from inspector.progress import Progress, no_progress
from inspector.review.reliability import group_shift, precision_curve, precisions, sigmoid
from inspector.review.suspects import KINDS, NO_ROW, Suspects
from inspector.review.verdicts import Kind
from inspector.review.weighing import weighed

if TYPE_CHECKING:
    from inspector.kernels.match_data import Columns
    from inspector.kernels.suspecting import Found, Trust

LEAST_SCORE: Final = 0.01
"""Suspicions below it are left out."""
_LEAST_ODDS: Final = float(np.log(LEAST_SCORE / (1.0 - LEAST_SCORE)))
_IOU: Final = 0.5
"""From here on a detection is right."""
_BOXES_PER_CALL: Final = 50_000
_ROWS_PER_CALL: Final = 1_000_000
_STAGE: Final = "Looking for suspect labels"


def find_suspects(dataset: Dataset, progress: Progress = no_progress) -> Suspects:
    """Every suspicion of at least LEAST_SCORE, best first. Raises CancelledError when `progress` does.

    Detections are matched with labels of their class once. From this follows how far detections of a score,
    class and size can be trusted, and from that what they say of each label; see `reliability` and `odds`.
    """
    make_ready(progress, SUSPECTING)
    search = _Search(dataset)
    search.match(progress)
    search.weigh(progress)
    return search.result()


class _Search:
    """The arrays that one search fills."""

    def __init__(self, dataset: Dataset) -> None:
        from inspector.kernels.match_data import largest_image

        self._dataset, self._columns = dataset, _columns(dataset)
        self._largest = largest_image(self._columns)
        self._blocks = image_blocks(dataset, _BOXES_PER_CALL)
        self._matches = np.full(len(dataset.detections), NO_MATCH, dtype=np.int32)
        self._found = _room(dataset)

    def match(self, progress: Progress) -> None:
        """Greedily by score, as in the evaluation, at an IoU of 0.5."""
        from inspector.kernels import match_data, matching

        n_objects = len(self._dataset.objects)
        matches = match_data.Matches(self._matches, np.empty(n_objects, dtype=np.int32), np.empty(n_objects))
        limit, every_size = max(self._largest[0], 1), np.array([[0.0, np.inf]])
        no_ranks, no_bits = np.empty(0, np.int32), np.empty((0, 0, 2), np.uint32)

        def work(images: tuple[int, int]) -> None:
            scratch = match_data.scratch_for(self._largest, limit, 1)
            matching.match_images(
                *images,
                self._columns,
                np.array([_IOU]),
                every_size,
                limit,
                scratch,
                no_ranks,
                no_bits,
                matches,
            )

        for number, _ in enumerate(in_order(work, self._blocks)):
            progress(_STAGE, 0.3 * number / len(self._blocks))

    def weigh(self, progress: Progress) -> None:
        """What the detections say of each label, and which of them have none."""
        from inspector.kernels import suspecting
        from inspector.review.odds import MISSING

        trust = _trust(self._dataset, self._matches, lambda part: progress(_STAGE, 0.3 + 0.2 * part))
        d, g = self._largest

        def work(images: tuple[int, int]) -> None:
            suspecting.weigh_images(
                *images,
                self._columns,
                self._dataset.detections.scores,
                self._matches,
                trust,
                MISSING,
                np.empty((d, g)),
                np.empty((3, d)),
                self._found,
            )

        for number, _ in enumerate(in_order(work, self._blocks)):
            progress(_STAGE, 0.5 + 0.4 * number / len(self._blocks))

    def result(self) -> Suspects:
        from inspector.kernels.row_order import sort_by_score

        images, found = self._dataset.objects.images, self._found
        unlabelled = np.flatnonzero(found.missing >= _LEAST_ODDS)
        parts = [
            _Part(
                Kind.MISSING,
                sigmoid(found.missing[unlabelled]),
                self._dataset.detections.images[unlabelled],
                np.full(len(unlabelled), NO_ROW),
                unlabelled,
            )
        ]
        for kind, scores, detections in weighed(self._dataset, found):
            rows = np.flatnonzero(scores >= LEAST_SCORE)
            parts.append(_Part(kind, scores[rows], images[rows], rows, detections[rows]))
        scores = np.concatenate([part.scores for part in parts])
        order = np.arange(len(scores), dtype=np.int32)
        sort_by_score(scores, order)
        kinds = np.repeat([KINDS.index(part.kind) for part in parts], [len(part.scores) for part in parts])
        columns = (
            np.concatenate([getattr(part, name) for part in parts]).astype(np.int32)[order]
            for name in ("images", "objects", "detections")
        )
        return Suspects(kinds.astype(np.uint8)[order], scores[order], *columns)


class _Part(NamedTuple):
    """The suspicions of one kind."""

    kind: Kind
    scores: Floats
    images: NDArray[np.integer[Any]]
    objects: NDArray[np.integer[Any]]
    detections: NDArray[np.integer[Any]]


def _room(dataset: Dataset) -> Found:
    from inspector.kernels.suspecting import EVIDENCE, PARTNERS, Found

    n_objects = len(dataset.objects)
    return Found(
        np.empty((n_objects, EVIDENCE)),
        np.empty((n_objects, PARTNERS), dtype=np.int32),
        np.empty(len(dataset.detections)),
    )


def _columns(dataset: Dataset) -> Columns:
    """What the kernels read: boxes, whatever masks there are."""
    from inspector.kernels.match_data import Columns

    objects, detections = dataset.objects, dataset.detections
    nothing = np.empty(0)
    columns = Columns(
        objects.offsets,
        objects.classes,
        objects.boxes,
        objects.areas,
        objects.crowd,
        objects.crowd,
        detections.offsets,
        detections.classes,
        detections.boxes,
        nothing,
        np.empty(0, dtype=np.int64),
        nothing,
    )
    for column in columns:
        column.setflags(write=False)  # the kernels' signatures say so
    return columns


def _trust(dataset: Dataset, matches: Rows, report: Callable[[float], None]) -> Trust:
    """How far a detection can be trusted, by its score, class and size."""
    from inspector.kernels.suspecting import (
        LEAST_SCORE,
        SCORE_BINS,
        SIZE_BINS,
        Trust,
        count_scores,
        sum_expected,
    )

    detections, crowd = dataset.detections, dataset.objects.crowd
    scores, classes, boxes = detections.scores, detections.classes, detections.boxes
    top = max(1.0, float(scores.max(initial=0.0)))
    blocks = [
        (first, min(first + _ROWS_PER_CALL, len(scores))) for first in range(0, len(scores), _ROWS_PER_CALL)
    ]
    counts = np.zeros((SCORE_BINS + 1, 2), dtype=np.int64)
    for number, rows in enumerate(blocks):
        report(0.5 * number / len(blocks))
        count_scores(*rows, scores, top, matches, crowd, counts)
    shares = (np.arange(SCORE_BINS + 1) / SCORE_BINS).clip(LEAST_SCORE, 1.0 - LEAST_SCORE)
    curve = precision_curve(shares, counts)
    expected = precisions(curve, shares)
    by_class, by_size = np.zeros((len(dataset.classes), 2)), np.zeros((SIZE_BINS, 2))
    for number, rows in enumerate(blocks):
        report(0.5 + 0.5 * number / len(blocks))
        sum_expected(*rows, scores, top, matches, crowd, classes, boxes, expected, by_class, by_size)
    estimates = curve, group_shift(by_class), group_shift(by_size)
    for estimate in estimates:
        estimate.setflags(write=False)  # the kernels' signatures say so
    return Trust(curve, top, *estimates[1:])
