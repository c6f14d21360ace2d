"""What the gallery asks of the queue of suspects."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import SignalInstance

from inspector.review.suspects import Suspects


class SuspectSource(Protocol):
    """Who knows which labels are probably wrong."""

    @property
    def changed(self) -> SignalInstance: ...
    @property
    def suspects(self) -> Suspects | None: ...
    @property
    def is_running(self) -> bool: ...
    def show(self, row: int, /) -> None: ...
