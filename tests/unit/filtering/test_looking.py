"""What is gathered for a filter, and what is not."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.evaluation.iou_slice import slice_at
from inspector.evaluation.matching import evaluate
from inspector.evaluation.operating_point import OperatingPoint
from inspector.filtering import look_for, parse_filter
from inspector.refs import Side
from tests.unit.filtering.test_terms import DETECTIONS, dataset, view


@pytest.mark.parametrize("text", ["fp>0", "night", "fp>0 class:car or name:empty", "miou<0.9 score<0.7", ""])
def test_a_filter_that_looks_only_at_what_it_asks_for_keeps_the_same(text: str) -> None:
    whole, point, chosen = dataset(), OperatingPoint(), parse_filter(text)
    at = slice_at(whole, evaluate(whole), 0, point.chosen(len(whole.classes)))
    looked = look_for(chosen, whole, point, at, {}, np.zeros(len(whole.images), dtype=np.bool_))
    assert bool(looked.values) == bool(chosen.fields)
    assert bool(looked.folded_names) == chosen.asks_names
    assert chosen.matches(looked).tolist() == chosen.matches(view()).tolist()
    rows = np.arange(len(DETECTIONS))
    kept = chosen.keeps(looked, Side.DETECTION, rows)
    assert kept.tolist() == chosen.keeps(view(), Side.DETECTION, rows).tolist()
