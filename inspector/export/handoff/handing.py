"""One entry for all forms of a hand-off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from inspector.dataset import Dataset
from inspector.errors import InputError
from inspector.export.handoff.coco_corrected import FORMER_MASK, write_corrected
from inspector.export.handoff.coco_flagged import write_flagged
from inspector.export.handoff.coco_made import MadeSource, numbered, why_made
from inspector.export.handoff.flag_csv import write_flags
from inspector.export.handoff.flags import Flag, flags_by_image, left_out, no_image, uncorrected
from inspector.export.handoff.ours import refuse_foreign
from inspector.export.handoff.source_json import Source, SourceFile
from inspector.export.handoff.writing import make_folder, refuse_sources, whole_folder
from inspector.export.whole_file import whole_file
from inspector.progress import Progress, no_progress
from inspector.reading import AS_WRITTEN, Reading
from inspector.review.attaching import Attached
from inspector.review.corrections import Corrections, corrections, masks_left_out


class Form(StrEnum):
    """What is written."""

    CSV = "csv"
    COCO = "coco"
    CORRECTED = "corrected"
    CROPS = "crops"


NAMES: Final = {
    Form.CSV: "flags.csv",
    Form.COCO: "flagged.json",
    Form.CORRECTED: "corrected.json",
    Form.CROPS: "crops",
}
"""Of the file or the folder that is written, within the folder that is chosen."""


@dataclass(frozen=True, slots=True)
class HandedOff:
    """What was written."""

    path: Path
    flags: int
    """How many flags are in it, or were obeyed."""
    missing: Mapping[str, Sequence[Flag]]
    """Those that are not, by reason."""
    orphans: int
    """How many of all hang on nothing in these files."""
    masks: int = 0
    """How many masks became the outline of a box that was corrected."""
    made: str = ""
    """Why a COCO file was made from what was read; empty where the ground truth was copied."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What else is not as it was."""
        said = []
        if self.made:
            why = f"{self.made[:1].upper()}{self.made[1:]}"
            is_made = f"{self.path.name} is a COCO file made from what was read"
            said.append(f"{why}: {is_made}; the original files stay as they are")
        if self.masks:
            said.append(f"{masks_left_out(self.masks)} (kept as {FORMER_MASK})")
        return tuple(said)

    @property
    def left_out(self) -> Mapping[str, int]:
        """How many are not in it, by reason."""
        return {reason: len(flags) for reason, flags in self.missing.items()}


def hand_off(
    form: Form,
    dataset: Dataset,
    attached: Attached,
    folder: Path,
    sources: Sequence[Path] = (),
    reading: Reading = AS_WRITTEN,
    progress: Progress = no_progress,
) -> HandedOff:
    """Write the flags into a folder, which is made where it is missing, under the name of the form.

    `dataset` is as it was read: all images, with the classes of the files. The target is there as a whole, in
    place of what a hand-off wrote before, or is left as it was; what somebody else wrote is never replaced.
    `sources` (files and folders) are not written to either, besides those of the dataset. `reading`: how it
    was read. Of ground truth that is no COCO file one is made; its ids are those of all forms. Raises
    InputError, and CancelledError when `progress` does.
    """
    assert dataset.labels is None, "joined classes are not the file's"
    made = why_made(dataset, reading)
    dataset = numbered(dataset) if made else dataset
    wanted = corrections(dataset, attached)
    target, flags = folder / NAMES[form], flags_by_image(dataset, attached, wanted)
    read = [*dataset.paths, *sources]
    if dataset.image_folder is not None:
        read.append(dataset.image_folder)
    if form is Form.CROPS:
        return _crops(dataset, flags, target, read, progress)
    refuse_sources(target, read)
    refuse_foreign(target)
    make_folder(folder)
    with whole_file(target) as stream:
        if form is Form.CSV:
            write_flags(dataset, flags, stream)
            done = _result(target, flags, {})
        else:
            source = MadeSource(dataset, made, progress) if made else SourceFile(dataset, progress)
            missing, masks = _write_coco(form, dataset, source, wanted, flags, stream)
            done = _result(target, flags, missing, masks, made)
        refuse_foreign(target)  # somebody may have put something there meanwhile
    return done


def _result(
    target: Path, flags: Sequence[Flag], missing: Mapping[str, Sequence[Flag]], masks: int = 0, made: str = ""
) -> HandedOff:
    orphans = sum(flag.is_orphan for flag in flags)
    return HandedOff(target, len(flags) - sum(map(len, missing.values())), missing, orphans, masks, made)


def _write_coco(
    form: Form,
    dataset: Dataset,
    source: Source,
    wanted: Corrections,
    flags: Sequence[Flag],
    stream: BinaryIO,
) -> tuple[Mapping[str, Sequence[Flag]], int]:
    """Returns the flags that are left out, by reason, and how many masks are."""
    if form is Form.COCO:
        write_flagged(dataset, source, flags, stream)
        return left_out(flags, no_image), 0
    masks = write_corrected(dataset, source, wanted, stream)
    return left_out(flags, uncorrected), masks


def _crops(
    dataset: Dataset, flags: Sequence[Flag], target: Path, read: Sequence[Path], progress: Progress
) -> HandedOff:
    from inspector.export.handoff.crops import is_ours, write_crops  # Pillow is loaded for nothing else

    for source in read:  # a folder of ours is replaced as a whole, with everything in it
        if target.exists() and source.exists() and source.resolve().is_relative_to(target.resolve()):
            raise InputError(target, "", f"not replaced: {source} is read here")
    make_folder(target.parent)
    with whole_folder(target, is_ours) as folder:
        missing = write_crops(dataset, flags, folder, progress)
    return _result(target, flags, missing)
