"""What the binding of Qt must not do to the interpreter."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None has no reference count any more")
def test_painting_loses_no_references_to_none() -> None:
    """One release of PySide6 lost one at every call, until the interpreter aborted."""
    image = QImage(40, 40, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    place = QRect(1, 1, 10, 10)
    before = sys.getrefcount(None)
    for _ in range(1000):
        painter.drawRect(place)
    after = sys.getrefcount(None)
    painter.end()
    assert after > before - 500
