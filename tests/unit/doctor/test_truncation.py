"""What was cut away, and its measured effect."""

from __future__ import annotations

import re

import numpy as np
import pytest

from inspector.doctor import Severity, examine
from inspector.doctor.measuring import ranked
from inspector.doctor.truncation import cap_of, round_below
from inspector.errors import CancelledError
from inspector.sources import read
from tests.unit.doctor.conftest import Files, Json

CUTS = ("score_floor", "detections_capped", "detections_beyond_limit", "scores_tied")


def test_nothing_is_said_where_nothing_was_cut(files: Files) -> None:
    assert not set(CUTS) & set(files.findings(measure=True))


@pytest.mark.parametrize(("score", "floor"), [(0.2503, 0.25), (0.3, 0.3), (0.0512, 0.05), (0.0234, 0.02)])
def test_a_floor_is_the_round_number_below_the_lowest_score(score: float, floor: float) -> None:
    assert round_below(score) == floor


def test_a_score_floor_is_measured_by_cutting_further(coco128: Files) -> None:
    coco128.found = [item for item in coco128.found if item["score"] >= 0.25]
    finding = coco128.findings(measure=True)["score_floor"]
    assert (finding.title, finding.severity) == ("no detection scores below 0.25", Severity.WARNING)
    after, before = map(float, re.findall(r"AP is (\S+) instead of (\S+):", finding.effect)[0])
    assert 0 < after < before - 0.01
    assert "Cut at 0.5 as well" in finding.effect


def test_without_measuring_what_was_cut_is_noted_as_not_measured(coco128: Files) -> None:
    coco128.found = [item for item in coco128.found if item["score"] >= 0.25]
    finding = coco128.findings()["score_floor"]
    assert finding.severity is Severity.NOTE
    assert "not measured" in finding.effect


def test_a_cap_of_detections_is_a_spike_at_the_largest_number(coco128: Files) -> None:
    taken: dict[int, int] = {}
    kept: list[Json] = []
    for item in sorted(coco128.found, key=lambda item: -item["score"]):
        taken[item["image_id"]] = taken.get(item["image_id"], 0) + 1
        if taken[item["image_id"]] <= 10:
            kept.append(item)
    coco128.found = kept
    finding = coco128.findings(measure=True)["detections_capped"]
    assert "exactly 10 detections" in finding.title
    assert finding.count == sum(count >= 10 for count in taken.values())
    assert "With the best 5 of each image" in finding.effect


def test_numbers_of_detections_that_only_happen_to_agree_are_no_cap() -> None:
    assert cap_of(np.array([12, 11, 12, 10, 11, 12, 3])) is None
    assert cap_of(np.array([7] * 50)) is None
    assert cap_of(np.array([100] * 20 + [40, 80, 99])) == 100


def test_more_detections_than_the_limit_are_counted_and_their_worth_is_measured(files: Files) -> None:
    image, category = files.found[0]["image_id"], files.found[0]["category_id"]
    files.found += [
        {"image_id": image, "category_id": category, "bbox": [n % 90, 300, 40, 40], "score": 0.001 + n / 1e5}
        for n in range(120)
    ]
    finding = files.findings(measure=True)["detections_beyond_limit"]
    there = sum(item["image_id"] == image and item["category_id"] == category for item in files.found)
    assert finding.count == there - 100
    assert f"up to {there}" in finding.effect
    assert "AP stays at" in finding.effect


def test_ties_are_put_in_other_orders(files: Files) -> None:
    for item in files.found:
        item["score"] = round(item["score"], 1)
    finding = files.findings(measure=True)["scores_tied"]
    assert finding.count >= len(files.found) - 1  # the one that is the least confident stays alone
    assert re.search(r"In 8 other orders of equal scores AP (lies between|stays at) 0\.\d{4}", finding.effect)


def test_where_all_scores_are_equal_their_order_is_everything(files: Files) -> None:
    files.plant(lambda item: item.update(score=1.0))
    finding = files.findings(measure=True)["scores_tied"]
    assert finding.severity is Severity.WARNING
    low, high = map(float, re.findall(r"between (\S+) and (\S+);", finding.effect)[0])
    assert low < high


def test_ranks_keep_the_order_of_scores_and_shuffle_equal_ones() -> None:
    scores = np.array([0.5, 0.9, 0.5, 0.1, 0.5])
    seen = {tuple(ranked(scores, np.random.default_rng(seed)).tolist()) for seed in range(20)}
    assert len(seen) > 1
    for ranks in seen:
        assert sorted(ranks) == [0, 1, 2, 3, 4]
        assert (ranks[1], ranks[3]) == (4, 0)


def test_examining_can_be_cancelled_at_any_step(files: Files) -> None:
    sources = files.sources
    dataset = read(sources)
    asked = 0

    def count(_stage: str, _fraction: float) -> None:
        nonlocal asked
        asked += 1

    examine(dataset, sources, progress=count)
    for last in range(0, asked, max(1, asked // 7)):
        left = last

        def cancel(_stage: str, _fraction: float) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise CancelledError

        with pytest.raises(CancelledError):
            examine(dataset, sources, progress=cancel)
