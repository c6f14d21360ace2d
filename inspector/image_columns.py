"""The columns of the image table as data: what each one shows, how it is written, how it sorts."""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Floats
from inspector.evaluation.operating_point import ImageCounts

NOT_AVAILABLE: Final = "n/a"
NOT_EVALUATED_YET: Final = "Not evaluated yet"

_SORT_PIECE = 4_000
"""Keys sorted in one call, which holds the GIL: some 2 ms."""


class Kind(Enum):
    """How the values of a column are written."""

    TEXT = "text"
    SPLIT = "split"
    """Which split an image is of; only where there are some."""
    COUNT = "count"
    STATE = "state"
    """What was said of the image."""
    RATE = "rate"
    """A number from 0 to 1, with three decimals."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the image table."""

    key: str
    """Its name in filters and saved layouts."""
    title: str
    tooltip: str
    """Precisely what is computed."""
    kind: Kind
    live: bool
    """Whether it moves with the confidence threshold."""
    missing: str = ""
    """Why there can be nothing to compute."""
    descending_first: bool = False
    """Whether the failures come first in descending order."""


NAME: Final = Column(
    "name", "Name", "File name of the image, as the ground truth gives it.", Kind.TEXT, False
)

VERDICTS: Final = Column(
    "verdicts",
    "Review",
    "What was said of the image: a tick where it was reviewed, a flag and the number of wrong labels.",
    Kind.STATE,
    live=False,
    descending_first=True,
)

SPLIT: Final = Column(
    "split", "Split", "Which split of the data set the image is of.", Kind.SPLIT, live=False
)

COLUMNS: Final = (
    NAME,
    SPLIT,
    VERDICTS,
    Column(
        "objects",
        "Objects",
        "Objects of the chosen classes on the image. Crowd regions and objects outside the size range are not"
        " counted.",
        Kind.COUNT,
        live=False,
        descending_first=True,
    ),
    Column(
        "tp",
        "TP",
        "True positives: shown detections that match an object of their class with at least the IoU"
        " threshold.",
        Kind.COUNT,
        live=True,
        descending_first=True,
    ),
    Column(
        "fp",
        "FP",
        "False positives: shown detections that match no object of their class, or one that a detection with"
        " a higher score already has.",
        Kind.COUNT,
        live=True,
        descending_first=True,
    ),
    Column(
        "fn",
        "FN",
        "False negatives: objects that no shown detection matches (objects − TP).",
        Kind.COUNT,
        live=True,
        descending_first=True,
    ),
    Column(
        "precision",
        "P",
        "Precision: TP / (TP + FP).",
        Kind.RATE,
        live=True,
        missing="no detection that counts is shown on this image",
    ),
    Column(
        "recall",
        "R",
        "Recall: TP / objects.",
        Kind.RATE,
        live=True,
        missing="this image has no object that counts",
    ),
    Column(
        "f1",
        "F1",
        "F1: 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall.",
        Kind.RATE,
        live=True,
        missing="this image has neither an object nor a shown detection that counts",
    ),
    Column(
        "detections",
        "Detections",
        "Shown detections: of the chosen classes, with a score of at least the confidence threshold. Those"
        " that are ignored (neither TP nor FP) are counted here too.",
        Kind.COUNT,
        live=True,
        descending_first=True,
    ),
    Column(
        "ap50",
        "AP50",
        "Average precision at IoU 0.50 of this image alone: the mean over the chosen classes that it"
        " has objects of. It takes the detections of every score, so it does not move with the confidence"
        " threshold.",
        Kind.RATE,
        live=False,
        missing="this image has no object that counts, or the evaluation leaves out IoU 0.50",
    ),
    Column(
        "miou",
        "IoU",
        "Mean IoU of the true positives with their objects. The filter line calls it miou; iou is that of"
        " a single box there.",
        Kind.RATE,
        live=True,
        missing="this image has no true positive",
    ),
    Column(
        "fpscore",
        "FP score",
        "The highest score of a false positive.",
        Kind.RATE,
        live=True,
        missing="this image has no false positive",
        descending_first=True,
    ),
)

NUMBERS: Final = tuple(column for column in COLUMNS if column.kind in (Kind.COUNT, Kind.RATE))


def column_values(
    counts: ImageCounts, image_ap50: Floats | None, image_rows: NDArray[np.int64] | None = None
) -> dict[str, Floats]:
    """float64 [rows] of every column of `NUMBERS`, nan for n/a.

    `counts` are those of `image_rows` (all images where None); `image_ap50` is the IoU slice's, of all of
    them.
    """
    if image_ap50 is None:
        ap50 = np.full(len(counts.tp), np.nan)
    else:
        ap50 = image_ap50 if image_rows is None else image_ap50[image_rows]
    return {
        "objects": counts.objects.astype(np.float64),
        "tp": counts.tp.astype(np.float64),
        "fp": counts.fp.astype(np.float64),
        "fn": counts.fn.astype(np.float64),
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "detections": counts.detections.astype(np.float64),
        "ap50": ap50,
        "miou": counts.mean_iou,
        "fpscore": counts.top_false_positive,
    }


def format_value(column: Column, value: float | str) -> str:
    """As the table shows it: 1,234 or 0.688 or n/a."""
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return NOT_AVAILABLE
    return f"{value:,.0f}" if column.kind is Kind.COUNT else f"{value:.3f}"


def plain_texts(column: Column, values: Floats) -> list[str]:
    """For other programs: without thousands separators."""
    form = "{:.0f}" if column.kind is Kind.COUNT else "{:.3f}"
    # many images share a value: each is written once
    distinct, which = np.unique(values, return_inverse=True)
    written = [NOT_AVAILABLE if value != value else form.format(value) for value in distinct.tolist()]
    return [written[number] for number in which.tolist()]


def sorted_rows(keys: Floats, *, descending: bool) -> NDArray[np.int64]:
    """All rows by their key: nan last and equal keys in row order, whatever the direction."""
    # numpy puts nan last, and negating leaves it nan
    return np.argsort(-keys if descending else keys, kind="stable").astype(np.int64, copy=False)


def natural_ranks(names: Sequence[str]) -> Floats:
    """float64 [names]: the place of each name when numbers in names count as numbers ("img9" < "img10").

    Case is ignored; names that differ in nothing else share a rank. Takes about a second for a million
    names, in pieces that let other threads run.
    """
    ranks = np.empty(len(names))
    rank, before = -1.0, None
    for key, row in _merged(list(_natural_keys(names))):
        if key != before:
            rank, before = rank + 1, key
        ranks[row] = rank
    return ranks


def _natural_keys(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    digits = re.compile("[0-9]+")

    def by_length(match: re.Match[str]) -> str:
        number = match[0].lstrip("0")
        return f"{len(number):06d}{number}"  # the longer number is the larger one

    for row, name in enumerate(names):
        yield digits.sub(by_length, name.casefold()), row


def _merged(keys: list[tuple[str, int]]) -> Iterable[tuple[str, int]]:
    """Sorted, but never in one long call."""
    pieces = [sorted(keys[start : start + _SORT_PIECE]) for start in range(0, len(keys), _SORT_PIECE)]
    return heapq.merge(*pieces)
