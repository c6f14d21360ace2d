"""From the file names of a ground truth to files on this machine.

The names were written elsewhere: on another system, under another folder, or by somebody who would like to
see a file outside the image folder opened. So a name is taken apart as text first, and only what certainly
lies under the image folder is ever looked up.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from inspector.images.problem import ImageProblem

IMAGE_SUFFIXES: Final = (
    ".jpg",
    ".jpeg",
    ".png",
    ".bmp",
    ".webp",
    ".tif",
    ".tiff",
    ".gif",
    ".jp2",
    ".avif",
    ".ppm",
    ".pgm",
)
_LONGEST_NAME = 4096
_SAMPLE = 25
_MOST_FOLDERS = 200
_MOST_ENTRIES = 20_000
_ENOUGH = 0.5
_IMAGES = "images"
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)


def resolve_image(folder: Path | None, file_name: str) -> Path:
    """The existing file under `folder` that the ground truth's `file_name` means.

    Symbolic links inside the folder are followed: large data sets are often assembled from links, whoever
    can place one there can read its target anyway, and a ground truth can neither create nor redirect one.

    Raises `ImageProblem` where the name is refused or there is no such regular file.
    """
    if folder is None:
        raise ImageProblem("no image folder was found: choose one with File > Image folder")
    path = place_under(folder, file_name)
    try:
        kind = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise ImageProblem(f"not found in {folder}") from None
    except OSError as error:
        raise ImageProblem(f"cannot be looked up in {folder}: {error.strerror or error}") from None
    except ValueError:  # a character that this system cannot write in a file name
        raise ImageProblem("the file name holds characters that are not allowed here") from None
    if stat.S_ISDIR(kind):
        raise ImageProblem("the file name names a folder, not an image")
    if not stat.S_ISREG(kind):  # opening a pipe or a device could wait for ever
        raise ImageProblem("not a regular file")
    return path


def place_under(folder: Path, file_name: str) -> Path:
    """Where `file_name` lies under `folder`, decided from the text alone; nothing need exist there.

    `/` and `\\` separate on every system. A relative name is joined under the folder. An absolute one
    (POSIX, drive letter or UNC) is kept where it points into the folder; else only its base name counts.

    Raises `ImageProblem` for names that climb (`..`), are empty, too long or impossible on this system.
    """
    if "\0" in file_name:
        raise ImageProblem("the file name holds a NUL character")
    if not file_name.strip():
        raise ImageProblem("the file name is empty")
    if len(file_name) > _LONGEST_NAME:
        raise ImageProblem(f"the file name is too long ({len(file_name):,} characters)")
    anchor, parts = _taken_apart(file_name)
    for part in parts:
        _refuse_part(part)
    if not parts or file_name.endswith(("/", "\\")):
        raise ImageProblem("the file name names a folder, not an image")
    if anchor:
        parts = _inside(folder, anchor, parts) or parts[-1:]
    return folder.joinpath(*parts)


def find_image_folder(path: Path, file_names: Sequence[str]) -> Path | None:
    """The folder that holds most of a sample of `file_names`: in or beside a file, or a folder opened whole.

    Looks where `candidate_folders` says, and in neighbours only for `enough_of` of the sample. Of equals the
    first in that order (by name among siblings) wins; None where none holds any of the sample. Never raises
    for unreadable folders.
    """
    sample = sample_of(file_names)
    best: Path | None = None
    most = 0
    for folder, is_neighbour in candidate_folders(path):
        found = sum(_holds(folder, name) for name in sample)
        if found > most and (not is_neighbour or enough_of(found, len(sample))):
            best, most = folder, found
        if most == len(sample):
            break
    return best


def enough_of(found: int, asked: int) -> bool:
    """Whether a neighbour's images are those that are meant: other data sets have some of the same names."""
    return asked > 1 and found >= _ENOUGH * asked


