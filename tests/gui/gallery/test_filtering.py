"""The gallery's own filter line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from inspector.review.verdicts import Judgement
from tests.gui.gallery.conftest import Gallery
from widgets.gallery.items import Mode

Key = Qt.Key


def type_in(gallery: Gallery, text: str) -> None:
    line = gallery.panel.filter_line
    gallery.program.click(line)
    line.clear()
    gallery.program.bot.keyClicks(line, text)
    with gallery.program.bot.waitActive(gallery.program.window):
        gallery.program.window.activateWindow()  # a window manager does that when the completion closes
    QApplication.processEvents()
    gallery.program.bot.keyClick(line, Key.Key_Return)
    gallery.settle()
    assert line.filter.text == text


def test_it_keeps_boxes_by_class_score_and_size(gallery: Gallery) -> None:
    everything = gallery.refs()
    type_in(gallery, "class:kite")
    assert {name for name, _ in gallery.captions()} == {"kite"}
    type_in(gallery, "score<0.4 not class:kite")
    dataset = gallery.program.session.dataset
    assert dataset is not None
    assert gallery.refs()
    assert all(dataset.detections.scores[ref.row] < 0.4 for ref in gallery.refs())
    assert "kite" not in {name for name, _ in gallery.captions()}
    type_in(gallery, "")
    assert gallery.refs() == everything


def test_it_keeps_boxes_of_images_by_their_numbers_and_names(gallery: Gallery) -> None:
    dataset = gallery.program.session.dataset
    assert dataset is not None
    type_in(gallery, "shot_05")
    assert {int(dataset.detections.images[ref.row]) for ref in gallery.refs()} == {4}
    type_in(gallery, "fp>1")
    images = dataset.detections.images[[ref.row for ref in gallery.refs()]]
    assert all((images == image).sum() > 1 for image in images)


def test_misses_are_filtered_as_objects(gallery: Gallery) -> None:
    gallery.show(Mode.FN)
    type_in(gallery, "class:zebra")
    assert {name for name, _ in gallery.captions()} == {"zebra"}


def test_what_the_filter_leaves_out_after_a_verdict_makes_way_for_the_next(gallery: Gallery) -> None:
    refs = gallery.refs()
    type_in(gallery, "not verdict:model")
    gallery.click(1)
    gallery.key(Key.Key_2)
    gallery.settle()
    assert gallery.program.reviewing.verdict(refs[1]).judgement is Judgement.MODEL
    assert gallery.refs() == [refs[0], *refs[2:]]
    assert gallery.panel.selected_refs() == (refs[2],)
    assert gallery.program.session.selected == refs[2]


def test_an_empty_answer_names_the_filter_and_escape_clears_it(gallery: Gallery) -> None:
    everything = gallery.refs()
    type_in(gallery, "class:unicorn")
    assert gallery.grid.text == "No FP at this operating point; the filter leaves none."
    assert "no class is called 'unicorn'" in gallery.words()
    gallery.program.click(gallery.panel.filter_line)
    gallery.key(Key.Key_Escape)
    gallery.settle()
    assert gallery.refs() == everything
    gallery.key(Key.Key_Escape)
    assert gallery.program.window.focusWidget() is gallery.grid


def test_the_filters_key_goes_to_its_line_where_the_gallery_has_the_focus(gallery: Gallery) -> None:
    gallery.click(0)
    gallery.key(Key.Key_Slash)
    assert gallery.panel.filter_line.hasFocus()
    gallery.program.workspace.canvas.setFocus()
    gallery.key(Key.Key_Slash)
    assert gallery.program.workspace.images.filter_line.hasFocus()


def test_escape_clears_the_filter_from_the_crops_as_well_where_nothing_is_selected(gallery: Gallery) -> None:
    everything = gallery.refs()
    type_in(gallery, "class:unicorn")
    gallery.program.session.select(None)
    gallery.grid.setFocus()
    gallery.key(Key.Key_Escape)
    gallery.settle()
    assert gallery.panel.filter_line.text() == ""
    assert gallery.refs() == everything


def test_the_tables_filter_and_the_gallerys_are_two(gallery: Gallery) -> None:
    type_in(gallery, "score>0.6")
    assert gallery.program.workspace.images.filter_line.text() == ""
    assert len(gallery.program.workspace.images.image_rows()) == 12
