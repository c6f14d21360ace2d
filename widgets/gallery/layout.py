"""Where the cells of a grid lie: plain arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

GAP: Final = 6
"""Pixels around a crop within its cell."""
_MOST: Final = 1 << 30
"""The largest value of a scroll bar: Qt counts in 32 bits."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A grid of equal cells, in widget pixels from the top of the whole grid."""

    count: int
    width: int
    """Of the view."""
    side: int
    """Of the square that a crop is put into."""
    caption: int
    """The height of what is written below it."""
    columns: int = field(init=False)
    cell_width: int = field(init=False)
    """What is left over is shared out among the columns."""
    cell_height: int = field(init=False)

    def __post_init__(self) -> None:
        least = self.side + 2 * GAP
        object.__setattr__(self, "columns", max(1, self.width // least))
        object.__setattr__(self, "cell_width", max(least, self.width // self.columns))
        object.__setattr__(self, "cell_height", least + self.caption)

    @property
    def lines(self) -> int:
        return -(-self.count // self.columns)

    @property
    def height(self) -> int:
        return self.lines * self.cell_height

    @property
    def unit(self) -> int:
        """Pixels of one step of a scroll bar: more than one where the grid is higher than Qt can count."""
        return 1 + self.height // _MOST

    def corner(self, position: int) -> tuple[int, int]:
        """Left and top of a cell."""
        line, column = divmod(position, self.columns)
        return column * self.cell_width, line * self.cell_height

    def between(self, top: int, bottom: int) -> range:
        """The positions whose cells have pixels from `top` up to, but without, `bottom`."""
        first = max(0, top // self.cell_height) * self.columns
        end = max(0, -(-bottom // self.cell_height)) * self.columns
        return range(min(first, self.count), min(end, self.count))

    def at(self, x: int, y: int) -> int | None:
        """The position of the cell at a place; None where there is none."""
        column, line = x // self.cell_width, y // self.cell_height
        if not 0 <= column < self.columns or line < 0:
            return None
        position = line * self.columns + column
        return position if position < self.count else None