def sample_of(names: Sequence[str]) -> list[str]:
    """The file names that are looked for: up to `_SAMPLE` from all over the list, first and last included."""
    if len(names) <= _SAMPLE:
        return list(names)
    return [names[i * (len(names) - 1) // (_SAMPLE - 1)] for i in range(_SAMPLE)]


def _taken_apart(name: str) -> tuple[str, tuple[str, ...]]:
    """The anchor ("" for a relative name, else "/", "//" or a drive such as "c:") and the parts below it."""
    text = name.replace("\\", "/")
    text = re.sub(r"^//[?.]/(UNC/)?", lambda match: "//" if match[1] else "", text, flags=re.IGNORECASE)
    anchor = ""
    # Windows also reads "C:x.jpg" as a place on drive C; elsewhere "a:1.jpg" is an ordinary name.
    drive = re.match(r"[A-Za-z]:" if os.name == "nt" else r"[A-Za-z]:(?=/|$)", text)
    if drive:
        anchor, text = drive[0].lower(), text[2:]
    elif text.startswith("//"):
        anchor = "//"
    elif text.startswith("/"):
        anchor = "/"
    return anchor, tuple(part for part in text.split("/") if part not in ("", "."))


def _refuse_part(part: str) -> None:
    # Windows drops trailing dots and spaces, so that ".. " climbs as ".." does; names made of nothing else
    # are refused everywhere, which keeps one rule for all systems.
    if not part.strip(" ."):
        raise ImageProblem("the file name holds '..' or a part of only dots or spaces: not followed")
    if os.name == "nt" and (oddity := windows_oddity(part)):
        raise ImageProblem(f"the file name {oddity}: Windows cannot open it as a file")


def windows_oddity(part: str) -> str:
    """What makes one part of a path something else than a file's name on Windows; "" for ordinary names."""
    if ":" in part:
        return "holds ':'"
    if part[-1] in " .":
        return "has a part that ends with a dot or a space"
    if _RESERVED.fullmatch(part.partition(".")[0].rstrip(" ")):
        return "has a part that is reserved for a device"
    return ""


def _inside(folder: Path, anchor: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts below `folder` of an absolute name that points into it; empty for any other."""
    # The folder may have been opened through a link (/tmp on macOS), the name written with its target.
    for form in dict.fromkeys((os.path.abspath(folder), os.path.realpath(folder))):  # noqa: PTH100
        folder_anchor, folder_parts = _taken_apart(form)
        depth = len(folder_parts)
        same = [os.path.normcase(part) for part in parts[:depth]] == [
            os.path.normcase(part) for part in folder_parts
        ]
        if anchor == folder_anchor and same:
            return parts[depth:]
    return ()


def _holds(folder: Path, name: str) -> bool:
    try:
        resolve_image(folder, name)
    except ImageProblem:
        return False
    return True


def candidate_folders(path: Path) -> Iterator[tuple[Path, bool]]:
    """Folders in which the images of a file or folder may lie, the likeliest first, each once.

    Each with whether it is a neighbour, which may as well belong to another data set: the other subfolders of
    the parent, those one level below its `images`, the `images` beside it, and the parent of a folder that
    was opened whole; if such a folder holds images, it has no neighbours. They are listed only when the
    search comes to them.
    """
    own = Path(os.path.abspath(path))  # noqa: PTH100
    is_whole = own.is_dir()
    own = own if is_whole else own.parent
    seen: set[Path] = set()
    for is_neighbour, folders in ((False, _near(own, is_whole)), (True, _neighbours(own))):
        if is_neighbour and is_whole and any(map(_has_images, (own, *subfolders(own)))):
            return
        for folder in folders:
            if folder in seen:
                continue
            seen.add(folder)
            yield folder, is_neighbour
            if len(seen) >= _MOST_FOLDERS:
                return


def is_neighbour(folder: Path, path: Path) -> bool:
    """Whether `candidate_folders` gives a folder of images as a neighbour."""
    own = Path(os.path.abspath(path))  # noqa: PTH100
    is_whole = own.is_dir()
    own = own if is_whole else own.parent
    return not folder.is_relative_to(own) and folder not in _near(own, is_whole)


def _near(own: Path, is_whole: bool) -> Iterator[Path]:
    yield own
    yield own / _IMAGES
    yield own.parent / _IMAGES
    yield from _below(own)
    if not is_whole:  # a file of annotations often lies in a folder of its own
        yield own.parent


def _neighbours(own: Path) -> Iterator[Path]:
    yield from _below(own.parent)
    yield own.parent
    yield own.parent.parent / _IMAGES


def _below(root: Path) -> Iterator[Path]:
    below = subfolders(root)
    yield from below
    for folder in below:
        if folder.name.casefold() == _IMAGES:
            yield from subfolders(folder)


def _has_images(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            some = zip(range(_MOST_ENTRIES), entries, strict=False)
            return any(entry.name.lower().endswith(IMAGE_SUFFIXES) for _, entry in some)
    except OSError:
        return False


def subfolders(folder: Path) -> list[Path]:
    """Direct subfolders by name, hidden ones left out; none where the folder cannot be listed."""
    found: list[Path] = []
    try:
        with os.scandir(folder) as entries:
            # A folder of a million images must not be read to its end for the few folders in it.
            for _, entry in zip(range(_MOST_ENTRIES), entries, strict=False):
                if not entry.name.startswith(".") and entry.is_dir():
                    found.append(Path(entry.path))
    except OSError:
        return []
    return sorted(found)[:_MOST_FOLDERS]
