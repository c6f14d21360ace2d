"""Detections without ground truth, in the whole window, and the gallery of a side alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from inspector.refs import Side
from inspector.review.verdicts import Judgement
from inspector.sources import Sources
from tests.gui.conftest import LONG, Program
from widgets.canvas.header import CanvasHeader
from widgets.missing_side import MissingBar

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def detected(program: Program, sources: Sources) -> Program:
    """The program with detections alone."""
    program.open(replace(sources, ground_truth=None))
    return program


def _shown(program: Program) -> int:
    dataset = program.session.dataset
    assert dataset is not None
    return int((dataset.detections.scores >= program.session.point.confidence).sum())


def test_detections_alone_are_counted_by_the_confidence(detected: Program) -> None:
    assert (detected.session.missing, detected.session.results) == (Side.OBJECT, None)
    for confidence in (0.5, 0.8):
        detected.session.set_confidence(confidence)
        detected.settle()
        assert f"{_shown(detected)} detections from {confidence:.3f} on" in detected.status()
        counts = [int(count) for count in detected.class_texts(1)]
        assert sum(counts) == _shown(detected)
    model = detected.class_table.model()
    assert str(model.headerData(1, Qt.Orientation.Horizontal)).startswith("Detections")


def test_the_canvas_draws_what_the_confidence_shows(detected: Program) -> None:
    header = detected.part(CanvasHeader)
    assert "objects" not in header.accessibleName()
    detected.session.set_confidence(1.0)
    detected.bot.waitUntil(lambda: "detections 0" in header.accessibleName(), timeout=LONG)
    detected.session.set_confidence(0.0)
    detected.bot.waitUntil(lambda: "detections 0" not in header.accessibleName(), timeout=LONG)


def test_the_image_table_sorts_and_filters_by_the_number_of_detections(detected: Program) -> None:
    images = detected.workspace.images
    images.set_filter("detections>0")
    detected.settle()
    assert images.image_rows()
    images.set_filter("detections>999")
    detected.settle()
    assert images.image_rows() == []
    images.set_filter("fn>0")
    detected.settle()
    assert "no ground truth is open" in images.table.empty_text


def test_the_gallery_shows_all_boxes_of_the_side_that_is_there(detected: Program, sources: Sources) -> None:
    gallery = detected.workspace.gallery
    detected.key(Key.Key_V)
    detected.settle()
    assert len(gallery.grid.items) == _shown(detected)
    detected.key(Key.Key_1, CONTROL)  # outcomes take both sides
    assert len(gallery.grid.items) == _shown(detected)
    gallery.filter_line.set_text("score>0.8")
    detected.settle()
    assert 0 < len(gallery.grid.items) < _shown(detected)
    gallery.filter_line.set_text("")
    detected.open(sources)
    detected.settle()
    assert len(gallery.grid.items) == detected.counts().fp
    detected.open(replace(sources, detections=None))
    detected.settle()
    assert len(gallery.grid.items) == 72


def test_ground_truth_that_is_dropped_is_added_and_verdicts_are_kept(
    detected: Program, sources: Sources
) -> None:
    assert sources.ground_truth is not None
    detected.session.set_confidence(0.3)
    detected.key(Key.Key_S)
    selected = detected.session.selected
    assert selected is not None
    detected.key(Key.Key_2)
    kept = detected.reviewing.path
    assert "Add ground truth…" in detected.buttons(detected.part(MissingBar))
    with detected.bot.waitSignal(detected.session.results_changed, timeout=LONG):
        detected.drop(sources.ground_truth)
    detected.settle()
    assert detected.session.missing is None
    assert detected.reviewing.path == kept
    # What has only ids is called otherwise by the ground truth.
    assert [entry.verdict.judgement for entry in detected.reviewing.orphans] == [Judgement.MODEL]


def test_the_protocol_can_be_looked_at_and_changed(detected: Program) -> None:
    options = detected.session.options
    with detected.bot.waitSignal(detected.session.results_changed, timeout=LONG):
        detected.session.set_options(replace(options, class_agnostic=True))
    detected.settle()
    assert detected.class_texts(1) == [str(_shown(detected))]
    detected.window.choose_protocol()
    detected.settle()
    assert detected.messages() == []
