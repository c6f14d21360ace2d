"""Where cells lie."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgets.gallery.layout import Layout

layouts = st.builds(
    Layout, st.integers(0, 10_000_000), st.integers(1, 4000), st.integers(48, 384), st.integers(10, 60)
)


@given(layouts, st.data())
def test_what_is_at_a_cell_is_that_cell(layout: Layout, data: st.DataObject) -> None:
    if layout.count:
        position = data.draw(st.integers(0, layout.count - 1))
        x, y = layout.corner(position)
        assert layout.at(x, y) == position
        assert layout.at(x + layout.cell_width - 1, y + layout.cell_height - 1) == position
        assert y + layout.cell_height <= layout.height


@given(layouts, st.integers(0, 10**9), st.integers(0, 5000))
def test_all_cells_with_pixels_in_a_stretch_are_found(layout: Layout, top: int, height: int) -> None:
    between = layout.between(top, top + height)
    for position in (between.start - 1, between.start, between.stop - 1, between.stop):
        if 0 <= position < layout.count and height:
            y = layout.corner(position)[1]
            assert (position in between) == (y < top + height and y + layout.cell_height > top)


@given(layouts)
def test_cells_share_the_width_and_a_scroll_bar_can_count_their_height(layout: Layout) -> None:
    assert layout.columns * layout.cell_width <= max(layout.width, layout.cell_width)
    assert layout.height // layout.unit < 2**31
    assert layout.at(-1, 0) is None
    assert layout.at(layout.columns * layout.cell_width, 0) is None
    assert layout.at(0, layout.height) is None
