"""What the gallery asks of the queue of suspects."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import SignalInstance

from inspector.dataset import Rows
from inspector.review.suspects import Suspects
from inspector.review.verdicts import Kind


class SuspectSource(Protocol):
    """Who knows which labels are probably wrong."""

    @property
    def changed(self) -> SignalInstance: ...
    @property
    def suspects(self) -> Suspects | None: ...
    @property
    def is_running(self) -> bool: ...
    @property
    def goes_on(self) -> bool: ...
    def rows(self, kind: Kind | None, /) -> Rows: ...
    def show(self, row: int, /) -> None: ...
