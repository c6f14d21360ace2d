"""What the readers of all formats give: the ground truth, and the detections by their file's own names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Classes, FileId, Floats, Images, Masks, Objects, Rows, Splits
from inspector.progress import Progress
from inspector.reading import PIXELS, Convention, Reading


class ImageSizes(Protocol):
    """Looks up images that files do not name, and sizes that they do not tell."""

    @property
    def chosen(self) -> Path | None:
        """The folder that a person chose; None where nobody did."""
        ...

    @property
    def folder(self) -> Path | None:
        """Where images are looked for; None as long as no folder was found."""
        ...

    def look_in(self, folder: Path) -> None:
        """A folder that the files themselves lead to; what a person chose comes first."""
        ...

    def size(self, name: str) -> tuple[int, int] | None:
        """Width and height in pixels as the image is shown; None where it cannot be found or read."""
        ...

    def sizes(self, names: Sequence[str], progress: Progress = ...) -> Rows:
        """int32 [names, 2]: the same for many images, 0 where one cannot be found or read."""
        ...

    def find(self, called: Sequence[str], progress: Progress = ...) -> list[str | None]:
        """The images of the folder that are meant by paths, file names or stems; None where there is none."""
        ...

    def names(self) -> Sequence[str]:
        """All images of the folder, relative to it with "/" between, sorted."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What a reader may need beside its own files."""

    reading: Reading
    masks: bool
    """Whether to read the masks of records that have a box as well."""
    sizes: ImageSizes


@dataclass(frozen=True, slots=True, eq=False)
class GroundTruth:
    """Ground truth in the dataset's order.

    Where a format has no ids, the names are the ids: file names of images (with "/" between folders),
    names of classes.
    """

    images: Images
    classes: Classes
    objects: Objects
    splits: Splits | None = None
    image_folder: Path | None = None
    """Where the files say that the images lie."""


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """What a file of detections calls its images, or its classes."""

    ids: tuple[FileId | None, ...]
    """None where the file gives no id."""
    names: tuple[str | None, ...]
    """None where the file gives no name: file names with a suffix, stems without."""
    key: str = ""
    """How a detection's place goes on to where the id stands: "image_id"; empty where it does not."""

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(slots=True, eq=False)
class Found:
    """Detections in the order of their file, not yet joined to the ground truth.

    Not frozen, because joining takes the columns out of it: of ten million detections only one copy remains.
    """

    images: Keys
    classes: Keys
    image_rows: Rows
    """int32 [detections]: positions in `images`."""
    class_rows: Rows
    """int32 [detections]: positions in `classes`."""
    boxes: Floats
    """float64 [detections, 4], by `convention`."""
    scores: Floats
    place: Callable[[int], str]
    """How a note names the detection of a position: "[17]", "a.txt, line 3"."""
    convention: Convention = PIXELS
    candidates: tuple[Convention, ...] = ()
    """What else the numbers may mean, where the file does not say it: the data decides when it is joined."""
    positions: NDArray[np.int64] | None = None
    """int64 [detections]: position in the file; None where rows are positions."""
    sizes: Rows | None = None
    """int32 [images, 2]: width and height of `images`, where the file tells them; 0 where not."""
    areas: Floats | None = None
    """float64 [detections]: for the size ranges, in square pixels; NaN, or None: width x height."""
    masks: Masks | None = None
    box_key: str = ""
    """How a detection's place goes on to its box: "bbox"; empty where it does not."""
    score_key: str = ""
