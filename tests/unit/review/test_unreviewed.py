"""What comes next of what nobody has judged."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.dataset import Dataset
from inspector.evaluation.iou_slice import slice_at
from inspector.evaluation.matching import MatchTable, evaluate
from inspector.evaluation.operating_point import OperatingPoint, image_counts
from inspector.evaluation.options import Options, prepare
from inspector.refs import BoxRef, Side
from inspector.review.unreviewed import errors_of, next_error, next_image
from tests.builders import dataset_from

IMAGES = 5


def evaluated(seed: int) -> tuple[Dataset, MatchTable]:
    """Some hits, false positives and misses on each image but the last."""
    dice = np.random.default_rng(seed)
    truth: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    for image in range(1, IMAGES):
        for number in range(4):
            place = {"image_id": image, "category_id": int(dice.integers(1, 3))}
            box = [100 * number, 0, 50, 50]
            if dice.random() < 0.7:
                truth.append({"id": len(truth) + 1, **place, "bbox": box, "area": 2500, "iscrowd": 0})
            if dice.random() < 0.7:
                found.append({**place, "bbox": box, "score": round(float(dice.random()), 1)})
    ground_truth = {
        "images": [{"id": number + 1} for number in range(IMAGES)],
        "categories": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}],
        "annotations": truth,
    }
    dataset, protocol = prepare(dataset_from(ground_truth, found), Options())
    evaluation = evaluate(dataset, protocol)
    return dataset, slice_at(dataset, evaluation, 0, np.ones(2, dtype=np.bool_)).table


points = st.builds(
    OperatingPoint,
    confidence=st.sampled_from([0.0, 0.3, 0.7]),
    class_rows=st.sampled_from([None, frozenset({0})]),
)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5), points, st.data())
def test_stepping_goes_once_through_every_error_without_a_verdict(
    seed: int, point: OperatingPoint, draw: st.DataObject
) -> None:
    dataset, table = evaluated(seed)
    order = np.array(draw.draw(st.permutations(range(IMAGES))))
    judged = {
        side: np.array(draw.draw(st.lists(st.booleans(), min_size=count, max_size=count)), dtype=np.bool_)
        for side, count in ((Side.OBJECT, len(dataset.objects)), (Side.DETECTION, len(dataset.detections)))
    }
    everything = [ref for image in order.tolist() for ref in errors_of(dataset, table, point, image)]
    counts = image_counts(dataset, table, point)
    assert len(everything) == counts.fp.sum() + counts.fn.sum()
    wanted = [ref for ref in everything if not judged[ref.kind][ref.row]]

    def walk(step: int, at: int) -> list[BoxRef]:
        seen: list[BoxRef] = []
        selected: BoxRef | None = None
        while True:
            ref = next_error(dataset, table, point, judged, order, at, selected, step)
            if ref is None or len(seen) > len(everything):
                return seen
            seen.append(ref)
            boxes = dataset.objects if ref.kind is Side.OBJECT else dataset.detections
            at, selected = int(boxes.images[ref.row]), ref

    first, last = int(order[0]), int(order[-1])
    assert walk(1, first) == wanted
    behind = {ref for ref in wanted if ref in errors_of(dataset, table, point, last)}
    assert walk(-1, last) == [ref for ref in reversed(wanted) if ref not in behind]


def test_errors_stand_in_the_order_of_the_canvas() -> None:
    dataset, table = evaluated(1)
    for image in range(IMAGES):
        errors = errors_of(dataset, table, OperatingPoint(confidence=0.0), image)
        sides = [ref.kind for ref in errors]
        assert sides == sorted(sides, key=lambda side: side is Side.OBJECT)
        scores = [dataset.detections.scores[ref.row] for ref in errors if ref.kind is Side.DETECTION]
        assert scores == sorted(scores, reverse=True)


def test_images_are_taken_in_the_given_order_and_not_past_its_ends() -> None:
    wanted, order = np.array([True, False, True, True]), np.array([3, 1, 0])
    assert next_image(wanted, order, 3, 1) == 0
    assert next_image(wanted, order, 0, 1) is None
    assert next_image(wanted, order, 0, -1) == 3
    assert next_image(wanted, order, 3, -1) is None
    assert next_image(wanted, order, 2, 1) == 3  # not listed: from the beginning
    assert next_image(wanted, order, 2, -1) == 0
    assert next_image(wanted, order[:0], 2, 1) is None
