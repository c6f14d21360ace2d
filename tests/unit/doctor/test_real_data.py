"""Real files with published numbers: nothing in them is an error, and the warnings are true."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.doctor import Severity, examine
from inspector.sources import Sources, read

REAL = [
    ("coco128", "ground_truth.json", "predictions.json", set()),
    ("coco79", "ground_truth.json", "predictions.json", {"classes_never_detected"}),
    ("val2014-100", "ground_truth.json", "predictions_bbox.json", {"classes_never_detected"}),
    ("padilla100", "gts/pascalvoc_format", "dets/abs_xyx2y2", {"score_floor"}),
    ("padilla100", "gts/yolo_format", "dets/rel_xywh", {"score_floor"}),
]


@pytest.mark.parametrize(("folder", "truth", "found", "warnings"), REAL)
def test_no_alarm_is_false(
    shared_data: Path, folder: str, truth: str, found: str, warnings: set[str]
) -> None:
    sources = Sources(shared_data / folder / truth, shared_data / folder / found)
    said = examine(read(sources), sources)
    assert [finding.title for finding in said if finding.severity is Severity.ERROR] == []
    assert {finding.code for finding in said if finding.severity is Severity.WARNING} == warnings
