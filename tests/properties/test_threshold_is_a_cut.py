"""The idea that the whole design rests on."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.evaluation.matching import evaluate, match_table
from tests.builders import dataset_from
from tests.properties.cases import Case, cases


@given(cases, st.sampled_from([0.0, 0.2, 0.4, 0.5, 0.6, 0.8, 1.0]))
@settings(max_examples=500, deadline=None)
def test_a_higher_threshold_never_changes_the_matches_that_survive(case: Case, threshold: float) -> None:
    ground_truth, results = case
    everything = dataset_from(ground_truth, results)
    survivors = dataset_from(ground_truth, [result for result in results if result["score"] >= threshold])
    before, after = evaluate(everything), evaluate(survivors)
    kept = everything.detections.scores >= threshold
    assert np.array_equal(before.bits[0][kept], after.bits[0])
    for t in range(len(before.protocol.iou_thresholds)):
        matches = match_table(everything, before, t).matches
        assert np.array_equal(matches[kept], match_table(survivors, after, t).matches)
