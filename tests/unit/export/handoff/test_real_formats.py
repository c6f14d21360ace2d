"""What is made of real ground truth in every format evaluates to the numbers of that ground truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.evaluation.matching import evaluate
from inspector.export.handoff import Form, hand_off
from inspector.review.attaching import Attached
from inspector.sources import Sources, read


@pytest.mark.parametrize(
    "name",
    [
        "pascalvoc_format",
        "cvat_format",
        "labelme_format",
        "openimages_format",
        "yolo_format",
    ],
)
def test_the_made_file_evaluates_as_its_ground_truth(shared_data: Path, tmp_path: Path, name: str) -> None:
    folder = shared_data / "padilla100"
    found = folder / "dets" / "abs_xywh"
    dataset = read(Sources(folder / "gts" / name, found, folder / "images"), find_images=False)
    done = hand_off(Form.CORRECTED, dataset, Attached({}, ()), tmp_path / "out")
    again = read(Sources(done.path, found, folder / "images"), find_images=False)
    assert (len(again.objects), len(again.detections)) == (len(dataset.objects), len(dataset.detections))
    assert np.array_equal(again.objects.boxes, dataset.objects.boxes)
    assert np.array_equal(again.objects.crowd, dataset.objects.crowd)
    assert np.array_equal(again.objects.difficult, dataset.objects.difficult)
    one, other = evaluate(dataset), evaluate(again)
    for column in ("precision", "recall", "scores"):
        assert np.array_equal(getattr(one, column), getattr(other, column))
