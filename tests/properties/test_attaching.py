"""Verdicts hang on what they were given for, or on nothing, after labels were fixed or numbered anew."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.refs import BoxRef, Side
from inspector.review.attaching import attach, place_of
from inspector.review.correcting import corrected
from inspector.review.corrections import LAST, corrections
from inspector.review.verdicts import Entry, Judgement, Kind, Verdict
from tests.builders import dataset_from
from tests.properties.cases import random_case
from tests.properties.flag_cases import random_flags

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
@settings(max_examples=150, deadline=None)
def test_flags_that_were_obeyed_remove_nothing_more(seed: int) -> None:
    dataset = dataset_from(*_with_twins(seed, random_case(seed)))
    flags = random_flags(seed, dataset)
    wanted = corrections(dataset, flags)
    fixed = corrected(dataset, wanted)
    again = attach(fixed, flags.entries.values())
    for ref, entry in again.entries.items():
        if entry.verdict.removes:
            assert isinstance(ref, BoxRef)
            assert fixed.objects.ids[ref.row] == entry.place.object_id
    spared = {entry.place.object_id for entry, reason in wanted.left_out if reason == LAST}
    assert {fixed.objects.ids[row] for row in corrections(fixed, again).removed} <= spared
    assert len(again.entries) + len(again.orphans) == len(flags.entries)


@given(SEEDS, st.integers(0, 30))
@settings(max_examples=100, deadline=None)
def test_numbering_anew_what_is_left_hangs_no_verdict_on_another_label(seed: int, gone: int) -> None:
    rng = np.random.default_rng(seed)
    labels = [_label(number, rng) for number in range(60)]
    dataset = _dataset(labels)
    kinds = (Kind.SPURIOUS, Kind.DUPLICATE, Kind.WRONG_CLASS, Kind.BADLY_PLACED, None)
    entries = [
        Entry(
            place_of(dataset, BoxRef(Side.OBJECT, row)),
            Verdict(Judgement.LABEL, kinds[rng.integers(len(kinds))]),
            "somebody",
            datetime(2026, 1, 2, tzinfo=UTC),
        )
        for row in np.flatnonzero(rng.random(len(dataset.objects)) < rng.random())
    ]
    removed = set(rng.choice(len(labels), gone, replace=False).tolist())
    left = [label for number, label in enumerate(labels) if number not in removed]
    after = _dataset([label | {"id": number + 1} for number, label in enumerate(left)])
    there = {(label["image_id"], *label["bbox"]) for label in left}
    found = attach(after, entries)
    for ref, entry in found.entries.items():
        now = place_of(after, ref)
        assert (now.class_name, now.box) == (entry.place.class_name, entry.place.box)
    for entry in found.orphans:  # what is lost is gone, or is to go and its number is free
        is_there = (int(entry.place.image), *(entry.place.box or ())) in there
        number = entry.place.object_id
        assert not is_there or (entry.verdict.removes and isinstance(number, int) and number > len(left))


def _label(number: int, rng: np.random.Generator) -> dict[str, Any]:
    """One of 60 labels of three classes on six images; neighbours overlap a little."""
    x, width = 30 * (number % 10) + int(rng.integers(5)), 25 + int(rng.integers(15))
    image, category = number // 10 + 1, int(rng.integers(1, 4))
    return {
        "id": number + 1,
        "image_id": image,
        "category_id": category,
        "bbox": [x, 10, width, 50],
        "area": width * 50,
        "iscrowd": 0,
    }


def _dataset(labels: list[dict[str, Any]]) -> Any:
    truth = {
        "images": [{"id": number, "file_name": str(number)} for number in range(1, 7)],
        "categories": [{"id": number, "name": str(number)} for number in range(1, 4)],
        "annotations": labels,
    }
    return dataset_from(truth, [])


def _with_twins(seed: int, case: Any) -> Any:
    """Some labels a second time, under ids of their own."""
    truth, results = case
    rng, labels = np.random.default_rng(seed), truth["annotations"]
    free = max((label["id"] for label in labels), default=0) + 1
    twins = [label for label in labels if rng.random() < 0.3]
    twins = [label | {"id": free + number} for number, label in enumerate(twins)]
    return truth | {"annotations": labels + twins}, results
