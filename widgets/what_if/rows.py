"""Numbers of the three cases side by side, as rows and columns. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Classes, Flags, Floats
from inspector.evaluation.tables import COUNTS, reason
from inspector.export.table_text import cell_text, harmless
from inspector.review.what_if import Comparison

HEADS: Final = ("", "as is", "ignored", "±", "corrected", "±")
TIPS: Final = (
    "",
    "The labels as they are",
    "Flagged labels ignored, as COCO ignores crowd regions: neither right nor wrong there",
    "By how much that is more than as is",
    "Flagged labels corrected: missing ones added, spurious ones removed, classes and boxes fixed",
    "By how much that is more than as is",
)
_MEASURE, _CLASS = "Measure", "Class"
OVERALL: Final = "Overall"
ALL_CLASSES: Final = "All classes"
_DIFFERENCES: Final = {3: 1, 5: 2}
"""Of columns: the case that is compared with the first one."""
_NUMBERS: Final = {1: 0, 2: 1, 4: 2}
_LESS_IS_BETTER: Final = frozenset({"FP", "FN"})
_NEITHER: Final = frozenset({"objects"})


@dataclass(frozen=True, eq=False)
class Rows:
    """One row for each measure, or for each class."""

    head: str
    """What the first column holds."""
    keys: tuple[str | int, ...]
    """What each row is known by: a measure, or a class row; "" where it stands for all classes."""
    names: tuple[str, ...]
    measures: tuple[str, ...]
    numbers: Floats
    """float64 [rows, 3]: one column for each case; nan for n/a."""

    def __len__(self) -> int:
        return len(self.keys)

    def value(self, row: int, column: int) -> float:
        """A number or a difference; nan for n/a."""
        if column in _DIFFERENCES:
            return float(self.numbers[row, _DIFFERENCES[column]] - self.numbers[row, 0])
        return float(self.numbers[row, _NUMBERS[column]])

    def text(self, row: int, column: int, separator: str = ",") -> str:
        """As people read it; differences have a sign.

        What would round to nothing is told as less than 0.001; without a separator, for other programs, it
        stays a number.
        """
        if column == 0:
            return self.names[row]
        value, measure = self.value(row, column), self.measures[row]
        if math.isnan(value):
            return "n/a"
        if column not in _DIFFERENCES:
            return cell_text(measure, value, separator)
        if value == 0:
            return "0"
        if measure in COUNTS:
            return f"{value:+{separator}.0f}"
        if abs(value) >= 0.0005:
            return f"{value:+.3f}"
        return f"{'+' if value > 0 else '-'}<0.001" if separator else f"{value:+.0e}"

    def why_missing(self, row: int, column: int) -> str:
        """Why there is no number; "" where there is one."""
        if column == 0 or not math.isnan(self.value(row, column)):
            return ""
        return f"n/a: {reason(self.measures[row])}"

    def gain(self, row: int, column: int) -> int:
        """1 where a difference is for the better, -1 for the worse, 0 for neither or no difference."""
        value, measure = self.value(row, column) if column in _DIFFERENCES else 0.0, self.measures[row]
        if math.isnan(value) or value == 0 or measure in _NEITHER:
            return 0
        return -1 if (value > 0) == (measure in _LESS_IS_BETTER) else 1

    def order(self, column: int, descending: bool) -> NDArray[np.intp]:
        """The rows sorted by a column; by none (-1): of classes, those that change most come first.

        What stands for all classes stays at the top; n/a comes last.
        """
        pinned = np.array([key != "" for key in self.keys])
        if column < 0:
            changes = np.nan_to_num(np.abs(self.numbers[:, 1:] - self.numbers[:, :1]).max(axis=1, initial=0))
            by = np.zeros(len(self)) if self.head == _MEASURE else -changes
        elif column == 0:
            by = np.unique([name.casefold() for name in self.names], return_inverse=True)[1].astype(float)
        else:
            by = np.array([self.value(row, column) for row in range(len(self))])
        return np.lexsort((-by if descending and column >= 0 else by, pinned))

    def tab_separated(self, rows: Sequence[int]) -> str:
        """For other programs: a header, and numbers without thousands separators."""
        measure = "" if self.head == _MEASURE else f" ({self.measures[0]})"
        heads = [f"{self.head}{measure}", *HEADS[1:3], "ignored ±", HEADS[4], "corrected ±"]
        lines = [heads]
        for row in rows:
            texts = [self.text(row, column, "") for column in range(1, len(HEADS))]
            lines.append([harmless(" ".join(self.names[row].split())), *texts])
        return "".join("\t".join(line) + "\n" for line in lines)


def choices_of(found: Comparison) -> tuple[str, ...]:
    """What can be shown: all measures overall, or one of them by class."""
    return OVERALL, *found.classes


def rows_of(found: Comparison, choice: str, classes: Classes, chosen: Flags) -> Rows:
    """One of the choices; of the classes, only the chosen ones (bool [classes])."""
    if choice == OVERALL:
        names = tuple(found.overall)
        return Rows(_MEASURE, names, names, names, np.stack([found.overall[name] for name in names]))
    shown = np.flatnonzero(chosen).tolist()
    return Rows(
        _CLASS,
        ("", *shown),
        (ALL_CLASSES if chosen.all() else "Chosen classes", *(classes.names[row] for row in shown)),
        (choice,) * (len(shown) + 1),
        np.concatenate((found.overall[choice][np.newaxis], found.classes[choice][chosen])),
    )
