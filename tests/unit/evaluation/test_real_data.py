"""Real files with published results."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from inspector.evaluation.matching import evaluate
from inspector.evaluation.options import PERCENTILE_SIZES, Options, parse_ious, prepare
from inspector.evaluation.protocol import IouType, Protocol
from inspector.evaluation.summary import class_summaries, headline
from inspector.selection import restricted
from inspector.sources import Sources, read
from tests.oracle.coco_api import STATS, coco_evaluation

# from the data's own README, made with pycocotools 2.0.11; None: it says nothing on masks of boxes
EXPECTED: list[tuple[str, str, IouType, str | None]] = [
    (
        "coco128",
        "predictions.json",
        "bbox",
        ".475633 .714593 .502053 .243626 .507810 .633619 .355203 .563176 .606092 .373163 .647647 .725824",
    ),
    (
        "coco79",
        "predictions.json",
        "bbox",
        ".321500 .509448 .337766 .151098 .339634 .509587 .280998 .438368 .455933 .190145 .481166 .675922",
    ),
    ("coco79", "predictions.json", "segm", None),
    (
        "val2014-100",
        "predictions_bbox.json",
        "bbox",
        ".504581 .696973 .572982 .585626 .519400 .501398 .386813 .593680 .595353 .639811 .566421 .564291",
    ),
    (
        "val2014-100",
        "predictions_segm.json",
        "segm",
        ".319545 .562288 .298927 .387374 .310183 .326934 .268230 .415449 .416839 .469450 .376759 .381472",
    ),
    ("val2014-100", "predictions_segm.json", "bbox", None),
]


@pytest.mark.parametrize(("name", "found", "iou_type", "numbers"), EXPECTED)
def test_published_numbers_and_the_coco_apis_arrays_are_met(
    shared_data: Path, name: str, found: str, iou_type: IouType, numbers: str | None
) -> None:
    truth, detections = shared_data / name / "ground_truth.json", shared_data / name / found
    dataset = read(Sources(truth, detections))
    evaluation = evaluate(dataset, Protocol(iou_type=iou_type))
    if numbers is not None:
        stats = headline(evaluation)
        expected = [float(value) for value in numbers.split()]
        assert [stats[key] for key in STATS] == pytest.approx(expected, abs=1e-6)
    judge = coco_evaluation(
        json.loads(truth.read_text()), json.loads(detections.read_text()), iou_type=iou_type
    )
    for key in ("precision", "recall", "scores"):
        assert np.array_equal(getattr(evaluation, key), judge.eval[key]), key
    classes = class_summaries(dataset, evaluation)
    for row, summary in enumerate(classes):
        values = judge.eval["precision"][:, :, row, 0, 2]
        assert summary.ap == (np.mean(values[values > -1]) if (values > -1).any() else None)


@pytest.mark.parametrize(("name", "found", "iou_type"), [row[:3] for row in EXPECTED])
def test_class_agnostic_subsets_of_real_files_equal_the_coco_api_bit_for_bit(
    shared_data: Path, name: str, found: str, iou_type: IouType
) -> None:
    truth, detections = shared_data / name / "ground_truth.json", shared_data / name / found
    whole = read(Sources(truth, detections))
    image_rows, class_rows = np.arange(0, len(whole.images), 3), np.arange(0, len(whole.classes), 2)
    wish = Options(
        iou_type=iou_type,
        iou_thresholds=parse_ious(".3:.02:.98"),
        max_dets=(5, 150),
        sizes=PERCENTILE_SIZES,
        class_agnostic=True,
    )
    dataset, protocol = prepare(restricted(whole, image_rows, class_rows), wish)
    judge = coco_evaluation(
        json.loads(truth.read_text()),
        json.loads(detections.read_text()),
        image_ids=[int(whole.images.ids[row]) for row in image_rows],
        class_ids=[int(whole.classes.ids[row]) for row in class_rows],
        use_classes=False,
        iou_type=iou_type,
        protocol=protocol,
    )
    evaluation = evaluate(dataset, protocol)
    for key in ("precision", "recall", "scores"):
        assert np.array_equal(getattr(evaluation, key), judge.eval[key]), key


def test_images_are_found_beside_the_ground_truth(shared_data: Path) -> None:
    folder = shared_data / "coco128"
    dataset = read(Sources(folder / "ground_truth.json", folder / "predictions.json"))
    assert dataset.image_folder == folder / "images"
