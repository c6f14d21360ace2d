"""Items as text for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from inspector.progress import Progress
from inspector.refs import Ref
from inspector.review.verdicts import Entry
from inspector.review.words import judgement_words
from widgets.gallery.cells import Cells

_COLUMNS: Final = ("Image", "Class", "Score", "IoU", "X", "Y", "Width", "Height", "Suspicion", "Verdict")
_PER_REPORT: Final = 1_000


def as_tab_separated(
    cells: Cells, positions: list[int], entries: Mapping[Ref, Entry], progress: Progress
) -> str:
    """A header and one line per item, with what was said; CancelledError when `progress` raises it."""
    lines = ["\t".join(_COLUMNS)]
    for first in range(0, len(positions), _PER_REPORT):
        progress("Copying", first / len(positions))
        block = positions[first : first + _PER_REPORT]
        cells.prepare(block)
        for position in block:
            entry = entries.get(cells[position].ref)
            said = "" if entry is None else judgement_words(entry.verdict)
            lines.append("\t".join(" ".join(part.split()) for part in (*cells.texts(position), said)))
    return "\n".join(lines) + "\n"
