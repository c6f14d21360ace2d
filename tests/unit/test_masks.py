"""The outline of one mask."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inspector.dataset import Masks
from inspector.masks import outline, rows_of, runs

pycocotools_mask = pytest.importorskip("pycocotools.mask")


def masks_of(*bitmaps: np.ndarray) -> Masks:
    """Bitmaps, bool [height, width], as masks."""
    codes = [
        pycocotools_mask.encode(np.asfortranarray(bitmap, dtype=np.uint8))["counts"] for bitmap in bitmaps
    ]
    return Masks(
        sizes=np.array([bitmap.shape for bitmap in bitmaps], dtype=np.int32),
        offsets=np.cumsum([0, *map(len, codes)], dtype=np.int64),
        codes=np.frombuffer(b"".join(codes), dtype=np.uint8),
    )


def winding(paths: list[np.ndarray], height: int, width: int) -> np.ndarray:
    """int [height, width]: how often the paths wind around each pixel, clockwise."""
    number = np.zeros((height, width), dtype=int)
    for path in paths:
        for (x, y), (to_x, to_y) in zip(path.astype(int), np.roll(path, -1, axis=0).astype(int), strict=True):
            assert (x == to_x) != (y == to_y)  # along one edge of pixels, of some length
            if x == to_x:  # an edge downward adds to everything on its left, as in image coordinates
                number[min(y, to_y) : max(y, to_y), :x] += 1 if to_y > y else -1
    return number


BITMAPS = st.tuples(st.integers(1, 9), st.integers(1, 9)).flatmap(lambda shape: arrays(np.bool_, shape))


@settings(deadline=None)  # the first example loads the kernels
@given(BITMAPS, BITMAPS)
def test_the_outline_encloses_exactly_the_pixels_of_the_mask(first: np.ndarray, second: np.ndarray) -> None:
    masks = masks_of(first, second)
    for row, bitmap in enumerate((first, second)):
        assert np.array_equal(winding(outline(masks, row), *bitmap.shape), bitmap)


def test_a_ring_has_two_paths_that_go_opposite_ways() -> None:
    bitmap = np.ones((3, 3), dtype=np.bool_)
    bitmap[1, 1] = False
    outer, hole = outline(masks_of(bitmap), 0)
    assert outer.tolist() == [[3, 0], [3, 3], [0, 3], [0, 0]]
    assert sorted(hole.tolist()) == [[1, 1], [1, 2], [2, 1], [2, 2]]


def test_a_row_without_a_mask_has_no_runs_and_no_outline() -> None:
    nothing = Masks(np.zeros((1, 2), np.int32), np.zeros(2, np.int64), np.empty(0, np.uint8))
    assert len(runs(nothing, 0)) == 0
    assert outline(nothing, 0) == []


def test_runs_alternate_between_background_and_mask_column_by_column() -> None:
    bitmap = np.array([[0, 1], [1, 1], [0, 0]], dtype=np.bool_)
    assert runs(masks_of(bitmap), 0).tolist() == [1, 1, 1, 2, 1]


@settings(deadline=None)
@given(st.lists(BITMAPS, min_size=1, max_size=5), st.data())
def test_masks_are_put_in_another_order_with_their_codes(
    bitmaps: list[np.ndarray], data: st.DataObject
) -> None:
    masks = masks_of(*bitmaps)
    rows = data.draw(st.lists(st.integers(0, len(bitmaps) - 1), max_size=8))
    moved = rows_of(masks, np.array(rows, dtype=np.int32))
    assert moved.sizes.tolist() == [list(bitmaps[row].shape) for row in rows]
    assert [runs(moved, at).tolist() for at in range(len(rows))] == [
        runs(masks, row).tolist() for row in rows
    ]
