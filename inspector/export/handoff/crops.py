"""A folder of crops: a picture of each flag, and a list of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Final

from inspector.dataset import Dataset
from inspector.export.handoff.crop_picture import boxes_of, picture_of
from inspector.export.handoff.flag_csv import write_flags
from inspector.export.handoff.flags import NO_IMAGE, Flag, left_out
from inspector.export.handoff.ours import is_handed_off
from inspector.images import ImageProblem, decode, resolve_image
from inspector.parallel import in_order
from inspector.progress import Progress

STAGE: Final = "Cutting out crops"
LIST: Final = "flags.csv"
_NAME: Final = re.compile(r"\d{4,} .*\.jpg")
_UNSAFE: Final = re.compile(r'[<>:"/\\|?*\s]+')
_LONGEST_PART: Final = 40
"""Letters of each part of a file name: with a folder, Windows takes 260 in all."""
_QUALITY: Final = 90
"""With all of the colours, which lines need. A PNG takes ten times as long, and as much room."""
_AHEAD: Final = 4
"""Images decoded at once: a large one takes a gigabyte."""


def is_ours(path: Path) -> bool:
    """Whether a file of a folder was written by `write_crops`: by its name, and the list by its beginning.
    Raises OSError."""
    return is_handed_off(path) if path.name == LIST else _NAME.fullmatch(path.name) is not None


def write_crops(
    dataset: Dataset, flags: Sequence[Flag], folder: Path, progress: Progress
) -> Mapping[str, Sequence[Flag]]:
    """Write a JPEG for each flag into an empty folder, and the list of all flags in the same order.

    Returns those without a picture, by reason. Raises OSError, and what `progress` raises.
    """
    reasons: dict[int | None, str] = {}
    """By image row; empty where there are pictures."""
    numbered = list(enumerate(flags, start=1))
    there = [(number, flag) for number, flag in numbered if flag.image_row is not None]
    by_image = [
        (row, list(group)) for row, group in groupby(there, lambda item: item[1].image_row) if row is not None
    ]

    def work(item: tuple[int, list[tuple[int, Flag]]]) -> str:
        """Write the crops of one image; returns why there are none."""
        image_row, of_image = item
        declared = dataset.images.sizes[image_row].tolist()
        try:
            if dataset.image_folder is None:
                raise ImageProblem("no image folder was found")
            pixels = decode(
                resolve_image(dataset.image_folder, dataset.images.file_names[image_row]), declared
            )
        except ImageProblem as problem:
            return f"image: {problem}"
        for number, flag in of_image:
            picture = picture_of(pixels, (declared[0], declared[1]), flag, boxes_of(dataset, flag))
            picture.save(folder / file_name(number, flag), "JPEG", quality=_QUALITY, subsampling=0)
        return ""

    progress(STAGE, 0.0)
    with closing(in_order(work, by_image, ahead=_AHEAD)) as problems:
        for done, ((row, _), problem) in enumerate(zip(by_image, problems, strict=True), start=1):
            reasons[row] = problem
            progress(STAGE, done / len(by_image))
    with (folder / LIST).open("wb") as stream:
        write_flags(dataset, flags, stream)
    return left_out(flags, lambda flag: reasons.get(flag.image_row, NO_IMAGE))


def file_name(number: int, flag: Flag) -> str:
    """A name that every system takes; the number, which is that of the row in the list, makes it unique.

    "0012 missing person 000000143.jpg"
    """
    place, kind = flag.place, flag.entry.verdict.kind
    stem = place.image.replace("\\", "/").rpartition("/")[2].rpartition(".")
    parts = ("flag" if kind is None else kind.value, place.class_name, stem[0] or stem[2])
    return " ".join([f"{number:04d}", *filter(None, map(_safe, parts))]) + ".jpg"


def _safe(text: str) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return _UNSAFE.sub("_", plain)[:_LONGEST_PART].strip(" ._")
