"""All checks, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from inspector.dataset import Dataset
from inspector.doctor.boxes import box_checks
from inspector.doctor.case import STAGE, Case
from inspector.doctor.classes import class_checks
from inspector.doctor.coverage import coverage_checks
from inspector.doctor.disk import disk_checks
from inspector.doctor.findings import Finding, Severity
from inspector.doctor.measuring import Measuring
from inspector.doctor.noted import noted
from inspector.doctor.reading_checks import reading_checks
from inspector.doctor.remedied import with_remedies
from inspector.doctor.scores import score_checks
from inspector.doctor.truncation import truncation_checks
from inspector.doctor.unknown import unknown_checks
from inspector.evaluation.protocol import Protocol
from inspector.progress import Progress, no_progress
from inspector.sources import Sources

_CHECKS: Final[tuple[Callable[[Case], Iterator[Finding]], ...]] = (
    reading_checks,
    noted,
    box_checks,
    score_checks,
    coverage_checks,
    class_checks,
    unknown_checks,
    disk_checks,
)
"""In the order in which findings of the same severity are told."""

_ORDER: Final = tuple(Severity)


def examine(
    dataset: Dataset,
    sources: Sources,
    protocol: Protocol | None = None,
    progress: Progress = no_progress,
    *,
    measure: bool = True,
) -> tuple[Finding, ...]:
    """What is odd about the files, worst first.

    `dataset` is as it was read from `sources`, whose reading is the one in force; remedies are other
    readings. `measure`: also evaluate changed copies of the data by `protocol`, which takes as long as a
    dozen evaluations, and read the files again by the remedies; without it, nothing is said of what these
    and what was cut away do to AP. Made for a worker thread. Raises what `progress` raises.
    """
    case = Case(dataset, sources, progress)
    findings: list[Finding] = []
    with np.errstate(over="ignore", invalid="ignore"):  # boxes of 1e308 are odd, but allowed
        for number, check in enumerate(_CHECKS):
            progress(STAGE, number / len(_CHECKS))
            findings += check(case)
        # Last, because each evaluation takes seconds where there are many millions of detections
        measuring = _measuring(case, protocol) if measure else None
        if measuring is not None:
            findings = with_remedies(case, measuring, findings)
        findings += truncation_checks(case, measuring)
    return tuple(sorted(findings, key=lambda finding: _ORDER.index(finding.severity)))


def _measuring(case: Case, protocol: Protocol | None) -> Measuring | None:
    """None where there is nothing to evaluate."""
    if not case.both_sides:
        return None
    return Measuring(case.dataset, protocol or Protocol(), case.progress)
