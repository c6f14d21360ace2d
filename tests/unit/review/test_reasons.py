"""Why a label is suspect, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inspector.dataset import Dataset
from inspector.review.reasons import reason
from inspector.review.suspects import KINDS, NO_ROW, Suspects
from inspector.review.verdicts import Kind
from tests.builders import dataset_from

CAT, DOG = 1, 2
Seen = tuple[int, list[float], float]
"""Class, box and score."""


def _dataset(labels: list[tuple[int, list[float]]], seen: list[Seen], crowd: bool = False) -> Dataset:
    annotations: list[dict[str, Any]] = [
        {
            "id": number,
            "image_id": 1,
            "category_id": class_id,
            "bbox": box,
            "area": 1.0,
            "iscrowd": int(crowd),
        }
        for number, (class_id, box) in enumerate(labels)
    ]
    truth = {
        "images": [{"id": 1}],
        "categories": [{"id": CAT, "name": "cat"}, {"id": DOG, "name": "dog"}],
        "annotations": annotations,
    }
    found = [
        {"image_id": 1, "category_id": class_id, "bbox": box, "score": score} for class_id, box, score in seen
    ]
    return dataset_from(truth, found)


def _reason(dataset: Dataset, kind: Kind, g: int = NO_ROW, d: int = NO_ROW) -> str:
    def rows(value: int) -> Any:
        return np.array([value], dtype=np.int32)

    kinds = np.array([KINDS.index(kind)], dtype=np.uint8)
    return reason(dataset, Suspects(kinds, np.array([0.5]), rows(0), rows(g), rows(d)), 0)


HERE, NEAR, TOUCHING, AWAY = [0.0, 0, 50, 50], [5.0, 0, 50, 50], [40.0, 0, 50, 50], [300.0, 0, 50, 50]


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ([], "no detection overlaps this cat"),
        ([(CAT, AWAY, 0.9)], "no detection overlaps this cat"),
        ([(CAT, TOUCHING, 0.9)], "no detection overlaps this cat by 0.3 or more"),
        ([(CAT, NEAR, 0.041), (DOG, HERE, 0.01)], "no detection above 0.05 overlaps this cat"),
        (
            [(CAT, NEAR, 0.003), (CAT, TOUCHING, 0.02)],
            "no detection above 0.01 overlaps this cat by 0.3 or more",
        ),
        ([(CAT, NEAR, 0.003)], "no detection above 0.01 overlaps this cat"),
        ([(DOG, HERE, 0.2)], "no cat is detected here, and nothing else above 0.20"),
        (
            [(DOG, HERE, 0.2), (CAT, HERE, 0.1)],
            "no cat above 0.10 is detected here, and nothing else above 0.20",
        ),
    ],
)
def test_a_spurious_label_is_told_by_what_is_not_seen(seen: list[Seen], words: str) -> None:
    assert _reason(_dataset([(CAT, HERE)], seen), Kind.SPURIOUS, g=0) == words


@pytest.mark.parametrize(
    ("labels", "crowd", "words"),
    [
        ([], False, "0.94 cat where nothing is labelled"),
        ([(CAT, AWAY)], False, "0.94 cat where nothing is labelled"),
        ([(DOG, NEAR)], False, "0.94 cat where no cat is labelled; overlaps a dog label by 0.82"),
        ([(CAT, TOUCHING)], False, "0.94 cat overlaps a cat label by only 0.11"),
        ([(CAT, NEAR)], True, "0.94 cat where no cat is labelled; overlaps a crowd region by 0.82"),
    ],
)
def test_a_missing_label_is_told_by_what_is_labelled_there(
    labels: list[tuple[int, list[float]]], crowd: bool, words: str
) -> None:
    assert _reason(_dataset(labels, [(CAT, HERE, 0.94)], crowd), Kind.MISSING, d=0) == words


@pytest.mark.parametrize(
    ("own", "rest"),
    [
        ([], "no cat is detected here"),
        ([(CAT, NEAR, 0.014)], "no cat above 0.02 is detected here"),
        ([(CAT, TOUCHING, 0.8)], "no cat overlaps it by 0.3 or more"),
    ],
)
def test_a_wrong_class_is_told_by_what_is_detected_instead(own: list[Seen], rest: str) -> None:
    dataset = _dataset([(CAT, HERE)], [*own, (DOG, NEAR, 0.91)])
    words = _reason(dataset, Kind.WRONG_CLASS, g=0, d=len(own))
    assert words == f"0.91 dog overlaps this cat by 0.82; {rest}"


def test_a_badly_placed_label_is_told_by_how_far_the_detection_fits() -> None:
    dataset = _dataset([(CAT, HERE)], [(CAT, TOUCHING, 0.93)])
    words = _reason(dataset, Kind.BADLY_PLACED, g=0, d=0)
    assert words == "the detected cat (0.93) overlaps it by only 0.11"


def test_a_duplicate_is_told_by_the_label_that_it_repeats() -> None:
    dataset = _dataset([(CAT, HERE), (CAT, NEAR), (DOG, HERE)], [])
    assert _reason(dataset, Kind.DUPLICATE, g=0) == "overlaps another cat label by 0.82"
