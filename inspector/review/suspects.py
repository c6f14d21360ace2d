"""Labels that are probably wrong, as columns, best first."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Floats, Rows
from inspector.refs import BoxRef, Side
from inspector.review.verdicts import Kind

KINDS: Final = (Kind.MISSING, Kind.SPURIOUS, Kind.WRONG_CLASS, Kind.BADLY_PLACED, Kind.DUPLICATE)
"""What `Suspects.kinds` are positions in."""
NO_ROW: Final = -1


@dataclass(frozen=True, eq=False)
class Suspects:
    """One row per suspicion, by descending score: an object that may be wrong in several ways has several."""

    kinds: NDArray[np.uint8]
    """Positions in `KINDS`."""
    scores: Floats
    """float64 [suspects] in [0, 1]: how likely the label is wrong in this way."""
    images: Rows
    objects: Rows
    """The object row that is suspected; NO_ROW for missing labels."""
    detections: Rows
    """The detection row that speaks against it, or that is missing as a label; NO_ROW where there is none."""

    def __post_init__(self) -> None:
        for item in fields(self):
            getattr(self, item.name).setflags(write=False)

    def __len__(self) -> int:
        return len(self.kinds)

    def kind(self, row: int) -> Kind:
        return KINDS[int(self.kinds[row])]

    def ref(self, row: int) -> BoxRef:
        """The box that is judged: the object, or the detection that has no label."""
        if self.objects[row] == NO_ROW:
            return BoxRef(Side.DETECTION, int(self.detections[row]))
        return BoxRef(Side.OBJECT, int(self.objects[row]))
