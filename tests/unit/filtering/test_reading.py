"""The filter line, compared with a reader that looks at one image after the other."""

from __future__ import annotations

import fnmatch
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.evaluation.iou_slice import slice_at
from inspector.evaluation.matching import evaluate
from inspector.evaluation.operating_point import OperatingPoint, image_counts
from inspector.filtering import FIELDS, FilterError, Searched, parse_filter
from inspector.image_columns import column_values
from tests.builders import dataset_from
from tests.properties.cases import Case, cases


def searched(dataset: Dataset, confidence: float = 0.5) -> Searched:
    point = OperatingPoint(0, confidence)
    evaluation = evaluate(dataset)
    at = slice_at(dataset, evaluation, 0, point.chosen(len(dataset.classes)))
    values = column_values(image_counts(dataset, at.table, point), at.image_ap50)
    return Searched(dataset, point, tuple(name.casefold() for name in dataset.images.file_names), values)


def kept(text: str, names: list[str], **columns: list[float]) -> list[str]:
    """The names that a filter keeps of images without any box."""
    dataset = dataset_from(
        {
            "images": [{"id": number, "file_name": name} for number, name in enumerate(names)],
            "categories": [],
            "annotations": [],
        },
        [],
    )
    values = {key: np.array(numbers, dtype=np.float64) for key, numbers in columns.items()}
    folded = tuple(name.casefold() for name in names)
    mask = parse_filter(text).matches(Searched(dataset, OperatingPoint(), folded, values))
    return [name for name, keep in zip(names, mask, strict=True) if keep]


# --- a random filter, as text and as a test of one image ---


def number_terms() -> st.SearchStrategy[tuple[str, object]]:
    def build(field: str, comparison: str, number: str, gap: str) -> tuple[str, object]:
        def test(view: Searched, row: int) -> bool:
            value = float(view.values[field][row])
            if number == "n/a":
                return math.isnan(value) if comparison in ("=", "==") else not math.isnan(value)
            if math.isnan(value):
                return False
            other = float(number)
            return {
                ">": value > other,
                ">=": value >= other,
                "<": value < other,
                "<=": value <= other,
                "=": value == other,
                "==": value == other,
                "!=": value != other,
            }[comparison]

        return f"{field}{gap}{comparison}{gap}{number}", test

    numbers = st.builds(
        build,
        st.sampled_from(FIELDS),
        st.sampled_from([">", ">=", "<", "<=", "=", "==", "!="]),
        st.sampled_from(["0", "1", "2", "0.5", ".5", "1e0", "-1"]),
        st.sampled_from(["", " "]),
    )
    missing = st.builds(
        build, st.sampled_from(FIELDS), st.sampled_from(["=", "!="]), st.just("n/a"), st.just("")
    )
    return numbers | missing


def name_terms() -> st.SearchStrategy[tuple[str, object]]:
    def build(text: str, prefix: str) -> tuple[str, object]:
        def test(view: Searched, row: int) -> bool:
            name = view.dataset.images.file_names[row].casefold()
            return bool(re.match(fnmatch.translate(f"*{text.casefold()}*"), name))

        return prefix + text, test

    return st.builds(
        build, st.sampled_from(["1", "12", "JPG", "1*.j", "?2", "*"]), st.sampled_from(["", "name:"])
    )


def class_terms() -> st.SearchStrategy[tuple[str, object]]:
    def build(wanted: str) -> tuple[str, object]:
        def test(view: Searched, row: int) -> bool:
            dataset = view.dataset
            names = [name.casefold() for name in dataset.classes.names]
            exact = [at for at, name in enumerate(names) if name == wanted.casefold()]
            asked = exact or [at for at, name in enumerate(names) if wanted.casefold() in name]
            objects = dataset.objects.classes[dataset.objects_of(row)].tolist()
            found = dataset.detections_of(row)
            pairs = zip(dataset.detections.classes[found], dataset.detections.scores[found], strict=True)
            shown = [at for at, score in pairs if score >= view.point.confidence]
            return any(at in asked for at in objects + shown)

        return f'class:"{wanted}"', test

    return st.builds(build, st.sampled_from(["class 1", "CLASS", "2", "class 7", "nothing"]))


def compound(inner: st.SearchStrategy[tuple[str, object]]) -> st.SearchStrategy[tuple[str, object]]:
    def join(one: tuple[str, object], other: tuple[str, object], word: str) -> tuple[str, object]:
        def test(view: Searched, row: int) -> bool:
            results = one[1](view, row), other[1](view, row)  # type: ignore[operator]
            return any(results) if word == " OR " else all(results)

        return f"({one[0]}{word}{other[0]})", test

    def negate(one: tuple[str, object], word: str) -> tuple[str, object]:
        return f"{word}({one[0]})", lambda view, row: not one[1](view, row)  # type: ignore[operator]

    return st.builds(join, inner, inner, st.sampled_from([" ", " and ", " OR "])) | st.builds(
        negate, inner, st.sampled_from(["not ", "-", "NOT"])
    )


filters = st.recursive(number_terms() | name_terms() | class_terms(), compound, max_leaves=6)


@settings(max_examples=150, deadline=None)
@given(cases, filters, st.floats(0, 1))
def test_a_filter_keeps_what_looking_at_one_image_after_the_other_keeps(
    case: Case, chosen: tuple[str, object], confidence: float
) -> None:
    text, test = chosen
    view = searched(dataset_from(*case), confidence)
    expected = [bool(test(view, row)) for row in range(len(view.dataset.images))]  # type: ignore[operator]
    assert parse_filter(text).matches(view).tolist() == expected, text


