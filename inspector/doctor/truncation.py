"""What was cut away before the files were written, or is not evaluated, and what that does to AP."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from inspector.dataset import Flags, Offsets
from inspector.doctor.case import Case, share, worded
from inspector.doctor.findings import Finding, Severity
from inspector.doctor.measuring import Measuring
from inspector.export.report import counted

_FEWEST: Final = 20
"""Detections below which nothing is said of how their scores are spread."""
_LOWEST: Final = 0.01
"""Models are run down to 0.001 to be evaluated; what is cut at 0.01 and above may be missed by AP."""
_MATTERS: Final = 0.005
"""Half a point of AP: what people compare models by."""
_UNMEASURED: Final = " What that does to AP is not measured."
"""Behind an effect; nothing unmeasured is more than a note."""
_SMALLEST_CAP: Final = 10
"""With fewer detections on an image, many images have the same number by accident."""
_SPIKE: Final = 3
"""Images with exactly the largest number: so many, and so many times as with each number just below."""
_TIED: Final = 0.01
"""Below this part of tied scores their order cannot change what people look at."""


def truncation_checks(case: Case, measuring: Measuring | None) -> Iterator[Finding]:
    """Each with its effect on AP where there is something to measure with."""
    if len(case.dataset.detections):
        yield from _floor(case, measuring)
        yield from _cap(case, measuring)
        yield from _beyond(case, measuring)
        yield from _ties(case, measuring)


def _floor(case: Case, measuring: Measuring | None) -> Iterator[Finding]:
    scores = case.dataset.detections.scores
    lowest, highest = float(scores.min()), float(scores.max())
    if len(scores) < _FEWEST or lowest < _LOWEST or lowest == highest or highest > 1:
        return
    floor = round_below(lowest)
    effect = "What the model found below is missing: AP and recall are lower than they could be."
    lost, told = 0.0, _UNMEASURED
    cut = min(2 * floor, (1 + floor) / 2)
    if measuring is not None and measuring.ap is not None:
        ap = measuring.above(cut) or 0.0
        lost = measuring.ap - ap
        told = f" Cut at {cut:g} as well, {instead(ap, measuring.ap)}: {_steep(lost)}."
    first = np.flatnonzero(scores == lowest)
    yield Finding(
        "score_floor",
        Severity.WARNING if lost >= _MATTERS else Severity.NOTE,
        f"no detection scores below {floor:g}",
        0,
        case.detections(first.tolist()),
        f"{effect}{told} Detections down to 0.001 give the AP that others publish.",
    )


def round_below(score: float) -> float:
    """The threshold that somebody has probably chosen: a multiple of 0.05, or below that of 0.01."""
    step = 0.05 if score >= 0.05 else 0.01
    return round(math.floor(score / step + 1e-9) * step, 4)


def _cap(case: Case, measuring: Measuring | None) -> Iterator[Finding]:
    counts = np.diff(case.dataset.detections.offsets)
    cap = cap_of(counts)
    if cap is None:
        return
    rows = np.flatnonzero(counts == cap)
    effect = "What the model found beyond is missing where there is much to see."
    lost, told = 0.0, _UNMEASURED
    if measuring is not None and measuring.ap is not None:
        ap = measuring.best_of_images(cap // 2) or 0.0
        lost = measuring.ap - ap
        told = f" With the best {cap // 2} of each image, {instead(ap, measuring.ap)}: {_steep(lost)}."
    yield Finding(
        "detections_capped",
        Severity.WARNING if lost >= _MATTERS else Severity.NOTE,
        worded(f"image{{s}} with exactly {cap:,} detections, and none with more", len(rows)),
        len(rows),
        case.images(rows.tolist()),
        f"{effect}{told}",
    )


def cap_of(counts: Offsets) -> int | None:
    """The largest number of detections of an image, if suspiciously many images have exactly that."""
    if not len(counts):
        return None
    cap = int(counts.max())
    below = int(np.count_nonzero((counts >= 0.8 * cap) & (counts < cap)))
    each = below / max(1.0, 0.2 * cap)
    there = int(np.count_nonzero(counts == cap))
    return cap if cap >= _SMALLEST_CAP and there >= max(_SPIKE, _SPIKE * each) else None


def _beyond(case: Case, measuring: Measuring | None) -> Iterator[Finding]:
    """More detections of a class on an image than the protocol takes."""
    data = case.dataset if measuring is None else measuring.dataset
    limit = 100 if measuring is None else measuring.protocol.max_dets[-1]
    images, classes = data.detections.images, data.detections.classes

    def begins(part: slice) -> Flags:
        first = max(part.start, 1)
        now, before = slice(first, part.stop), slice(first - 1, part.stop - 1)
        other: Flags = (images[now] != images[before]) | (classes[now] != classes[before])
        return np.concatenate((np.ones(first - part.start, np.bool_), other))

    first = case.rows_where(len(images), begins)
    lengths = np.diff(np.append(first, len(images)))
    groups = np.flatnonzero(lengths > limit)
    if not len(groups):
        return
    beyond, largest = int((lengths[groups] - limit).sum()), int(lengths.max())
    effect = f"Only the best {limit:,} of a class on an image are evaluated; there are up to {largest:,}."
    matters, told = False, _UNMEASURED
    if measuring is not None and measuring.ap is not None:
        ap = measuring.unlimited(largest) or 0.0
        matters = abs(ap - measuring.ap) >= _MATTERS
        told = f" With all of them, {instead(ap, measuring.ap)} (--max-dets)."
    longest = groups[np.argsort(-lengths[groups], kind="stable")]
    there = {int(images[first[group]]): int(lengths[group]) for group in longest[::-1].tolist()}
    rows = list(dict.fromkeys(images[first[longest]].tolist()))
    yield Finding(
        "detections_beyond_limit",
        Severity.WARNING if matters else Severity.NOTE,
        worded(f"detection{{s}} beyond the limit of {limit:,} (maxDets)", beyond),
        beyond,
        case.images(rows, lambda row: f"{counted(there[row], 'detection')} of one class"),
        f"{effect}{told}",
    )


def _ties(case: Case, measuring: Measuring | None) -> Iterator[Finding]:
    scores = np.sort(case.dataset.detections.scores)
    case.step()
    same = scores[1:] == scores[:-1]
    tied = int(np.count_nonzero(np.append(same, False) | np.append(False, same)))
    if len(scores) < _FEWEST or tied < _TIED * len(scores):
        return
    effect = (
        f"They are {share(tied, len(scores))} of all. Their order in the file decides which counts first."
    )
    matters, told = False, _UNMEASURED
    if measuring is not None and measuring.ap is not None:
        found = measuring.shuffled()
        low, high = min(found, default=0.0), max(found, default=0.0)
        matters = max(high, measuring.ap) - min(low, measuring.ap) >= _MATTERS
        told = f" {_range(low, high, measuring.ap, len(found))}"
    yield Finding(
        "scores_tied",
        Severity.WARNING if matters else Severity.NOTE,
        worded("detection{s} {shares its|share their} score with another", tied),
        tied,
        (),
        f"{effect}{told}",
    )


def instead(ap: float, former: float) -> str:
    """ "AP is 0.322 instead of 0.402"."""
    after, before = f"{ap:.3f}", f"{former:.3f}"
    return f"AP stays at {before}" if after == before else f"AP is {after} instead of {before}"


def _steep(lost: float) -> str:
    """How AP falls with what is cut away tells how much was lost before."""
    return "so steep is the loss" if lost >= _MATTERS else "little is lost"


def _range(low: float, high: float, ap: float, orders: int) -> str:
    if f"{low:.4f}" == f"{high:.4f}" == f"{ap:.4f}":
        return f"In {orders} other orders of equal scores AP stays at {ap:.4f}."
    return (
        f"In {orders} other orders of equal scores AP lies between {low:.4f} and {high:.4f}; as the file has"
        f" them, it is {ap:.4f}."
    )
