"""What a filter line that cannot be understood is answered with."""

from __future__ import annotations


class FilterError(Exception):
    """The filter line cannot be understood; `message` says why, `position` is the character it is about."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position
        self.message = message
