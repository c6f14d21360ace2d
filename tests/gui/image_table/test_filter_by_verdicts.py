"""The table follows what is judged, but leaves the image that the person is at where it is."""

from __future__ import annotations

import numpy as np

from inspector.refs import BoxRef, ImageRef, Side
from inspector.review.verdicts import Judgement, Kind
from tests.gui.image_table.conftest import IMAGES, IMG2, IMG9, IMG10, ZEBRA, Window

NAMES = list(IMAGES)


def test_a_reviewed_image_stays_listed_until_the_person_goes_on(window: Window) -> None:
    window.type_filter("reviewed:no")
    window.session.show_image(IMG9)
    window.reviewing.set_reviewed([IMG9], True)
    window.settle()
    assert window.names() == NAMES
    assert window.selected_names() == ["img9.jpg"]
    window.panel.step(1)
    assert window.current_name() == "img2.jpg"
    assert window.selected_names() == ["img2.jpg"]
    assert window.names() == [name for name in NAMES if name != "img9.jpg"]


def test_going_back_reaches_the_image_before_the_one_that_was_reviewed(window: Window) -> None:
    window.type_filter("reviewed:no")
    window.session.show_image(IMG9)
    window.reviewing.set_reviewed([IMG9], True)
    window.settle()
    window.panel.step(-1)
    assert window.current_name() == "img10.jpg"
    assert "img9.jpg" not in window.names()


def test_an_image_that_the_person_is_not_at_goes_at_once_and_comes_back_with_undo(window: Window) -> None:
    window.type_filter("reviewed:no")
    window.session.show_image(IMG9)
    window.reviewing.set_reviewed([ZEBRA], True)
    window.settle()
    assert window.names() == [name for name in NAMES if name != "Zebra.jpg"]
    window.reviewing.undo()
    window.settle()
    assert window.names() == NAMES


def test_another_filter_leaves_out_what_only_stayed(window: Window) -> None:
    window.type_filter("reviewed:no")
    window.session.show_image(IMG9)
    window.reviewing.set_reviewed([IMG9], True)
    window.settle()
    window.type_filter("reviewed:no img")
    assert window.names() == ["img10.jpg", "img2.jpg"]


def test_images_come_into_the_table_as_their_boxes_are_judged(window: Window) -> None:
    window.type_filter("kind:spurious")
    assert window.names() == []
    dataset = window.session.dataset
    assert dataset is not None
    row = dataset.objects_of(IMG2).start
    window.reviewing.judge([BoxRef(Side.OBJECT, row)], Judgement.LABEL, Kind.SPURIOUS)
    window.reviewing.judge([ImageRef(IMG10)], Judgement.MODEL)
    window.settle()
    assert window.names() == ["img2.jpg"]
    window.type_filter("verdict:any")
    assert window.names() == ["img10.jpg", "img2.jpg"]


def test_the_table_stands_still_where_the_filter_asks_for_no_verdict(window: Window) -> None:
    window.type_filter("fp>0")
    moved: list[object] = []
    window.panel.order_changed.connect(lambda: moved.append(None))
    window.reviewing.set_reviewed([IMG9], True)
    window.settle()
    assert not moved


def test_a_filter_by_verdicts_goes_on_where_only_the_listed_images_are_evaluated(window: Window) -> None:
    window.reviewing.judge([ImageRef(ZEBRA)], Judgement.LABEL)
    window.reviewing.set_reviewed([IMG9], True)
    window.settle()
    window.type_filter("verdict:label or reviewed:yes")
    assert window.names() == ["img9.jpg", "Zebra.jpg"]
    with window.bot.waitSignal(window.session.results_changed, timeout=60_000):
        window.session.restrict(np.array(window.panel.image_rows(), dtype=np.int64))
    window.settle()
    assert window.names() == ["img9.jpg", "Zebra.jpg"]
    window.type_filter("verdict:label")
    assert window.names() == ["Zebra.jpg"]
    with window.bot.waitSignal(window.session.results_changed, timeout=60_000):
        window.session.restrict(None)
    window.settle()
    assert window.names() == ["Zebra.jpg"]
