"""What four numbers of a box mean, and recognising it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.conventions import choose, fits, from_pixels, to_pixels
from inspector.dataset import Floats, Objects, Rows
from inspector.reading import PIXELS, Convention

CONVENTIONS = (
    PIXELS,
    Convention("xyxy"),
    Convention("cxcywh"),
    Convention("xywh", relative=True),
    Convention("xyxy", relative=True),
    Convention("cxcywh", relative=True),
)
ONE_BASED = Convention("xyxy", one_based=True)
SIZES = np.array([[640, 480], [500, 375], [1920, 1080], [333, 500]], np.int32)


def scene(seed: int, objects: int = 60, classes: int = 3, smallest: float = 4.0) -> Objects:
    """Objects in all images, of any size from `smallest` pixels up to the whole image."""
    random = np.random.default_rng(seed)
    images = np.sort(random.integers(0, len(SIZES), objects)).astype(np.int32)
    whole = SIZES[images]
    size = smallest + (whole - smallest) * random.random((objects, 2)) ** 3
    corner = (whole - size) * random.random((objects, 2))
    return objects_of(
        images, random.integers(0, classes, objects).astype(np.int32), np.hstack([corner, size])
    )


def objects_of(images: Rows, classes: Rows, boxes: Floats) -> Objects:
    rows = np.arange(len(images), dtype=np.int64)
    none = np.zeros(len(images), np.bool_)
    return Objects(
        ids=rows,
        positions=rows,
        images=images,
        classes=classes,
        boxes=boxes,
        areas=boxes[:, 2] * boxes[:, 3],
        crowd=none,
        difficult=none,
        offsets=np.searchsorted(images, np.arange(len(SIZES) + 1)).astype(np.int64),
    )


def near(objects: Objects, seed: int, wrong: int = 0) -> Objects:
    """Boxes that a model might find: near the objects, and so many in places of their own for each object."""
    random = np.random.default_rng(seed)
    boxes = objects.boxes + random.normal(0, 0.04, objects.boxes.shape) * np.tile(objects.boxes[:, 2:], 2)
    images, classes = objects.images, objects.classes
    for number in range(wrong):
        elsewhere = scene(seed + 1000 + number, len(objects))
        boxes, images = np.vstack([boxes, elsewhere.boxes]), np.hstack([images, elsewhere.images])
        classes = np.hstack([classes, elsewhere.classes])
    return objects_of(images, classes, boxes)


def recognised(
    found: Objects, written: Convention, declared: Convention, objects: Objects
) -> Convention | None:
    numbers = from_pixels(found.boxes, written, SIZES[found.images])
    candidates = (declared, *(one for one in CONVENTIONS if one != declared))
    return choose(fits(candidates, numbers, found.images, found.classes, SIZES, objects))


@given(st.integers(0, 10_000), st.sampled_from((*CONVENTIONS, ONE_BASED, replace(PIXELS, one_based=True))))
@settings(max_examples=50)
def test_what_is_written_by_a_convention_is_read_back_by_it(seed: int, convention: Convention) -> None:
    objects = scene(seed)
    sizes = SIZES[objects.images]
    back = to_pixels(from_pixels(objects.boxes, convention, sizes), convention, sizes)
    np.testing.assert_allclose(back, objects.boxes, rtol=0, atol=1e-9)


def test_right_and_bottom_counted_from_1_belong_to_the_box() -> None:
    box = to_pixels(np.array([[1.0, 1.0, 10.0, 20.0]]), ONE_BASED, SIZES[:1])
    assert box.tolist() == [[0, 0, 10, 20]]


@given(
    st.integers(0, 10_000),
    st.sampled_from(CONVENTIONS),
    st.sampled_from(CONVENTIONS),
    st.integers(0, 3),
)
@settings(max_examples=60)
def test_the_convention_is_recognised_though_most_detections_are_wrong(
    seed: int, written: Convention, declared: Convention, wrong: int
) -> None:
    objects = scene(seed)
    found = recognised(near(objects, seed, wrong), written, declared, objects)
    assert found == (None if written == declared else written)
