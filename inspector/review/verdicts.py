"""What a person said of an object, a detection or an image, and what that was said of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inspector.dataset import FileId, ImageName

Box = tuple[float, float, float, float]
"""x, y, width, height in pixels."""


class Judgement(StrEnum):
    """Who is wrong. The values are what the filter line and the review file call it."""

    LABEL = "label"
    """The label is wrong: a flag."""
    MODEL = "model"
    AMBIGUOUS = "ambiguous"
    FINE = "fine"
    """Neither is wrong."""


class Kind(StrEnum):
    """How a label is wrong."""

    MISSING = "missing"
    """A detection that is an object, or an image that lacks labels."""
    SPURIOUS = "spurious"
    WRONG_CLASS = "wrong_class"
    BADLY_PLACED = "badly_placed"
    DUPLICATE = "duplicate"
    IGNORE = "ignore"
    """An object that should be marked as crowd, or be ignored."""


class Target(StrEnum):
    """What a verdict hangs on."""

    OBJECT = "object"
    DETECTION = "detection"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Place:
    """What a verdict hangs on, told by what stays the same when files change."""

    target: Target
    image: str
    """The file name, as the ground truth gives it."""
    object_id: FileId | None = None
    """The annotation id of an object."""
    class_name: str = ""
    """Of the box, when it was judged; empty for images."""
    box: Box | None = None
    """None for images."""
    number: int = 0
    """Of boxes of an image that are the same in all of this, which one, in the dataset's order."""
    image_number: int = 0
    """Which of the images of this file name."""

    @property
    def image_name(self) -> ImageName:
        return self.image, self.image_number


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one place. Of an empty one nothing is said."""

    judgement: Judgement | None = None
    kind: Kind | None = None
    """Only where the label is wrong; None there for what has no kind."""
    right_class: str = ""
    """The name that a label of the wrong class should have; empty where nobody said."""
    right_box: Box | None = None
    """Where a badly placed label should be; None where nobody said."""
    reviewed: bool = False
    """Of an image: it was looked through."""
    note: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Verdict()

    @property
    def is_flag(self) -> bool:
        """Whether it says that a label has to be fixed."""
        return self.judgement is Judgement.LABEL

    @property
    def removes(self) -> bool:
        """Whether it says that a label has to go."""
        return self.is_flag and self.kind in (Kind.SPURIOUS, Kind.DUPLICATE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A verdict, its place, and who gave it when."""

    place: Place
    verdict: Verdict
    author: str
    time: datetime
    """In UTC."""
