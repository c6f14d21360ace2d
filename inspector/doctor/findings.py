"""What the doctor says: what is odd about the files, what it does to the numbers, and what helps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inspector.reading import Reading
from inspector.refs import Ref


class Severity(StrEnum):
    """How much a finding matters to the numbers."""

    ERROR = "error"
    """The numbers are almost certainly not what was meant."""
    WARNING = "warning"
    """The numbers may be affected."""
    NOTE = "note"
    """Worth knowing."""


@dataclass(frozen=True, slots=True)
class Example:
    """One place of a finding."""

    text: str
    """The place in the files, and what stands there: "[17].image_id: 999"."""
    ref: Ref | None = None
    """The image or box (row of the opened dataset) where it can be shown."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Another reading of the same files; the files stay as they are."""

    title: str
    """A wish: "Read the boxes as x1, y1, x2, y2"."""
    reading: Reading


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the doctor found."""

    code: str
    """What programs call it: "class_ids_shifted"."""
    severity: Severity
    title: str
    """One line, behind the count: "detections for images that the ground truth does not list"."""
    count: int
    """0 where nothing is counted, and the title stands alone."""
    examples: tuple[Example, ...] = ()
    effect: str = ""
    """What it does to the numbers; measured where it can be: "AP .347 instead of .402"."""
    remedies: tuple[Remedy, ...] = ()
