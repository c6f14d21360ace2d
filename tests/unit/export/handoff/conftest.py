"""The street on the disk, with everything that a ground-truth file may hold besides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from inspector.dataset import Dataset
from inspector.refs import Ref
from inspector.review.attaching import Attached
from inspector.review.verdicts import Kind, Verdict
from tests.reading import read_pair
from tests.unit.review.street import (
    IMAGE_ONE,
    LEFT_CAR,
    RIGHT_CAR,
    UNLABELLED,
    entry,
    flag,
    results,
    said,
    truth,
)


@dataclass(frozen=True)
class Files:
    """What was opened, and the folder that is free to write to."""

    dataset: Dataset
    truth: dict[str, Any]
    out: Path

    def said(self, verdicts: Mapping[Ref, Verdict]) -> Attached:
        return said(self.dataset, dict(verdicts))

    @property
    def flagged(self) -> Attached:
        """A flag of each target, one of which is an orphan on an image that is not there."""
        flags = self.said(
            {
                IMAGE_ONE: flag(Kind.MISSING, note="look\nat the back"),
                RIGHT_CAR: flag(Kind.WRONG_CLASS, right_class="van", note="=1+1"),
                LEFT_CAR: flag(Kind.BADLY_PLACED, right_box=(12.0, 12.0, 30.0, 30.0)),
                UNLABELLED: flag(Kind.MISSING),
            }
        )
        orphan = entry(self.dataset, UNLABELLED, flag(Kind.MISSING))
        orphan = replace(orphan, place=replace(orphan.place, image="gone.jpg"))
        return Attached(flags.entries, (orphan,))


def write_street(folder: Path, content: dict[str, Any]) -> Files:
    images = folder / "images"
    images.mkdir()
    for image in content["images"]:
        Image.new("RGB", (640, 480), "#808080").save(images / image["file_name"])
    paths = folder / "gt.json", folder / "dt.json"
    paths[0].write_text(json.dumps(content, indent=1), encoding="utf-8")
    paths[1].write_text(json.dumps(results()), encoding="utf-8")
    return Files(replace(read_pair(*paths), image_folder=images), content, folder / "out")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    content = {
        "info": {"year": 2026, "description": "a street"},
        **truth(),
        "licenses": [{"id": 1, "name": "Größe"}],
    }
    content["annotations"][0]["attributes"] = {"occluded": True, "huge": 10**30}
    content["annotations"][1]["segmentation"] = [[100.0, 10.0, 140.0, 10.0, 140.0, 50.0, 100.0, 50.0]]
    content["annotations"].append({"id": 99, "image_id": 77, "category_id": 3, "bbox": [0, 0, 1, 1]})
    content["images"].append({"id": 5, "file_name": "5.jpg", "width": 640, "height": 480, "coco_url": "x"})
    return write_street(tmp_path, content)
