"""Verdicts find their boxes again after the files have changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.attaching import Attached, attach, place_of
from inspector.review.standing import Standing
from inspector.review.verdicts import Entry, Judgement, Kind, Place, Target, Verdict
from inspector.selection import class_agnostic, restricted
from tests.builders import dataset_from

Record = dict[str, Any]
NAMES = ("car", "bus")


def dataset(truth: list[Record], found: list[Record], images: tuple[str, ...] = ("a", "b")) -> Dataset:
    """Objects `id, image, class, box` and detections `image, class, box, score`; images by name."""

    def record(number: int, given: Record) -> Record:
        place = {"image_id": images.index(given.get("image", "a")) + 1}
        filled = {"id": number + 1, "class": "car", "box": [0, 0, 10, 10], "score": 0.5, **given}
        category, box = NAMES.index(filled["class"]) + 1, filled["box"]
        return {**filled, **place, "category_id": category, "bbox": box, "area": 100, "iscrowd": 0}

    ground_truth = {
        "images": [{"id": row + 1, "file_name": name} for row, name in enumerate(images)],
        "categories": [{"id": row + 1, "name": name} for row, name in enumerate(NAMES)],
        "annotations": [record(number, given) for number, given in enumerate(truth)],
    }
    return dataset_from(ground_truth, [record(number, given) for number, given in enumerate(found)])


def said(place: Place, note: str = "") -> Entry:
    return Entry(place, Verdict(Judgement.MODEL, note=note), "Ada", datetime(2026, 1, 1, tzinfo=UTC))


def one(before: Dataset, after: Dataset, ref: Ref) -> Ref | None:
    """What a verdict on `ref` of the one hangs on in the other; None for an orphan."""
    found = attach(after, [said(place_of(before, ref))])
    assert len(found.entries) + len(found.orphans) == 1
    return next(iter(found.entries), None)


OBJECT, DETECTION = BoxRef(Side.OBJECT, 0), BoxRef(Side.DETECTION, 0)
FIRST: Record = {"id": 5, "box": [10, 10, 30, 30]}


@pytest.mark.parametrize(
    "now",
    [
        pytest.param({"class": "bus"}, id="its class was corrected"),
        pytest.param({"box": [12, 8, 40, 30]}, id="its box was corrected"),
        pytest.param({"id": 77}, id="ids were given anew"),
        pytest.param({"id": 77, "box": [10.004, 10, 30, 29.995]}, id="ids anew and rounded"),
    ],
)
def test_an_object_is_found_again_where(now: Record) -> None:
    others = [{"id": 1, "box": [50, 50, 9, 9]}, {"id": 2, "box": [70, 50, 9, 9]}]
    before, after = dataset([FIRST, *others], []), dataset([*others, FIRST | now], [])
    ref = one(before, after, BoxRef(Side.OBJECT, 0))
    assert isinstance(ref, BoxRef)
    assert after.objects.ids[ref.row] == now.get("id", 5)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param({"class": "bus", "box": [12, 8, 40, 30]}, id="class and box both changed"),
        pytest.param({"id": 77, "box": [10.1, 10, 30, 30]}, id="another id, and moved"),
        pytest.param({"id": 77, "class": "bus"}, id="another id and another class"),
        pytest.param({"box": [50, 10, 30, 30]}, id="its id belongs to another box"),
        pytest.param({"image": "b"}, id="on another image"),
    ],
)
def test_an_object_is_an_orphan_where(now: Record) -> None:
    assert one(dataset([FIRST], []), dataset([FIRST | now], []), OBJECT) is None


def test_its_class_and_box_count_more_than_its_id() -> None:
    before = dataset([FIRST], [])
    after = dataset([{"id": 9, "box": [10, 10, 30, 30]}, {"id": 5, "box": [11, 10, 30, 30]}], [])
    assert one(before, after, OBJECT) == OBJECT


@pytest.mark.parametrize(
    ("now", "there"),
    [
        ({"score": 0.9}, True),
        ({"box": [10.009, 10, 30, 30]}, True),
        ({"box": [10.011, 10, 30, 30]}, False),
        ({"class": "bus"}, False),
        ({"image": "b"}, False),
    ],
)
def test_a_detection_is_the_one_of_its_class_and_box(now: Record, there: bool) -> None:
    first = {"box": [10, 10, 30, 30]}
    others = [{"box": [10, 10, 30, 30], "class": "bus"}, {"box": [20, 10, 30, 30]}]
    before, after = dataset([], [first, *others]), dataset([], [*others, first | now])
    ref = one(before, after, DETECTION)
    assert (ref is not None) == there
    if isinstance(ref, BoxRef):
        assert after.detections.positions[ref.row] == 2


def test_twins_keep_their_own_verdicts() -> None:
    twins = [{"score": score} for score in (0.9, 0.7, 0.5)]
    before = dataset([], twins)
    places = [place_of(before, BoxRef(Side.DETECTION, row)) for row in range(3)]
    assert [place.number for place in places] == [0, 1, 2]
    entries = [said(places[2], "third"), said(places[0], "first")]
    for wholly in (before, class_agnostic(before)):
        found = attach(wholly, entries).entries
        notes = {ref.row: entry.verdict.note for ref, entry in found.items()}
        assert notes == {2: "third", 0: "first"}


def test_ids_that_were_given_anew_mislead_nobody() -> None:
    row = [{"id": number, "box": [100 * number, 10, 50, 50]} for number in range(1, 5)]
    before = dataset(row, [])
    after = dataset([record | {"id": number} for number, record in enumerate(row[1:], start=1)], [])
    assert one(before, after, BoxRef(Side.OBJECT, 0)) is None
    assert [one(before, after, BoxRef(Side.OBJECT, number)) for number in (1, 2, 3)] == [
        BoxRef(Side.OBJECT, number) for number in range(3)
    ]


def test_where_ids_were_given_anew_the_same_id_says_nothing_of_a_box_that_nearly_fits() -> None:
    before = dataset([{"id": 5}, {"id": 6, "box": [1, 0, 10, 10]}, {"id": 7, "box": [50, 0, 10, 10]}], [])
    after = dataset([{"id": 5, "box": [1, 0, 10, 10]}, {"id": 6, "box": [50, 0, 10, 10]}], [])
    entries = [said(place_of(before, BoxRef(Side.OBJECT, row))) for row in range(3)]
    assert attach(after, entries) == Attached(
        {OBJECT: entries[1], BoxRef(Side.OBJECT, 1): entries[2]}, (entries[0],)
    )


@pytest.mark.parametrize("kind", [Kind.SPURIOUS, Kind.DUPLICATE])
@pytest.mark.parametrize(
    ("after", "there"),
    [
        pytest.param([FIRST | {"id": 4}], False, id="its twin, and nobody has its id"),
        pytest.param([FIRST | {"id": 4}, FIRST | {"image": "b"}], True, id="its id is another object's"),
        pytest.param([FIRST | {"box": [11, 10, 31, 30]}], True, id="its box was rounded"),
        pytest.param([FIRST | {"box": [12, 8, 40, 30]}], False, id="its box was moved"),
        pytest.param([FIRST | {"class": "bus"}], True, id="its class was changed"),
    ],
)
def test_a_label_that_should_go_is_found_again_where(kind: Kind, after: list[Record], there: bool) -> None:
    place = place_of(dataset([FIRST], []), OBJECT)
    flag = replace(said(place), verdict=Verdict(Judgement.LABEL, kind))
    assert attach(dataset(after, []), [flag]) == Attached(
        {OBJECT: flag} if there else {}, () if there else (flag,)
    )


def test_ids_on_images_that_are_not_shown_count_as_well() -> None:
    flag = replace(
        said(place_of(dataset([FIRST], []), OBJECT)), verdict=Verdict(Judgement.LABEL, Kind.SPURIOUS)
    )
    opened = dataset([FIRST | {"id": 4}, FIRST | {"image": "b"}], [])
    assert Standing(restricted(opened, np.array([0])), opened, [flag]).entries == {OBJECT: flag}


def test_of_two_that_claim_the_same_box_the_better_fit_gets_it_and_the_other_is_kept() -> None:
    before = dataset([{"id": 5}, {"id": 6, "box": [2, 0, 10, 10]}], [])
    places = [place_of(before, BoxRef(Side.OBJECT, row)) for row in range(2)]
    after = dataset([{"id": 6}], [])  # the box of the one, the id of the other
    for entries in ([said(places[0]), said(places[1])], [said(places[1]), said(places[0])]):
        found = attach(after, entries)
        assert [entry.place for entry in found.entries.values()] == [places[0]]
        assert [entry.place for entry in found.orphans] == [places[1]]


def test_images_and_boxes_of_all_sides_are_attached_together() -> None:
    data = dataset([FIRST], [FIRST])
    refs: list[Ref] = [ImageRef(0), OBJECT, DETECTION, ImageRef(1)]
    gone = said(Place(Target.IMAGE, "gone"))
    found = attach(data, [gone, *[said(place_of(data, ref)) for ref in refs]])
    assert set(found.entries) == set(refs)
    assert found.orphans == (gone,)


def test_boxes_that_are_not_finite_hinder_nobody() -> None:
    data = dataset([], [{"box": [np.inf, 0, 10, 10]}, {"box": [5, 5, 10, 10]}])
    for row in range(2):
        ref = BoxRef(Side.DETECTION, row)
        assert one(data, data, ref) == ref


def test_joined_classes_are_told_by_what_the_files_call_them() -> None:
    data = dataset(
        [FIRST | {"class": "bus"}], [{"class": "bus", "score": 0.1}, {"class": "car", "score": 0.9}]
    )
    joined = class_agnostic(data)
    assert one(joined, data, OBJECT) == one(data, joined, OBJECT) == OBJECT
    assert one(data, joined, BoxRef(Side.DETECTION, 1)) == BoxRef(Side.DETECTION, 1)
    assert joined.detection_name(1) == "bus"


def test_what_is_only_left_out_is_no_orphan() -> None:
    opened = dataset([FIRST, FIRST | {"id": 6, "image": "b"}], [])
    shown = restricted(opened, np.array([1]))
    there, elsewhere = (said(place_of(opened, BoxRef(Side.OBJECT, row))) for row in (1, 0))
    gone = said(replace(elsewhere.place, object_id=99, box=(1.0, 1.0, 1.0, 1.0)))
    standing = Standing(shown, opened, [there, elsewhere, gone])
    assert standing.entries == {OBJECT: there}
    assert standing.orphans == (gone,)


boxes = st.sampled_from([[0, 0, 10, 10], [0.004, 0, 10, 10], [50, 0, 10, 10]])
records = st.lists(
    st.fixed_dictionaries(
        {"image": st.sampled_from("ab"), "class": st.sampled_from(NAMES), "box": boxes},
    ),
    max_size=6,
)


def everywhere(data: Dataset) -> list[Ref]:
    refs: list[Ref] = [ImageRef(row) for row in range(len(data.images))]
    refs += [BoxRef(Side.OBJECT, row) for row in range(len(data.objects))]
    return refs + [BoxRef(Side.DETECTION, row) for row in range(len(data.detections))]


@settings(deadline=None)
@given(records, records)
def test_every_box_has_a_place_of_its_own_and_is_found_by_it(
    truth: list[Record], found: list[Record]
) -> None:
    data = dataset(truth, found)
    refs = everywhere(data)
    entries = [said(place_of(data, ref)) for ref in refs]
    assert len({entry.place for entry in entries}) == len(refs)
    assert attach(data, entries) == Attached(dict(zip(refs, entries, strict=True)), ())


@settings(deadline=None)
@given(records, records, st.data())
def test_what_stands_is_the_same_verdict_by_verdict_as_at_once(
    truth: list[Record], found: list[Record], draw: st.DataObject
) -> None:
    """Also where the places come from another version of the files."""
    old, new = dataset(truth, found), dataset(found, truth)
    everything = [place_of(data, ref) for data in (old, new) for ref in everywhere(data)]
    verdicts = st.sampled_from(
        [
            Verdict(),
            Verdict(Judgement.LABEL),
            Verdict(Judgement.LABEL, Kind.SPURIOUS),
            Verdict(note="x"),
            Verdict(reviewed=True),
        ]
    )
    log = draw.draw(st.lists(st.tuples(st.sampled_from(everything), verdicts), max_size=12))
    entries = [replace(said(place), verdict=verdict) for place, verdict in log]
    standing = Standing(new, new, [])
    for entry in entries:
        standing.put([entry])
    kept = {entry.place: entry for entry in entries}
    kept = {place: entry for place, entry in kept.items() if not entry.verdict.is_empty}
    at_once = Standing(new, new, kept.values())
    attached = attach(new, kept.values())
    assert set(attached.entries.values()) | set(attached.orphans) == set(kept.values())
    assert standing.entries.keys() == at_once.entries.keys() == attached.entries.keys()
    assert {entry.place for entry in standing.orphans} == {entry.place for entry in attached.orphans}
    assert standing.flags.sum() == sum(entry.verdict.is_flag for entry in standing.entries.values())
    for side in Side:
        judged = [ref.row for ref, entry in standing.entries.items() if _is_judged(side, ref, entry)]
        assert np.flatnonzero(standing.judged[side]).tolist() == sorted(judged)
    for ref, entry in standing.entries.items():
        assert standing.find(entry.place) == ref


def _is_judged(side: Side, ref: Ref, entry: Entry) -> bool:
    return isinstance(ref, BoxRef) and ref.kind is side and entry.verdict.judgement is not None


def two_of_one_name() -> Dataset:
    """Two images that the file calls the same, with the same car on them."""
    truth = {
        "images": [{"id": number, "file_name": "frame.jpg"} for number in (3, 8)],
        "categories": [{"id": 1, "name": "car"}],
        "annotations": [
            {"id": 4, "image_id": image, "category_id": 1, "bbox": [1, 1, 9, 9], "area": 81, "iscrowd": 0}
            for image in (3, 8)
        ],
    }
    found = [{"image_id": image, "category_id": 1, "bbox": [1, 1, 9, 9], "score": 0.5} for image in (3, 8)]
    return dataset_from(truth, found)


@pytest.mark.parametrize(
    "refs",
    [
        (ImageRef(0), ImageRef(1)),
        (BoxRef(Side.OBJECT, 0), BoxRef(Side.OBJECT, 1)),
        (BoxRef(Side.DETECTION, 0), BoxRef(Side.DETECTION, 1)),
    ],
)
def test_images_of_the_same_name_keep_their_own_verdicts(refs: tuple[Ref, Ref]) -> None:
    data = two_of_one_name()
    entries = [said(place_of(data, ref), note) for ref, note in zip(refs, "xy", strict=True)]
    found = attach(data, entries)
    assert [found.entries[ref].verdict.note for ref in refs] == ["x", "y"]


def test_images_of_the_same_name_keep_their_verdicts_where_one_is_left_out() -> None:
    data = two_of_one_name()
    entries = [said(place_of(data, ImageRef(row)), note) for row, note in enumerate("xy")]
    second = restricted(data, np.array([1]), None)
    standing = Standing(second, data, entries)
    assert standing.entries[ImageRef(0)].verdict.note == "y"
    assert not standing.orphans


def without_ids(*labels: Record, images: tuple[str, ...] = ("a", "b")) -> Dataset:
    """As read from a format that has none: each object's id is its position among all."""
    made = dataset([{**label, "id": number} for number, label in enumerate(labels)], [], images)
    return replace(made, objects=replace(made.objects, ids=made.objects.positions))


