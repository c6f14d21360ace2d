"""Why an image cannot be shown."""

from __future__ import annotations


class ImageProblem(Exception):  # noqa: N818 - it is shown in the image's place; the rest of the program goes on
    """One image cannot be shown; `reason` is one plain line for the person ("not found in /data/images")."""

    def __init__(self, reason: str) -> None:
        # Paths and messages of libraries may hold line breaks; the canvas has room for one line.
        self.reason = " ".join(reason.split())
        super().__init__(self.reason)
