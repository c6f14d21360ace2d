"""Tables with named axes laid out in rows and columns."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.evaluation.protocol import LARGEST_AREA
from inspector.evaluation.tables import Axis, Table
from widgets.tables.grid import Grid, grid_of, measures_of

SIZES = Axis("size", ("all", "small"))
MATRIX = Table(
    "average",
    "AP and AR",
    (SIZES, Axis("iou", ("0.50:0.05:0.60", 0.5, 0.55, 0.6))),
    {"AP": np.array([[0.5, 0.9, 0.5, 0.1], [np.nan] * 4]), "AR": np.arange(8.0).reshape(2, 4) / 10},
)
DEEP = Table(
    "class_sizes",
    "Classes by size",
    (Axis("class", ("cat", "=dog")), SIZES, Axis("iou", (0.5, 0.75))),
    {"TP": np.arange(8).reshape(2, 2, 2) * 1000},
)
FLAT = Table(
    "classes",
    "Classes",
    (Axis("class", ("cat", "Ape", "=dog")),),
    {"objects": np.array([1200, 3, 40]), "AP": np.array([0.25, np.nan, 0.75])},
)


def texts(grid: Grid) -> list[list[str]]:
    return [[grid.text(row, column) for column in range(grid.columns)] for row in range(grid.rows)]


def test_sizes_go_across_and_iou_thresholds_down_for_one_measure() -> None:
    grid = grid_of(MATRIX, "AP")
    assert grid.heads == ("IoU", "all", "small")
    assert texts(grid) == [
        ["0.50:0.05:0.60", "0.500", "n/a"],
        ["0.50", "0.900", "n/a"],
        ["0.55", "0.500", "n/a"],
        ["0.60", "0.100", "n/a"],
    ]
    assert grid.tips == ("", "AP, size all", "AP, size small")
    assert measures_of(MATRIX) == ("AP", "AR")
    assert [row[2] for row in texts(grid_of(MATRIX, "AR"))] == ["0.400", "0.500", "0.600", "0.700"]


def test_classes_and_sizes_go_down_and_are_named_in_every_row() -> None:
    assert grid_of(DEEP, "TP").heads == ("class", "size", "0.50", "0.75")
    assert texts(grid_of(DEEP, "TP")) == [
        ["cat", "all", "0", "1,000"],
        ["cat", "small", "2,000", "3,000"],
        ["=dog", "all", "4,000", "5,000"],
        ["=dog", "small", "6,000", "7,000"],
    ]


def test_one_axis_shows_all_measures() -> None:
    grid = grid_of(FLAT, "")
    assert grid.heads == ("class", "objects", "AP")
    assert texts(grid)[0] == ["cat", "1,200", "0.250"]
    assert measures_of(FLAT) == ()


def test_a_missing_number_says_why() -> None:
    grid = grid_of(FLAT, "")
    assert grid.why_missing(1, 2) == "n/a: no objects"
    assert grid.why_missing(0, 2) == grid.why_missing(1, 0) == ""


@pytest.mark.parametrize(
    ("column", "descending", "rows"),
    [
        (0, False, [2, 1, 0]),
        (0, True, [0, 1, 2]),
        (1, True, [0, 2, 1]),
        (2, False, [0, 2, 1]),
        (2, True, [2, 0, 1]),
    ],
)
def test_rows_are_sorted_with_missing_numbers_last(column: int, descending: bool, rows: list[int]) -> None:
    assert grid_of(FLAT, "").order(column, descending).tolist() == rows


def test_copied_text_has_a_header_and_plain_numbers_and_no_formulas() -> None:
    assert grid_of(FLAT, "").tab_separated([0, 2], [0, 1]) == "class\tobjects\ncat\t1200\n'=dog\t40\n"


def test_copied_text_of_one_measure_says_which() -> None:
    lines = grid_of(MATRIX, "AR").tab_separated([1], [0, 1]).splitlines()
    assert lines == ["AR: AP and AR", "IoU\tall", "0.50\t0.100"]


def test_a_row_is_known_by_its_ids_as_names_can_be_the_same() -> None:
    twins = Table("classes", "", (Axis("class", ("cat", "cat"), (7, 9)),), {"TP": np.array([1, 2])})
    grid = grid_of(twins, "")
    assert grid.item(1) == (9,)
    assert grid.row_of((9,)) == 1
    assert grid.row_of((8,)) is None


@pytest.mark.parametrize(
    ("values", "widest"),
    [([9, 1111], "0,000"), ([np.nan, 3], "n/a"), ([LARGEST_AREA, 2.0], "n/a"), ([], "n/a")],
)
def test_the_widest_number_is_the_largest_however_wide_its_digits(values: list[float], widest: str) -> None:
    names = tuple(map(str, range(len(values))))
    table = Table("classes", "", (Axis("class", names),), {"TP": np.array(values, dtype=np.float64)})
    assert grid_of(table, "").widest(1) == widest


def test_a_range_without_upper_end_says_so() -> None:
    table = Table("sizes", "Sizes", (Axis("size", ("large",)),), {"to px²": np.array([LARGEST_AREA])})
    assert texts(grid_of(table, "")) == [["large", "any"]]
