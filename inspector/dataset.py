"""What was read, as frozen columnar arrays: images, classes, objects and detections.

Rows are positions in these arrays. The ids of the files are kept for display and export only: inside the
program an image, a class, an object or a detection is always named by its row.

Order is part of the contract, because ties in COCO's protocol are settled by it:

* images and classes ascend by id (integers before strings);
* objects are sorted by image row, then class row, then position in the file;
* detections are sorted by image row, then class row, then descending score, then position in the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.pauses import Pauses
from inspector.reading import PIXELS, Convention
from inspector.refs import Side

_NAMES_PER_STEP = 5_000

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
Offsets = NDArray[np.int64]
"""Also other 64-bit integers: counts and positions."""
Flags = NDArray[np.bool_]
FileId = int | str
ImageName = tuple[str, int]
"""The file name of an image, and which of the images of this name it is."""


class _Frozen:
    """Makes every array of a dataclass read-only, so that views can share them between threads."""

    def __post_init__(self) -> None:
        for item in fields(self):  # type: ignore[arg-type]
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)


@dataclass(frozen=True, slots=True, eq=False)
class Images:
    """One row per image of the ground truth."""

    ids: tuple[FileId, ...]
    file_names: tuple[str, ...]
    sizes: Rows
    """int32 [images, 2]: declared width and height in pixels; 0 where the file does not say."""
    numbers: Rows | None = None
    """int32 [images]: which of the images of its name each one is, by their ids, from 0; None where all names
    differ."""

    def __len__(self) -> int:
        return len(self.ids)

    def name(self, row: int) -> ImageName:
        """What tells an image from all others, whatever its row and id."""
        return self.file_names[row], 0 if self.numbers is None else int(self.numbers[row])

    def rows_by_name(self) -> dict[ImageName, int]:
        numbers = [0] * len(self) if self.numbers is None else self.numbers.tolist()
        rows: dict[ImageName, int] = {}
        pause = Pauses()
        for first in range(0, len(self), _NAMES_PER_STEP):  # all at once would stop every other thread
            part = slice(first, first + _NAMES_PER_STEP)
            names = zip(self.file_names[part], numbers[part], strict=True)
            rows.update((name, row) for row, name in enumerate(names, first))
            pause()
        return rows


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """One row per category of the ground truth."""

    ids: tuple[FileId, ...]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class Masks(_Frozen):
    """One mask per row, kept as the COCO API's compressed run lengths: a byte or two for each run."""

    sizes: Rows
    """int32 [rows, 2]: height and width of the bitmap in pixels; 0, 0 where a row has no mask."""
    offsets: Offsets
    """int64 [rows + 1]: the code of row i are the bytes offsets[i] to offsets[i + 1]."""
    codes: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.sizes)


@dataclass(frozen=True, eq=False)
class Objects(_Frozen):
    """One row per ground-truth object."""

    ids: NDArray[np.int64] | NDArray[np.object_]
    """The file's annotation ids (object dtype only if some are strings or exceed 64 bits)."""
    positions: NDArray[np.int64]
    """Position in the file's `annotations`, from 0."""
    images: Rows
    classes: Rows
    boxes: Floats
    """float64 [objects, 4]: x, y, width, height in pixels."""
    areas: Floats
    """float64 [objects]: the file's `area` in square pixels, or width x height where it has none."""
    crowd: Flags
    difficult: Flags
    """bool [objects]: marked as difficult; VOC's rules ignore them, COCO's take no notice."""
    offsets: Offsets
    """int64 [images + 1]: the objects of image i are the rows offsets[i] to offsets[i + 1]."""
    masks: Masks | None = None
    """None where no object has a mask, or masks were not asked for."""

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True, eq=False)
class Detections(_Frozen):
    """One row per detection."""

    positions: NDArray[np.int64]
    """Position in the detections file, from 0."""
    images: Rows
    classes: Rows
    boxes: Floats
    """float64 [detections, 4]: x, y, width, height in pixels."""
    scores: Floats
    offsets: Offsets
    """int64 [images + 1]: the detections of image i are the rows offsets[i] to offsets[i + 1]."""
    areas: Floats | None = None
    """float64 [detections] in square pixels, for the size ranges; None: width x height of each box."""
    masks: Masks | None = None
    """None where no detection has a mask, or masks were not asked for."""

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True, eq=False)
class Splits(_Frozen):
    """Which part of the data set each image belongs to: train, valid, test."""

    names: tuple[str, ...]
    rows: Rows
    """int32 [images]: positions in `names`."""


