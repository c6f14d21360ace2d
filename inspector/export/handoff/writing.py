"""Folders that are there as a whole or not at all, and what is never written to."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from inspector.errors import InputError
from inspector.export.whole_file import OLD, PART, beside, leftovers


def make_folder(folder: Path) -> None:
    """The folder, made where there is none. Raises InputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refusal(folder, "cannot be made", error) from None


def refuse_sources(target: Path, sources: Iterable[Path]) -> None:
    """Raises InputError where a file would be written over something that is read: also through links, or
    spelled in another way."""
    if target.is_dir() and not target.is_symlink():
        raise InputError(target, "", "cannot be written: it is a folder")
    for source in sources:
        if target.exists() and source.exists() and target.samefile(source):
            raise InputError(target, "", "not overwritten: it is read here")


@contextlib.contextmanager
def whole_folder(path: Path, is_ours: Callable[[Path], bool]) -> Iterator[Path]:
    """A folder beside the wanted one, which takes its name once everything is in it.

    A folder that is there already is replaced if it is empty, or holds only files of which `is_ours`; any
    other is refused before anything is done. Raises InputError.
    """
    part, former = beside(path, PART), beside(path, OLD)
    try:
        refuse_folder(path, is_ours)
        _clear_leftovers(path, is_ours)
        part.mkdir()
        yield part
        refuse_folder(path, is_ours)  # somebody may have put something there meanwhile
        if path.exists():
            path.rename(former)
        part.rename(path)
    except OSError as error:
        raise _refusal(path, "cannot be written", error) from None
    finally:  # whatever ended it, also Ctrl+C between the two
        _restore(former, path)
        shutil.rmtree(part, ignore_errors=True)


def _restore(former: Path, path: Path) -> None:
    """A former folder goes only once the new one stands; otherwise it gets its name back."""
    if path.exists():
        shutil.rmtree(former, ignore_errors=True)
    elif former.exists():
        with contextlib.suppress(OSError):  # it is still beside it, and the next export tries again
            former.rename(path)


def _clear_leftovers(path: Path, is_ours: Callable[[Path], bool]) -> None:
    """What an earlier run left beside the folder when it was killed, or the power went out."""
    for old in leftovers(path, OLD):
        if _holds_only(old, is_ours):
            _restore(old, path)
    for part in leftovers(path, PART):
        if _holds_only(part, is_ours):
            shutil.rmtree(part, ignore_errors=True)


def _holds_only(folder: Path, is_ours: Callable[[Path], bool]) -> bool:
    try:
        refuse_folder(folder, is_ours)
    except (InputError, OSError):
        return False
    return folder.is_dir()


def refuse_folder(path: Path, is_ours: Callable[[Path], bool]) -> None:
    """Raises InputError where something is in the place of a folder that may not be replaced."""
    if path.is_symlink():
        raise InputError(path, "", "not replaced: it is a link")
    if not path.exists():
        return
    if not path.is_dir():
        raise InputError(path, "", "not replaced: it is a file, not a folder")
    for item in path.iterdir():
        if item.is_symlink() or not item.is_file() or not is_ours(item):
            raise InputError(path, "", f"not replaced: it holds something else ({item.name})")


def _refusal(path: Path, what: str, error: OSError) -> InputError:
    return InputError(path, "", f"{what}: {error.strerror or error}")
