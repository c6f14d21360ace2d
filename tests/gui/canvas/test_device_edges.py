"""Where boxes come to lie in device pixels, however large their numbers are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.builders import dataset_from
from widgets.canvas.boxes import page_size
from widgets.canvas.pointing import box_at
from widgets.canvas.viewport import DeviceView, Viewport, device_edges, in_view

VIEW = DeviceView(scale=2.0, x=10.0, y=-6.0, width=800, height=600)
LARGEST = float(np.finfo(np.float64).max)


def edges(*box: float, view: DeviceView = VIEW) -> list[int]:
    found: list[int] = device_edges(np.array([box], dtype=np.float64), view)[0].tolist()
    return found


def test_a_box_lies_where_the_view_puts_its_page() -> None:
    assert edges(5, 7, 20, 30.2) == [20, 8, 60, 68]


@pytest.mark.parametrize("size", [1e9, 1e18, 1e308, LARGEST])
def test_edges_far_outside_lie_just_outside(size: float) -> None:
    before, right, below = -64, VIEW.width + 64, VIEW.height + 64
    assert edges(0, 0, size, size) == [10, -6, right, below]
    assert edges(size, size, size, size) == [right, below, right, below]
    assert edges(-size, -size, size / 2, size / 2) == [before] * 4
    assert edges(-size, -size, size, size) == [before, before, 10, -6]
    deepest = replace(VIEW, scale=256.0)
    assert edges(-size, 0, size, LARGEST, view=deepest) == [before, -6, 10, below]


def test_a_page_as_large_as_its_boxes_can_still_be_placed() -> None:
    truth = {
        "images": [{"id": 1, "width": 0, "height": 0}],
        "categories": [{"id": 1}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "bbox": box, "area": 1.0, "iscrowd": 0}
            for box in ([0, 0, LARGEST, 40], [LARGEST, 0, LARGEST, 50])
        ],
    }
    dataset = dataset_from(truth, [])
    page = page_size(dataset, 0, None)
    assert page == (2**31 - 1, 50)
    view = Viewport.fitted(page, (800, 600)).on_device(1.0)
    found = device_edges(dataset.objects.boxes, view)
    assert in_view(found, view).tolist() == [True, False]


def test_a_box_of_any_size_can_be_pointed_at() -> None:
    rects = np.array([[-LARGEST, -LARGEST, LARGEST / 2, LARGEST / 2], [-9, -9, LARGEST, LARGEST]])
    every = np.ones(2, dtype=np.bool_)
    assert box_at(rects, every, (500.0, 500.0), 2.0) == 1
    assert box_at(rects, every, (-0.75 * LARGEST, -0.75 * LARGEST), 2.0) == 0
