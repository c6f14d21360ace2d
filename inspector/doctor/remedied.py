"""AP with each remedy: the files read again as the remedy asks, and evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from inspector.dataset import Dataset
from inspector.doctor.case import STAGE, Case
from inspector.doctor.findings import Finding
from inspector.doctor.measuring import Measuring
from inspector.errors import InputError
from inspector.reading import Reading
from inspector.selection import restricted
from inspector.sources import read

_BOXES: Final = 1_000_000
"""With more objects and detections, files are not read again for this: it takes long, and memory twice."""
_READINGS: Final = 6
"""So many readings are measured, the first ones; there are hardly ever more."""


def with_remedies(case: Case, measuring: Measuring, findings: Sequence[Finding]) -> list[Finding]:
    """The findings, each with what AP would be by its remedies. Raises what the case's progress raises."""
    if len(case.dataset.objects) + len(case.dataset.detections) > _BOXES or measuring.ap is None:
        return list(findings)
    known: dict[Reading, float | None] = {}
    for finding in findings:
        for remedy in finding.remedies:
            if remedy.reading not in known and len(known) < _READINGS:
                case.progress(STAGE, 0.0)
                known[remedy.reading] = _ap(case, measuring, remedy.reading)
    return [_told(finding, measuring.ap, known) for finding in findings]


def _told(finding: Finding, now: float, known: dict[Reading, float | None]) -> Finding:
    said = []
    for remedy in finding.remedies:
        ap = known.get(remedy.reading)
        if ap is not None:
            after, before = f"{ap:.3f}", f"{now:.3f}"
            change = f"would stay at {before}" if after == before else f"would be {after} instead of {before}"
            said.append(f'With "{remedy.title}", AP {change}.')
    return replace(finding, effect=" ".join((finding.effect, *said)).lstrip())


def _ap(case: Case, measuring: Measuring, reading: Reading) -> float | None:
    """None where the files cannot be read so."""
    masks = case.dataset.objects.masks is not None or case.dataset.detections.masks is not None
    try:
        sources = replace(case.sources, reading=reading)
        dataset = read(sources, case.progress, find_images=False, masks=masks)
    except InputError:
        return None
    return replace(measuring, opened=_same_images(case, dataset)).ap


def _same_images(case: Case, dataset: Dataset) -> Dataset:
    """Of what was read again, the images that are examined: they may be those of a split."""
    wanted = set(case.dataset.images.ids)
    rows = [row for row, item in enumerate(dataset.images.ids) if item in wanted]
    return dataset if len(rows) == len(dataset.images) else restricted(dataset, np.array(rows, np.int64))
