"""Real files with published results."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from inspector.evaluation.matching import evaluate
from inspector.evaluation.summary import class_summaries, headline
from inspector.sources import Sources, read
from tests.oracle.coco_api import STATS, coco_evaluation

# from the data's own README, made with pycocotools 2.0.11
EXPECTED = {
    "coco128": ".475633 .714593 .502053 .243626 .507810 .633619"
    " .355203 .563176 .606092 .373163 .647647 .725824",
    "coco79": ".321500 .509448 .337766 .151098 .339634 .509587"
    " .280998 .438368 .455933 .190145 .481166 .675922",
    "val2014-100": ".504581 .696973 .572982 .585626 .519400 .501398"
    " .386813 .593680 .595353 .639811 .566421 .564291",
}
DETECTIONS = {"val2014-100": "predictions_bbox.json"}


@pytest.mark.parametrize("name", EXPECTED)
def test_published_numbers_and_the_coco_apis_arrays_are_met(shared_data: Path, name: str) -> None:
    truth, found = shared_data / name / "ground_truth.json", DETECTIONS.get(name, "predictions.json")
    dataset = read(Sources(truth, shared_data / name / found))
    evaluation = evaluate(dataset)
    stats = headline(evaluation)
    assert [stats[key] for key in STATS] == pytest.approx(
        [float(value) for value in EXPECTED[name].split()], abs=1e-6
    )
    judge = coco_evaluation(
        json.loads(truth.read_text()), json.loads((shared_data / name / found).read_text())
    )
    for key in ("precision", "recall", "scores"):
        assert np.array_equal(getattr(evaluation, key), judge.eval[key]), key
    classes = class_summaries(dataset, evaluation)
    for row, summary in enumerate(classes):
        values = judge.eval["precision"][:, :, row, 0, 2]
        assert summary.ap == (np.mean(values[values > -1]) if (values > -1).any() else None)


def test_images_are_found_beside_the_ground_truth(shared_data: Path) -> None:
    folder = shared_data / "coco128"
    dataset = read(Sources(folder / "ground_truth.json", folder / "predictions.json"))
    assert dataset.image_folder == folder / "images"
