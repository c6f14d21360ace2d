"""What the gallery shows, and in which order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QToolButton

from inspector.evaluation.outcome_rows import Outcome, outcome_rows
from inspector.sources import Sources
from tests.gui.conftest import KITE, LONG, Program
from tests.gui.gallery.conftest import Gallery
from widgets.gallery.choices import CONTEXTS
from widgets.gallery.items import Mode, Order, Sorting

PICTURE = "#285aa0"
"""The colour of the test's pictures."""


def rows_of(gallery: Gallery, outcome: Outcome) -> list[int]:
    session = gallery.program.session
    assert session.dataset is not None
    assert session.results is not None
    rows = outcome_rows(session.dataset, session.results.at.table, session.point, outcome)
    found: list[int] = rows.tolist()
    return found


def test_each_outcome_is_shown_as_a_whole_and_counted(gallery: Gallery) -> None:
    for mode, outcome in ((Mode.TP, Outcome.TP), (Mode.FP, Outcome.FP), (Mode.FN, Outcome.FN)):
        gallery.show(mode)
        expected = rows_of(gallery, outcome)
        assert expected
        assert sorted(ref.row for ref in gallery.refs()) == expected
        assert {ref.kind for ref in gallery.refs()} == {outcome.side}
        assert gallery.button(mode).text() == f"{mode.value} {len(expected)}"


def test_a_dragged_threshold_moves_the_counts_at_once_and_the_boxes_when_it_rests(gallery: Gallery) -> None:
    before = gallery.refs()
    gallery.program.session.set_confidence(0.02)
    assert gallery.button(Mode.FP).text() == f"FP {len(rows_of(gallery, Outcome.FP))}"
    assert gallery.refs() == before
    gallery.settle()
    assert sorted(ref.row for ref in gallery.refs()) == rows_of(gallery, Outcome.FP)
    assert len(gallery.refs()) > len(before)


def test_only_chosen_classes_are_shown(gallery: Gallery) -> None:
    gallery.program.session.set_class_rows(frozenset({KITE}))
    gallery.program.settle()
    gallery.settle()
    assert {name for name, _ in gallery.captions()} == {"kite"}


def test_it_is_sorted_by_score_iou_size_and_image_in_both_directions(gallery: Gallery) -> None:
    gallery.show(Mode.TP)
    dataset, results = gallery.program.session.dataset, gallery.program.session.results
    assert dataset is not None
    assert results is not None
    orders = gallery.panel.findChildren(QComboBox)[1]
    turn = next(button for button in gallery.panel.findChildren(QToolButton) if button.text() in "↓↑")
    table, detections = results.at.table, dataset.detections
    keys = {
        Order.SCORE: detections.scores,
        Order.IOU: table.object_ious[table.matches],
        Order.SIZE: detections.boxes[:, 2] * detections.boxes[:, 3],
        Order.IMAGE: detections.images,
    }
    for order, key in keys.items():
        orders.setCurrentText(order.value)
        orders.activated.emit(orders.currentIndex())
        for _ in range(2):
            gallery.settle()
            found = key[[ref.row for ref in gallery.refs()]].astype(float)
            sorting = gallery.panel.choices.sorting
            assert sorting.order is order
            assert (np.diff(found) * (-1 if sorting.descending else 1) >= 0).all()
            gallery.program.click(turn)


def test_captions_and_tips_say_class_score_iou_and_image(gallery: Gallery) -> None:
    gallery.show(Mode.TP)
    session, ref = gallery.program.session, gallery.refs()[0]
    assert session.dataset is not None
    assert session.results is not None
    table, detections = session.results.at.table, session.dataset.detections
    name, iou = session.dataset.detection_name(ref.row), table.object_ious[table.matches[ref.row]]
    assert gallery.captions()[0] == (name, f"{detections.scores[ref.row]:.2f} · IoU {iou:.2f}")
    lines = gallery.grid.tip(0).split("\n")
    assert lines[0] == f"{name} {detections.scores[ref.row]:.3f}"
    assert session.dataset.images.file_names[detections.images[ref.row]] in lines


def test_a_crop_shows_the_picture_with_the_line_of_the_outcome(gallery: Gallery) -> None:
    colours = gallery.program.theme.colours
    for mode, colour in ((Mode.FP, colours.fp), (Mode.TP, colours.tp), (Mode.FN, colours.fn)):
        gallery.show(mode)
        cell = gallery.grid.rect_of(0)
        painted = gallery.colours_of(cell)
        assert {PICTURE, colour.lower()} <= painted


