"""What a person may ask of an evaluation, in words."""

from __future__ import annotations

import re

import numpy as np
import pytest

from inspector.evaluation.matching import evaluate
from inspector.evaluation.options import (
    COCO_SIZE_WISHES,
    PERCENTILE_SIZES,
    Options,
    describe_sizes,
    parse_ious,
    parse_max_dets,
    parse_sizes,
    prepare,
    size_ranges,
)
from inspector.evaluation.protocol import ALL_SIZES, COCO_SIZES, LARGEST_AREA, Protocol
from tests.builders import dataset_from

TIED_AREAS = np.array([10.0] * 3 + [20.0] * 2 + [30.0] * 10 + [40.0] * 4 + [1e6])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".5:.05:.95", Protocol().iou_thresholds),
        (".6:.1:.9", (0.6, 0.7, 0.8, 0.9)),
        ("0.5 : 0.3 : 1", (0.5, 0.8)),
        ("0.5", (0.5,)),
        ("1", (1.0,)),
        ("0.3:1:0.3", (0.3,)),
        (".05:.02:.95", tuple(np.linspace(0.05, 0.95, 46).tolist())),
    ],
)
def test_iou_thresholds_are_a_number_or_a_range_with_both_ends(
    text: str, expected: tuple[float, ...]
) -> None:
    assert parse_ious(text) == pytest.approx(expected, abs=1e-15)


def test_the_usual_range_is_the_coco_apis_own_numbers() -> None:
    assert parse_ious("0.5:0.05:0.95") == tuple(np.linspace(0.5, 0.95, 10).tolist())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", 'expected a number, found ""'),
        ("x", 'expected a number, found "x"'),
        ("nan", 'expected a number, found "nan"'),
        ("0", "an IoU threshold lies above 0 and up to 1, not at 0"),
        ("50", "an IoU threshold lies above 0 and up to 1, not at 50"),
        ("-.5:.1:.9", "an IoU threshold lies above 0 and up to 1, not at -0.5"),
        (".5:.1:1.1", "an IoU threshold lies above 0 and up to 1, not at 1.1"),
        (".5:.95", 'expected one number or A:STEP:B, found ".5:.95"'),
        (".5:.1:.9:1", 'expected one number or A:STEP:B, found ".5:.1:.9:1"'),
        (".5:0:.9", 'A:STEP:B needs a step above 0 and A no larger than B, found ".5:0:.9"'),
        (".5:-.1:.9", 'A:STEP:B needs a step above 0 and A no larger than B, found ".5:-.1:.9"'),
        (".9:.1:.5", 'A:STEP:B needs a step above 0 and A no larger than B, found ".9:.1:.5"'),
        (".1:.0001:.9", "at most 1,000 IoU thresholds, not 8,001"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        parse_ious(text)


def test_limits_ascend_and_stand_once() -> None:
    assert parse_max_dets("100, 1,10,10") == (1, 10, 100)
    assert parse_max_dets("500") == (500,)


@pytest.mark.parametrize(
    ("text", "found"), [("", ""), ("1,,2", ""), ("0", "0"), ("1.5", "1.5"), ("-1", "-1")]
)
def test_limits_are_whole_numbers_above_zero(text: str, found: str) -> None:
    with pytest.raises(ValueError, match=f'above 0 such as 1,10,100, found "{re.escape(found)}"$'):
        parse_max_dets(text)


def test_named_sizes_are_cocos_and_percentiles() -> None:
    assert size_ranges(parse_sizes("coco"), TIED_AREAS) == (ALL_SIZES, *COCO_SIZES)
    assert parse_sizes(" percentile ") == PERCENTILE_SIZES


def test_typed_sizes_may_leave_an_end_open() -> None:
    ranges = size_ranges(parse_sizes("tiny=..64, mid=64..900.5 ,big=900.5..,most=1..1e300"), TIED_AREAS)
    assert [(size.name, size.low, size.high) for size in ranges[1:]] == [
        ("tiny", 0.0, 64.0),
        ("mid", 64.0, 900.5),
        ("big", 900.5, LARGEST_AREA),
        ("most", 1.0, LARGEST_AREA),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", 'expected coco, percentile or NAME=LO..HI,..., found ""'),
        ("huge", 'expected coco, percentile or NAME=LO..HI,..., found "huge"'),
        ("a=1-2", 'expected coco, percentile or NAME=LO..HI,..., found "a=1-2"'),
        ("=1..2", 'expected coco, percentile or NAME=LO..HI,..., found "=1..2"'),
        ("a=1..2,", 'expected coco, percentile or NAME=LO..HI,..., found ""'),
        ("all=1..2", 'there is already a size range "all"'),
        ("a=1..2,a=2..3", 'there is already a size range "a"'),
        ("a=x..2", 'expected a number, found "x"'),
        ("a=1..nan", 'expected a number, found "nan"'),
        ("a=2..1", 'the size range "a" ends before it begins'),
        ("a=50%..25%", 'the size range "a" ends before it begins'),
        ("a=-1..2", 'a size is an area above 0 or a percentile from 0% to 100%, not "-1"'),
        ("a=1..101%", 'a size is an area above 0 or a percentile from 0% to 100%, not "101%"'),
    ],
)
def test_sizes_that_make_no_sense_are_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        parse_sizes(text)


