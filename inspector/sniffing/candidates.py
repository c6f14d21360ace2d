"""What a path may be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from inspector.readers.formats import Format


class Role(StrEnum):
    """What a file or folder is good for."""

    GROUND_TRUTH = "ground truth"
    DETECTIONS = "detections"
    IMAGES = "images"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file or folder that looks like one side, or like the images."""

    role: Role
    path: Path
    format: Format | None
    """None for images, and where nobody looked."""
    count: str
    """How much it is, where that is known without reading: "100 files", "61 kB"."""
    why: str
    """What it was recognised by, in a few words."""
    splits: tuple[str, ...] = ()
    """Names of the splits that it holds."""
    is_given: bool = False
    """Named by the person, not found in a folder."""

    @property
    def told(self) -> str:
        """One line: "COCO JSON, 61 kB", "YOLO, 128 files in train, valid"."""
        title = self.format.title if self.format else ""
        splits = f" in {', '.join(self.splits)}" if self.splits else ""
        return ", ".join(filter(None, (title, f"{self.count}{splits}")))


def named(role: Role, path: Path) -> Candidate:
    """What a person says that it is; its format is found when it is read."""
    return Candidate(role, path, None, "", "named", is_given=True)