@dataclass(frozen=True, eq=False)
class Unplaced(_Frozen):
    """Detections whose image or class the ground truth does not list, by what their file calls them."""

    image_keys: tuple[FileId, ...]
    """What the file calls its images: the id, or the name where it has no ids."""
    class_keys: tuple[FileId, ...]
    positions: NDArray[np.int64]
    images: Rows
    """int32 [rows]: positions in `image_keys`."""
    classes: Rows
    """int32 [rows]: positions in `class_keys`."""
    boxes: Floats
    scores: Floats

    def __len__(self) -> int:
        return len(self.positions)


@dataclass(frozen=True, slots=True)
class Joined:
    """How the detections found their images and classes, and how many would in another way."""

    images_by: str
    """"id", "path", "name" or "stem"."""
    classes_by: str
    """"id" or "name"."""
    images: tuple[tuple[str, int], ...]
    """For each way that the files allow: how many detections find their image."""
    classes: tuple[tuple[str, int], ...]
    detections: int
    """Of how many."""
    boxes: Convention = PIXELS
    """What the numbers of their boxes were read as."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something in the files that was ignored or read in a particular way, and where."""

    text: str
    """What was done and why, to be read behind the count: "detections ignored: unknown image id"."""
    count: int
    """0 where nothing is counted, and the text stands alone."""
    examples: tuple[str, ...]
    """The first few places: "[17].image_id: 999"."""
    code: str = ""
    """What programs call it, whatever the numbers in its text: "detections_ignored_unknown_image_id"."""


@dataclass(frozen=True, eq=False)
class Labels(_Frozen):
    """What the boxes were called before their classes were joined."""

    names: tuple[str, ...]
    objects: Rows
    """int32 [objects]: positions in `names`."""
    detections: Rows
    """int32 [detections]: positions in `names`."""


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Everything that was opened together."""

    images: Images
    classes: Classes
    objects: Objects
    detections: Detections
    ground_truth_path: Path | None
    """None where only detections were opened: images and classes are then theirs."""
    detections_path: Path | None
    """None where only ground truth was opened."""
    image_folder: Path | None
    """Where the images lie; None where no folder was found."""
    notes: tuple[Note, ...] = field(default=())
    labels: Labels | None = None
    """None where the classes are those of the files."""
    splits: Splits | None = None
    """None where the files know of none."""
    joined: Joined | None = None
    """None where a side is missing."""
    unplaced: Unplaced | None = None
    """None where every detection found its image and its class."""
    content: Content | None = None
    """What the files held, where that has a name; None for small files and for what no file holds."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files or folders that were opened, ground truth first, as far as they are there."""
        return tuple(path for path in (self.ground_truth_path, self.detections_path) if path is not None)

    @property
    def missing(self) -> Side | None:
        """The side that was not opened, if any: then there is nothing to compare."""
        if self.ground_truth_path is None:
            return Side.OBJECT
        return Side.DETECTION if self.detections_path is None else None

    def object_name(self, row: int) -> str:
        """What an object is called in the ground truth."""
        if self.labels is not None:
            return self.labels.names[int(self.labels.objects[row])]
        return self.classes.names[int(self.objects.classes[row])]

    def detection_name(self, row: int) -> str:
        """What a detection is called in the detections file."""
        if self.labels is not None:
            return self.labels.names[int(self.labels.detections[row])]
        return self.classes.names[int(self.detections.classes[row])]

    def objects_of(self, image_row: int) -> slice:
        """The object rows of one image."""
        return slice(int(self.objects.offsets[image_row]), int(self.objects.offsets[image_row + 1]))

    def detections_of(self, image_row: int) -> slice:
        """The detection rows of one image."""
        return slice(int(self.detections.offsets[image_row]), int(self.detections.offsets[image_row + 1]))


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What the files held when they were read, by a name that no other content has."""

    key: str
    options: str
    """What was read of it, and how."""
    dataset: Dataset
    """As it was read, without what was looked for beside the files."""
