"""What a person asks an evaluation for, in words, and the protocol that follows from it for some data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from inspector.dataset import Dataset, Floats
from inspector.evaluation.protocol import (
    ALL_SIZES,
    COCO_SIZES,
    LARGEST_AREA,
    ApRule,
    IouType,
    Protocol,
    SizeRange,
    never_counted,
)
from inspector.selection import class_agnostic

_MOST_IOUS = 1000


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a size range: an area in square pixels, or a percentile of the objects' areas."""

    value: float
    percent: bool = False

    def __str__(self) -> str:
        return f"{self.value:.12g}{'%' if self.percent else ''}"


@dataclass(frozen=True, slots=True)
class SizeWish:
    """A size range as it is asked for."""

    name: str
    low: Bound
    high: Bound


PERCENTILE_SIZES: Final = tuple(
    SizeWish(name, Bound(low, percent=True), Bound(high, percent=True))
    for name, low, high in (
        ("smallest", 0.0, 7.5),
        ("small", 0.0, 25.0),
        ("medium", 25.0, 75.0),
        ("large", 75.0, 100.0),
    )
)
COCO_SIZE_WISHES: Final = tuple(SizeWish(size.name, Bound(size.low), Bound(size.high)) for size in COCO_SIZES)
_NAMED_SIZES: Final = {"coco": COCO_SIZE_WISHES, "percentile": PERCENTILE_SIZES}


@dataclass(frozen=True, slots=True)
class Options:
    """Everything about an evaluation that can be chosen. The defaults are COCO's for boxes."""

    iou_type: IouType = "bbox"
    iou_thresholds: tuple[float, ...] = Protocol().iou_thresholds
    max_dets: tuple[int, ...] = Protocol().max_dets
    sizes: tuple[SizeWish, ...] = COCO_SIZE_WISHES
    ap_rule: ApRule = "coco"
    class_agnostic: bool = False


def prepare(dataset: Dataset, options: Options) -> tuple[Dataset, Protocol]:
    """The data and the protocol to evaluate. Class-agnostic data has one class; otherwise it is the same."""
    if options.class_agnostic:
        dataset = class_agnostic(dataset)
    return dataset, protocol_for(dataset, options)


def protocol_for(dataset: Dataset, options: Options) -> Protocol:
    """What they come to for data that is prepared already."""
    protocol = Protocol(
        iou_thresholds=options.iou_thresholds,
        max_dets=options.max_dets,
        iou_type=options.iou_type,
        ap_rule=options.ap_rule,
        class_agnostic=options.class_agnostic,
    )
    counted = ~never_counted(dataset.objects, protocol)
    sizes = size_ranges(options.sizes, dataset.objects.areas[counted])
    return replace(protocol, size_ranges=sizes)


def parse_ious(text: str) -> tuple[float, ...]:
    """IoU thresholds: one number in (0, 1], or a range "0.5:0.05:0.95" whose ends belong to it.

    Raises ValueError with a reason for the person.
    """
    numbers = [_number(part) for part in text.split(":")]
    if len(numbers) not in (1, 3):
        raise ValueError(f'expected one number or A:STEP:B, found "{text}"')
    first, last = numbers[0], numbers[-1]
    for end in (first, last):
        if not 0 < end <= 1:
            raise ValueError(f"an IoU threshold lies above 0 and up to 1, not at {end:g}")
    if len(numbers) == 1:
        return (first,)
    step = numbers[1]
    if step <= 0 or last < first:
        raise ValueError(f'A:STEP:B needs a step above 0 and A no larger than B, found "{text}"')
    steps = (last - first) / step
    if steps >= _MOST_IOUS:
        raise ValueError(f"at most {_MOST_IOUS:,} IoU thresholds, not {steps + 1:,.0f}")
    # The COCO API's linspace, so that .5:.05:.95 are the same floating-point numbers as its own
    whole = math.floor(steps + 1e-9)
    end = last if abs(steps - whole) < 1e-9 else first + whole * step
    return tuple(np.linspace(first, end, whole + 1).tolist())


