"""What a reading does differently from the files' own word, in words, and the reading without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Final

from inspector.conventions import spoken
from inspector.reading import AS_WRITTEN, Convention, Reading

_WORDS: Final = {
    "ground_truth_format": "ground truth read as {}",
    "detections_format": "detections read as {}",
    "class_names": "class names from {}",
    "images_by": "images matched by {}",
    "classes_by": "classes matched by {}",
    "ground_truth_boxes": "boxes of the ground truth read as {}",
    "detection_boxes": "boxes of the detections read as {}",
    "image_id_shift": "{:+} added to the image ids of the detections",
    "class_id_shift": "{:+} added to the class ids of the detections",
    "coco_classes": "class ids 0-79 of the detections read as positions among COCO's 1-90",
    "fold_names": "names matched whatever their case, blanks, hyphens and underscores",
    "percent_scores": "scores read as percent",
    "clip_scores": "scores brought into 0-1",
    "drop_duplicates": "exact duplicates left out",
    "box_areas": "sizes of objects taken from their boxes",
}


@dataclass(frozen=True, slots=True)
class Applied:
    """One way in which the files are read otherwise."""

    title: str
    without: Reading
    """The reading that takes it back."""


def applied(reading: Reading) -> tuple[Applied, ...]:
    """Everything that a person, or a remedy, asked for."""
    return tuple(_applied(reading))


def _applied(reading: Reading) -> Iterator[Applied]:
    for field in fields(Reading):
        value, usual = getattr(reading, field.name), getattr(AS_WRITTEN, field.name)
        if value != usual:
            said = spoken(value) if isinstance(value, Convention) else value
            yield Applied(_WORDS[field.name].format(said), replace(reading, **{field.name: usual}))
