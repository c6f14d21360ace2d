"""Items as text for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from inspector.progress import Progress
from inspector.review.verdicts import Verdict
from inspector.review.words import judgement_words
from widgets.gallery.cells import Cells

_COLUMNS: Final = ("Image", "Class", "Score", "IoU", "X", "Y", "Width", "Height", "Suspicion", "Verdict")
_PER_REPORT: Final = 1_000


def as_tab_separated(
    cells: Cells, positions: list[int], verdicts: Iterable[Verdict], progress: Progress
) -> str:
    """A header and one line per item. Raises CancelledError when `progress` does."""
    lines = ["\t".join(_COLUMNS)]
    for number, (position, verdict) in enumerate(zip(positions, verdicts, strict=True)):
        if number % _PER_REPORT == 0:
            progress("Copying", number / len(positions))
        parts = (*cells.texts(position), judgement_words(verdict))
        lines.append("\t".join(" ".join(part.split()) for part in parts))
    return "\n".join(lines) + "\n"
