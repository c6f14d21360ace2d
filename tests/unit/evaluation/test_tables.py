"""The tables: their axes, where they have nothing to say, and that they agree with the other numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inspector.evaluation import tables
from inspector.evaluation.matching import evaluate
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.options import parse_ious
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.summary import class_summaries, headline
from inspector.evaluation.tables import Table
from tests.builders import dataset_from

SMALL, LARGE = [0, 0, 20, 20], [40, 0, 100, 100]
TRUTH = {
    "images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}, {"id": 3}],
    "categories": [{"id": 0, "name": "cat"}, {"id": 1, "name": "dog"}, {"id": 2, "name": "owl"}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 0, "bbox": SMALL, "area": 400.0, "iscrowd": 0},
        {"id": 2, "image_id": 1, "category_id": 0, "bbox": LARGE, "area": 10000.0, "iscrowd": 0},
        {"id": 3, "image_id": 2, "category_id": 1, "bbox": LARGE, "area": 10000.0, "iscrowd": 0},
    ],
}
FOUND = [
    {"image_id": 1, "category_id": 0, "bbox": SMALL, "score": 0.9},
    {"image_id": 1, "category_id": 0, "bbox": [40, 0, 100, 60], "score": 0.8},
    {"image_id": 2, "category_id": 1, "bbox": LARGE, "score": 0.3},
    {"image_id": 3, "category_id": 2, "bbox": LARGE, "score": 0.7},
]
DATASET = dataset_from(TRUTH, FOUND)


def named(protocol: Protocol | None = None, point: OperatingPoint | None = None) -> dict[str, Table]:
    evaluation = evaluate(DATASET, protocol)
    found = {table.name: table for table in tables.all_tables(DATASET, evaluation, point or OperatingPoint())}
    assert tuple(found) == tables.NAMES
    return found


def close(values: Any) -> Any:
    return pytest.approx(values, nan_ok=True)


@pytest.mark.parametrize("ious", [(0.5,), (0.5, 0.75), tuple(np.linspace(0.1, 0.9, 33).tolist())])
@pytest.mark.parametrize("classes", [None, frozenset({0, 2}), frozenset()])
def test_every_measure_has_the_shape_of_its_axes(
    ious: tuple[float, ...], classes: frozenset[int] | None
) -> None:
    found = named(Protocol(iou_thresholds=ious), OperatingPoint(len(ious) - 1, 0.5, classes))
    for table in found.values():
        shape = tuple(len(axis.values) for axis in table.axes)
        for name, values in table.measures.items():
            assert values.shape == shape, (table.name, name)
            can_be_missing = name == "objects" and table.name in ("sizes", "counts")
            is_whole = name in tables.COUNTS and not can_be_missing
            assert values.dtype == (np.int64 if is_whole else np.float64)


def test_an_empty_size_range_has_no_number_of_objects_and_no_averages() -> None:
    found = named()
    assert found["sizes"].measures["objects"].tolist() == close([3, 1, np.nan, 2])
    assert found["sizes"].measures["to px²"].tolist() == [1e10, 1024, 9216, 1e10]
    assert np.isnan(found["average"].measures["AP"][2]).all()
    assert np.isnan(found["average"].measures["AR"][2]).all()
    assert np.isnan(found["counts"].measures["recall"][2]).all()
    assert tables.reason("AP") == tables.reason("recall") == "no objects"
    assert tables.reason("precision") == "no detections"


def test_averages_are_those_of_the_headline() -> None:
    average = named()["average"]
    assert average.axes[0].values == ("all", "small", "medium", "large")
    assert average.axes[1].values[:3] == ("0.50:0.05:0.95", 0.5, 0.55)
    stats = headline(evaluate(DATASET))
    ap, recall = average.measures["AP"], average.measures["AR"]
    assert (ap[0, 0], ap[0, 1], ap[0, 6]) == (stats["AP"], stats["AP50"], stats["AP75"])
    assert (ap[1, 0], ap[3, 0]) == (stats["APs"], stats["APl"])
    assert (recall[0, 0], recall[1, 0]) == (stats["AR100"], stats["ARs"])


def test_with_one_threshold_there_is_no_mean_over_thresholds() -> None:
    found = named(Protocol(iou_thresholds=(0.6,)))
    for name in ("average", "pooled"):
        assert found[name].axes[-1].values == (0.6,)
    assert "AP50" not in found["classes"].measures


def test_counts_are_cut_at_the_confidence_and_detections_are_those_that_count() -> None:
    counts = named()["counts"].measures
    at_half = {name: values[:, 0].tolist() for name, values in counts.items()}
    assert at_half["objects"] == close([3, 1, np.nan, 2])
    assert at_half["TP"] == [2, 1, 0, 1]
    assert at_half["FP"] == [1, 0, 0, 1]
    assert at_half["FN"] == [1, 0, 0, 1]
    assert at_half["detections"] == [3, 1, 0, 2]
    assert at_half["precision"] == close([2 / 3, 1, np.nan, 0.5])
    assert at_half["recall"] == close([2 / 3, 1, np.nan, 0.5])
    everything = named(point=OperatingPoint(0, 0.0))["counts"].measures
    assert everything["TP"][:, 0].tolist() == [3, 1, 0, 2]
    # IoU 0.65: the second detection covers too little
    assert everything["TP"][:, 3].tolist() == [2, 1, 0, 1]


def test_classes_are_the_chosen_ones() -> None:
    classes = named(point=OperatingPoint(0, 0.5, frozenset({1, 2})))["classes"]
    assert classes.axes[0].values == ("dog", "owl")
    assert classes.measures["AP50"].tolist() == close([1.0, np.nan])
    assert classes.measures["AR"].tolist() == close([1.0, np.nan])
    assert classes.measures["FP"].tolist() == [0, 1]
    assert classes.measures["F1"].tolist() == [0.0, 0.0]


def test_class_averages_are_those_of_the_summaries_and_of_the_finer_table() -> None:
    found = named()
    summaries = class_summaries(DATASET, evaluate(DATASET))
    assert found["classes"].measures["AP"].tolist() == close(
        [np.nan if summary.ap is None else summary.ap for summary in summaries]
    )
    finer = found["class_sizes"]
    assert finer.measures["AP"][:, 0].mean(axis=1) == close(found["classes"].measures["AP"])
    for name in ("TP", "FP", "FN"):
        assert finer.measures[name].sum(axis=0).tolist() == found["counts"].measures[name].tolist()


def test_images_stand_alone() -> None:
    images = named()["images"]
    assert images.axes[0].values == ("a.png", "b.png", "3.png")
    assert images.measures["AP"].tolist() == close([(3 + 7 * 51 / 101) / 10, 1.0, np.nan])
    assert images.measures["TP"].tolist() == [2, 0, 0]
    assert images.measures["FN"].tolist() == [0, 1, 0]
    assert images.measures["mean IoU"].tolist() == close([0.8, np.nan, np.nan])


def test_pooled_ap_stands_beside_the_mean_of_the_images() -> None:
    found = named(point=OperatingPoint(3, 0.5))
    pooled = found["pooled"]
    assert pooled.axes[0].values == ("0.50:0.05:0.95", Protocol().iou_thresholds[3])
    assert pooled.measures["images"].tolist() == [2, 2]
    assert pooled.measures["mean image AP"][0] == close(np.nanmean(found["images"].measures["AP"]))
    assert pooled.measures["pooled AP"][0] == headline(evaluate(DATASET))["AP"]


def test_without_any_object_there_is_nothing_to_average() -> None:
    empty = replace(Protocol(), size_ranges=(replace(Protocol().size_ranges[1], low=1.0, high=2.0),))
    found = named(empty)
    assert np.isnan(found["pooled"].measures["mean image AP"]).all()
    assert np.isnan(found["pooled"].measures["pooled AP"]).all()
    assert found["pooled"].measures["images"].tolist() == [0, 0]
    assert np.isnan(found["images"].measures["AP"]).all()


def test_what_need_not_have_a_name_of_its_own_has_its_id_on_the_axis() -> None:
    found = named()
    for name in ("classes", "images"):
        (axis,) = found[name].axes
        assert axis.ids is not None
        assert len(axis.ids) == len(set(axis.ids)) == len(axis.values)
    assert found["counts"].axes[0].ids is None


def test_thresholds_along_an_axis_are_as_they_are_written() -> None:
    found = named(Protocol(iou_thresholds=parse_ious("0.1:0.1:0.9")))
    assert found["counts"].axes[1].values == (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
