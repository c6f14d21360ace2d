"""The options for readings that only a person can know of, and how a reading is written with options."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Final

from inspector.reading import Convention, Reading

_NUMBERS: Final = (
    ("image_id_shift", "--shift-images", "add N to the image ids of the detections"),
    ("class_id_shift", "--shift-classes", "add N to the class ids of the detections"),
)
_MOST_SHIFT: Final = 10**15
"""Ids beyond it are exact no more where programs count in floating point."""
_FLAGS: Final = (
    ("coco_classes", "--coco-classes", "class ids 0-79 of the detections are COCO's 1-90"),
    ("fold_names", "--fold-names", "names match whatever their case, blanks, hyphens and underscores"),
    ("percent_scores", "--percent-scores", "scores are in 0-100"),
    ("clip_scores", "--clip-scores", "scores outside 0-1 are brought to the nearest end"),
    ("drop_duplicates", "--drop-duplicates", "of boxes that agree in everything one stays"),
    ("box_areas", "--box-areas", "sizes of objects are width x height, whatever `area` says"),
)


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """What the doctor's remedies say."""
    group = parser.add_argument_group("what the files do not say (`doctor` tells when they help)")
    for field, option, words in _NUMBERS:
        group.add_argument(option, dest=field, type=_shift, default=0, metavar="N", help=words)
    for field, option, words in _FLAGS:
        group.add_argument(option, dest=field, action="store_true", help=words)


def _shift(text: str) -> int:
    """For argparse."""
    try:
        shift = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'expected a whole number, found "{text}"') from None
    if abs(shift) > _MOST_SHIFT:
        raise argparse.ArgumentTypeError(f"expected a whole number up to {_MOST_SHIFT:,}")
    return shift


def with_options(reading: Reading, options: argparse.Namespace) -> Reading:
    """A reading with what the options of `add_reading_options` wish beyond it."""
    for field, *_ in (*_NUMBERS, *_FLAGS):
        if wish := getattr(options, field):
            reading = replace(reading, **{field: wish})
    return reading


def written(reading: Reading, former: Reading) -> list[str]:
    """The options that make `reading` of `former`: ["--boxes", "pred=xyxy"]."""
    words: list[str] = []
    for field, option, _ in _NUMBERS:
        if getattr(reading, field) != getattr(former, field):
            words += [option, str(getattr(reading, field))]
    words += [option for field, option, _ in _FLAGS if getattr(reading, field) and not getattr(former, field)]
    if reading.images_by != former.images_by:
        words += ["--match-images", str(reading.images_by)]
    if reading.classes_by != former.classes_by:
        words += ["--match-classes", str(reading.classes_by)]
    if reading.ground_truth_boxes != former.ground_truth_boxes:
        words += ["--boxes", f"gt={_corners(reading.ground_truth_boxes)}"]
    if reading.detection_boxes != former.detection_boxes:
        words += ["--boxes", f"pred={_corners(reading.detection_boxes)}"]
    return words


def _corners(convention: Convention | None) -> str:
    meant = convention or Convention()
    return f"{meant.corners}{',relative' if meant.relative else ''}{',one-based' if meant.one_based else ''}"
