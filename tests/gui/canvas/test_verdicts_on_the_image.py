"""What was said of boxes and images, as the canvas tells it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtTest import QTest

from inspector.refs import BoxRef, ImageRef, Ref
from inspector.review.verdicts import Box, Judgement, Kind, Place, Target
from tests.gui.canvas.conftest import FAINT_REF, FOUND_REF, HIT_REF, MISS, MISS_REF, WRONG, WRONG_REF, Desk
from widgets.theme import DARK, PURPLE, Mode


def judge(
    desk: Desk, refs: Sequence[Ref], judgement: Judgement, kind: Kind | None = None, box: Box | None = None
) -> None:
    desk.reviewing.judge(refs, judgement, kind, right_box=box)
    keep(desk)


def keep(desk: Desk) -> None:
    desk.bot.waitUntil(lambda: not desk.reviewing.is_busy, timeout=60_000)
    desk.settle()


@pytest.mark.parametrize("mode", [Mode.DARK, Mode.LIGHT])
@pytest.mark.parametrize("judgement", list(Judgement))
def test_a_mark_stands_beside_a_judged_box_and_goes_with_the_verdict(
    opened: Desk, judgement: Judgement, mode: Mode
) -> None:
    opened.theme.set_mode(mode)
    assert not opened.holds(PURPLE)
    judge(opened, [WRONG_REF], judgement)
    assert opened.holds(PURPLE)
    opened.reviewing.withdraw([WRONG_REF])
    keep(opened)
    assert not opened.holds(PURPLE)


def test_marks_do_not_hide_the_boxes(opened: Desk) -> None:
    before = [opened.share(WRONG, DARK.fp), opened.share(MISS, DARK.fn)]
    judge(opened, [WRONG_REF, MISS_REF], Judgement.AMBIGUOUS)
    assert [opened.share(WRONG, DARK.fp), opened.share(MISS, DARK.fn)] == before


@pytest.mark.parametrize("selected", [MISS_REF, FAINT_REF, HIT_REF, WRONG_REF])
@pytest.mark.parametrize("zoom", [0, -2, -4])
def test_no_mark_lies_across_the_selected_box(opened: Desk, selected: BoxRef, zoom: int) -> None:
    judge(opened, [HIT_REF, MISS_REF, FOUND_REF, WRONG_REF], Judgement.LABEL, Kind.WRONG_CLASS)
    opened.session.select(selected)
    opened.panel.resize(460, 300)
    opened.settle()
    for _ in range(-zoom):
        opened.panel.zoom_out()
    image, box = opened.image(), opened.canvas.rect_of(selected).adjusted(4, 4, -4, -4)
    colours = {
        image.pixelColor(x, y).name().upper()
        for x in range(box.left(), box.right() + 1)
        for y in range(box.top(), box.bottom() + 1)
    }
    assert colours
    assert PURPLE.upper() not in colours


def test_where_a_judged_box_was_is_dotted_while_it_is_pointed_out(opened: Desk) -> None:
    there: Box = (20.0, 60.0, 40.0, 30.0)
    opened.panel.point_out(Place(Target.OBJECT, "first.png", 77, "cat", there))
    opened.settle()
    assert 0.3 < opened.share(list(there), PURPLE) < 0.7
    opened.show_image(1)
    assert not opened.holds(PURPLE)
    opened.show_image(0)
    assert opened.holds(PURPLE)
    opened.panel.point_out(None)
    assert not opened.holds(PURPLE)


def test_a_mark_is_pointed_at_as_a_label_is(opened: Desk) -> None:
    judge(opened, [WRONG_REF], Judgement.MODEL)
    image = opened.image()
    places = [
        (x, y)
        for y in range(image.height())
        for x in range(image.width())
        if image.pixelColor(x, y).name().upper() == PURPLE.upper()
    ]
    left, top = min(places)
    QTest.mouseMove(opened.canvas, opened.canvas.rect().bottomRight())
    at = opened.at(0, 0)
    at.setX(left + 4)
    at.setY(top + 4)
    QTest.mouseMove(opened.canvas, at)
    opened.settle()
    assert opened.card.isVisible()
    assert "model wrong" in opened.card.text()


def test_what_is_not_shown_has_no_mark_until_it_is_selected(opened: Desk) -> None:
    judge(opened, [FAINT_REF], Judgement.LABEL, Kind.MISSING)
    assert not opened.holds(PURPLE)
    opened.session.select(FAINT_REF)
    assert opened.holds(PURPLE)
    assert "below the threshold" in opened.card.text()
    assert "missing label" in opened.card.text()


def test_the_corrected_box_is_dashed(opened: Desk) -> None:
    there: Box = (20.0, 60.0, 40.0, 30.0)
    judge(opened, [MISS_REF], Judgement.LABEL, Kind.BADLY_PLACED, there)
    assert 0.4 < opened.share(list(there), PURPLE) < 0.9
    assert opened.runs(list(there), PURPLE) >= 3


def test_the_card_tells_the_verdict_the_note_who_and_when(opened: Desk) -> None:
    opened.reviewing.judge([MISS_REF], Judgement.LABEL, Kind.WRONG_CLASS, right_class="dog & cat")
    opened.reviewing.set_note([MISS_REF], "two\n<lines>")
    keep(opened)
    opened.session.select(MISS_REF)
    opened.settle()
    text = opened.card.text()
    for part in ("should be dog &amp; cat", "two<br>&lt;lines&gt;", "Ada, 20"):
        assert part in text


def test_the_header_tells_what_was_said_of_the_image(opened: Desk) -> None:
    opened.reviewing.set_reviewed([0], True)
    judge(opened, [ImageRef(0)], Judgement.LABEL, Kind.MISSING)
    assert "reviewed by Ada · flagged" in opened.header_text
    opened.show_image(1)
    assert "Ada" not in opened.header_text


def test_a_note_alone_has_a_mark(opened: Desk) -> None:
    opened.reviewing.set_note([FOUND_REF, HIT_REF], "look")
    keep(opened)
    assert opened.holds(PURPLE)
