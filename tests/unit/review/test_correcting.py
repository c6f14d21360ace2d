"""Datasets as they would be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inspector.dataset import Dataset
from inspector.evaluation.matching import evaluate, outcomes_at
from inspector.outcomes import FALSE_POSITIVE, IGNORED, TRUE_POSITIVE
from inspector.refs import Ref
from inspector.review.correcting import corrected, ignoring
from inspector.review.corrections import corrections
from inspector.review.editing import unused_ids
from inspector.review.verdicts import Kind, Verdict
from inspector.selection import class_agnostic
from tests.builders import dataset_from
from tests.unit.review.street import (
    IMAGE_ONE,
    IMAGE_TWO,
    LEFT_CAR,
    RIGHT_CAR,
    UNLABELLED,
    flag,
    results,
    said,
    street,
    truth,
)


def outcomes(dataset: Dataset) -> list[int]:
    """Of the car at the left, the van, and the car that nobody labelled."""
    return outcomes_at(evaluate(dataset), 0).tolist()


def ignored(verdicts: dict[Ref, Verdict]) -> Dataset:
    return ignoring(street(), said(street(), verdicts))


def fixed(verdicts: dict[Ref, Verdict], dataset: Dataset | None = None) -> Dataset:
    dataset = dataset or street()
    return corrected(dataset, corrections(dataset, said(dataset, verdicts)))


def test_as_it_is_one_detection_is_right() -> None:
    assert outcomes(street()) == [TRUE_POSITIVE, FALSE_POSITIVE, FALSE_POSITIVE]


def test_a_spurious_label_is_ignored_and_so_is_what_is_detected_there() -> None:
    dataset = ignored({LEFT_CAR: flag(Kind.SPURIOUS)})
    assert outcomes(dataset) == [IGNORED, FALSE_POSITIVE, FALSE_POSITIVE]
    assert evaluate(dataset).positives[:, 0].tolist() == [1, 0]


def test_a_label_of_the_wrong_class_is_ignored_for_the_class_that_was_named() -> None:
    dataset = ignored({RIGHT_CAR: flag(Kind.WRONG_CLASS, right_class="van")})
    assert outcomes(dataset) == [TRUE_POSITIVE, IGNORED, FALSE_POSITIVE]


def test_where_nobody_named_the_class_it_is_that_of_the_best_detection_there() -> None:
    dataset = ignored({RIGHT_CAR: flag(Kind.WRONG_CLASS)})
    assert outcomes(dataset) == [TRUE_POSITIVE, IGNORED, FALSE_POSITIVE]
    assert len(ignored({LEFT_CAR: flag(Kind.WRONG_CLASS)}).objects) == 2


def test_what_has_no_label_is_ignored_instead_of_wrong() -> None:
    assert outcomes(ignored({UNLABELLED: flag(Kind.MISSING)})) == [TRUE_POSITIVE, FALSE_POSITIVE, IGNORED]


def test_a_detection_at_the_right_place_is_ignored_however_small_the_wrong_label_was() -> None:
    small = truth()
    small["annotations"][0]["bbox"] = [10.0, 10.0, 5.0, 5.0]
    dataset = dataset_from(small, results())
    assert outcomes(dataset)[0] == FALSE_POSITIVE
    moved = flag(Kind.BADLY_PLACED, right_box=(10.0, 10.0, 40.0, 40.0))
    assert outcomes(ignoring(dataset, said(dataset, {LEFT_CAR: moved})))[0] == IGNORED


def test_an_image_that_lacks_labels_keeps_those_that_it_has() -> None:
    assert outcomes(ignored({IMAGE_ONE: flag(Kind.MISSING)})) == [TRUE_POSITIVE, IGNORED, FALSE_POSITIVE]
    assert outcomes(ignored({IMAGE_TWO: flag(Kind.MISSING)})) == [TRUE_POSITIVE, FALSE_POSITIVE, IGNORED]


def test_an_image_whose_labels_are_wrong_counts_nowhere() -> None:
    dataset = ignored({IMAGE_ONE: flag(None)})
    assert outcomes(dataset) == [IGNORED, IGNORED, FALSE_POSITIVE]
    assert not evaluate(dataset).positives.any()


def test_corrected_labels_make_the_detections_right() -> None:
    verdicts: dict[Ref, Verdict] = {
        RIGHT_CAR: flag(Kind.WRONG_CLASS, right_class="van"),
        UNLABELLED: flag(Kind.MISSING),
    }
    dataset = fixed(verdicts)
    assert outcomes(dataset) == [TRUE_POSITIVE] * 3
    assert dataset.objects.ids.tolist() == [11, 12, 13]


def test_without_flags_nothing_changes() -> None:
    dataset = street()
    for same in (fixed({}), ignored({})):
        for name, column in vars(dataset.objects).items():
            assert np.array_equal(getattr(same.objects, name), column)


def test_what_was_corrected_since_is_neither_ignored_nor_corrected_again() -> None:
    done = flag(Kind.WRONG_CLASS, right_class="car", right_box=(10.0, 10.001, 40.0, 40.0))
    assert not ignored({LEFT_CAR: done}).objects.crowd.any()
    assert corrections(street(), said(street(), {LEFT_CAR: done})).is_empty


def test_joined_classes_stay_joined_and_keep_their_names() -> None:
    dataset = class_agnostic(street())
    verdicts: dict[Ref, Verdict] = {
        RIGHT_CAR: flag(Kind.WRONG_CLASS, right_class="van"),
        UNLABELLED: flag(Kind.MISSING),
    }
    found = fixed(verdicts, dataset)
    assert found.objects.classes.tolist() == [0, 0, 0]
    assert [found.object_name(row) for row in range(3)] == ["car", "van", "car"]


def test_ids_of_text_are_kept_beside_new_numbers() -> None:
    dataset = street()
    ids = np.array(["a", "b"], dtype=np.object_)
    named = replace(dataset, objects=replace(dataset.objects, ids=ids))
    assert fixed({UNLABELLED: flag(Kind.MISSING)}, named).objects.ids.tolist() == ["a", "b", 1]


def test_new_ids_are_unused_never_zero_and_exact_in_every_program() -> None:
    assert unused_ids([], 2) == [1, 2]
    assert unused_ids([-5, "x"], 1) == [1]
    assert unused_ids([4, 2**53 - 2, 1], 3) == [2, 3, 5]
