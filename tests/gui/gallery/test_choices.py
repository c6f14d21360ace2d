"""What a person chose, as it is remembered."""

from __future__ import annotations

import pytest

from widgets.gallery.choices import CONTEXTS, LARGEST, SMALLEST, Choices
from widgets.gallery.items import Mode, Order, Sorting


@pytest.mark.parametrize("value", ["rubbish", "", "-1", "99999", "²", "nan", None, 3.5])
def test_what_cannot_be_understood_is_left_out(value: object) -> None:
    keys = [*Choices().texts(), "unknown"]
    assert Choices.from_texts(dict.fromkeys(keys, value)) == Choices()


def test_choices_survive_as_texts() -> None:
    chosen = Choices(Mode.SUSPECTS, side=200, context=CONTEXTS[-1], hides_judged=True)
    chosen = chosen.sorted_by(Sorting(Order.IMAGE, False))
    assert Choices.from_texts(chosen.texts()) == chosen
    assert Choices.from_texts(Choices().texts()) == Choices()


def test_the_size_has_limits() -> None:
    assert (Choices().sized(1).side, Choices().sized(9999).side) == (SMALLEST, LARGEST)