def test_another_context_shows_more_around_the_box(gallery: Gallery) -> None:
    assert gallery.grid.cells is not None
    wanted = gallery.grid.cells[0].wanted

    def shown() -> float:
        picture = gallery.panel.loader.picture(wanted)
        assert picture is not None
        return picture.area[2]

    before = shown()
    contexts = gallery.panel.findChildren(QComboBox)[2]
    contexts.setCurrentText("+ 100%")
    contexts.activated.emit(contexts.currentIndex())
    gallery.settle()
    assert shown() == pytest.approx(before * 3 / 1.4)


def test_nothing_of_an_outcome_is_said_and_why(gallery: Gallery) -> None:
    gallery.program.session.set_confidence(1.0)
    gallery.settle()
    assert gallery.refs() == []
    assert gallery.grid.text == "No FP at this operating point."
    gallery.program.session.set_class_rows(frozenset({KITE}))
    gallery.program.settle()
    gallery.show(Mode.TP)
    assert gallery.grid.text == "No TP at this operating point; only some classes are chosen."


def test_only_the_images_that_the_table_lists(gallery: Gallery) -> None:
    line = gallery.program.workspace.images.filter_line
    line.set_text("name:shot_03")
    gallery.check("Listed images")
    dataset = gallery.program.session.dataset
    assert dataset is not None
    images = {int(dataset.detections.images[ref.row]) for ref in gallery.refs()}
    assert images == {2}
    line.set_text("name:shot_04")
    gallery.settle()
    assert {int(dataset.detections.images[ref.row]) for ref in gallery.refs()} <= {3}
    line.set_text("")
    gallery.settle()
    assert len(gallery.refs()) == len(rows_of(gallery, Outcome.FP))


def test_without_pictures_boxes_lie_on_grey_and_it_is_said(program: Program, other_sources: Sources) -> None:
    program.open(other_sources)
    gallery = Gallery(program)
    program.key(Qt.Key.Key_V)
    gallery.settle()
    cell = gallery.grid.rect_of(0)
    colours = program.theme.colours
    assert {colours.blank.lower(), colours.fp.lower()} <= gallery.colours_of(cell)
    assert "no image folder" in gallery.words()


def test_an_image_that_is_missing_says_so_in_its_crops(gallery: Gallery, sources: Sources) -> None:
    dataset = gallery.program.session.dataset
    assert dataset is not None
    first = dataset.images.file_names[dataset.detections.images[gallery.refs()[0].row]]
    (sources.ground_truth.parent / first).unlink()
    with gallery.program.bot.waitSignal(gallery.program.session.results_changed, timeout=LONG):
        gallery.program.choose("File", "Read the files again")
    gallery.program.settle()
    gallery.settle()
    assert gallery.grid.tip(0).split("\n")[-1].startswith("No picture: not found in ")


def test_mode_order_size_and_context_are_remembered(
    gallery: Gallery, sources: Sources, start: Callable[[], Program]
) -> None:
    gallery.show(Mode.FN)
    gallery.panel.set_sorting(Sorting(Order.IMAGE, False))
    gallery.panel.set_side(200)
    gallery.panel.findChildren(QComboBox)[2].activated.emit(CONTEXTS.index(0.5))
    gallery.panel.findChildren(QCheckBox)[0].click()
    choices = gallery.panel.choices
    gallery.program.window.close()
    again = start()
    again.open(sources)
    assert again.workspace.gallery.choices == choices
    assert choices.context == 0.5
    assert choices.hides_judged


def test_nothing_is_computed_while_it_is_hidden(gallery: Gallery) -> None:
    gallery.key(Qt.Key.Key_V)
    before = gallery.refs()
    gallery.program.session.set_confidence(0.02)
    gallery.program.bot.wait(250)
    assert gallery.refs() == before
    gallery.key(Qt.Key.Key_V)
    gallery.settle()
    assert len(gallery.refs()) > len(before)


def test_the_place_of_a_cell_is_where_it_is_painted(gallery: Gallery) -> None:
    gallery.click(1)
    accent = gallery.program.theme.colours.accent.lower()
    assert gallery.colour(gallery.grid.rect_of(1).topLeft() + QPoint(1, 20)) == accent
    assert gallery.colour(gallery.grid.rect_of(0).topLeft() + QPoint(1, 20)) != accent
