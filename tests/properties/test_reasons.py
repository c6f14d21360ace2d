"""Every number that a reason tells, against a slow reading of the boxes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.review.finding import find_suspects
from inspector.review.reasons import reason
from inspector.review.suspects import KINDS, Suspects
from tests.builders import dataset_from
from tests.oracle.evaluation import iou
from tests.oracle.suspecting import suspicions
from tests.properties.cases import Case, random_case

_HALF = 0.005 + 1e-9
"""What two decimals leave open."""
_N, _C = r"(\d+\.\d\d)", r"(class \d+)"


class _Facts:
    """What a person sees on the image of a suspicion."""

    def __init__(self, dataset: Dataset, suspects: Suspects, row: int) -> None:
        self.dataset = dataset
        self.g, self.d = int(suspects.objects[row]), int(suspects.detections[row])
        self.image = int(suspects.images[row])

    def labels(self, name: str | None = None) -> Iterator[int]:
        """Crowd regions among them, but not as labels of a class."""
        there = self.dataset.objects_of(self.image)
        for g in range(there.start, there.stop):
            if name is None or (self.dataset.object_name(g) == name and not self.dataset.objects.crowd[g]):
                yield g

    def to_label(self, d: int, g: int) -> float:
        return iou(self.dataset.detections.boxes[d], self.dataset.objects.boxes[g], False)

    def most(self, name: str | None = None) -> float:
        return max((self.to_label(self.d, g) for g in self.labels(name)), default=0.0)

    def score(self, least: float, keep: Callable[[str], bool]) -> float:
        """The highest among detections that overlap the label by more than nothing, and by `least`."""
        seen = self.dataset.detections_of(self.image)
        return max(
            (
                float(self.dataset.detections.scores[d])
                for d in range(seen.start, seen.stop)
                if keep(self.dataset.detection_name(d)) and self.to_label(d, self.g) > 0
                if self.to_label(d, self.g) >= least
            ),
            default=-1.0,
        )


def _told(value: float, text: str) -> bool:
    return abs(value - float(text)) <= _HALF


def _check_detection(facts: _Facts, score: str, name: str) -> None:
    assert facts.dataset.detection_name(facts.d) == name
    assert _told(float(facts.dataset.detections.scores[facts.d]), score)


def _missing_nowhere(facts: _Facts, score: str, name: str) -> None:
    _check_detection(facts, score, name)
    assert facts.most() == 0.0


def _missing_touching(facts: _Facts, score: str, name: str) -> None:
    _check_detection(facts, score, name)
    assert 0.0 < facts.most() <= 0.01


def _missing_own(facts: _Facts, score: str, name: str, label: str, overlap: str) -> None:
    _check_detection(facts, score, name)
    assert name == label
    assert _told(facts.most(name), overlap)
    assert facts.most(name) < 0.5 + 1e-9


def _missing_taken(
    facts: _Facts, score: str, name: str, label: str, overlap: str, stronger: str, rival: str
) -> None:
    _check_detection(facts, score, name)
    assert name == label == rival
    assert _told(facts.most(name), overlap)
    assert facts.most(name) >= 0.5
    detections, seen = facts.dataset.detections, facts.dataset.detections_of(facts.image)
    taking = [
        e
        for e in range(seen.start, seen.stop)
        if e != facts.d and facts.dataset.detection_name(e) == name
        for g in facts.labels(name)
        if facts.to_label(facts.d, g) == facts.most(name) and facts.to_label(e, g) >= 0.5
    ]
    assert any(_told(float(detections.scores[e]), stronger) for e in taking)
    assert max(detections.scores[taking]) >= detections.scores[facts.d]


def _missing_other(
    facts: _Facts, score: str, name: str, _: str, at_most: str | None, label: str, overlap: str
) -> None:
    _check_detection(facts, score, name)
    assert facts.most(name) <= float(at_most or 0) + 1e-9
    assert _told(facts.most(), overlap)
    if label == "crowd region":
        assert any(facts.dataset.objects.crowd[g] for g in facts.labels())
    else:
        assert _told(facts.most(label.removesuffix(" label")), overlap)


def _spurious(facts: _Facts, above: str | None, name: str, far: str | None) -> None:
    assert facts.dataset.object_name(facts.g) == name
    assert facts.score(float(far or 0), lambda _: True) <= (-1.0 if above is None else float(above) + 1e-9)


def _spurious_but(facts: _Facts, name: str, above: str | None, far: str | None, rest: str) -> None:
    _unseen(facts, name, above, far)
    assert facts.score(float(far or 0), lambda other: other != name) <= float(rest) + 1e-9


def _unseen(facts: _Facts, name: str, above: str | None, far: str | None) -> None:
    assert facts.dataset.object_name(facts.g) == name
    assert facts.score(float(far or 0), lambda other: other == name) <= float(above or 0) + 1e-9


def _wrong_class(
    facts: _Facts,
    score: str,
    seen: str,
    name: str,
    overlap: str,
    again: str,
    above: str | None,
    far: str | None,
) -> None:
    _check_detection(facts, score, seen)
    assert name == again != seen
    assert _told(facts.to_label(facts.d, facts.g), overlap)
    _unseen(facts, name, above, far)


def _badly_placed(facts: _Facts, name: str, score: str, only: str | None, overlap: str) -> None:
    _check_detection(facts, score, name)
    assert _told(facts.to_label(facts.d, facts.g), overlap)
    assert (only is not None) == (facts.to_label(facts.d, facts.g) < 0.8)


def _duplicate(facts: _Facts, name: str, overlap: str) -> None:
    boxes = facts.dataset.objects.boxes
    others = [g for g in facts.labels(name) if g != facts.g]
    assert facts.dataset.object_name(facts.g) == name
    assert _told(max(iou(boxes[g], boxes[facts.g], False) for g in others), overlap)


_SEEN = rf"no {_C}(?: above {_N})? (?:is detected here|overlaps it by (0\.3) or more)"
FORMS: tuple[tuple[str, Callable[..., None]], ...] = (
    (rf"{_N} {_C} where nothing is labelled", _missing_nowhere),
    (rf"{_N} {_C} where no label overlaps by more than 0\.01", _missing_touching),
    (rf"{_N} {_C} overlaps a {_C} label by only {_N}", _missing_own),
    (rf"{_N} {_C} overlaps a {_C} label by {_N}, but so does a {_N} {_C}", _missing_taken),
    (
        rf"{_N} {_C} where no {_C} (?:is labelled|label overlaps by more than {_N}); "
        rf"overlaps a (crowd region|class \d+ label) by {_N}",
        _missing_other,
    ),
    (rf"no detection(?: above {_N})? overlaps this {_C}(?: by (0\.3) or more)?", _spurious),
    (rf"{_SEEN}, and nothing else above {_N}", _spurious_but),
    (rf"{_N} {_C} overlaps this {_C} by {_N}; {_SEEN}", _wrong_class),
    (rf"the detected {_C} \({_N}\) overlaps it by (only )?{_N}", _badly_placed),
    (rf"overlaps another {_C} label by {_N}", _duplicate),
)


def _suspects(dataset: Dataset) -> Suspects:
    """Every suspicion, however weak."""
    found = suspicions(dataset)
    of_objects, of_detections = dataset.objects.images, dataset.detections.images
    return Suspects(
        np.array([KINDS.index(kind) for kind, _, _ in found], dtype=np.uint8),
        np.array(list(found.values()), dtype=np.float64),
        np.array([of_detections[d] if g < 0 else of_objects[g] for _, g, d in found], dtype=np.int32),
        np.array([g for _, g, _ in found], dtype=np.int32),
        np.array([d for _, _, d in found], dtype=np.int32),
    )


def _checked(case: Case) -> set[int]:
    """Which forms were met."""
    dataset = dataset_from(*case)
    suspects = _suspects(dataset)
    met = set()
    for row in range(len(suspects)):
        text = reason(dataset, suspects, row)
        fits = [
            (n, found, check) for n, (form, check) in enumerate(FORMS) if (found := re.fullmatch(form, text))
        ]
        assert len(fits) == 1, text
        number, found, check = fits[0]
        check(_Facts(dataset, suspects, row), *found.groups())
        met.add(number)
    return met


def _case(seed: int) -> Case:
    """Half of them with two more detections of each label, to its left and right."""
    truth, results = random_case(seed)
    for label in truth["annotations"] if seed % 2 else ():
        x, y, width, height = label["bbox"]
        place = {"image_id": label["image_id"], "category_id": label["category_id"]}
        for shift, score in ((-0.18, 0.95), (0.18, 0.8)):
            results.append({**place, "bbox": [x + shift * width, y, width, height], "score": score})
    return truth, results


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_every_number_of_a_reason_is_true(seed: int) -> None:
    _checked(_case(seed))


def test_every_form_of_a_reason_is_checked() -> None:
    assert set().union(*(_checked(_case(seed)) for seed in range(60))) == set(range(len(FORMS)))


@pytest.mark.parametrize("side", [1e160, 1e200, 1e308])
def test_boxes_too_large_for_an_area_have_reasons_without_nan(side: float) -> None:
    truth, results = random_case(3)
    truth["annotations"] = [{**label, "bbox": [0.0, 0.0, side, side]} for label in truth["annotations"]]
    results = [{**result, "bbox": [0.0, 0.0, side, side]} for result in results]
    dataset = dataset_from(truth, results)
    suspects = find_suspects(dataset)
    reasons = [reason(dataset, suspects, row) for row in range(len(suspects))]
    assert reasons
    assert not [text for text in reasons if not text or "nan" in text]
    assert math.isfinite(float(suspects.scores.sum()))
