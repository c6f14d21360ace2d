"""The numbers as a document for programs."""

from __future__ import annotations

import json
from typing import Any

from inspector.dataset import Dataset
from inspector.evaluation.matching import evaluate
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.tables import NAMES, all_tables
from inspector.export.document import document
from tests.builders import dataset_from
from tests.oracle.coco_api import STATS, coco_evaluation
from tests.unit.export.problem import GROUND_TRUTH, RESULTS


def written(dataset: Dataset, protocol: Protocol | None = None, confidence: float = 0.5) -> Any:
    evaluation, point = evaluate(dataset, protocol), OperatingPoint(0, confidence)
    return json.loads(
        json.dumps(document(dataset, evaluation, point, all_tables(dataset, evaluation, point)))
    )


def test_it_holds_the_coco_apis_numbers_at_full_precision_and_null_where_there_is_none() -> None:
    found = written(dataset_from(GROUND_TRUTH, RESULTS))
    expected = coco_evaluation(GROUND_TRUTH, RESULTS).stats.tolist()
    assert list(found["stats"]) == list(STATS)
    assert [-1 if value is None else value for value in found["stats"].values()] == expected
    assert found["stats"]["APl"] is None
    cat, light = found["classes"]
    assert (cat["name"], cat["id"], cat["objects"], cat["detections"]) == ("cat", 0, 2, 1)
    assert cat["AP50"] == found["stats"]["AP50"]
    assert light == {
        "name": "traffic light",
        "id": 5,
        "AP": None,
        "AP50": None,
        "AP75": None,
        "objects": 0,
        "detections": 0,
    }


def test_it_says_by_which_rules_and_at_which_point_its_numbers_were_made() -> None:
    dataset = dataset_from(GROUND_TRUTH, RESULTS)
    found = written(dataset, Protocol(iou_thresholds=(0.6, 0.7), ap_rule="voc07"), 0.25)
    protocol = found["protocol"]
    assert protocol["name"] == "VOC 2007"
    assert (protocol["iou_type"], protocol["ap_rule"], protocol["class_agnostic"]) == ("bbox", "voc07", False)
    assert (protocol["iou_thresholds"], protocol["max_dets"]) == ([0.6, 0.7], [1, 10, 100])
    assert protocol["size_ranges"]["medium"] == [1024, 9216]
    assert found["operating_point"] == {"iou": 0.6, "confidence": 0.25}


def test_each_table_has_named_axes_and_measures_nested_in_their_order() -> None:
    tables = written(dataset_from(GROUND_TRUTH, RESULTS))["tables"]
    assert tuple(tables) == NAMES
    finest = tables["class_sizes"]
    assert list(finest["axes"]) == ["class", "size", "iou"]
    assert finest["axes"]["class"] == ["cat", "traffic light"]
    assert finest["axes"]["size"] == ["all", "small", "medium", "large"]
    assert finest["axes"]["iou"][0] == 0.5
    recall = finest["measures"]["recall"]
    assert (len(recall), len(recall[0]), len(recall[0][0])) == (2, 4, 10)
    assert recall[0][0][0] == recall[0][2][0] == 0.5
    assert recall[0][1][0] is None
    assert finest["measures"]["FN"][0][0] == [1] * 9 + [2]


def test_an_empty_size_range_holds_null_objects_and_the_others_whole_numbers() -> None:
    sizes = written(dataset_from(GROUND_TRUTH, RESULTS))["tables"]["sizes"]
    assert sizes["measures"]["objects"] == [2, None, 2, None]
    assert all(isinstance(value, int) for value in sizes["measures"]["objects"] if value is not None)