def describe_ious(thresholds: Sequence[float]) -> str:
    """What `parse_ious` reads as these, to 12 digits."""
    first, last = thresholds[0], thresholds[-1]
    if len(thresholds) == 1:
        return f"{first:.12g}"
    return f"{first:.12g}:{(last - first) / (len(thresholds) - 1):.12g}:{last:.12g}"


def parse_max_dets(text: str) -> tuple[int, ...]:
    """Limits of detections per class and image, such as "1,10,100"; ascending, each once.

    Raises ValueError with a reason for the person.
    """
    limits = set()
    for part in text.split(","):
        if not part.strip().isdecimal() or not 0 < int(part) < 2**31:
            raise ValueError(f'expected whole numbers above 0 such as 1,10,100, found "{part.strip()}"')
        limits.add(int(part))
    return tuple(sorted(limits))


def parse_sizes(text: str) -> tuple[SizeWish, ...]:
    """Size ranges: "coco", "percentile", or "NAME=LO..HI,..." in square pixels, or in percentiles with "%".

    Without LO the range begins at 0, without HI it has no upper end. Raises ValueError with a reason for
    the person.
    """
    if text.strip() in _NAMED_SIZES:
        return _NAMED_SIZES[text.strip()]
    wishes: list[SizeWish] = []
    for part in text.split(","):
        name, equals, span = (piece.strip() for piece in part.partition("="))
        low, dots, high = (piece.strip() for piece in span.partition(".."))
        if not (name and equals and dots):
            raise ValueError(f'expected coco, percentile or NAME=LO..HI,..., found "{part.strip()}"')
        if name == ALL_SIZES.name or name in [wish.name for wish in wishes]:
            raise ValueError(f'there is already a size range "{name}"')
        wish = SizeWish(name, _bound(low, Bound(0.0)), _bound(high, Bound(LARGEST_AREA)))
        if wish.low.percent == wish.high.percent and wish.low.value > wish.high.value:
            raise ValueError(f'the size range "{name}" ends before it begins')
        wishes.append(wish)
    return tuple(wishes)


def describe_sizes(wishes: Sequence[SizeWish]) -> str:
    """What `parse_sizes` reads as these."""
    for name, known in _NAMED_SIZES.items():
        if tuple(wishes) == known:
            return name
    return spelled_sizes(wishes)


def spelled_sizes(wishes: Sequence[SizeWish]) -> str:
    """What `parse_sizes` reads as these, each range with its limits."""
    endless = Bound(LARGEST_AREA)
    return ",".join(f"{wish.name}={wish.low}..{'' if wish.high == endless else wish.high}" for wish in wishes)


def size_ranges(wishes: Sequence[SizeWish], areas: Floats) -> tuple[SizeRange, ...]:
    """All sizes, and the ranges asked for; percentiles are those of `areas` (float64 [objects that count]).

    A percentile belongs to the range that ends with it, not to the one that begins there.
    """
    return (
        ALL_SIZES,
        *(SizeRange(wish.name, _low(wish.low, areas), _high(wish.high, areas)) for wish in wishes),
    )


def _low(bound: Bound, areas: Floats) -> float:
    if not bound.percent:
        return bound.value
    if bound.value <= 0 or not len(areas):
        return 0.0
    return float(np.nextafter(np.percentile(areas, bound.value), np.inf))


def _high(bound: Bound, areas: Floats) -> float:
    if not bound.percent:
        return min(bound.value, LARGEST_AREA)
    if bound.value >= 100:
        return LARGEST_AREA
    return float(np.percentile(areas, bound.value)) if len(areas) else 0.0


def _bound(text: str, missing: Bound) -> Bound:
    if not text:
        return missing
    percent = text.endswith("%")
    value = _number(text.rstrip("%"))
    if value < 0 or (percent and value > 100):
        raise ValueError(f'a size is an area above 0 or a percentile from 0% to 100%, not "{text}"')
    return Bound(value, percent)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f'expected a number, found "{text.strip()}"') from None
    if math.isnan(value):
        raise ValueError(f'expected a number, found "{text.strip()}"')
    return value
