"""Scores that are no probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from inspector.doctor.case import Case, share, worded
from inspector.doctor.findings import Finding, Remedy, Severity

_PERCENT: Final = 0.5
"""From this part of scores above 1 on they are percents: a few above 1 are overshooting probabilities."""
_SOME: Final = 0.01
_FAR: Final = 10.0
"""So few scores above 1 are percents if they reach so far: most of what a model finds is below 1 percent."""


def score_checks(case: Case) -> Iterator[Finding]:
    """Scores outside 0 to 1, and what they may be."""
    scores = case.dataset.detections.scores
    odd = case.rows_where(len(scores), lambda rows: (scores[rows] < 0) | (scores[rows] > 1))
    if not len(odd):
        return
    values = scores[odd]
    low, high = float(values.min()), float(values.max())
    above = int(np.count_nonzero(values > 1))
    examples = case.detections(odd.tolist(), lambda row: f"score {scores[row]:.6g}")
    mostly, far = above >= _PERCENT * len(scores), high > _FAR and above >= _SOME * len(scores)
    if low >= 0 and 1 < high <= 100 and (mostly or far):
        effect = (
            "AP only depends on their order and stays the same; every confidence threshold up to 1"
            f" keeps {'nearly all' if mostly else 'too many'} detections."
        )
        remedy = Remedy("Read scores as percents", replace(case.reading, percent_scores=True))
        title = worded(f"score{{s}} above 1, up to {high:.6g}: percents", len(odd))
        yield Finding("scores_in_percent", Severity.ERROR, title, len(odd), examples, effect, (remedy,))
        return
    effect = (
        f"They range from {low:.6g} to {high:.6g}, {share(len(odd), len(scores))} of all. They are ranked as"
        " they are, so AP is right if their order is; confidence thresholds lie in 0 to 1."
    )
    clip = Remedy("Bring scores to the nearest of 0 and 1", replace(case.reading, clip_scores=True))
    remedies = () if case.reading.clip_scores else (clip,)
    title = worded("score{s} outside 0 to 1", len(odd))
    yield Finding("scores_outside", Severity.WARNING, title, len(odd), examples, effect, remedies)
