"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Before anything imports Qt: the suite needs no screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# What tests open is not kept, and nothing that was kept is opened, but in tests that ask for it.
os.environ["DETECTION_INSPECTOR_CACHE"] = ""

# On a build machine the same examples each time: what is new is explored at people's desks.
settings.register_profile("build", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("build")

_SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets beside the project."""
    if not _SHARED.is_dir():
        pytest.skip(f"needs the real data sets, which are not in {_SHARED}")
    return _SHARED
