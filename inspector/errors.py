"""Errors that a person sees word for word."""

from __future__ import annotations

from pathlib import Path


class InputError(Exception):
    """Something that the person gave cannot be used.

    Its text is one line: the path, the place in the file where there is one, and what is wrong.
    """

    def __init__(self, path: Path | str, location: str, reason: str) -> None:
        super().__init__(path, location, reason)
        self.path = Path(path)
        self.location = location
        self.reason = reason

    def __str__(self) -> str:
        place = f"{self.path}: {self.location}" if self.location else str(self.path)
        return " ".join(f"{place}: {self.reason}".splitlines())


class CancelledError(Exception):
    """The person cancelled the work; nothing was changed."""


def words_for(error: Exception) -> str:
    """One line for the person."""
    match error:
        case InputError() | CancelledError():
            return str(error)
        case MemoryError():
            return "There is not enough memory for these files."
        case _:
            return f"{type(error).__name__}: {error}"
