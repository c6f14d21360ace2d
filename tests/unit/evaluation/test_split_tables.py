"""The splits beside each other: each has the numbers that its files alone have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inspector.dataset import Dataset
from inspector.evaluation.matching import evaluate
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.options import PERCENTILE_SIZES, Options, prepare
from inspector.evaluation.split_tables import (
    ALL,
    Part,
    by_split,
    evaluate_splits,
    splits_table,
    tables_by_split,
)
from inspector.evaluation.summary import headline
from inspector.evaluation.tables import NAMES, Table, all_tables
from tests.builders import dataset_from
from tests.oracle.coco_api import coco_evaluation
from tests.properties.cases import random_case

POINT = OperatingPoint(confidence=0.3)
SPLITS = ("train", "valid", "test")


def case(seed: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Three random problems, each of which is a split."""
    images, annotations, results = [], [], []
    categories: dict[Any, Any] = {}
    for number, split in enumerate(SPLITS):
        truth, found = random_case(3 * seed + number)
        categories |= {category["id"]: category for category in truth["categories"]}
        first = 10_000 * number
        images += [{**image, "id": image["id"] + first, "split": split} for image in truth["images"]]
        annotations += [_moved(record, first) for record in truth["annotations"]]
        results += [_moved(record, first) for record in found]
    return {"images": images, "annotations": annotations, "categories": [*categories.values()]}, results


def _moved(record: dict[str, Any], first: int) -> dict[str, Any]:
    moved = {**record, "image_id": record["image_id"] + first}
    return {**moved, "id": record["id"] + first} if "id" in record else moved


def alone(truth: dict[str, Any], results: list[Any], split: str) -> tuple[dict[str, Any], list[Any]]:
    """The files of one split."""
    ids = {image["id"] for image in truth["images"] if image["split"] == split}
    kept = [record for record in truth["annotations"] if record["image_id"] in ids]
    images = [image for image in truth["images"] if image["id"] in ids]
    part = {**truth, "images": images, "annotations": kept}
    return part, [result for result in results if result["image_id"] in ids]


def tabled(dataset: Dataset, options: Options, point: OperatingPoint = POINT) -> list[Table]:
    prepared, protocol = prepare(dataset, options)
    evaluation = evaluate(prepared, protocol)
    whole = Part(ALL, prepared, evaluation)
    parts = evaluate_splits(prepared, options)
    return tables_by_split(whole, all_tables(prepared, evaluation, point), parts, point)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    "options", [Options(), Options(sizes=PERCENTILE_SIZES), Options(class_agnostic=True, ap_rule="voc10")]
)
def test_each_split_has_the_numbers_of_its_files_alone(seed: int, options: Options) -> None:
    truth, results = case(seed)
    found = {table.name: table for table in tabled(dataset_from(truth, results), options)}
    for place, split in enumerate(SPLITS, start=1):
        own, protocol = prepare(dataset_from(*alone(truth, results, split)), options)
        evaluation = evaluate(own, protocol)
        for expected in all_tables(own, evaluation, POINT):
            table = found[expected.name]
            if expected.name == "images":
                rows = [row for row, name in enumerate(table.axes[0].splits or ()) if name == split]
                for name, values in expected.measures.items():
                    assert np.array_equal(table.measures[name][rows], values, equal_nan=True), name
                continue
            assert table.axes[0].values == (ALL, *SPLITS)
            assert table.axes[1:] == expected.axes
            for name, values in expected.measures.items():
                assert np.array_equal(table.measures[name][place], values, equal_nan=True), name
        assert found["splits"].measures["images"][place] == len(own.images)
        ap = headline(evaluation)["AP"]
        assert np.array_equal(
            found["splits"].measures["AP"][place], np.nan if ap is None else ap, equal_nan=True
        )


def test_the_coco_api_says_the_same_of_each_split() -> None:
    truth, results = case(1)
    for part in evaluate_splits(dataset_from(truth, results), Options()):
        judge = coco_evaluation(*alone(truth, results, part.name))
        assert np.array_equal(part.evaluation.precision, judge.eval["precision"])
        assert np.array_equal(part.evaluation.recall, judge.eval["recall"])


def test_the_whole_stands_before_the_splits() -> None:
    truth, results = case(1)
    dataset = dataset_from(truth, results)
    evaluation = evaluate(dataset)
    plain = {table.name: table for table in all_tables(dataset, evaluation, POINT)}
    found = tabled(dataset, Options())
    assert [table.name for table in found] == ["splits", *NAMES]
    for table in found[1:]:
        if table.name != "images":
            for name, values in plain[table.name].measures.items():
                assert np.array_equal(table.measures[name][0], values, equal_nan=True)
    lines = found[0].measures
    assert lines["images"].tolist() == [sum(lines["images"][1:]), *lines["images"][1:]]
    assert lines["TP"][0] == sum(lines["TP"][1:])


def test_the_chosen_classes_alone_count() -> None:
    truth, results = case(1)
    dataset = dataset_from(truth, results)
    evaluation = evaluate(dataset)
    point = replace(POINT, class_rows=frozenset({0}))
    whole, parts = Part(ALL, dataset, evaluation), evaluate_splits(dataset, Options())
    table = splits_table(whole, parts, point)
    classes = all_tables(dataset, evaluation, POINT)[3]
    assert table.measures["objects"][0] == classes.measures["objects"][0]


def test_without_splits_the_tables_are_what_they_were() -> None:
    truth, results = random_case(3)
    dataset = dataset_from(truth, results)
    evaluation = evaluate(dataset)
    assert evaluate_splits(dataset, Options()) == ()
    tables = all_tables(dataset, evaluation, POINT)
    assert tables_by_split(Part(ALL, dataset, evaluation), tables, (), POINT) == tables
    assert by_split(tables[1], {}) is tables[1]
    assert tables[5].axes[0].splits is None