LEFT_BUS: Record = {"class": "bus", "box": [10, 10, 30, 30]}
RIGHT_CAR: Record = {"box": [60, 10, 30, 30]}
FAR_CAR: Record = {"image": "b", "box": [5, 5, 20, 20]}


def box_of(found: Dataset, ref: Ref | None) -> list[float] | None:
    return None if not isinstance(ref, BoxRef) else found.objects.boxes[ref.row].tolist()


@pytest.mark.parametrize("removes", [False, True])
def test_where_ids_are_positions_an_object_inserted_before_others_moves_no_verdict(removes: bool) -> None:
    before = without_ids(LEFT_BUS, RIGHT_CAR, FAR_CAR)
    after = without_ids({"box": [0, 0, 12, 12]}, LEFT_BUS, RIGHT_CAR, FAR_CAR)
    verdict = Verdict(Judgement.LABEL, Kind.SPURIOUS) if removes else Verdict(Judgement.MODEL)
    refs = [BoxRef(Side.OBJECT, row) for row in range(3)]
    entries = [replace(said(place_of(before, ref)), verdict=verdict) for ref in refs]
    found = attach(after, entries)
    assert not found.orphans
    expected = {entry.place.box for entry in entries}
    for ref, entry in found.entries.items():
        assert box_of(after, ref) == list(entry.place.box or ())
    assert len(expected) == len(found.entries) == 3


def test_where_ids_are_positions_a_flag_on_the_last_object_stays_when_another_is_taken_out() -> None:
    before, after = without_ids(LEFT_BUS, RIGHT_CAR, FAR_CAR), without_ids(LEFT_BUS, FAR_CAR)
    entry = replace(
        said(place_of(before, BoxRef(Side.OBJECT, 2))), verdict=Verdict(Judgement.LABEL, Kind.SPURIOUS)
    )
    assert list(attach(after, [entry]).entries) == [BoxRef(Side.OBJECT, 1)]
    gone = replace(entry, place=place_of(before, BoxRef(Side.OBJECT, 0)))  # rows: car, bus, far car
    assert attach(after, [gone]).orphans == (gone,)
