"""The numbers of three cases as rows: words, signs and orders."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.dataset import Classes
from inspector.review.what_if import Comparison
from widgets.what_if.rows import OVERALL, Rows, choices_of, rows_of

NAN = float("nan")
CLASSES = Classes(ids=(1, 2, 3), names=("cat", "=dog", "Ant"))
FOUND = Comparison(
    overall={"AP": np.array([0.5, 0.5, 0.75]), "TP": np.array([1500.0, 1500.0, 1499.0])},
    classes={
        "AP": np.array([[0.25, 0.25, 0.25], [0.5, 0.4999, 0.6], [NAN, 0.5, 0.25]]),
        "FP": np.array([[4.0, 3.0, 5000.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]),
        "objects": np.array([[4.0, 3.0, 5.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]),
    },
)


def shown(choice: str, chosen: tuple[bool, ...] = (True, True, True)) -> Rows:
    found = FOUND
    if choice != "AP" and choice != OVERALL:
        found = Comparison({**FOUND.overall, choice: np.zeros(3)}, FOUND.classes)
    return rows_of(found, choice, CLASSES, np.array(chosen))


def texts(rows: Rows, row: int) -> list[str]:
    return [rows.text(row, column) for column in range(6)]


def test_overall_every_measure_is_a_row() -> None:
    rows = shown(OVERALL)
    assert texts(rows, 0) == ["AP", "0.500", "0.500", "0", "0.750", "+0.250"]
    assert texts(rows, 1) == ["TP", "1,500", "1,500", "0", "1,499", "-1"]
    assert rows.order(-1, False).tolist() == [0, 1]
    assert choices_of(FOUND) == (OVERALL, "AP", "FP", "objects")


def test_differences_have_signs_and_small_ones_do_not_vanish() -> None:
    rows = shown("AP")
    assert texts(rows, 0) == ["All classes", "0.500", "0.500", "0", "0.750", "+0.250"]
    assert texts(rows, 2) == ["=dog", "0.500", "0.500", "-<0.001", "0.600", "+0.100"]
    assert shown("FP").text(1, 5) == "+4,996"


@pytest.mark.parametrize(
    ("change", "text"),
    [(9e-7, "+<0.001"), (-4.9e-4, "-<0.001"), (5.1e-4, "+0.001"), (0.0, "0"), (-0.25, "-0.250")],
)
def test_differences_have_three_decimals_and_what_rounds_to_nothing_is_told(change: float, text: str) -> None:
    found = Comparison({"AP": np.array([0.5, 0.5 + change, 0.5])}, {"AP": np.zeros((0, 3))})
    assert rows_of(found, OVERALL, CLASSES, np.ones(3, dtype=np.bool_)).text(0, 3) == text


def test_what_cannot_be_computed_is_said_with_the_reason() -> None:
    rows = shown("AP")
    assert texts(rows, 3) == ["Ant", "n/a", "0.500", "n/a", "0.250", "n/a"]
    assert rows.why_missing(3, 3) == "n/a: no objects"
    assert rows.why_missing(3, 2) == ""


def test_fewer_false_positives_are_a_gain_and_other_objects_neither() -> None:
    assert [shown("AP").gain(2, column) for column in (2, 3, 5)] == [0, -1, 1]
    assert [shown("FP").gain(1, column) for column in (3, 5)] == [1, -1]
    assert [shown("objects").gain(1, column) for column in (3, 5)] == [0, 0]
    assert shown("AP").gain(3, 3) == 0


@pytest.mark.parametrize(
    ("column", "descending", "expected"),
    [(-1, False, [0, 2, 1, 3]), (0, False, [0, 2, 3, 1]), (4, True, [0, 2, 1, 3]), (1, False, [0, 1, 2, 3])],
)
def test_classes_that_changed_come_first_until_somebody_sorts(
    column: int, descending: bool, expected: list[int]
) -> None:
    assert shown("AP").order(column, descending).tolist() == expected


def test_only_the_chosen_classes_are_shown() -> None:
    assert shown("AP", (True, False, True)).names == ("Chosen classes", "cat", "Ant")


def test_copied_rows_are_numbers_that_no_spreadsheet_takes_for_formulas() -> None:
    assert shown("FP").tab_separated([1, 2]) == (
        "Class (FP)\tas is\tignored\tignored ±\tcorrected\tcorrected ±\n"
        "cat\t4\t3\t-1\t5000\t+4996\n"
        "'=dog\t0\t0\t0\t0\t0\n"
    )
    assert shown("AP").tab_separated([2]).splitlines()[1] == "'=dog\t0.500\t0.500\t-1e-04\t0.600\t+0.100"
