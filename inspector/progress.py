"""How long work reports what it does and learns that it was cancelled."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What long work is given. Every call may raise `CancelledError`, so call it every 20-50 ms."""

    def __call__(self, stage: str, fraction: float, /) -> None:
        """`stage` says what is being done ("Reading detections"); `fraction` lies in [0, 1]."""


def no_progress(_stage: str, _fraction: float) -> None:
    """For callers that neither show progress nor cancel."""
