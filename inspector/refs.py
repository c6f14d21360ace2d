"""What a person points at: one box, or one image, of a dataset, by its row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Which array the row of a box belongs to."""

    DETECTION = "detection"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class BoxRef:
    """One box of the dataset."""

    kind: Side
    row: int
    """The detection row or the object row."""


@dataclass(frozen=True, slots=True)
class ImageRef:
    """One image of the dataset."""

    row: int


Ref = BoxRef | ImageRef
