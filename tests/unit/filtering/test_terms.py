"""Each term on a few boxes that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from inspector.dataset import Dataset, Splits
from inspector.evaluation.operating_point import OperatingPoint
from inspector.filtering import Searched, parse_filter, terms
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.attaching import place_of
from inspector.review.verdicts import Entry, Judgement, Kind, Verdict
from tests.builders import dataset_from
from tests.unit.filtering.views import searched

PERSON, CAR = 1, 2
# image, class, x, width: objects are 10 high
OBJECTS = [
    (0, PERSON, 0, 10),  # o0: found exactly
    (0, PERSON, 50, 20),  # o1: found, badly placed
    (0, CAR, 100, 30),  # o2: missed
    (1, CAR, 0, 10),  # o3: found, but below the confidence
    (2, PERSON, 0, 40),  # o4: a crowd region
]
# image, class, x, width, score
DETECTIONS = [
    (0, PERSON, 0, 10, 0.9),  # d0: TP
    (0, PERSON, 50, 30, 0.6),  # d1: TP with IoU 2/3
    (0, CAR, 300, 10, 0.7),  # d2: FP
    (1, CAR, 0, 10, 0.3),  # d3: hidden
    (2, PERSON, 10, 10, 0.8),  # d4: ignored, lies in the crowd region
    (3, CAR, 0, 50, 0.8),  # d5: FP
]
NAMES = ["a.jpg", "b.jpg", "night.jpg", "empty.jpg"]


def dataset() -> Dataset:
    return dataset_from(
        {
            "images": [{"id": row, "file_name": name} for row, name in enumerate(NAMES)],
            "categories": [{"id": PERSON, "name": "person"}, {"id": CAR, "name": "car"}],
            "annotations": [
                {
                    "id": number + 1,
                    "image_id": image,
                    "category_id": category,
                    "bbox": [x, 0, width, 10],
                    "area": 10 * width,
                    "iscrowd": int(image == 2),
                }
                for number, (image, category, x, width) in enumerate(OBJECTS)
            ],
        },
        [
            {"image_id": image, "category_id": category, "bbox": [x, 0, width, 10], "score": score}
            for image, category, x, width, score in DETECTIONS
        ],
    )


def ref(word: str) -> Ref:
    """o3, d2 or i1."""
    row = int(word[1:])
    if word[0] == "i":
        return ImageRef(row)
    return BoxRef(Side.OBJECT if word[0] == "o" else Side.DETECTION, row)


def view(confidence: float = 0.5, /, **said: Verdict) -> Searched:
    """Ada said these things of d2, o1, i3, ..."""
    whole = dataset()
    now = datetime.now(UTC)
    entries = {
        ref(word): Entry(place_of(whole, ref(word)), verdict, "Ada", now) for word, verdict in said.items()
    }
    return searched(whole, confidence, entries)


def boxes(text: str, looked_at: Searched) -> str:
    """The boxes that a filter keeps, such as "o1 d2"."""
    chosen, kept = parse_filter(text), []
    for side, letter, count in ((Side.OBJECT, "o", len(OBJECTS)), (Side.DETECTION, "d", len(DETECTIONS))):
        flags = chosen.keeps(looked_at, side, np.arange(count))
        kept += [f"{letter}{row}" for row in np.flatnonzero(flags)]
    return " ".join(kept)


def images(text: str, looked_at: Searched) -> list[int]:
    """The images that a filter keeps."""
    rows: list[int] = np.flatnonzero(parse_filter(text).matches(looked_at)).tolist()
    return rows


LABEL = Verdict(Judgement.LABEL)
MISSING = Verdict(Judgement.LABEL, Kind.MISSING)
WRONG_CLASS = Verdict(Judgement.LABEL, Kind.WRONG_CLASS, right_class="car")
MODEL = Verdict(Judgement.MODEL)
REVIEWED = Verdict(reviewed=True)
NOTED = Verdict(note="The left Lamp")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("score<0.7", "d1 d3"),
        ("score>=0.8", "d0 d4 d5"),
        ("score=n/a", "o0 o1 o2 o3 o4"),
        ("area>250", "o2 o4 d1 d5"),
        ("area=100", "o0 o3 d0 d2 d3 d4"),
        ("iou<0.7", "o1 d1"),
        ("iou=1", "o0 d0"),
        ("iou=n/a", "o2 o3 o4 d2 d3 d4 d5"),
        ("outcome:tp", "o0 o1 d0 d1"),
        ("outcome:fp", "d2 d5"),
        ("outcome:fn", "o2 o3"),
        ("outcome:ignored", "o4 d4"),
        ("outcome:FN,fp", "o2 o3 d2 d5"),
        ("class:car", "o2 o3 d2 d3 d5"),
        ("class:car outcome:fp", "d2 d5"),
        ("class:person class:car", ""),
        ("not class:car", "o0 o1 o4 d0 d1 d4"),
        ("class:person (score<0.7 or iou=1)", "o0 d0 d1"),
        ("night", "o4 d4"),
        ("fp>0 class:car", "o2 d2 d5"),
        ("fn>0 not outcome:fn", "o0 o1 d0 d1 d2 d3"),
    ],
)
def test_each_box_is_asked_for_itself(text: str, expected: str) -> None:
    assert boxes(text, view()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("score<0.7", [0]),
        ("score<0.5", []),  # d3 is not shown
        ("area>450", [3]),
        ("iou<0.7", [0]),
        ("outcome:tp", [0]),
        ("outcome:fp", [0, 3]),
        ("outcome:fn", [0, 1]),
        ("outcome:ignored", [2]),
        ("class:person", [0, 2]),
        ("class:car score>0.7", [3]),  # one box is both
        ("score>0.7 class:car", [3]),
        ("class:person score<0.7 class:car outcome:fn", [0]),
        ("class:person outcome:fn", []),
        ("class:person class:car", [0]),  # two boxes
        ("class:person (class:car outcome:fp)", [0]),
        ("class:car (score>0.75 or outcome:fn)", [0, 1, 3]),
        ("class:person (score<0.7 or fn>0)", [0]),
        ("not class:person", [1, 3]),
        ("class:car not outcome:fn", [3]),  # none of its boxes is missed
        ("not (class:car outcome:fn)", [2, 3]),
        ("-class:car", [2]),
        ("outcome:fp or night", [0, 2, 3]),
        ("miou<0.9", [0]),
    ],
)
def test_an_image_is_kept_for_one_box_that_is_all_that_is_said(text: str, expected: list[int]) -> None:
    assert images(text, view()) == expected


SAID = {"d2": MISSING, "o1": WRONG_CLASS, "d3": MODEL, "i3": REVIEWED, "d5": NOTED, "i2": LABEL}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("verdict:label", "o1 d2"),
        ("verdict:label,model", "o1 d2 d3"),
        ("verdict:any", "o1 d2 d3"),
        ("verdict:none", "o0 o2 o3 o4 d0 d1 d4 d5"),
        ("verdict:none outcome:fp", "d5"),
        ("verdict:fine", ""),
        ("kind:missing", "d2"),
        ("kind:wrong_class", "o1"),
        ('kind:"Wrong class"', "o1"),
        ("kind:wrong-class,missing", "o1 d2"),
        ("note:lamp", "d5"),
        ('note:"left lamp"', "d5"),
        ("note:left*lamp", "d5"),
        ("note:*", "d5"),
        ("note:door", ""),
        ("author:ada", "o1 d2 d3 d5"),
        ("author:bo", ""),
        ("reviewed:yes", "d5"),
        ("reviewed:no class:person", "o0 o1 o4 d0 d1 d4"),
        ("reviewed:yes,no night", "o4 d4"),
    ],
)
def test_boxes_are_found_by_what_was_said_of_them(text: str, expected: str) -> None:
    assert boxes(text, view(**SAID)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("verdict:label", [0, 2]),  # of a box, or of the image
        ("verdict:model", [1]),  # also where the confidence hides it
        ("verdict:model class:car", [1]),
        ("verdict:any", [0, 1, 2]),
        ("verdict:none", [3]),  # a note is no verdict
        ("verdict:none outcome:fp", [3]),
        ("verdict:none class:person", [0, 2]),
        ("verdict:none fp>0", [3]),
        ("kind:missing class:car", [0]),
        ("kind:missing class:person", []),
        ("note:lamp", [3]),
        ("author:ADA", [0, 1, 2, 3]),
        ("reviewed:yes", [3]),
        ("reviewed:no", [0, 1, 2]),
        ("reviewed:no verdict:any", [0, 1, 2]),
        ("not verdict:any", [3]),
    ],
)
def test_images_are_found_by_what_was_said_of_them_and_of_their_boxes(text: str, expected: list[int]) -> None:
    assert images(text, view(**SAID)) == expected


def test_another_confidence_makes_other_outcomes() -> None:
    low = view(0.3)
    assert boxes("outcome:tp", low) == "o0 o1 o3 d0 d1 d3"
    assert images("score<0.5", low) == [1]


def test_what_is_not_of_the_chosen_classes_has_no_outcome() -> None:
    cars = searched(dataset(), chosen=frozenset({1}))
    assert boxes("outcome:tp,fp,fn,ignored", cars) == "o2 o3 d2 d5"
    assert boxes("iou>0", cars) == ""


def test_before_the_evaluation_boxes_have_no_outcome_but_a_class_and_a_score() -> None:
    early = replace(view(), table=None, values={})
    assert boxes("outcome:tp,fp,fn,ignored", early) == ""
    assert boxes("iou>0", early) == ""
    assert images("class:person score<0.7", early) == [0]
    assert parse_filter("iou>0").needs_evaluation
    assert parse_filter("outcome:fp or night").needs_evaluation
    assert not parse_filter("class:person score<0.7 verdict:label reviewed:no").needs_evaluation


def test_the_area_of_a_detection_is_that_of_its_mask_where_masks_give_the_sizes() -> None:
    whole = dataset()
    areas = np.array([1.0, 2, 3, 4, 5, 6])
    with_areas = replace(whole, detections=replace(whole.detections, areas=areas))
    assert boxes("area<4 score>0", searched(with_areas)) == "d0 d1 d2"


def test_many_boxes_are_asked_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "BLOCK", 2)
    assert images("class:car (outcome:fp or outcome:fn)", view()) == [0, 1, 3]


def test_rows_may_come_in_any_order_and_more_than_once() -> None:
    kept = parse_filter("outcome:fp").keeps(view(), Side.DETECTION, np.array([5, 0, 2, 5], dtype=np.int32))
    assert kept.tolist() == [True, False, True, True]


def test_a_filter_knows_what_can_change_it() -> None:
    assert parse_filter("class:car").follows_confidence
    assert parse_filter("score<0.5").follows_confidence
    assert parse_filter("verdict:none").follows_confidence
    assert not parse_filter("verdict:label reviewed:no note:x").follows_confidence
    for text in ("verdict:label", "not kind:missing", "note:x", "author:x", "fp>0 or reviewed:no"):
        assert parse_filter(text).follows_verdicts
    assert not parse_filter("class:car fp>0 score<0.5").follows_verdicts


def test_nothing_that_a_filter_looks_at_is_changed() -> None:
    looked_at = view(**SAID)
    before = looked_at.reviewed.tolist()
    parse_filter("reviewed:yes").matches(looked_at)[:] = False
    assert looked_at.reviewed.tolist() == before
    assert looked_at.point == OperatingPoint()


@pytest.mark.parametrize(
    ("text", "images"),
    [
        ("split:train", [0, 3]),
        ("split:TRAIN,test", [0, 2, 3]),
        ("-split:train", [1, 2]),
        ("split:none", [1]),
        ("split:tra", []),
        ("class:car split:train", [0, 3]),
    ],
)
def test_images_of_a_split(text: str, images: list[int]) -> None:
    of_each = Splits(("train", "", "test"), np.array([0, 1, 2, 0], np.int32))
    split = searched(replace(dataset(), splits=of_each))
    asked = parse_filter(text)
    assert np.flatnonzero(asked.matches(split)).tolist() == images
    kept = asked.keeps(split, Side.OBJECT, np.arange(len(OBJECTS)))
    if "class" not in text:
        assert set(split.dataset.objects.images[kept].tolist()) == {0, 1, 2} & set(images)


def test_without_splits_none_is_found() -> None:
    assert not parse_filter("split:train").matches(searched(dataset())).any()
