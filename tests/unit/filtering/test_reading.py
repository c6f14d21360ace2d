"""What is typed, what it means, and what is said of mistakes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inspector.dataset import Dataset
from inspector.evaluation.operating_point import OperatingPoint
from inspector.filtering import FilterError, Searched, parse_filter
from tests.builders import dataset_from
from tests.unit.filtering.views import searched


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
    mask = parse_filter(text).matches(
        Searched(dataset, OperatingPoint(), folded, values, None, {}, np.zeros(len(names), dtype=np.bool_))
    )
    return [name for name, keep in zip(names, mask, strict=True) if keep]


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
        ("class=car", 0, "'class' takes no number: write class: and the word"),
        ("name:", 5, "a text is missing"),
        ("fp:3", 0, "'fp' is a number: write fp>0"),
        ("12:30", 0, "unknown field '12:'; known: class:, name:"),
        (
            "fp>0 verdict:",
            13,
            "a word is missing after 'verdict:'; known: label, model, ambiguous, fine, any",
        ),
        ("verdict:label,wrong", 14, "unknown verdict 'wrong'; known: label, model"),
        ("kind:class", 5, "unknown kind 'class'; known: missing, spurious, wrong_class"),
        ("outcome:hit", 8, "unknown outcome 'hit'; known: tp, fp, fn, ignored"),
        ("reviewed:maybe", 9, "unknown reviewed 'maybe'; known: yes, no"),
        ("reviewed=yes", 0, "'reviewed' takes no number: write reviewed: and the word"),
        ("note:", 5, "a text is missing after 'note:'"),
        ("author:", 7, "a text is missing after 'author:'"),
        ("score:0.5", 0, "'score' is a number: write score>0"),
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


def test_unknown_classes_and_splits_are_told() -> None:
    images = [{"id": number, "split": split} for number, split in enumerate(("train", "valid"))]
    categories = [{"id": 1, "name": "car"}, {"id": 2, "name": "truck"}]
    dataset = dataset_from({"images": images, "categories": categories, "annotations": []}, [])
    told = parse_filter("class:bus,car or split:valid,test or class:tram").unknown(dataset)
    assert sorted(told) == [
        "no class is called 'bus'",
        "no class is called 'tram'",
        "no split is called 'test'",
    ]


def test_a_split_is_missing_after_its_colon() -> None:
    with pytest.raises(FilterError, match="a split is missing"):
        parse_filter("split:")
    with pytest.raises(FilterError, match="split: and the word"):
        parse_filter("split=train")


def test_stars_do_not_make_a_search_endless() -> None:
    assert kept("*a" * 30 + "b", ["a" * 3000]) == []
