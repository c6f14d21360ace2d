"""The IoU of masks where the COCO API has no answer of its own, and one detection's by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inspector.dataset import Dataset, Masks
from inspector.errors import CancelledError
from inspector.evaluation.mask_iou import mask_overlaps, pair_ious
from tests.builders import dataset_from


def dataset_of(
    objects: list[list[float]], detections: list[list[float]], size: tuple[int, int] = (20, 10)
) -> Dataset:
    """Boxes of one class on one image of this width and height."""
    truth: dict[str, Any] = {
        "images": [{"id": 1, "width": size[0], "height": size[1]}],
        "categories": [{"id": 1}],
        "annotations": [
            {"id": 5 + row, "image_id": 1, "category_id": 1, "bbox": box, "area": 1, "iscrowd": 0}
            for row, box in enumerate(objects)
        ],
    }
    found = [
        {"image_id": 1, "category_id": 1, "bbox": box, "score": 1 - row / 100}
        for row, box in enumerate(detections)
    ]
    return dataset_from(truth, found)


def masks_of(*codes: tuple[tuple[int, int], bytes]) -> Masks:
    return Masks(
        sizes=np.array([size for size, _ in codes], dtype=np.int32),
        offsets=np.cumsum([0, *(len(code) for _, code in codes)], dtype=np.int64),
        codes=np.frombuffer(b"".join(code for _, code in codes), dtype=np.uint8),
    )


def test_a_box_without_a_mask_is_drawn_on_the_image() -> None:
    dataset = dataset_of([[0, 0, 4, 4], [100, 100, 5, 5]], [[0, 0, 4, 2], [-2, -2, 4, 4]])
    pairs = pair_ious(dataset, 100)
    assert pairs.offsets.tolist() == [0, 4]
    assert pairs.values.tolist() == [0.5, 0, 0.25, 0]


def test_only_the_best_detections_are_compared() -> None:
    dataset = dataset_of([[0, 0, 4, 4]], [[0, 0, 4, 4]] * 5)
    assert pair_ious(dataset, 3).values.tolist() == [1, 1, 1]


@pytest.mark.parametrize("side", ["objects", "detections"])
def test_a_box_on_an_image_of_unknown_size_is_drawn_as_large_as_the_other_masks(side: str) -> None:
    dataset = dataset_of([[0, 0, 2, 2]], [[0, 0, 2, 2]], size=(0, 0))
    whole = masks_of(((4, 4), b"0`0"))  # all 16 pixels
    dataset = replace(dataset, **{side: replace(getattr(dataset, side), masks=whole)})
    assert pair_ious(dataset, 100).values.tolist() == [0.25]


def test_boxes_on_an_image_of_unknown_size_are_drawn_where_they_are() -> None:
    dataset = dataset_of([[3, 0, 4, 4]], [[3, 0, 4, 2]], size=(0, 0))
    assert pair_ious(dataset, 100).values.tolist() == [0.5]


@pytest.mark.parametrize("box", [[0, 0, 1e300, 1e300], [-1e300, 0, 1, 1], [0, 0, 1e9, 4]])
def test_absurd_boxes_are_drawn_as_nothing(box: list[float]) -> None:
    assert pair_ious(dataset_of([box], [[0, 0, 4, 4]]), 100).values.tolist() == [0]


def test_images_too_large_for_a_bitmap_have_no_overlaps() -> None:
    dataset = dataset_of([[0, 0, 4, 4]], [[0, 0, 4, 4]], size=(2**31 - 1, 2**31 - 1))
    assert pair_ious(dataset, 100).values.tolist() == [0]


def test_one_detection_is_compared_with_the_objects_of_its_image() -> None:
    dataset = dataset_of([[0, 0, 4, 4], [0, 0, 4, 2]], [[9, 9, 1, 1], [0, 0, 4, 4]])
    pairs = pair_ious(dataset, 100)
    assert (
        mask_overlaps(dataset, slice(1, 2), slice(0, 2))[0].tolist() == pairs.values[2:].tolist() == [1, 0.5]
    )
    assert mask_overlaps(dataset, slice(1, 2), slice(1, 1)).shape == (1, 0)


def test_comparing_can_be_cancelled() -> None:
    def cancel(stage: str, _fraction: float) -> None:
        if stage == "Comparing masks":
            raise CancelledError

    with pytest.raises(CancelledError):
        pair_ious(dataset_of([[0, 0, 4, 4]], [[0, 0, 4, 4]]), 100, cancel)
