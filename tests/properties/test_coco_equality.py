"""The COCO API is the judge: every number of its arrays, on thousands of random problems."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from inspector.evaluation.matching import evaluate
from inspector.evaluation.summary import headline
from tests.builders import dataset_from
from tests.oracle.coco_api import STATS, coco_evaluation
from tests.properties.cases import Case, cases


@given(cases)
@settings(max_examples=2500, deadline=None)
def test_precision_recall_and_scores_equal_the_coco_api_bit_for_bit(case: Case) -> None:
    expected = coco_evaluation(*case)
    evaluation = evaluate(dataset_from(*case))
    assert np.array_equal(evaluation.precision, expected.eval["precision"])
    assert np.array_equal(evaluation.recall, expected.eval["recall"])
    assert np.array_equal(evaluation.scores, expected.eval["scores"])
    stats = headline(evaluation)
    assert [-1.0 if stats[name] is None else stats[name] for name in STATS] == expected.stats.tolist()
