"""A finished demo data set and what its files say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.demo import DemoFiles


@dataclass(frozen=True)
class Demo:
    """A set made once for all tests, and what its files say."""

    files: DemoFiles
    ground_truth: dict[str, Any]
    detections: list[dict[str, Any]]
    errors: list[dict[str, Any]]

    @property
    def annotations(self) -> dict[int, dict[str, Any]]:
        return {annotation["id"]: annotation for annotation in self.ground_truth["annotations"]}

    @property
    def images(self) -> dict[int, dict[str, Any]]:
        return {image["id"]: image for image in self.ground_truth["images"]}


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Name -> modification time and size of every file below a folder."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
