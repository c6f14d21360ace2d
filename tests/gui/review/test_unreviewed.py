"""Going through errors and images that nobody has judged, by key."""

from __future__ import annotations

import re

import numpy as np
from PySide6.QtCore import Qt

from inspector.evaluation.operating_point import image_counts
from inspector.review.verdicts import Judgement
from tests.gui.conftest import LONG, Program
from tests.gui.review.steps import (
    SHIFT,
    Key,
    errors,
    image_of,
    press_back,
)


def test_errors_are_those_of_listed_images(opened: Program) -> None:
    opened.key(Key.Key_Home)
    opened.workspace.images.set_filter("name:shot_05")
    opened.settle()
    opened.session.show_image(0)
    for ref in errors(opened):
        assert press_back(opened, Key.Key_X) == ref
    press_back(opened, Key.Key_X)
    said = opened.window.statusBar().currentMessage()
    assert re.match(r"That was the last unreviewed error of the listed images; \d+ others in images", said)


def test_errors_are_stepped_through_image_by_image_as_the_table_lists_them(opened: Program) -> None:
    opened.workspace.images.table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    opened.settle()
    opened.key(Key.Key_Home)
    expected = errors(opened)
    assert len(expected) > 10
    opened.reviewing.judge([expected[1]], Judgement.MODEL)
    opened.keep()
    for ref in (expected[0], *expected[2:6]):
        assert press_back(opened, Key.Key_X) == ref
    assert press_back(opened, Key.Key_Z) == expected[4]
    opened.key(Key.Key_2)  # a verdict leads on
    opened.bot.waitUntil(lambda: opened.session.selected == expected[5], timeout=LONG)


def test_what_was_looked_through_has_no_unreviewed_errors(opened: Program) -> None:
    dataset, results = opened.session.dataset, opened.session.results
    assert dataset is not None
    assert results is not None
    counts = image_counts(dataset, results.at.table, opened.session.point)
    wrong = np.flatnonzero(counts.fp + counts.fn).tolist()
    opened.reviewing.set_reviewed(wrong[1:-1], True)
    opened.keep()
    opened.session.show_image(wrong[0])
    last = [ref for ref in errors(opened) if image_of(opened, ref) == wrong[0]][-1]
    opened.session.select(last)
    assert image_of(opened, press_back(opened, Key.Key_X)) == wrong[-1]


def test_the_last_error_is_named(opened: Program) -> None:
    opened.reviewing.judge(errors(opened), Judgement.MODEL)
    opened.keep()
    press_back(opened, Key.Key_X)
    assert "last unreviewed error" in opened.window.statusBar().currentMessage()


def test_unreviewed_images_are_stepped_through_as_the_table_lists_them(opened: Program) -> None:
    opened.reviewing.set_reviewed([1, 2, 5], True)
    opened.keep()
    seen = []
    for _ in range(3):
        opened.key(Key.Key_R)
        seen.append(opened.session.image_row)
    assert seen == [3, 4, 6]
    opened.key(Key.Key_R, SHIFT)
    assert opened.session.image_row == 4
    opened.key(Key.Key_End)
    opened.key(Key.Key_R)
    assert opened.session.image_row == 0
    assert "On from the beginning: 8 unreviewed images left." in opened.window.statusBar().currentMessage()


def test_from_the_end_of_the_table_space_goes_on_to_what_was_left_out(opened: Program) -> None:
    opened.reviewing.set_reviewed([0, 1, *range(3, 11)], True)
    opened.keep()
    opened.key(Key.Key_End)
    opened.key(Key.Key_Space)
    assert opened.reviewing.reviewed()[11]
    assert opened.session.image_row == 2
    opened.key(Key.Key_End)
    opened.reviewing.set_reviewed([2], True)
    opened.keep()
    opened.key(Key.Key_Space)
    assert opened.session.image_row == 11
    assert "All other listed images are reviewed." in opened.window.statusBar().currentMessage()
