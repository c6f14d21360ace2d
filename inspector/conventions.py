"""What four numbers of a box mean: from what files mean to pixels, and which meaning the data speaks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Flags, Floats, Offsets, Rows
from inspector.pauses import Pauses
from inspector.reading import PIXELS, Convention

_LOOKED_AT: Final = 1 << 16
"""Boxes that the sample is taken from."""
_SAMPLE: Final = 4096
_MOST_PAIRS: Final = 1 << 17
"""Of a box of the sample and one of the other side; fewer boxes are compared where there would be more."""
_SLACK: Final = 2.0
"""Pixels that a box may reach over the edge of its image: rounding, and pixels counted from 1."""

_FEW: Final = 8
"""With fewer boxes nothing is claimed."""
_MATCHED: Final = 0.5
"""IoU from which on two boxes are taken to mean the same object."""


class Placed(Protocol):
    """Boxes in the dataset's order: objects or detections."""

    @property
    def boxes(self) -> Floats: ...
    @property
    def classes(self) -> Rows: ...
    @property
    def offsets(self) -> Offsets: ...


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How well boxes fit their images and the other side if their numbers are read by one convention."""

    convention: Convention
    boxes: int
    """How many were looked at."""
    inside: float
    """The part of them without negative width or height that lie in their image, but for 2 pixels."""
    ious: Floats
    """float64 [compared]: the best IoU of each box that has others to be compared with; the same boxes for
    all conventions."""

    @property
    def overlap(self) -> float:
        """The mean best IoU; 0 where nothing can be compared."""
        return float(self.ious.mean()) if len(self.ious) else 0.0

    @property
    def evidence(self) -> str:
        """ "98 % inside their image, mean IoU .71"."""
        told = f"{100 * self.inside:.0f} % inside their image"
        return f"{told}, mean IoU {self.overlap:.2f}".replace(" 0.", " .") if len(self.ious) else told

    def __str__(self) -> str:
        """ "as x1 y1 x2 y2: 98 % inside their image, mean IoU .71"."""
        return f"as {spoken(self.convention)}: {self.evidence}"


def spoken(convention: Convention) -> str:
    """A convention as people write it: "x1 y1 x2 y2", "relative cx cy w h"."""
    numbers = {"xywh": "x y w h", "xyxy": "x1 y1 x2 y2", "cxcywh": "cx cy w h"}[convention.corners]
    relative = "relative " if convention.relative else ""
    return f"{relative}{numbers}{' counted from 1' if convention.one_based else ''}"


def to_pixels(numbers: Floats, convention: Convention, sizes: Rows) -> Floats:
    """float64 [boxes, 4]: x, y, width, height in pixels.

    `numbers`: float64 [boxes, 4] as the file has them; `sizes`: int32 [boxes, 2], width and height of the
    image that each box lies on. Returns `numbers` itself where nothing is to be changed. Right and bottom
    that are counted from 1 belong to the box: its width is right - left + 1, as in the VOC development kit.
    """
    if convention == PIXELS:
        return numbers
    boxes = numbers.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):  # numbers of 1e308 are odd, but allowed
        if convention.relative:
            boxes *= np.tile(sizes, 2)
        if convention.one_based:
            boxes[:, :2] -= 1.0
        if convention.corners == "xyxy":
            boxes[:, 2:] -= boxes[:, :2]
        elif convention.corners == "cxcywh":
            boxes[:, :2] -= boxes[:, 2:] / 2
    return boxes


def from_pixels(boxes: Floats, convention: Convention, sizes: Rows) -> Floats:
    """The inverse of `to_pixels`, but for rounding; a relative number of an image of unknown size is NaN."""
    if convention == PIXELS:
        return boxes
    numbers = boxes.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        if convention.corners == "xyxy":
            numbers[:, 2:] += numbers[:, :2]
        elif convention.corners == "cxcywh":
            numbers[:, :2] += numbers[:, 2:] / 2
        if convention.one_based:
            numbers[:, :2] += 1.0
        if convention.relative:
            whole = np.tile(sizes, 2).astype(np.float64)
            numbers /= np.where(whole > 0, whole, np.nan)
    return numbers


def looks_relative(numbers: Floats) -> bool:
    """Whether numbers of boxes, as a file has them, are parts of the image: hardly any outside 0 to 1."""
    some = numbers[:: len(numbers) // _LOOKED_AT + 1]
    finite = np.abs(some[np.isfinite(some)])
    if not len(finite) or not (finite % 1).any():  # whole numbers alone are pixels, also 0 and 1
        return False
    return bool((finite <= 1.0).mean() >= 0.9 and np.quantile(finite, 0.99) <= 2.0)


def fits(
    candidates: Sequence[Convention],
    numbers: Floats,
    images: Rows,
    classes: Rows | None,
    sizes: Rows,
    others: Placed,
    scores: Floats | None = None,
) -> tuple[Fit, ...]:
    """How well boxes fit by each of some conventions, judged by a sample that is always the same.

    `numbers`: float64 [boxes, 4] as the file has them: of boxes that are in pixels already, `from_pixels` by
    the convention that they were read with (for the usual x, y, width, height they are the same). `images`,
    `classes`: int32 [boxes], rows, -1 where unknown; without `classes` boxes are compared whatever their
    class. `sizes`: int32 [images, 2], `Images.sizes`. `others`: the other side in pixels. With `scores`
    (float64 [boxes]) the best of an even sample are taken: most of what a model finds at low scores is wrong.

    To ask about detections: `fits((PIXELS, Convention("xyxy"), ...), detections.boxes, detections.images,
    detections.classes, images.sizes, objects, detections.scores)`; about objects: the same with both sides
    exchanged and without scores. `choose` says whether the result is clear. Takes 10 to 70 ms, whatever the
    number of boxes.
    """
    pause = Pauses()
    rows = _sample(numbers, images, scores)
    pause()
    box, other = _pairs(rows, images, classes, others)
    pause()
    compared = np.unique(box)
    there = others.boxes[other]
    found = []
    for convention in candidates:
        pause()
        boxes = to_pixels(numbers[rows], convention, sizes[images[rows]])
        inside = _inside(boxes, sizes[images[rows]])
        best = np.zeros(len(rows))
        ious = _ious(boxes[box], there)
        pause()
        np.maximum.at(best, box, ious)
        share = float(inside.mean()) if len(rows) else 0.0
        found.append(Fit(convention, len(rows), share, best[compared]))
    return tuple(found)


def choose(fitting: Sequence[Fit]) -> Convention | None:
    """The convention that clearly fits better than the first one (the declared one) and all others.

    None where the evidence is not clear, or speaks for the first: nothing is to be claimed then.
    """
    first, *rest = fitting
    for fit in rest:
        if _clearly_better(fit, first) and all(fit is one or _preferred(fit, one, rest) for one in rest):
            return fit.convention
    return None


def recognise(
    candidates: Sequence[Convention],
    numbers: Floats,
    images: Rows,
    classes: Rows,
    sizes: Rows,
    others: Placed,
    scores: Floats | None = None,
) -> tuple[Convention, str] | None:
    """The convention that clearly fits better than the first one, and the evidence in words; see `fits`.

    "98 % inside their image, mean IoU .71; as x y w h: 61 % inside their image, mean IoU .23".

    Where boxes of the same class show nothing, those of any class are compared: which class is which may be
    read wrong as well. None where the evidence is not clear.
    """
    for of_class in (classes, None):
        fitting = fits(candidates, numbers, images, of_class, sizes, others, scores)
        chosen = choose(fitting)
        if chosen is not None:
            best = next(fit for fit in fitting if fit.convention == chosen)
            return chosen, f"{best.evidence}; {fitting[0]}"
    return None


def _preferred(fit: Fit, other: Fit, order: Sequence[Fit]) -> bool:
    """Whether one that fits goes before another; of two that differ by a pixel the earlier, if in doubt."""
    if _twins(fit.convention, other.convention) and order.index(fit) < order.index(other):
        return not _clearly_better(other, fit)
    return _clearly_better(fit, other)


def _clearly_better(one: Fit, other: Fit) -> bool:
    if one.boxes < _FEW:
        return False
    if _twins(one.convention, other.convention):
        return _finely_better(one, other)
    gain = one.ious - other.ious
    if len(gain) >= _FEW:
        if float(gain.mean()) >= 0.1 and one.overlap >= 1.5 * other.overlap and _sure(gain, 4.0):
            # what overlaps by chance only may not speak against where boxes lie
            return one.overlap >= 0.3 or one.inside >= other.inside - 0.05
        if one.overlap < other.overlap:
            return False
    return one.inside >= other.inside + 0.25 and one.inside >= 0.5


def _twins(one: Convention, other: Convention) -> bool:
    """Whether two conventions differ by a pixel only."""
    return (one.corners, one.relative) == (other.corners, other.relative)


def _finely_better(one: Fit, other: Fit) -> bool:
    """Whether boxes fit better by a pixel: where they match an object, and without doubt."""
    matched = np.maximum(one.ious, other.ious) >= _MATCHED
    gain = one.ious[matched] - other.ious[matched]
    return len(gain) >= 100 and _sure(gain, 6.0) and one.inside >= other.inside - 0.05


def _sure(gain: Floats, errors: float) -> bool:
    """Whether the mean is above 0 by some standard errors."""
    return bool(gain.mean() * np.sqrt(len(gain)) > errors * gain.std())


def _sample(numbers: Floats, images: Rows, scores: Floats | None) -> NDArray[np.int64]:
    """int64 [boxes of the sample]: rows of boxes whose image is known."""
    count = len(numbers)
    rows = np.arange(min(count, _LOOKED_AT), dtype=np.int64)
    if count > _LOOKED_AT:
        rows = rows * count // _LOOKED_AT
    rows = rows[images[rows] >= 0]
    if len(rows) <= _SAMPLE:
        return rows
    if scores is None:
        return rows[np.arange(_SAMPLE) * len(rows) // _SAMPLE]
    # shuffled first, so that equal scores do not all come from the first images; NaN comes last
    rows = np.random.default_rng(0).permutation(rows)
    return np.sort(rows[np.argsort(-scores[rows], kind="stable")[:_SAMPLE]])


def _pairs(
    rows: NDArray[np.int64], images: Rows, classes: Rows | None, others: Placed
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """int64 [pairs] twice: a position in `rows`, and an other box of the same image and class."""
    starts = others.offsets[images[rows]]
    counts = others.offsets[images[rows] + 1] - starts
    every = int(counts.sum()) // _MOST_PAIRS + 1  # of all images some, not all of some
    counts = np.where(np.arange(len(rows)) % every == 0, counts, 0)
    counts = np.where(np.cumsum(counts) <= 2 * _MOST_PAIRS, counts, 0)
    box = np.repeat(np.arange(len(rows)), counts)
    first = np.cumsum(counts) - counts
    other = np.arange(len(box)) - np.repeat(first - starts, counts)
    if classes is None:
        return box, other
    same = classes[rows][box] == others.classes[other]
    return box[same], other[same]


def _inside(boxes: Floats, sizes: Rows) -> Flags:
    """bool [boxes]: in their image; where its size is unknown, not left of or above it."""
    far = np.where(sizes > 0, sizes + _SLACK, np.inf)
    with np.errstate(over="ignore", invalid="ignore"):
        fine = (boxes >= (-_SLACK, -_SLACK, 0.0, 0.0)).all(axis=1)
        return cast(Flags, fine & (boxes[:, :2] + boxes[:, 2:] <= far).all(axis=1))


def _ious(boxes: Floats, others: Floats) -> Floats:
    """float64 [pairs]: the IoU of each box with its other; 0 where a size is negative or no number."""
    with np.errstate(all="ignore"):
        near = np.maximum(boxes[:, :2], others[:, :2])
        common = np.minimum(boxes[:, :2] + boxes[:, 2:], others[:, :2] + others[:, 2:]) - near
        shared = np.where((common > 0).all(axis=1), common[:, 0] * common[:, 1], 0.0)
        both = boxes[:, 2] * boxes[:, 3] + others[:, 2] * others[:, 3] - shared
        return np.where(shared > 0, shared / both, 0.0)
