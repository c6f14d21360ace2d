"""Suspect labels, whatever the data: against a slow twin, and what must hold for every queue."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.review.finding import LEAST_SCORE, find_suspects
from inspector.review.reasons import reason
from inspector.review.suspects import Suspects
from tests.builders import dataset_from
from tests.oracle.suspecting import suspicions
from tests.properties.cases import Case, cases

_NEARLY = 1e-6


def _by_row(suspects: Suspects) -> dict[Any, float]:
    return {
        (suspects.kind(row), int(suspects.objects[row]), int(suspects.detections[row])): float(
            suspects.scores[row]
        )
        for row in range(len(suspects))
    }


@given(cases)
@settings(max_examples=120, deadline=None)
def test_scores_equal_weighing_box_by_box(case: Case) -> None:
    dataset = dataset_from(*case)
    found, expected = _by_row(find_suspects(dataset)), suspicions(dataset)
    assert set(found) <= set(expected)
    for key, score in expected.items():
        if score > LEAST_SCORE + _NEARLY:
            assert found[key] == pytest.approx(score, rel=1e-6), key
        elif score < LEAST_SCORE - _NEARLY:
            assert key not in found


@given(cases)
@settings(max_examples=120, deadline=None)
def test_a_queue_is_sorted_and_complete_in_itself(case: Case) -> None:
    dataset = dataset_from(*case)
    suspects = find_suspects(dataset)
    scores = suspects.scores
    assert np.all((scores >= LEAST_SCORE) & (scores <= 1.0))
    assert np.all(np.diff(scores) <= 0)
    assert len(_by_row(suspects)) == len(suspects)
    for row in range(len(suspects)):
        g, d, image = (
            int(column[row]) for column in (suspects.objects, suspects.detections, suspects.images)
        )
        assert g < 0 or (dataset.objects.images[g] == image and not dataset.objects.crowd[g])
        assert d < 0 or dataset.detections.images[d] == image
        assert g >= 0 or d >= 0
        assert "\n" not in reason(dataset, suspects, row)
        assert reason(dataset, suspects, row)


@given(cases, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_neither_the_order_nor_the_names_of_images_matter(case: Case, chance: Any) -> None:
    truth, results = case
    ids = [image["id"] for image in truth["images"]]
    other = dict(zip(ids, chance.sample(ids, len(ids)), strict=True))

    def moved(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**record, "image_id": other[record["image_id"]]} for record in records]

    renamed = [
        {**image, "id": other[image["id"]], "file_name": f"other {image['id']}"} for image in truth["images"]
    ]
    changed = {**truth, "images": renamed, "annotations": moved(truth["annotations"])}

    def queue(dataset: Any, names: dict[Any, Any]) -> dict[Any, float]:
        objects, detections = dataset.objects, dataset.detections
        found = {}
        for (kind, g, d), score in _by_row(find_suspects(dataset)).items():
            image = detections.images[d] if g < 0 else objects.images[g]
            label = None if g < 0 else int(objects.ids[g])
            key = (
                kind,
                names[dataset.images.ids[int(image)]],
                label,
                None if d < 0 else detections.positions[d],
            )
            if score > LEAST_SCORE + _NEARLY:
                found[key] = score
        return found

    before = queue(dataset_from(truth, results), {item: item for item in ids})
    after = queue(dataset_from(changed, moved(results)), {new: old for old, new in other.items()})
    assert set(after) == set(before)
    assert [after[key] for key in before] == pytest.approx(list(before.values()), rel=1e-6)
