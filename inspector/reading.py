"""How files are to be read, where they do not say it themselves or where a person knows better."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

ImagesBy = Literal["id", "path", "name", "stem"]
ClassesBy = Literal["id", "name"]
Corners = Literal["xywh", "xyxy", "cxcywh"]

IMAGES_BY: Final[tuple[ImagesBy, ...]] = ("id", "path", "name", "stem")
CORNERS: Final[tuple[Corners, ...]] = ("xywh", "xyxy", "cxcywh")
CLASSES_BY: Final[tuple[ClassesBy, ...]] = ("id", "name")


@dataclass(frozen=True, slots=True)
class Convention:
    """What the four numbers of a box mean."""

    corners: Corners = "xywh"
    """Left, top, width, height; left, top, right, bottom; or centre, width, height."""
    relative: bool = False
    """In parts of the image's width and height, not in pixels."""
    one_based: bool = False
    """The first pixel is 1, and right and bottom are pixels that belong to the box."""


COCO_CLASS_IDS: Final = tuple(
    number for number in range(1, 91) if number not in (12, 26, 29, 30, 45, 66, 68, 69, 71, 83)
)
"""The ids of COCO's 80 classes, ascending: what `Reading.coco_classes` turns the positions 0-79 into."""

PIXELS: Final = Convention()
"""The one convention inside the program: x, y, width, height in pixels."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything but the files' content that decides what is read. None: found by looking at the content.

    Remedies of the doctor are other readings: files are never changed.
    """

    ground_truth_format: str | None = None
    """A name in `readers.formats.TRUTH_FORMATS`."""
    detections_format: str | None = None
    """A name in `readers.formats.DETECTION_FORMATS`."""
    class_names: Path | None = None
    """A list of class names for files that only number their classes."""
    images_by: ImagesBy | None = None
    classes_by: ClassesBy | None = None
    ground_truth_boxes: Convention | None = None
    detection_boxes: Convention | None = None
    image_id_shift: int = 0
    """Added to the image ids of the detections."""
    class_id_shift: int = 0
    """Added to the class ids of the detections."""
    coco_classes: bool = False
    """The class ids 0-79 of the detections are positions among COCO's ids 1-90."""
    fold_names: bool = False
    """Class and file names match whatever their case, blanks, hyphens and underscores."""
    percent_scores: bool = False
    """Scores are in 0-100."""
    clip_scores: bool = False
    """Scores outside 0-1 are brought to the nearest end."""
    drop_duplicates: bool = False
    """Of detections that agree in image, class, box and score one stays; of objects that agree likewise."""
    box_areas: bool = False
    """Sizes of objects are width x height, whatever `area` says."""


AS_WRITTEN: Final = Reading()
"""What the files say, and where they do not say it, what their content shows."""


def folded(name: str) -> str:
    """A name without what `Reading.fold_names` takes no notice of."""
    return re.sub(r"[\s_-]+", "", name.casefold())
