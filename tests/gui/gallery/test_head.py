"""The line above the crops."""

from __future__ import annotations

import pytest

from tests.gui.gallery.conftest import Gallery


@pytest.mark.parametrize("width", [900, 1280, 1440, 1900])
def test_the_filter_has_room_to_be_read(gallery: Gallery, width: int) -> None:
    gallery.program.window.resize(width, 900)
    gallery.settle()
    line = gallery.panel.filter_line
    assert line.width() >= 260
    head = line.parentWidget()
    assert head is not None
    others = [part for part in head.children() if part is not line and getattr(part, "isVisible", bool)()]
    for part in others:
        assert not part.geometry().intersects(line.geometry())
        assert head.rect().contains(part.geometry())
    same_line = [part.geometry().right() for part in others if abs(part.y() - line.y()) < line.height()]
    assert max([line.geometry().right(), *same_line]) >= head.width() - 10  # nothing is left free
