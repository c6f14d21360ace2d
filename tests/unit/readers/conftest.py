"""Small COCO files to read."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from inspector.dataset import Dataset
from tests.reading import read_pair

GROUND_TRUTH: dict[str, Any] = {
    "info": {"description": 'a "quoted" ] text, with {brackets'},
    "images": [
        {"id": 3, "file_name": "three.png", "width": 640, "height": 480},
        {"id": 0, "file_name": "null.png", "width": 64, "height": 48},
    ],
    "annotations": [
        {"id": 0, "image_id": 3, "category_id": 7, "bbox": [1, 2.5, 3, 4], "area": 11.5, "iscrowd": 0},
        {"id": 9, "image_id": 0, "category_id": 0, "bbox": [0, 0, 5, 6], "area": 30, "iscrowd": 1},
        {
            "id": 4,
            "image_id": 3,
            "category_id": 0,
            "bbox": [9, 9, 5, 6],
            "area": 30,
            "segmentation": [],
        },
    ],
    "categories": [{"id": 7, "name": "dog"}, {"id": 0, "name": "cät"}],
}
DETECTIONS: list[Any] = [
    {"image_id": 3, "category_id": 7, "bbox": [1, 2, 3, 4], "score": 0.25},
    {"image_id": 0, "category_id": 0, "bbox": [1.5, 2, 3, 4], "score": 0.5},
    {"image_id": 3, "category_id": 7, "bbox": [2, 2, 3, 4], "score": 0.75},
    {"image_id": 3, "category_id": 0, "bbox": [3, 2, 3, 4], "score": 1},
    {"image_id": 3, "category_id": 7, "bbox": [4, 2, 3, 4], "score": 0.75},
]
Read = Callable[..., Dataset]


@pytest.fixture
def ground_truth() -> dict[str, Any]:
    """Good ground truth, to be changed at will."""
    return deepcopy(GROUND_TRUTH)


@pytest.fixture
def detections() -> list[Any]:
    """Good detections, to be changed at will."""
    return deepcopy(DETECTIONS)


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Write "gt.json" and "dt.json" (bytes, text or anything that JSON can hold) and read them."""
    monkeypatch.chdir(tmp_path)

    def write_and_read(ground_truth: object = None, detections: object = None) -> Dataset:
        for name, content, good in (
            ("gt.json", ground_truth, GROUND_TRUTH),
            ("dt.json", detections, DETECTIONS),
        ):
            content = good if content is None else content
            if not isinstance(content, (bytes, str)):
                content = json.dumps(content)
            Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_pair(Path("gt.json"), Path("dt.json"))

    return write_and_read


@pytest.fixture(params=["small", "large"])
def any_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs a test once as for small files and once, in tiny pieces, as for large ones."""
    if request.param == "large":
        monkeypatch.setattr("inspector.readers.coco.json_pieces.SMALL", 0)
        monkeypatch.setattr("inspector.readers.coco.json_pieces.PIECE", 40)
        monkeypatch.setattr("inspector.readers.coco.json_pieces.SCAN_BLOCK", 64)
    return str(request.param)
