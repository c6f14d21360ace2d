"""The flags of one dataset, one by one, as every hand-off tells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inspector.dataset import Dataset, FileId
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.attaching import Attached, place_of
from inspector.review.corrections import Corrections, flags_of
from inspector.review.verdicts import Entry, Place, Target

NO_IMAGE: Final = "the image is not in these files"
_TARGETS: Final = (Target.IMAGE, Target.OBJECT, Target.DETECTION)


@dataclass(frozen=True, slots=True)
class Flag:
    """A label that is wrong, and where."""

    entry: Entry
    ref: Ref | None
    """What it hangs on; None for an orphan."""
    image_row: int | None
    """None where the image is not in these files."""
    place: Place
    """As it is in these files now; of an orphan, as it was when it was judged."""
    uncorrected: str = ""
    """Why the corrected ground truth does not obey it; empty where it does."""

    @property
    def is_orphan(self) -> bool:
        return self.ref is None

    @property
    def object_row(self) -> int | None:
        return self.ref.row if isinstance(self.ref, BoxRef) and self.ref.kind is Side.OBJECT else None

    @property
    def detection_row(self) -> int | None:
        return self.ref.row if isinstance(self.ref, BoxRef) and self.ref.kind is Side.DETECTION else None


def flags_by_image(dataset: Dataset, attached: Attached, wanted: Corrections) -> Sequence[Flag]:
    """All flags in the order of the images, on each what is said of the image first; those on images that
    are not in these files come last. `wanted` is what they come to."""
    rows = dataset.images.rows_by_name()
    reasons = {entry.place: reason for entry, reason in wanted.left_out}
    flags = [
        Flag(entry, None, rows.get(entry.place.image_name), entry.place, reasons.get(entry.place, ""))
        if ref is None
        else Flag(entry, ref, _image_row(dataset, ref), place_of(dataset, ref), reasons.get(entry.place, ""))
        for ref, entry in flags_of(attached)
    ]
    flags.sort(key=lambda flag: (len(rows) if flag.image_row is None else flag.image_row, _rank(flag)))
    return flags


def left_out(flags: Sequence[Flag], why: Callable[[Flag], str]) -> Mapping[str, Sequence[Flag]]:
    """The flags that a file has no place for, by the reason, the most frequent first."""
    found: dict[str, list[Flag]] = {}
    for flag in flags:
        reason = why(flag)
        if reason:
            found.setdefault(reason, []).append(flag)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def no_image(flag: Flag) -> str:
    """Why it is in no file of images; "" where it is."""
    return NO_IMAGE if flag.image_row is None else ""


def uncorrected(flag: Flag) -> str:
    return flag.uncorrected


def image_id(dataset: Dataset, flag: Flag) -> FileId | None:
    return None if flag.image_row is None else dataset.images.ids[flag.image_row]


def _image_row(dataset: Dataset, ref: Ref) -> int:
    if isinstance(ref, ImageRef):
        return ref.row
    boxes = dataset.objects if ref.kind is Side.OBJECT else dataset.detections
    return int(boxes.images[ref.row])


def _rank(flag: Flag) -> tuple[bool, int, int]:
    return flag.is_orphan, _TARGETS.index(flag.place.target), 0 if flag.ref is None else flag.ref.row
