"""Text in pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from inspector.export.handoff import lettering
from inspector.export.handoff.lettering import draw_text, text_width, wrapped


@pytest.fixture
def no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(lettering, "_SYSTEM_FONTS", ("none.ttf",))
    lettering._of_system.cache_clear()
    yield
    lettering._of_system.cache_clear()


def drawn(text: str) -> bytes:
    picture = Image.new("L", (400, 30), 255)
    draw_text(ImageDraw.Draw(picture), (4, 4), text, "#000000", 15)
    return picture.tobytes()


@pytest.mark.usefixtures("no_system_fonts")
@pytest.mark.parametrize(
    ("text", "escaped"), [("Fußgänger", r"Fu\xdfg\xe4nger"), ("猫", r"\u732b"), ("a 😀", r"a \U0001f600")]
)
def test_letters_that_no_font_has_are_escaped(text: str, escaped: str) -> None:
    assert drawn(text) == drawn(escaped)
    assert text_width(text, 15) == text_width(escaped, 15)


def test_no_letter_is_an_empty_box() -> None:
    letters = "äßçœŁżñÀ αΩ Привет 猫日本語 한국어 😀 — „“"
    box = ImageFont.load_default(15).getmask("\uffff")
    for font, part in lettering._parts(letters, 15):
        masks = [font.getmask(letter) for letter in part if letter != " "]
        empty = font.getmask("\uffff")
        assert all((bytes(mask), mask.size) != (bytes(empty), empty.size) for mask in masks)
        assert all((bytes(mask), mask.size) != (bytes(box), box.size) for mask in masks)


def test_the_width_is_what_is_drawn_and_letters_stand_on_one_line() -> None:
    for text in ("person", "Fußgänger — größer", "a猫b"):
        pixels = np.frombuffer(drawn(text), np.uint8).reshape(30, 400)
        right = np.flatnonzero((pixels < 200).any(axis=0)).max()
        assert abs(right - 4 - text_width(text, 15)) < 8


@pytest.mark.parametrize("width", [1, 30, 100, 1000])
def test_long_text_is_broken_and_nothing_of_it_is_lost(width: int) -> None:
    text = "note: Größe in the back, " + "x" * 60 + " 猫猫猫猫猫猫"
    lines = wrapped(text, 15, width)
    assert all(lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line, 15) <= width or len(line) == 1 for line in lines)
    assert wrapped("a b", 15, 1000) == ["a b"]
    assert wrapped("wide words", 15, text_width("wide wor", 15)) == ["wide", "words"]
