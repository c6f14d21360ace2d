"""What four numbers of a box mean, and recognising it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.conventions import choose, fits, from_pixels, looks_relative, to_pixels
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
        areas=np.zeros(len(images)),
        crowd=none,
        difficult=none,
        offsets=np.searchsorted(images, np.arange(len(SIZES) + 1)).astype(np.int64),
    )


def near(objects: Objects, seed: int, wrong: int = 0, noise: float = 0.04) -> Objects:
    """Boxes that a model might find: near the objects, and so many in places of their own for each object."""
    random = np.random.default_rng(seed)
    boxes = objects.boxes + random.normal(0, noise, objects.boxes.shape) * np.tile(objects.boxes[:, 2:], 2)
    images, classes = objects.images, objects.classes
    for number in range(wrong):
        elsewhere = scene(seed + 1000 + number, len(objects))
        boxes, images = np.vstack([boxes, elsewhere.boxes]), np.hstack([images, elsewhere.images])
        classes = np.hstack([classes, elsewhere.classes])
    return objects_of(images, classes, boxes)


def recognised(
    found: Objects,
    written: Convention,
    declared: Convention,
    objects: Objects,
    sizes: Rows = SIZES,
    conventions: Sequence[Convention] = CONVENTIONS,
) -> Convention | None:
    numbers = from_pixels(found.boxes, written, SIZES[found.images])
    candidates = (declared, *(one for one in conventions if one != declared))
    return choose(fits(candidates, numbers, found.images, found.classes, sizes, objects))


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


HOSTILE = {
    "other images": lambda seed: (scene(seed), scene(seed + 5000, 200)),
    "other images, one class": lambda seed: (scene(seed, classes=1), scene(seed + 5000, 200, classes=1)),
    "all boxes at 0, 0": lambda seed: changed(scene(seed), seed, lambda boxes: boxes * (0, 0, 1, 1)),
    "tiny boxes": lambda seed: changed(
        scene(seed), seed, lambda boxes: np.minimum(boxes, (9999, 9999, 5, 5))
    ),
    "hardly any right": lambda seed: (scene(seed), near(scene(seed), seed, 30)),
    "few": lambda seed: (scene(seed, 7), near(scene(seed, 7), seed)),
    "no objects": lambda seed: (scene(seed, 0), scene(seed, 60)),
    "no detections": lambda seed: (scene(seed, 60), scene(seed, 0)),
}


def changed(
    objects: Objects, seed: int, change: Callable[[Floats], Floats], noise: float = 0.04
) -> tuple[Objects, Objects]:
    objects = objects_of(objects.images, objects.classes, change(objects.boxes))
    return objects, near(objects, seed, noise=noise)


@pytest.mark.parametrize("case", HOSTILE)
@given(st.integers(0, 10_000), st.sampled_from(CONVENTIONS), st.sampled_from(CONVENTIONS), st.booleans())
@settings(max_examples=25)
def test_nothing_wrong_is_claimed_where_evidence_is_thin(
    case: str, seed: int, written: Convention, declared: Convention, sized: bool
) -> None:
    objects, found = HOSTILE[case](seed)
    said = recognised(
        found, written, declared, objects, SIZES if sized else SIZES * 0, CONVENTIONS[: 6 if sized else 3]
    )
    assert said in ((None,) if written == declared else (None, written))


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.02, 0.06]), st.sampled_from([0.0, 0.2]))
@settings(max_examples=12)
def test_pixels_counted_from_1_are_recognised_where_many_boxes_match(
    seed: int, noise: float, bias: float
) -> None:
    objects, found = changed(scene(seed, 500), seed, lambda boxes: boxes, noise)
    found = objects_of(found.images, found.classes, found.boxes + np.array([bias, bias, 0, 0]))
    both = (Convention("xyxy"), ONE_BASED)
    for written in both:
        for declared in both:
            said = recognised(found, written, declared, objects, conventions=both)
            assert said == (None if written == declared else written)
    assert recognised(found, ONE_BASED, PIXELS, objects, conventions=(PIXELS, *both)) == ONE_BASED


def test_a_few_boxes_do_not_show_that_pixels_are_counted_from_1() -> None:
    objects, found = changed(scene(1), 1, lambda boxes: boxes)
    assert recognised(found, ONE_BASED, Convention("xyxy"), objects, conventions=(ONE_BASED,)) is None


def test_the_best_scores_count_and_the_same_boxes_at_every_call() -> None:
    objects = scene(3, 3000)
    wrong = scene(4, 300_000)
    numbers = np.vstack([wrong.boxes, from_pixels(objects.boxes, Convention("xyxy"), SIZES[objects.images])])
    images, classes = (
        np.hstack([getattr(wrong, column), getattr(objects, column)]) for column in ("images", "classes")
    )
    scores = np.hstack([np.full(300_000, 0.1), np.full(3000, 0.9)])
    order = np.random.default_rng(0).permutation(len(scores))
    columns = (numbers[order], images[order], classes[order], SIZES, objects)
    both = (PIXELS, Convention("xyxy"))
    first, second = (fits(both, *columns, scores[order]) for _ in range(2))
    assert first[1].overlap > 2 * fits(both, *columns)[1].overlap
    assert [fit.ious.tolist() for fit in first] == [fit.ious.tolist() for fit in second]


def test_a_fit_is_told_in_words() -> None:
    objects = scene(1)
    whole, corners = fits((PIXELS, ONE_BASED), objects.boxes, objects.images, None, SIZES, objects)
    assert str(whole) == "as x y w h: 100 % inside their image, mean IoU 1.00"
    assert str(corners).startswith("as x1 y1 x2 y2 counted from 1: ")
    nothing = scene(1, 0)
    assert str(fits((PIXELS,), objects.boxes, objects.images, None, SIZES, nothing)[0]) == (
        "as x y w h: 100 % inside their image"
    )


def test_numbers_that_are_none_or_endless_disturb_nobody() -> None:
    objects = scene(1)
    numbers = objects.boxes.copy()
    numbers[:6] = [[np.nan] * 4, [np.inf] * 4, [-np.inf] * 4, [1e308] * 4, [0] * 4, [-5, -5, -5, -5]]
    found = objects_of(objects.images, objects.classes, numbers)
    assert recognised(found, PIXELS, Convention("xyxy"), objects, conventions=(PIXELS,)) == PIXELS


@pytest.mark.parametrize(
    ("numbers", "relative"),
    [
        ([[0.1, 0.2, 0.3, 0.4]], True),
        ([[0.9, 0.9, 1.2, 0.4], [0.5, 0.5, 0.1, 0.1], [-0.1, 0.5, 0.2, 0.2]], True),
        ([[10.0, 20.5, 3.0, 4.0]], False),
        ([[0.0, 0.0, 1.0, 1.0]], False),
        ([[0.0, 0.5, 1.0, 300.0]], False),
        ([[np.nan, np.inf, 0.5, 0.5]], True),
        (np.empty((0, 4)), False),
    ],
)
def test_relative_numbers_are_told_from_pixels(numbers: list[list[float]], relative: bool) -> None:
    assert looks_relative(np.array(numbers)) is relative
