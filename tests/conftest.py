"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Before anything imports Qt: the suite needs no screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets beside the project."""
    if not _SHARED.is_dir():
        pytest.skip(f"needs the real data sets, which are not in {_SHARED}")
    return _SHARED
