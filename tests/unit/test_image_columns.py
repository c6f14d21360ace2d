"""The columns of the image table, compared with numbers counted one box at a time."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.evaluation.iou_slice import slice_at
from inspector.evaluation.matching import MatchTable, evaluate, match_table
from inspector.evaluation.operating_point import OperatingPoint, image_counts
from inspector.image_columns import (
    COLUMNS,
    NUMBERS,
    column_values,
    format_value,
    natural_ranks,
    plain_texts,
    sorted_rows,
)
from inspector.outcomes import FALSE_POSITIVE, TRUE_POSITIVE
from tests.builders import dataset_from
from tests.properties.cases import Case, cases

BY_KEY = {column.key: column for column in COLUMNS}


def iou(a: list[float], b: list[float]) -> float:
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    overlap = width * height
    return overlap / (a[2] * a[3] + b[2] * b[3] - overlap)


def counted_slowly(
    dataset: Dataset, table: MatchTable, point: OperatingPoint, image_row: int
) -> dict[str, float]:
    """The twin of `column_values` for one image, without AP50."""
    chosen = range(len(dataset.classes)) if point.class_rows is None else point.class_rows
    objects = [
        row
        for row in range(*dataset.objects_of(image_row).indices(len(dataset.objects)))
        if dataset.objects.classes[row] in chosen and not table.object_ignored[row]
    ]
    shown = [
        row
        for row in range(*dataset.detections_of(image_row).indices(len(dataset.detections)))
        if dataset.detections.classes[row] in chosen and dataset.detections.scores[row] >= point.confidence
    ]
    outcomes = table.outcomes
    hits = [row for row in shown if outcomes[row] == TRUE_POSITIVE]
    wrong = [row for row in shown if outcomes[row] == FALSE_POSITIVE]
    tp, fp, fn = len(hits), len(wrong), len(objects) - len(hits)
    matches = table.matches
    ious = [
        iou(dataset.detections.boxes[row].tolist(), dataset.objects.boxes[matches[row]].tolist())
        for row in hits
    ]
    return {
        "objects": len(objects),
        "detections": len(shown),
        "tp": tp,
        "fp": fp,
        "fn": fn,
        "precision": tp / (tp + fp) if tp + fp else math.nan,
        "recall": tp / (tp + fn) if tp + fn else math.nan,
        "f1": 2 * tp / (2 * tp + fp + fn) if 2 * tp + fp + fn else math.nan,
        "miou": sum(ious) / len(ious) if ious else math.nan,
        "fpscore": max((float(dataset.detections.scores[row]) for row in wrong), default=math.nan),
    }


@settings(max_examples=60, deadline=None)
@given(cases, st.floats(0, 1), st.integers(0, 9), st.booleans())
def test_every_column_is_what_counting_box_by_box_gives(
    case: Case, confidence: float, iou_index: int, one_class: bool
) -> None:
    dataset = dataset_from(*case)
    point = OperatingPoint(iou_index, confidence, frozenset({0}) if one_class else None)
    evaluation = evaluate(dataset)
    at = slice_at(dataset, evaluation, iou_index, point.chosen(len(dataset.classes)))
    values = column_values(image_counts(dataset, at.table, point), at.image_ap50)
    assert set(values) == {column.key for column in NUMBERS}
    assert at.image_ap50 is not None
    np.testing.assert_array_equal(values["ap50"], at.image_ap50)
    for image_row in range(len(dataset.images)):
        for key, value in counted_slowly(dataset, at.table, point, image_row).items():
            assert values[key][image_row] == pytest.approx(value, nan_ok=True), key


@settings(max_examples=30, deadline=None)
@given(cases, st.floats(0, 1))
def test_the_values_of_some_images_are_those_of_all_images_at_these_rows(
    case: Case, confidence: float
) -> None:
    dataset = dataset_from(*case)
    point = OperatingPoint(0, confidence)
    evaluation = evaluate(dataset)
    at = slice_at(dataset, evaluation, point.iou_index, point.chosen(len(dataset.classes)))
    ap50 = at.image_ap50
    rows = np.arange(len(dataset.images))[::-2].copy()
    some = column_values(image_counts(dataset, at.table, point, rows), ap50, rows)
    every = column_values(image_counts(dataset, at.table, point), ap50)
    for key in every:
        np.testing.assert_array_equal(some[key], every[key][rows])


def test_ap50_is_not_available_where_the_evaluation_leaves_it_out() -> None:
    dataset = dataset_from({"images": [{"id": 1}], "categories": [], "annotations": []}, [])
    counts = image_counts(dataset, match_table(dataset, evaluate(dataset), 0), OperatingPoint())
    assert math.isnan(column_values(counts, None)["ap50"][0])


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("objects", 0.0, "0"),
        ("objects", 1234567.0, "1,234,567"),
        ("precision", 0.6875, "0.688"),
        ("precision", 1.0, "1.000"),
        ("precision", math.nan, "n/a"),
        ("fp", math.nan, "n/a"),
        ("name", "a.jpg", "a.jpg"),
    ],
)
def test_counts_have_thousands_separators_and_rates_three_decimals(
    key: str, value: float | str, text: str
) -> None:
    assert format_value(BY_KEY[key], value) == text


def test_texts_for_other_programs_have_no_separators() -> None:
    assert plain_texts(BY_KEY["fp"], np.array([1234.0, np.nan, 0.0])) == ["1234", "n/a", "0"]
    assert plain_texts(BY_KEY["f1"], np.array([0.5, np.nan, 0.5])) == ["0.500", "n/a", "0.500"]
    assert plain_texts(BY_KEY["f1"], np.array([])) == []


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0, math.nan])), st.booleans())
def test_sorting_is_stable_with_nan_last_in_both_directions(keys: list[float], descending: bool) -> None:
    def place(row: int) -> tuple[bool, float, int]:
        key = keys[row]
        return (key != key, 0.0 if key != key else -key if descending else key, row)

    expected = sorted(range(len(keys)), key=place)
    assert sorted_rows(np.array(keys), descending=descending).tolist() == expected


@given(st.lists(st.text(alphabet="aAbB019_. ", max_size=8)))
def test_numbers_in_names_sort_as_numbers(names: list[str]) -> None:
    def parts(name: str) -> list[tuple[int, int, str]]:
        found = re.findall("[0-9]+|[^0-9]", name.casefold())
        return [(ord("0"), int(part), "") if part.isdigit() else (ord(part), 0, part) for part in found]

    ranks = natural_ranks(names)
    by_rank = sorted(range(len(names)), key=lambda row: (ranks[row], row))
    assert by_rank == sorted(range(len(names)), key=lambda row: (parts(names[row]), row))
    for one in range(len(names)):
        for other in range(len(names)):
            assert (ranks[one] == ranks[other]) == (parts(names[one]) == parts(names[other]))


def test_many_names_are_ranked_as_few_are() -> None:
    names = [f"img_{number}.jpg" for number in np.random.default_rng(1).permutation(9_001)]
    numbers = [int(name[4:-4]) for name in names]
    assert natural_ranks(names).tolist() == numbers


def test_every_number_column_says_what_it_is_and_why_it_can_be_missing() -> None:
    for column in NUMBERS:
        assert column.tooltip.endswith(".")
        assert column.missing or column.kind.value == "count"
    assert [column.key for column in NUMBERS if not column.live] == ["objects", "ap50"]
