from __future__ import annotations

import json

import pytest

from inspector.demo import ensure_demo
from tests.unit.demo.demo_set import Demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    files = ensure_demo(tmp_path_factory.mktemp("demo") / "set")
    return Demo(
        files,
        json.loads(files.ground_truth.read_bytes()),
        json.loads(files.detections.read_bytes()),
        json.loads(files.planted_errors.read_bytes())["errors"],
    )
