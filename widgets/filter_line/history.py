"""The lines that were entered, to go back through them."""

from __future__ import annotations

from collections.abc import Sequence

_MOST = 20


class History:
    """Up goes back, Down forth again, as far as what was being typed."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._at = -1
        self._draft = ""

    @property
    def texts(self) -> Sequence[str]:
        """The latest first."""
        return self._texts

    def remember(self, text: str) -> None:
        text = text.strip()
        self._at = -1
        if text:
            self._texts = [text, *(old for old in self._texts if old != text)][:_MOST]

    def step(self, steps: int, shown: str) -> str:
        """The line that is `steps` further back than the one that is shown."""
        if self._at < 0 or shown != self._texts[self._at]:  # something else was typed since
            self._at, self._draft = -1, shown
            if steps > 0 and self._texts[:1] == [shown.strip()]:
                self._at = 0
        self._at = min(max(self._at + steps, -1), len(self._texts) - 1)
        return self._draft if self._at < 0 else self._texts[self._at]
