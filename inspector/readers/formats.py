"""The formats, what they are called, and how one is recognised by its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol, cast

from inspector.errors import InputError
from inspector.progress import Progress
from inspector.readers.files import size_of
from inspector.readers.label_images import NOT_YET, hold_label_images
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context, Found, GroundTruth


class TruthReader(Protocol):
    """A module that reads ground truth."""

    def looks_like_truth(self, path: Path) -> bool:
        """Whether a file, or some files of a folder, are of this format. Looks at a few kilobytes only."""
        ...

    def read_truth(self, path: Path, context: Context, notes: NoteBook, progress: Progress) -> GroundTruth:
        """Raises InputError, and what `progress` raises."""
        ...


class DetectionReader(Protocol):
    """A module that reads detections."""

    def looks_like_detections(self, path: Path) -> bool: ...

    def read_found(
        self, path: Path, truth: GroundTruth | None, context: Context, notes: NoteBook, progress: Progress
    ) -> Found:
        """`truth`: whose ids are looked up quickly. Raises InputError, and what `progress` raises."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its short name, and what people call it."""

    name: str
    title: str
    module: str
    """Imported only when it is asked; behind a colon the reader in it, where it has several."""

    def truth_reader(self) -> TruthReader:
        return cast(TruthReader, import_module(f"inspector.readers.{self.module}"))

    def detection_reader(self) -> DetectionReader:
        module, _, reader = self.module.partition(":")
        found = import_module(f"inspector.readers.{module}")
        return cast(DetectionReader, getattr(found, reader) if reader else found)


TRUTH_FORMATS: Final = (
    Format("voc", "Pascal VOC XML", "markup.voc"),
    Format("cvat", "CVAT for images XML", "markup.cvat"),
    Format("labelme", "LabelMe JSON", "markup.labelme"),
    Format("openimages", "OpenImages CSV", "tables.openimages"),
    Format("coco", "COCO JSON", "coco.format"),
    Format("yolo", "YOLO", "text.yolo"),
    Format("text", "text x y w h or x1 y1 x2 y2", "text.truth"),
)
"""In the order in which they are tried: the strictest first."""

DETECTION_FORMATS: Final = (
    Format("coco", "COCO results", "coco.format"),
    Format("csv", "CSV with a header", "tables.found"),
    Format("voc", "VOC results (comp4_det_test_*.txt)", "text.voc_results"),
    Format("yolo", "YOLO text with confidence", "text.found:YOLO"),
    Format("relative", "relative text with confidence", "text.found:RELATIVE"),
    Format("xyxy", "text x1 y1 x2 y2 with confidence", "text.found:XYXY"),
    Format("xywh", "text x y w h with confidence", "text.found:XYWH"),
)


def truth_format(path: Path, name: str | None = None) -> Format:
    """The format of a file or folder of ground truth: the named one, or the first that looks like it.

    Raises InputError where there is none, or no such file.
    """
    size = size_of(path)
    if name is not None:
        return _named(TRUTH_FORMATS, name, path)
    for known in TRUTH_FORMATS:
        if known.truth_reader().looks_like_truth(path):
            return known
    if not size and path.is_file():
        raise InputError(path, "", "is empty")
    if hold_label_images(path):
        raise InputError(path, "", NOT_YET)
    for other in DETECTION_FORMATS:
        if other.detection_reader().looks_like_detections(path):
            raise InputError(path, "", f"is not ground truth: it holds detections ({other.title})")
    raise InputError(path, "", f"is not ground truth in a format that is known ({_titles(TRUTH_FORMATS)})")


def detection_format(path: Path, name: str | None = None) -> Format:
    """The same for detections."""
    size = size_of(path)
    if name is not None:
        return _named(DETECTION_FORMATS, name, path)
    for known in DETECTION_FORMATS:
        if known.detection_reader().looks_like_detections(path):
            return known
    if not size and path.is_file():
        raise InputError(path, "", "is empty")
    for other in TRUTH_FORMATS:
        if other.truth_reader().looks_like_truth(path):
            raise InputError(path, "", f"does not hold detections: it holds ground truth ({other.title})")
    reason = f"does not hold detections in a format that is known ({_titles(DETECTION_FORMATS)})"
    raise InputError(path, "", reason)


def _named(formats: Sequence[Format], name: str, path: Path) -> Format:
    for known in formats:
        if known.name == name:
            return known
    raise InputError(path, "", f'there is no format "{name}": {", ".join(known.name for known in formats)}')


def _titles(formats: Sequence[Format]) -> str:
    return ", ".join(known.title for known in formats)
