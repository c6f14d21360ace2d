"""Verdicts in words, and the class that an object may be of."""

from __future__ import annotations

import pytest

from inspector.refs import ImageRef
from inspector.review.right_class import likely_class
from inspector.review.verdicts import Judgement, Kind, Verdict
from inspector.review.words import box_words, image_words, judgement_words, short_words
from tests.unit.review.street import entry, street


@pytest.mark.parametrize(
    ("verdict", "full", "short"),
    [
        (Verdict(Judgement.MODEL), "model wrong", "model wrong"),
        (Verdict(Judgement.LABEL), "label wrong", "label wrong"),
        (Verdict(Judgement.LABEL, Kind.SPURIOUS), "label wrong: spurious", "spurious"),
        (
            Verdict(Judgement.LABEL, Kind.WRONG_CLASS, right_class="van"),
            "label wrong: wrong class, should be van",
            "wrong class: van",
        ),
        (Verdict(note="look"), "", "note"),
        (Verdict(), "", ""),
    ],
)
def test_a_verdict_is_told_in_full_and_in_short(verdict: Verdict, full: str, short: str) -> None:
    assert judgement_words(verdict) == full
    assert short_words(verdict) == short


def test_every_kind_and_judgement_has_words() -> None:
    for judgement in Judgement:
        assert judgement_words(Verdict(judgement))
    for kind in Kind:
        assert short_words(Verdict(Judgement.LABEL, kind))


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(reviewed=True), "reviewed by Ada"),
        (
            Verdict(Judgement.LABEL, Kind.MISSING, reviewed=True),
            "reviewed by Ada · flagged",
        ),
        (Verdict(Judgement.MODEL, note="too\ndark"), "model wrong by Ada · too dark"),
        (Verdict(note="dark"), "dark"),
    ],
)
def test_what_was_said_of_an_image_stands_on_one_line(verdict: Verdict, words: str) -> None:
    assert image_words(entry(street(), ImageRef(0), verdict)) == words


def test_a_box_is_told_in_whole_pixels() -> None:
    assert box_words((1.4, 2.6, 30.0, 40.0)) == "1, 3, 30 × 40"


def test_the_likely_class_is_that_of_another_detection_on_the_object() -> None:
    assert [likely_class(street(), row) for row in (0, 1)] == ["", "van"]
