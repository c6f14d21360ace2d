"""Where only the objects of some images change, the rest is not evaluated again, and nothing else differs."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.evaluation.mask_iou import PairIous
from inspector.evaluation.matching import Evaluation, evaluate, evaluate_again
from inspector.evaluation.protocol import ApRule, Protocol
from inspector.review.correcting import corrected, ignoring
from inspector.review.corrections import corrections
from inspector.selection import restricted
from tests.builders import dataset_from
from tests.properties.cases import random_case
from tests.properties.flag_cases import random_flags
from tests.properties.mask_cases import random_mask_case
from tests.reading import read_pair

SEEDS = st.integers(0, 2**32 - 1)


def assert_same(found: Evaluation, expected: Evaluation) -> None:
    for item in fields(Evaluation):
        one, other = getattr(found, item.name), getattr(expected, item.name)
        if isinstance(other, np.ndarray):
            assert np.array_equal(one, other), item.name
        elif isinstance(other, PairIous):
            assert np.array_equal(one.offsets, other.offsets)
            assert np.array_equal(one.values, other.values)
    for bits, others in zip(found.bits, expected.bits, strict=True):
        assert np.array_equal(bits, others)


def check(dataset: Dataset, protocol: Protocol, seed: int) -> None:
    former, flags = evaluate(dataset, protocol), random_flags(seed, dataset)
    of_objects = dataset.objects.images, dataset.detections.images
    rows = np.unique([int(of_objects[ref.kind == "detection"][ref.row]) for ref in flags.entries])
    for other in (corrected(dataset, corrections(dataset, flags)), ignoring(dataset, flags)):
        image_rows = rows.astype(np.int64)
        found = evaluate(restricted(other, image_rows), protocol)
        assert_same(evaluate_again(other, former, image_rows, found), evaluate(other, protocol))


@given(SEEDS, st.sampled_from(["coco", "voc07", "voc10"]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_boxes_evaluated_again_are_as_if_all_were_evaluated(seed: int, rule: ApRule, many: bool) -> None:
    protocol = Protocol(ap_rule=rule)
    if many:
        protocol = Protocol(
            iou_thresholds=tuple(np.linspace(0.2, 0.9, 40).tolist()), ap_rule=rule, max_dets=(3,)
        )
    check(dataset_from(*random_case(seed)), protocol, seed)


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_masks_evaluated_again_are_as_if_all_were_evaluated(seed: int) -> None:
    with TemporaryDirectory() as place:
        paths = Path(place, "gt.json"), Path(place, "dt.json")
        for path, content in zip(paths, random_mask_case(seed), strict=True):
            path.write_text(json.dumps(content))
        dataset = read_pair(*paths)
    if dataset.objects.masks is not None:
        check(dataset, Protocol(iou_type="segm"), seed)
