"""What a person chose in the gallery, which is remembered from one start to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from inspector.review.suspects import KINDS
from inspector.review.verdicts import Kind
from widgets.gallery.items import USUAL, Mode, Order, Sorting

SMALLEST: Final = 48
LARGEST: Final = 384
"""Widget pixels of a crop's side."""
STEP: Final = 16
CONTEXTS: Final = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Choices:
    """How the gallery looks."""

    mode: Mode = Mode.FP
    sortings: Mapping[Mode, Sorting] = field(default_factory=lambda: dict(USUAL))
    side: int = 128
    """Widget pixels of a crop's side."""
    context: float = 0.2
    """What is shown around a box on each side, in lengths of its longer side."""
    hides_judged: bool = False
    kind: Kind | None = None
    """Of suspects: which errors; None for all. Not remembered: somebody would wonder where the others are."""
    is_alone: bool = False
    """Whether only one side is open, whatever mode was chosen for both. Not remembered."""

    @property
    def shown(self) -> Mode:
        """What is shown in the end."""
        return Mode.ALONE if self.is_alone else self.mode

    @property
    def sorting(self) -> Sorting:
        """Of what is shown."""
        return self.sortings[self.shown]

    def switched(self, place: int) -> Choices:
        """To a mode by its place; again to that of suspects: to their next kind."""
        mode = list(Mode)[place]
        if self.is_alone:
            return self
        if not mode is self.mode is Mode.SUSPECTS:
            return replace(self, mode=mode)
        kinds = (None, *KINDS)
        return replace(self, kind=kinds[(kinds.index(self.kind) + 1) % len(kinds)])

    def sorted_by(self, sorting: Sorting) -> Choices:
        return replace(self, sortings={**self.sortings, self.shown: sorting})

    def sized(self, side: int) -> Choices:
        return replace(self, side=min(LARGEST, max(SMALLEST, side)))

    def texts(self) -> dict[str, str]:
        """For `from_texts`."""
        return {
            "mode": self.mode.value,
            "side": str(self.side),
            "context": str(self.context),
            "hides_judged": str(int(self.hides_judged)),
            **{f"sorting_{mode.name}": _text(sorting) for mode, sorting in self.sortings.items()},
        }

    @classmethod
    def from_texts(cls, values: Mapping[str, object]) -> Choices:
        """What does not fit this version is left out."""
        texts = {key: str(value) for key, value in values.items()}
        every = [Sorting(order, descending) for order in Order for descending in (True, False)]
        sortings, usual = {_text(sorting): sorting for sorting in every}, cls()
        modes = {mode.value: mode for mode in Mode}
        contexts = {str(context): context for context in CONTEXTS}
        side = texts.get("side", "")
        read = cls(
            mode=modes.get(texts.get("mode", ""), usual.mode),
            sortings={
                mode: sortings.get(texts.get(f"sorting_{mode.name}", ""), USUAL[mode]) for mode in Mode
            },
            context=contexts.get(texts.get("context", ""), usual.context),
            hides_judged=texts.get("hides_judged") == "1",
        )
        return read.sized(int(side)) if side.isascii() and side.isdecimal() and len(side) < 5 else read


def _text(sorting: Sorting) -> str:
    return f"{sorting.order.value} {'down' if sorting.descending else 'up'}"
