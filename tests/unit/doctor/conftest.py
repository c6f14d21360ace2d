"""Small data sets in which nothing is wrong, and what plants one trouble in their files."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inspector.doctor import Finding, Severity, examine
from inspector.reading import AS_WRITTEN, Reading
from inspector.sources import Sources, read

Json = dict[str, Any]
IMAGE_SIZE = 640, 480


@dataclass
class Files:
    """COCO files in memory: tests change them, and look at what the doctor says."""

    truth: Json
    found: list[Json]
    folder: Path
    images: Path | None = None
    reading: Reading = AS_WRITTEN

    @property
    def sources(self) -> Sources:
        """The files as they are now, written to the folder."""
        truth, found = self.folder / "truth.json", self.folder / "found.json"
        truth.write_text(json.dumps(self.truth))
        found.write_text(json.dumps(self.found))
        return Sources(truth, found, self.images, self.reading)

    def findings(self, *, measure: bool = False) -> dict[str, Finding]:
        """What the doctor says, by code."""
        sources = self.sources
        said = examine(read(sources), sources, measure=measure)
        found = {finding.code: finding for finding in said}
        assert len(found) == len(said), "a code is given once"
        return found

    def plant(self, change: Callable[[Json], None]) -> None:
        """Change every detection."""
        for record in self.found:
            change(record)

    def reread(self, reading: Reading) -> Files:
        """The same files, read in another way."""
        return Files(self.truth, self.found, self.folder, self.images, reading)


def worst(findings: dict[str, Finding]) -> list[str]:
    """The codes of the errors, but for what had to be ignored as their consequence."""
    return [
        code
        for code, finding in findings.items()
        if finding.severity is Severity.ERROR and "_ignored_" not in code
    ]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """12 images with 5 objects each of 4 classes; a model that finds nine of ten, with some false ones."""
    dice = random.Random(5)
    images = [
        {"id": 10 + n, "file_name": f"{n:03}.png", "width": IMAGE_SIZE[0], "height": IMAGE_SIZE[1]}
        for n in range(12)
    ]
    objects: list[Json] = []
    found: list[Json] = []
    for image in images:
        for slot in range(5):
            width, height = dice.randint(20, 110), dice.randint(20, 200)
            x, y = slot * 125 + dice.randint(1, 10), dice.randint(1, 460 - height)
            category = dice.randint(1, 4)
            box = [x, y, width, height]
            objects.append(
                {
                    "id": len(objects) + 1,
                    "image_id": image["id"],
                    "category_id": category,
                    "bbox": box,
                    "area": width * height,
                    "iscrowd": 0,
                }
            )
            if dice.random() < 0.9:
                seen = [x + dice.gauss(0, 1), y + dice.gauss(0, 1), width + dice.gauss(0, 1), height]
                found.append(_detection(image["id"], category, seen, dice.uniform(0.4, 0.99)))
        spurious = [dice.uniform(0, 500), dice.uniform(0, 300), 90, 110]
        score = dice.uniform(0.1, 0.4) if image["id"] > 10 else 0.004
        found.append(_detection(image["id"], dice.randint(1, 4), spurious, score))
    categories = [{"id": n, "name": name} for n, name in enumerate(("cat", "dog", "bus", "car"), 1)]
    return Files({"images": images, "annotations": objects, "categories": categories}, found, tmp_path)


@pytest.fixture
def coco128(shared_data: Path, tmp_path: Path) -> Files:
    """128 photos and a public model's detections, without the least confident ones, which only take time."""
    folder = shared_data / "coco128"
    truth = json.loads((folder / "ground_truth.json").read_text())
    found = json.loads((folder / "predictions.json").read_text())
    return Files(truth, [item for item in found if item["score"] >= 0.02], tmp_path, folder / "images")


def _detection(image: int, category: int, box: list[float], score: float) -> Json:
    return {"image_id": image, "category_id": category, "bbox": box, "score": score}
