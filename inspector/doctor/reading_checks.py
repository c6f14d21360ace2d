"""Whether the files were read as they were meant."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.doctor.case import Case
from inspector.doctor.evidence import sample_of
from inspector.doctor.findings import Finding
from inspector.doctor.miscalled import miscalled
from inspector.doctor.misread import alone, best_way, misread


def reading_checks(case: Case) -> Iterator[Finding]:
    """Judged by where the most confident detections lie: first their images and boxes, then their classes."""
    if not len(case.dataset.objects) or not (len(case.dataset.detections) or case.dataset.unplaced):
        yield from alone(case)
        return
    sample = sample_of(case)
    best, own = best_way(case, sample)
    yield from misread(case, sample, best, own)
    yield from miscalled(case, sample, best)
