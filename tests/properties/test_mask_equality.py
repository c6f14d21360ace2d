"""The COCO API is the judge of masks, too: bit for bit, from the files on."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.evaluation.matching import evaluate
from inspector.evaluation.protocol import IouType, Protocol
from inspector.evaluation.summary import headline
from inspector.kernels.polygons import polygons_to_runs
from inspector.kernels.run_lengths import area_of, box_of, decode_runs, encode_runs
from tests.oracle.coco_api import STATS, coco_evaluation
from tests.properties.cases import Case
from tests.properties.mask_cases import random_bitmap, random_mask_case, random_polygon, run_lengths
from tests.reading import read_pair

mask_api = pytest.importorskip("pycocotools.mask")
SEEDS = st.integers(0, 2**32 - 1)
IOU_TYPES: tuple[IouType, ...] = ("segm", "bbox")


def dataset_of(case: Case) -> Dataset:
    """Written to files and read."""
    with TemporaryDirectory() as folder:
        paths = Path(folder, "gt.json"), Path(folder, "dt.json")
        for path, content in zip(paths, case, strict=True):
            path.write_text(json.dumps(content))
        return read_pair(*paths)


def code_of(runs: np.ndarray) -> bytes:
    """Run lengths as the COCO API compresses them."""
    room = np.empty(7 * len(runs), dtype=np.uint8)
    return room[: encode_runs(runs, room)].tobytes()


@given(SEEDS)
@settings(max_examples=500, deadline=None)
def test_precision_recall_and_scores_of_masks_equal_the_coco_api_bit_for_bit(seed: int) -> None:
    case = random_mask_case(seed)
    dataset = dataset_of(case)
    for iou_type in IOU_TYPES:
        expected = coco_evaluation(*case, iou_type=iou_type)
        evaluation = evaluate(dataset, Protocol(iou_type=iou_type))
        assert np.array_equal(evaluation.precision, expected.eval["precision"])
        assert np.array_equal(evaluation.recall, expected.eval["recall"])
        assert np.array_equal(evaluation.scores, expected.eval["scores"])
        stats = headline(evaluation)
        assert [-1.0 if stats[name] is None else stats[name] for name in STATS] == expected.stats.tolist()


@given(SEEDS, st.integers(1, 70), st.integers(1, 70))
@settings(max_examples=1500, deadline=None)
def test_polygons_are_drawn_as_the_coco_api_draws_them(seed: int, height: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    parts = [random_polygon(rng, height, width)]
    parts += [random_polygon(rng, height, width)[: int(rng.integers(0, 14))] for _ in range(rng.integers(3))]
    expected = mask_api.merge(mask_api.frPyObjects(parts, height, width))
    numbers = np.array([number for part in parts for number in part])
    runs = polygons_to_runs(numbers, np.array([len(part) for part in parts]), height, width)
    assert code_of(runs) == expected["counts"]


@given(SEEDS, st.integers(1, 40), st.integers(1, 40))
@settings(max_examples=500, deadline=None)
def test_run_lengths_areas_and_boxes_are_those_of_the_coco_api(seed: int, height: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    given_runs = run_lengths(rng, random_bitmap(rng, height, width))
    expected = mask_api.frPyObjects(given_runs, height, width)
    assert code_of(np.array(given_runs["counts"])) == expected["counts"]
    runs = np.empty(len(expected["counts"]), dtype=np.int64)
    runs = runs[: decode_runs(np.frombuffer(expected["counts"], dtype=np.uint8), runs)]
    assert runs.tolist() == given_runs["counts"]
    box = np.empty(4)
    box_of(runs, height, width, box)
    assert area_of(runs) == mask_api.area(expected)
    assert box.tolist() == mask_api.toBbox(expected).tolist()


@given(st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=8))
def test_lengths_of_any_size_survive_their_code(lengths: list[int]) -> None:
    code = code_of(np.array(lengths))
    runs = np.empty(len(code), dtype=np.int64)
    assert runs[: decode_runs(np.frombuffer(code, dtype=np.uint8), runs)].tolist() == lengths
