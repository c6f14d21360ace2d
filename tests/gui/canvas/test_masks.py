"""Masks on the canvas: their colours, their styles, pointing at them, and how they follow the threshold."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor

from inspector.dataset import Masks
from inspector.progress import no_progress
from inspector.refs import BoxRef
from tests.gui.canvas.conftest import CROWD_REF, FAINT_REF, HIT_REF, MISS_REF, WRONG_REF, Desk, records
from tests.gui.conftest import LONG
from widgets.canvas import MaskStyle
from widgets.canvas.boxes import Layer, boxes_on
from widgets.canvas.mask_shapes import masks_of
from widgets.canvas.pointing import box_at
from widgets.theme import DARK


def polygon(box: list[float]) -> list[list[float]]:
    """The lower left half of a box."""
    x, y, width, height = box
    return [[x, y, x + width, y + height, x, y + height]]


def inside(box: list[float]) -> tuple[float, float]:
    """A place in the mask, away from its edges."""
    return box[0] + 0.25 * box[2], box[1] + 0.7 * box[3]


def outside(box: list[float]) -> tuple[float, float]:
    """A place in the box but not in its mask."""
    return box[0] + 0.75 * box[2], box[1] + 0.3 * box[3]


def with_masks() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    truth, results = records()
    for record in (*truth["annotations"], *results):
        record["segmentation"] = polygon(record["bbox"])
        if record.get("iscrowd"):
            del record["segmentation"]
    return truth, results


@pytest.fixture
def masked(desk: Desk) -> Desk:
    """The data set with a mask for every box but the crowd region's, open and evaluated."""
    truth, results = with_masks()
    for record in results:  # results come as run lengths or polygons; here as run lengths of their polygon
        record["segmentation"] = run_lengths(record["segmentation"])
    (desk.folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    (desk.folder / "found.json").write_text(json.dumps(results), encoding="utf-8")
    desk.open()
    desk.bot.waitUntil(lambda: not desk.panel.is_busy, timeout=LONG)
    return desk


def run_lengths(polygons: list[list[float]]) -> dict[str, Any]:
    mask = pytest.importorskip("pycocotools.mask")
    coded = mask.frPyObjects(polygons, 100, 200)[0]
    return {"size": coded["size"], "counts": coded["counts"].decode()}


def colour_at(desk: Desk, place: tuple[float, float]) -> QColor:
    return desk.image().pixelColor(desk.at(*place))


def is_tinted(desk: Desk, place: tuple[float, float], colour: str) -> bool:
    """Whether the picture's colour has been moved towards this one."""
    wanted, paper, found = QColor(colour), QColor("#404850"), colour_at(desk, place)
    share = 96 / 255
    expected = [
        round(under + (over - under) * share)
        for under, over in zip(paper.getRgb()[:3], wanted.getRgb()[:3], strict=True)
    ]
    return all(abs(one - other) <= 3 for one, other in zip(expected, found.getRgb()[:3], strict=True))


WRONG, HIT, MISS, FAINT = ([70.0, 60, 40, 30], [20.0, 20, 40, 30], [120.0, 20, 40, 30], [120.0, 22, 40, 30])


def test_a_mask_is_filled_in_the_colour_of_its_outcome(masked: Desk) -> None:
    assert is_tinted(masked, inside(WRONG), DARK.fp)
    assert is_tinted(masked, inside(HIT), DARK.tp)
    assert is_tinted(masked, inside(MISS), DARK.fn)
    assert colour_at(masked, outside(WRONG)).name() == "#404850"


def test_the_edge_of_a_mask_is_a_line_of_the_same_colour(masked: Desk) -> None:
    masked.panel.set_mask_style(MaskStyle.OUTLINED)
    edge = (WRONG[0] + 20, WRONG[1] + 15)
    image = masked.image()
    at = masked.at(*edge)
    around = [image.pixelColor(at.x() + dx, at.y()).name() for dx in range(-4, 5)]
    assert DARK.fp.lower() in around
    assert colour_at(masked, inside(WRONG)).name() == "#404850"


def test_the_contour_of_a_matched_object_is_dotted_as_its_box_is(masked: Desk) -> None:
    masked.panel.set_mask_style(MaskStyle.OUTLINED)
    masked.panel.set_layer(Layer.LABELS, False)

    def green(hidden: Layer) -> int:
        """Pixels on the slanted edge, inside of the box, where the other side is hidden."""
        masked.panel.set_layer(hidden, False)
        image = masked.image()
        start, end = masked.at(HIT[0] + 6, HIT[1] + 6), masked.at(HIT[0] + 34, HIT[1] + 24)
        masked.panel.set_layer(hidden, True)
        colours = [
            image.pixelColor(x, y).name()
            for x in range(start.x(), end.x())
            for y in range(start.y(), end.y())
        ]
        return colours.count(DARK.tp.lower())

    of_object, of_detection = green(Layer.PREDICTIONS), green(Layer.GROUND_TRUTH)
    assert 0 < of_object < of_detection / 2


def test_masks_go_round_through_filled_outlined_and_off(masked: Desk) -> None:
    styles = []
    for _ in range(3):
        masked.panel.next_mask_style()
        styles.append(masked.panel.mask_style)
    assert styles == [MaskStyle.OUTLINED, MaskStyle.OFF, MaskStyle.FILLED]
    masked.panel.set_mask_style(MaskStyle.OFF)
    assert colour_at(masked, inside(WRONG)).name() == "#404850"
    masked.panel.set_mask_style(MaskStyle.FILLED)
    assert is_tinted(masked, inside(WRONG), DARK.fp)


def test_a_mask_follows_the_threshold(masked: Desk) -> None:
    masked.session.set_confidence(0.85)
    assert colour_at(masked, inside(WRONG)).name() == "#404850"
    masked.session.set_confidence(0.1)
    assert is_tinted(masked, inside(FAINT), DARK.tp)
    masked.session.set_confidence(0.5)
    assert is_tinted(masked, inside(MISS), DARK.fn)


def test_a_mask_around_the_cursor_goes_before_a_smaller_box_around_it() -> None:
    rects = np.array([[0.0, 0, 100, 100], [30.0, 30, 40, 40]])
    among, large = np.ones(2, dtype=np.bool_), np.array([True, False])
    assert box_at(rects, among, (50, 50), 5) == 1
    assert box_at(rects, among, (50, 50), 5, large) == 0
    assert box_at(rects, ~large, (50, 50), 5, large) == 1  # what is not shown is not meant
    assert box_at(rects, among, (31, 50), 5, large) == 1  # an edge that is near goes first


def test_pointing_into_a_mask_tells_about_its_box(masked: Desk) -> None:
    masked.session.set_confidence(0.1)
    masked.point_at(*inside(WRONG))
    assert "cat 0.800" in masked.card.text()
    masked.click(*inside(WRONG))
    assert masked.session.selected == WRONG_REF
    assert colour_at(masked, inside(WRONG)) != QColor("#404850")


def test_where_masks_are_off_boxes_are_pointed_at_as_before(masked: Desk) -> None:
    masked.panel.set_mask_style(MaskStyle.OFF)
    masked.click(*outside(WRONG))
    assert masked.session.selected == WRONG_REF


def test_without_any_mask_nothing_is_decoded(desk: Desk) -> None:
    desk.open()
    assert not desk.panel.is_busy
    assert colour_at(desk, inside(WRONG)).name() == "#404850"


def test_another_image_brings_its_own_masks(masked: Desk) -> None:
    masked.show_image(1)
    masked.show_image(0)
    assert is_tinted(masked, inside(WRONG), DARK.fp)


def test_a_zoomed_mask_stays_where_it_is(masked: Desk) -> None:
    masked.turn_wheel(masked.at(*inside(WRONG)), 6)
    assert is_tinted(masked, inside(WRONG), DARK.fp)
    masked.turn_wheel(masked.at(*inside(WRONG)), -14)
    assert is_tinted(masked, inside(WRONG), DARK.fp)


# --- the shapes themselves ---


def test_the_shapes_of_an_image_are_those_of_its_rows(masked: Desk) -> None:
    dataset, results = masked.session.dataset, masked.session.results
    assert dataset is not None
    assert results is not None
    masks = masks_of(dataset, 0, no_progress)
    boxes = boxes_on(dataset, results.at.table, masked.session.point, 0)
    held = masks.holding(boxes, inside(HIT))
    assert {boxes.ref(index) for index in np.flatnonzero(held).tolist()} == {
        HIT_REF,
        BoxRef(HIT_REF.kind, 0),
        boxes.ref(boxes.objects),
    }
    assert masks.of(CROWD_REF) is None or isinstance(dataset.objects.masks, Masks)
    for ref, box in ((MISS_REF, MISS), (FAINT_REF, FAINT), (WRONG_REF, WRONG)):
        shape = masks.of(ref)
        assert shape is not None
        assert shape.holds(inside(box))
        assert not shape.holds(outside(box))
        assert not shape.holds((-5.0, -5.0))
        across = shape.edges[:, 0] == shape.edges[:, 2]
        level = shape.edges[:, 1] == shape.edges[:, 3]
        assert (across != level).all()