@pytest.mark.parametrize(
    "text", ["coco", "percentile", "a=0..64,b=64..100%", "rest=1..", "some=2..9999999999"]
)
def test_sizes_are_described_as_they_are_typed(text: str) -> None:
    assert describe_sizes(parse_sizes(text)) == text
    assert describe_sizes(COCO_SIZE_WISHES) == "coco"


def test_percentiles_part_the_objects_and_ties_go_to_the_smaller_range() -> None:
    _, smallest, small, medium, large = size_ranges(PERCENTILE_SIZES, TIED_AREAS)
    assert (smallest.low, smallest.high) == (0.0, 10.0)
    # numpy's percentiles: a quarter of the way lies between 20 and 30, three quarters at 32.5
    assert (small.high, medium.high) == (27.5, 32.5)
    assert medium.low == np.nextafter(27.5, np.inf)
    held = [
        int(((size.low <= TIED_AREAS) & (size.high >= TIED_AREAS)).sum()) for size in (small, medium, large)
    ]
    assert held == [5, 10, 5]


def test_a_tie_on_a_percentile_is_in_one_range_only() -> None:
    areas = np.full(8, 100.0)
    _, smallest, small, medium, large = size_ranges(PERCENTILE_SIZES, areas)
    held = [
        int(((areas >= size.low) & (areas <= size.high)).sum()) for size in (smallest, small, medium, large)
    ]
    assert held == [8, 8, 0, 0]


def test_without_any_object_percentiles_are_empty_ranges() -> None:
    ranges = size_ranges(PERCENTILE_SIZES, np.empty(0))
    assert [(size.low, size.high) for size in ranges[1:]] == [
        (0.0, 0.0),
        (0.0, 0.0),
        (0.0, 0.0),
        (0.0, LARGEST_AREA),
    ]


def test_percentiles_are_those_of_the_objects_that_count() -> None:
    record = {"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "iscrowd": 0}
    truth = {
        "images": [{"id": 1}],
        "categories": [{"id": 1}],
        "annotations": [
            {**record, "id": 1, "area": 100.0},
            {**record, "id": 2, "area": 200.0},
            {**record, "id": 3, "area": 9000.0, "iscrowd": 1},
            {**record, "id": 4, "area": 5000.0, "difficult": 1},
        ],
    }
    wish = parse_sizes("lower=..50%,upper=50%..")
    dataset, protocol = prepare(dataset_from(truth, []), Options(sizes=wish, ap_rule="voc07"))
    assert protocol.size_ranges[1].high == 150.0
    assert evaluate(dataset, protocol).positives[0].tolist() == [2, 1, 1]
    _, protocol = prepare(dataset_from(truth, []), Options(sizes=wish))
    assert protocol.size_ranges[1].high == 200.0
