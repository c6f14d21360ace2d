"""What every check is given: the data, how it was read, and words for places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Flags, Floats
from inspector.doctor.findings import Example
from inspector.pauses import Pauses
from inspector.progress import Progress, no_progress
from inspector.reading import Reading
from inspector.refs import BoxRef, ImageRef, Side
from inspector.sources import Sources

STAGE: Final = "Examining the files"
EXAMPLES: Final = 5
"""Places of a finding: enough to see what they have in common."""
_ROWS_PER_STEP: Final = 250_000
"""Of a step in numpy: some milliseconds."""

Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Case:
    """The files that are examined."""

    dataset: Dataset
    sources: Sources
    progress: Progress = no_progress
    pause: Pauses = field(default_factory=Pauses)

    @property
    def reading(self) -> Reading:
        """The reading in force."""
        return self.sources.reading

    @property
    def both_sides(self) -> bool:
        """Whether there are objects and detections to compare."""
        return bool(len(self.dataset.objects) and len(self.dataset.detections))

    def step(self) -> None:
        """Called between short steps of a check; raises when the work is cancelled."""
        self.progress(STAGE, 0.0)
        self.pause()

    def rows_where(self, count: int, odd: Callable[[slice], Flags]) -> Positions:
        """int64: the rows of some `count` for which `odd` (bool, of a slice of rows) holds."""
        found = []
        for first in range(0, count, _ROWS_PER_STEP):
            rows = slice(first, min(first + _ROWS_PER_STEP, count))
            there = np.flatnonzero(odd(rows))
            if len(there):
                found.append(there + first)
            self.step()
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def image(self, row: int, what: str = "") -> Example:
        """An image as an example."""
        name = self.dataset.images.file_names[row]
        return Example(f"{name}: {what}" if what else name, ImageRef(row))

    def images(self, rows: Iterable[int], what: Callable[[int], str] = lambda _: "") -> tuple[Example, ...]:
        """The first of some images."""
        return tuple(self.image(row, what(row)) for row in _first(rows))

    def objects(self, rows: Iterable[int], what: Callable[[int], str] = lambda _: "") -> tuple[Example, ...]:
        """The first of some objects; `what` says what is odd about each."""
        return tuple(self._object(row, what(row)) for row in _first(rows))

    def detections(
        self, rows: Iterable[int], what: Callable[[int], str] = lambda _: ""
    ) -> tuple[Example, ...]:
        """The first of some detections; `what` says what is odd about each."""
        return tuple(self._detection(row, what(row)) for row in _first(rows))

    def _object(self, row: int, what: str) -> Example:
        data, objects = self.dataset, self.dataset.objects
        place = _place(data.ground_truth_path, "annotations", int(objects.positions[row]))
        name = data.images.file_names[int(objects.images[row])]
        text = f"{place}{name}: {data.object_name(row)} {numbers(objects.boxes[row])}"
        return Example(f"{text}, {what}" if what else text, BoxRef(Side.OBJECT, row))

    def _detection(self, row: int, what: str) -> Example:
        data, found = self.dataset, self.dataset.detections
        place = _place(data.detections_path, "", int(found.positions[row]))
        name = data.images.file_names[int(found.images[row])]
        called = f"{data.detection_name(row)} {found.scores[row]:.3g} {numbers(found.boxes[row])}"
        text = f"{place}{name}: {called}"
        return Example(f"{text}, {what}" if what else text, BoxRef(Side.DETECTION, row))


def worded(text: str, count: int) -> str:
    """A title for so many: "{s}" and "{es}" stand where the plural has them, "{one|many}" for either."""
    one = count == 1
    for mark, many in (("{s}", "s"), ("{es}", "es")):
        text = text.replace(mark, "" if one else many)
    while "{" in text:
        before, _, rest = text.partition("{")
        choice, _, after = rest.partition("}")
        text = before + choice.split("|")[not one] + after
    return text


def numbers(box: Floats) -> str:
    """A box as it is read: "[12, 3.5, 40, 20]"."""
    return f"[{', '.join(f'{value:.6g}' for value in box.tolist())}]"


def some(names: Sequence[str], most: int = EXAMPLES) -> str:
    """Names in a row: "cat, dog and 3 more"."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def share(part: float, whole: float) -> str:
    """A part in percent: "12 %"; never 0 % or 100 % of what is not none or all."""
    percent = 100 * part / whole if whole else 0.0
    if 0 < percent < 0.5:
        return "under 1 %"
    if 99.5 <= percent < 100:
        return "over 99 %"
    return f"{percent:.0f} %"


def _first(rows: Iterable[int]) -> list[int]:
    return [int(row) for row, _ in zip(rows, range(EXAMPLES), strict=False)]


def _place(path: Path | None, key: str, position: int) -> str:
    """The place in a file that is a list of boxes; where there are many files, the image's name tells it."""
    return f"{key}[{position}] " if path is not None and path.suffix.lower() == ".json" else ""