@given(st.text(alphabet='fpn>=<!0. ()"-:,*?aorclassnd', max_size=24))
def test_any_text_is_either_a_filter_or_an_error_inside_the_line(text: str) -> None:
    try:
        said: FilterError | None = None
        parsed = parse_filter(text)
    except FilterError as error:
        said = error
    if said is None:
        assert parsed.text == text.strip()
    else:
        assert 0 <= said.position <= len(text)
        assert said.message


# --- what the person types ---

NAMES = ["day.jpg", "night 1.jpg", "Night 2.JPG"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", NAMES),
        ("   ", NAMES),
        ("night", NAMES[1:]),
        ("night -2", NAMES[1:2]),
        ("night not 2", NAMES[1:2]),
        ("not night", NAMES[:1]),
        ("day or 2", [NAMES[0], NAMES[2]]),
        ("day or night 2", [NAMES[0], NAMES[2]]),
        ("(day or night) 2", NAMES[2:]),
        ('"night 1"', NAMES[1:2]),
        ("name:n*2", NAMES[2:]),
        ('name:"n*2"', []),
        ("n?ght", NAMES[1:]),
        ("fp>0", NAMES[1:]),
        ("fp > 0 and night and not fp>=2", NAMES[1:2]),
        ("p<0.5", NAMES[2:]),
        ("precision!=0.9", NAMES[2:]),
        ("precision=n/a", NAMES[:1]),
        ("precision != n/a", NAMES[1:]),
        ("FP==2", NAMES[2:]),
        ("class:person", []),
    ],
)
def test_the_line_reads_as_it_looks(text: str, expected: list[str]) -> None:
    assert kept(text, NAMES, fp=[0, 1, 2], precision=[math.nan, 0.9, 0.1]) == expected


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("foo>1", 0, "unknown field 'foo'; known: objects, tp, fp, fn"),
        ("fp>0 foo > 1", 5, "unknown field 'foo'"),
        ("fp>", 3, "a number is missing after 'fp >'"),
        ("fp > or fn>0", 5, "'or' is not a number"),
        ("> 3", 0, "a field is missing before '>'"),
        ("fp => 3", 3, "unknown comparison '=>'"),
        ("p>0,5", 2, "'0,5' is not a number; write decimals with a point"),
        ("fp>n/a", 3, "n/a is neither large nor small"),
        ("fp>0 or", 7, "a term is missing at the end"),
        ("or fp>0", 0, "a term is missing before 'or'"),
        ("fp>0 and and fn>0", 9, "a term is missing before 'and'"),
        ("not", 3, "a term is missing at the end"),
        ("(fp>0", 0, "this '(' is not closed"),
        ("fp>0)", 4, "this ')' closes nothing"),
        ("()", 1, "a term is missing before ')'"),
        ('"night', 0, "the quote is not closed"),
        ("class:", 6, "a class name is missing"),
        ("class:car,", 10, "a class name is missing"),
        ("class=car", 0, "'class' holds text, not a number: write class:"),
        ("name:", 5, "a text is missing"),
        ("fp:3", 0, "'fp' is a number: write fp>0"),
        ("12:30", 0, "unknown field '12:'; known: class:, name:"),
        ("(" * 200, 50, "too many brackets"),
    ],
)
def test_an_error_says_where_it_is_and_what_to_do(text: str, position: int, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(text)
    assert caught.value.message.startswith(message)
    assert caught.value.position == position


def two_classes() -> Dataset:
    box = [0, 0, 10, 10]
    return dataset_from(
        {
            "images": [{"id": number} for number in range(4)],
            "categories": [
                {"id": 1, "name": "Light"},
                {"id": 2, "name": "traffic light"},
                {"id": 3, "name": "car"},
            ],
            "annotations": [
                {"id": 1, "image_id": 0, "category_id": 1, "bbox": box, "area": 100, "iscrowd": 0},
                {"id": 2, "image_id": 1, "category_id": 2, "bbox": box, "area": 100, "iscrowd": 1},
            ],
        },
        [
            {"image_id": 2, "category_id": 3, "bbox": box, "score": 0.9},
            {"image_id": 3, "category_id": 3, "bbox": box, "score": 0.4},
        ],
    )


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("class:light", [0]),
        ("class:traffic", [1]),
        ('class:"Traffic Light"', [1]),
        ("class:igh", [0, 1]),
        ("class:car", [2]),
        ("class:car,light", [0, 2]),
        ('class: car , "traffic light"', [1, 2]),
        ("-class:car", [0, 1, 3]),
        ("class:bus", []),
    ],
)
def test_a_class_is_on_an_image_as_an_object_or_as_a_shown_detection(text: str, rows: list[int]) -> None:
    assert np.flatnonzero(parse_filter(text).matches(searched(two_classes()))).tolist() == rows


def test_a_lower_confidence_shows_more_detections_to_the_filter() -> None:
    mask = parse_filter("class:car").matches(searched(two_classes(), confidence=0.4))
    assert np.flatnonzero(mask).tolist() == [2, 3]


def test_a_filter_knows_what_it_depends_on() -> None:
    assert parse_filter("").is_empty
    assert not parse_filter("a").is_empty
    assert parse_filter("fp>0 or not (p<0.5 or gt=3)").fields == {"fp", "precision", "objects"}
    assert parse_filter("class:car").follows_confidence
    assert parse_filter("-fp>0").follows_confidence
    assert not parse_filter("ap50<0.5 gt>1 night").follows_confidence


def test_unknown_class_names_are_told() -> None:
    assert parse_filter("class:bus,car or class:tram").unknown_classes(("car", "truck")) == ("bus", "tram")


def test_stars_do_not_make_a_search_endless() -> None:
    assert kept("*a" * 30 + "b", ["a" * 3000]) == []
