"""A cache of its own for each test, and data sets on disk that it takes for large."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.cache import folder, reopening
from inspector.sources import Sources

WriteSet = Callable[..., Sources]
Record = dict[str, Any]


def records(seed: int) -> tuple[dict[str, list[Record]], list[Record]]:
    """COCO ground truth, and detections near its objects; all scores take six letters."""
    dice = random.Random(seed)
    objects: list[Record] = []
    results: list[Record] = []
    for number in range(24):
        place = {"image_id": 1 + number % 3, "category_id": 1 + number % 2}
        box = [10.0 * number, 20.0, 30.0, 40.0]
        objects.append({"id": number, **place, "bbox": box, "area": 1200, "iscrowd": int(number == 5)})
        moved = [box[0] + dice.randrange(9), *box[1:]]
        results.append({**place, "bbox": moved, "score": round(dice.randrange(1001, 9999, 2) / 10_000, 4)})
    truth = {
        "images": [{"id": row, "file_name": f"{row}.png", "width": 640, "height": 480} for row in (1, 2, 3)],
        "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dög"}],
        "annotations": objects,
    }
    return truth, results


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the entries, which does not exist yet; every file is worth keeping."""
    where = tmp_path / "kept"
    monkeypatch.setenv(folder.VARIABLE, str(where))
    monkeypatch.setattr(reopening, "WORTH_IT", 0)
    return where


@pytest.fixture
def write_set(tmp_path: Path) -> WriteSet:
    """Writes the data set of a seed into a folder."""

    def write(name: str = "set", seed: int = 1) -> Sources:
        truth, results = records(seed)
        own = tmp_path / name
        own.mkdir(exist_ok=True)
        (own / "gt.json").write_text(json.dumps(truth))
        (own / "dt.json").write_text(json.dumps(results))
        return Sources(own / "gt.json", own / "dt.json")

    return write


@pytest.fixture
def sources(write_set: WriteSet) -> Sources:
    return write_set()
