"""Where a command may write."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from inspector.errors import InputError
from inspector.sources import Sources


def check_target(target: Path, sources: Sources | None, *, is_ours: bool = False) -> None:
    """Refuse what cannot be written, or would destroy what is read, before any work is done.

    No file in a folder that is read is overwritten; `is_ours`: whoever writes makes sure that a file which
    is there is one that this program made.
    """
    if not target.parent.is_dir():
        raise InputError(target, "", f"cannot be written: there is no folder {target.parent}")
    if target.is_dir():
        raise InputError(target, "", "cannot be written: it is a folder")
    if sources is None or not target.exists():
        return
    for path, what in (
        (sources.ground_truth, "the ground truth"),
        (sources.detections, "the detections"),
        (sources.images, "the images"),
        (sources.reading.class_names, "the class names"),
    ):
        if path is None or not path.exists():
            continue
        if target.samefile(path):  # also through links, or spelled in another way
            raise InputError(target, "", f"not overwritten: it is {what}")
        if path.is_dir() and not is_ours and target.resolve().is_relative_to(path.resolve()):
            raise InputError(target, "", f"not overwritten: it lies in the folder of {what}")


def check_folder(folder: Path, names: Iterable[str], sources: Sources) -> None:
    """The same for files of these names in a folder, which may have yet to be made."""
    if not folder.exists():
        check_target(folder, None)
    elif not folder.is_dir():
        raise InputError(folder, "", "cannot be written: it is not a folder")
    else:
        for name in names:
            check_target(folder / name, sources)
