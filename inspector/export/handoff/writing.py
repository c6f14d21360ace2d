"""Folders that are there as a whole or not at all, and what is never written to."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from inspector.errors import InputError


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
    refuse_folder(path, is_ours)
    part, former = _beside(path, "part"), _beside(path, "old")
    try:
        part.mkdir()
        yield part
        refuse_folder(path, is_ours)  # somebody may have put something there meanwhile
        if path.exists():
            path.rename(former)
        try:
            part.rename(path)
        except OSError:
            if former.exists():
                former.rename(path)
            raise
    except OSError as error:
        raise _refusal(path, "cannot be written", error) from None
    finally:
        for folder in (part, former):
            shutil.rmtree(folder, ignore_errors=True)


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


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.{ending}")


def _refusal(path: Path, what: str, error: OSError) -> InputError:
    return InputError(path, "", f"{what}: {error.strerror or error}")
