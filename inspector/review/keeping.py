"""The review file of what is open: found again, or made with the first verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.errors import InputError
from inspector.review.file import Position, ReviewFile
from inspector.review.location import default_path, paths_alone
from inspector.review.verdicts import Entry, Place, Verdict
from inspector.sources import Sources


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """What was found in a review file; nothing where there is none yet."""

    path: Path
    """Where verdicts are kept, or will be."""
    entries: dict[Place, Entry]
    position: Position | None
    is_there: bool = False
    """Whether the file was made already."""
    notice: str = ""
    """What the person should know; empty for nothing."""


class Keeper:
    """Holds the file that is open. Everything here may wait for the disk. Every method raises InputError;
    then the file that was open still is."""

    def __init__(self) -> None:
        self._sources: Sources | None = None
        self._path: Path | None = None
        self._file: ReviewFile | None = None
        self._problem: InputError | None = None
        self._says_sources = False

    def open(
        self, sources: Sources, author: str, chosen: Path | None = None, remembered: Path | None = None
    ) -> Loaded:
        """Go on with the file of other sources: the chosen one, else the one used before, else the usual
        one. After an error nothing can be kept until another place is chosen."""
        self.close()
        self._sources, self._says_sources = sources, False
        usual = (default_path(sources), *paths_alone(sources))  # what was judged of a side alone goes on
        path, notice = chosen or next((path for path in usual if _exists(path)), usual[0]), ""
        if chosen is None and remembered is not None:
            if _exists(remembered):
                path = remembered
            elif path != remembered:
                notice = f"{remembered}: the review file is not there any more; verdicts are kept in {path}"
        try:
            self._file = ReviewFile.open(path) if _exists(path) else None
            self._path = path
            return self._loaded(path, author, notice)
        except InputError as error:
            self.close()
            self._path, self._problem = path, error
            raise

    def move(self, path: Path, sources: Sources, author: str, *, take_along: bool) -> Loaded:
        """Go on with another file, which is made where there is none, with a copy of what was said so far or
        empty."""
        if _exists(path):
            file = ReviewFile.open(path)
        else:
            if take_along and self._file is not None:
                self._file.copy_to(path)
            file = ReviewFile.create(path, sources)
        try:
            entries, position = file.entries(), file.position(author)
        except InputError:
            file.close()
            raise
        self.close()
        self._file, self._path = file, path
        self._sources, self._says_sources = sources, False
        return Loaded(path, {entry.place: entry for entry in entries}, position, is_there=True)

    def write(self, changes: Sequence[tuple[Place, Verdict]], author: str) -> tuple[Entry, ...]:
        """Keep verdicts. Returns them, behind those of others where the file was there by now."""
        file, joined = self._needed_file()
        if not self._says_sources and self._sources is not None:
            if file.sources != self._sources:
                file.set_sources(self._sources)
            self._says_sources = True
        return (*joined, *file.write(changes, author))

    def newer(self) -> Sequence[Entry]:
        """What others wrote meanwhile."""
        if self._file is None and self._path is not None and self._problem is None and _exists(self._path):
            return self._needed_file()[1]
        return () if self._file is None else self._file.newer()

    def set_position(self, author: str, position: Position) -> None:
        """Remember where a person is, where there is a file."""
        if self._file is not None:
            self._file.set_position(author, position)

    def close(self) -> None:
        """Nothing is open any more."""
        if self._file is not None:
            self._file.close()
        self._file = self._path = self._problem = None

    def _needed_file(self) -> tuple[ReviewFile, Sequence[Entry]]:
        """The file, and what it held where it was not open yet."""
        if self._file is not None:
            return self._file, ()
        if self._problem is not None:
            raise self._problem
        assert self._path is not None
        assert self._sources is not None
        file = ReviewFile.create(self._path, self._sources)
        try:
            entries = file.entries()
        except InputError:
            file.close()
            raise
        self._file = file
        return file, entries

    def _loaded(self, path: Path, author: str, notice: str) -> Loaded:
        if self._file is None:
            return Loaded(path, {}, None, notice=notice)
        entries = {entry.place: entry for entry in self._file.entries()}
        return Loaded(path, entries, self._file.position(author), is_there=True, notice=notice)


def _exists(path: Path) -> bool:
    """Whether there is anything; what cannot be seen is not there."""
    try:
        return path.exists()
    except OSError:
        return False
