"""What flags come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from inspector.dataset import Dataset
from inspector.refs import Ref
from inspector.review.attaching import Attached
from inspector.review.corrections import (
    GONE,
    LAST,
    NO_BOX,
    NO_CLASS,
    NO_KIND,
    TWICE,
    UNFITTING,
    UNKNOWN_CLASS,
    WHOLE_IMAGE,
    Corrections,
    corrections,
)
from inspector.review.verdicts import Entry, Judgement, Kind, Target, Verdict
from inspector.selection import class_agnostic
from tests.builders import dataset_from
from tests.unit.review.street import (
    CAR,
    FAR,
    IMAGE_TWO,
    LEFT,
    LEFT_CAR,
    RIGHT_CAR,
    UNLABELLED,
    VAN,
    detection_ref,
    entry,
    flag,
    object_ref,
    results,
    said,
    street,
    truth,
)


def found(verdicts: dict[Ref, Verdict], dataset: Dataset | None = None) -> Corrections:
    dataset = dataset or street()
    return corrections(dataset, said(dataset, verdicts))


def test_only_flags_count() -> None:
    verdicts = {
        LEFT_CAR: Verdict(Judgement.MODEL),
        RIGHT_CAR: Verdict(note="look"),
        IMAGE_TWO: Verdict(reviewed=True),
    }
    assert found({**verdicts}) == Corrections()
    assert found({}).is_empty


@pytest.mark.parametrize("kind", [Kind.SPURIOUS, Kind.DUPLICATE])
def test_spurious_labels_and_duplicates_are_removed(kind: Kind) -> None:
    assert found({RIGHT_CAR: flag(kind)}) == Corrections(removed={1}, flags=1)


def crowded(*boxes: list[float], name: int = CAR) -> Dataset:
    """Labels of one class on the first image."""
    annotations = [
        {"id": 11 + row, "image_id": 1, "category_id": name, "bbox": box, "area": 1600.0, "iscrowd": 0}
        for row, box in enumerate(boxes)
    ]
    return dataset_from(truth() | {"annotations": annotations}, results())


def flagged_in_turn(dataset: Dataset, *rows: int, kinds: dict[int, Kind] | None = None) -> Corrections:
    """Duplicates, flagged one after the other."""
    entries: dict[Ref, Entry] = {}
    for second, row in enumerate(rows):
        verdict = flag((kinds or {}).get(row, Kind.DUPLICATE))
        time = datetime(2026, 1, 2, 3, 4, second, tzinfo=UTC)
        entries[object_ref(row)] = replace(entry(dataset, object_ref(row), verdict), time=time)
    return corrections(dataset, Attached(entries, ()))


NEARLY_LEFT, LOOSELY_LEFT = [12.0, 11.0, 40.0, 40.0], [20.0, 10.0, 40.0, 40.0]


@pytest.mark.parametrize(("rows", "gone"), [((0, 1), {0}), ((1, 0), {1})])
def test_of_two_labels_flagged_as_duplicates_of_each_other_the_first_flagged_goes(
    rows: tuple[int, ...], gone: set[int]
) -> None:
    result = flagged_in_turn(crowded(LEFT, NEARLY_LEFT), *rows)
    assert (result.removed, result.flags, result.reasons()) == (gone, 2, {LAST: 1})
    assert LAST == "its twin is removed already"


def test_of_three_copies_two_go_whichever_are_flagged() -> None:
    dataset = crowded(LEFT, NEARLY_LEFT, LEFT)
    assert flagged_in_turn(dataset, 0, 1).removed == {0, 1}
    assert flagged_in_turn(dataset, 2, 1, 0).removed == {2, 1}


def test_a_duplicate_stays_where_its_twin_is_spurious() -> None:
    result = flagged_in_turn(crowded(LEFT, NEARLY_LEFT), 0, 1, kinds={1: Kind.SPURIOUS})
    assert (result.removed, result.reasons()) == ({1}, {LAST: 1})


def test_labels_that_are_no_twins_go_as_the_flags_say() -> None:
    assert flagged_in_turn(crowded(LEFT, LOOSELY_LEFT), 0, 1).removed == {0, 1}
    other = dataset_from(
        truth()
        | {
            "annotations": [
                {**truth()["annotations"][0], "id": 1 + at, "category_id": name}
                for at, name in enumerate((CAR, VAN))
            ]
        },
        results(),
    )
    assert flagged_in_turn(other, 0, 1).removed == {0, 1}


def test_a_label_to_ignore_becomes_crowd() -> None:
    assert found({RIGHT_CAR: flag(Kind.IGNORE)}) == Corrections(crowds={1}, flags=1)


def test_a_label_gets_the_class_and_the_box_that_somebody_named() -> None:
    moved = flag(Kind.WRONG_CLASS, right_class="van", right_box=(1.0, 2.0, 3.0, 4.0))
    assert found({RIGHT_CAR: moved}) == Corrections(names={1: 1}, boxes={1: (1.0, 2.0, 3.0, 4.0)}, flags=1)


def test_a_missing_label_has_class_and_box_of_the_detection() -> None:
    (label,) = found({UNLABELLED: flag(Kind.MISSING)}).added
    assert (label.image_row, label.name, label.box, label.seen) == (1, 0, tuple(FAR), UNLABELLED)


def test_a_missing_label_that_was_moved_does_not_have_the_mask_of_the_detection() -> None:
    moved = flag(Kind.MISSING, right_class="van", right_box=(1.0, 2.0, 3.0, 4.0))
    (label,) = found({UNLABELLED: moved}).added
    assert (label.name, label.box, label.seen) == (1, (1.0, 2.0, 3.0, 4.0), None)


@pytest.mark.parametrize(
    ("ref", "verdict", "reason"),
    [
        (RIGHT_CAR, flag(Kind.WRONG_CLASS), NO_CLASS),
        (RIGHT_CAR, flag(Kind.WRONG_CLASS, right_class="bicycle"), UNKNOWN_CLASS),
        (RIGHT_CAR, flag(Kind.BADLY_PLACED), NO_BOX),
        (RIGHT_CAR, flag(Kind.BADLY_PLACED, right_box=(1.0, 1.0, -2.0, 3.0)), NO_BOX),
        (RIGHT_CAR, flag(Kind.MISSING), UNFITTING),
        (RIGHT_CAR, flag(None), NO_KIND),
        (UNLABELLED, flag(None), NO_KIND),
        (UNLABELLED, flag(Kind.SPURIOUS), UNFITTING),
        (IMAGE_TWO, flag(Kind.MISSING), WHOLE_IMAGE),
    ],
)
def test_what_nobody_said_how_to_correct_is_left_and_counted(ref: Ref, verdict: Verdict, reason: str) -> None:
    result = found({ref: verdict})
    assert result.is_empty
    assert result.flags == 1
    assert result.reasons() == {reason: 1}


def test_a_missing_label_is_added_where_its_detection_is_gone() -> None:
    dataset = street()
    one = entry(dataset, UNLABELLED, flag(Kind.MISSING))
    elsewhere = replace(one, place=replace(one.place, image="none.jpg"))
    an_object = replace(one, place=replace(one.place, target=Target.OBJECT))
    result = corrections(dataset, Attached({}, (one, elsewhere, an_object)))
    assert [(label.image_row, label.box, label.seen) for label in result.added] == [(1, tuple(FAR), None)]
    assert result.reasons() == {GONE: 2}


def test_what_was_added_to_the_ground_truth_since_is_not_added_again() -> None:
    dataset = street()
    one = entry(dataset, UNLABELLED, flag(Kind.MISSING))
    at_left = replace(one, place=replace(one.place, image="1.jpg", box=(10.0, 10.0, 40.0, 40.0)))
    result = corrections(dataset, Attached({UNLABELLED: one}, (one, at_left)))
    assert len(result.added) == 1
    assert not result.left_out


def test_what_another_flag_puts_there_is_not_added_as_well() -> None:
    van = detection_ref(1)
    renamed = flag(Kind.WRONG_CLASS, right_class="van")
    result = found({van: flag(Kind.MISSING), RIGHT_CAR: renamed})
    assert (result.added, result.names) == ([], {1: 1})
    assert result.reasons() == {TWICE: 1}
    elsewhere = flag(Kind.BADLY_PLACED, right_box=(100.0, 300.0, 40.0, 40.0))
    assert len(found({van: flag(Kind.MISSING), RIGHT_CAR: elsewhere}).added) == 1


@pytest.mark.parametrize(("distance", "labels"), [(2, 0), (6, 1)])
def test_a_neighbour_that_somebody_called_missing_is_added(distance: int, labels: int) -> None:
    dataset = dataset_from(
        truth(),
        [{"image_id": 1, "category_id": 7, "bbox": [100.0 + distance, 10.0, 40.0, 40.0], "score": 0.9}],
    )
    renamed = flag(Kind.WRONG_CLASS, right_class="van")
    result = found({detection_ref(0): flag(Kind.MISSING), RIGHT_CAR: renamed}, dataset)
    assert len(result.added) == labels
    assert [one.place.box for one, _ in result.left_out] == [(102.0, 10.0, 40.0, 40.0)] * (1 - labels)


def test_classes_that_were_joined_are_still_corrected() -> None:
    dataset = class_agnostic(street())
    wrong = flag(Kind.WRONG_CLASS, right_class="van")
    assert found({RIGHT_CAR: wrong}, dataset).names == {1: 1}
