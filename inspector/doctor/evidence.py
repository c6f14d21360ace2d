"""A sample of detections, and how many of them would lie on an object if files were read in another way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from inspector.conventions import Placed, fits
from inspector.dataset import FileId, Floats, Offsets, Rows
from inspector.doctor.case import Case
from inspector.reading import Convention

_LOOKED_AT: Final = 1 << 17
"""Detections that the most confident ones are looked for among."""
_SAMPLE: Final = 1500
"""The error of a share is at most 1.3 %: what is told apart here differs by half."""
HIT: Final = 0.5
"""IoU from which on a detection lies on an object."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The most confident detections, also those without an image or a class, as many as there are objects.

    A model that was read rightly has most of these right.
    """

    rows: Rows
    """int32 [sample]: the detection row of each; -1 where it has no image or no class."""
    images: Rows
    """int32 [sample]: the image row of each; -1 where it has none."""
    classes: Rows
    boxes: Floats
    """float64 [sample, 4]: x, y, width, height in pixels, as they were read."""
    image_ids: tuple[FileId, ...]
    """What the file calls the image, after the shift in force."""
    class_ids: tuple[FileId, ...]

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True, slots=True)
class Hits:
    """How many detections of a sample lie on an object."""

    hits: int
    placed: int
    """How many have an image at all."""
    inside: float
    """The part of them that lies in its image."""

    @property
    def share(self) -> float:
        """Of those that have an image."""
        return self.hits / self.placed if self.placed else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """Objects with other boxes."""

    boxes: Floats
    classes: Rows
    offsets: Offsets


def sample_of(case: Case) -> Sample:
    """The same one whenever it is asked for."""
    data = case.dataset
    found, lost = data.detections, data.unplaced
    own, others = len(found), 0 if lost is None else len(lost)
    step = max(1, (own + others) // _LOOKED_AT)
    rows, lost_rows = np.arange(0, own, step), np.arange(0, others, step)
    scores = found.scores[rows]
    if lost is not None:
        scores = np.concatenate((scores, lost.scores[lost_rows]))
    most = max(1, min(_SAMPLE, len(data.objects)))
    # shuffled first, so that equal scores do not all come from the first images
    order = np.random.default_rng(0).permutation(len(scores))
    best = np.sort(order[np.argsort(-scores[order], kind="stable")[:most]])
    case.step()
    here, there = rows[best[best < len(rows)]], lost_rows[best[best >= len(rows)] - len(rows)]
    images, classes = found.images[here], found.classes[here]
    image_ids = [data.images.ids[row] for row in images.tolist()]
    class_ids = [data.classes.ids[row] for row in classes.tolist()]
    boxes = found.boxes[here]
    if lost is not None and len(there):
        lost_images = [lost.image_keys[row] for row in lost.images[there].tolist()]
        lost_classes = [lost.class_keys[row] for row in lost.classes[there].tolist()]
        image_ids += [shifted(item, case.reading.image_id_shift) for item in lost_images]
        class_ids += [shifted(item, case.reading.class_id_shift) for item in lost_classes]
        images = np.concatenate((images, rows_of(data.images.ids, image_ids[len(here) :])))
        classes = np.concatenate((classes, rows_of(data.classes.ids, class_ids[len(here) :])))
        boxes = np.concatenate((boxes, lost.boxes[there]))
    own_rows: Rows = np.concatenate((here, np.full(len(there), -1))).astype(np.int32)
    return Sample(own_rows, images, classes, boxes, tuple(image_ids), tuple(class_ids))


def adding(shift: int, to: str) -> str:
    """ "add 1 to the ids", "subtract 1 from the ids"."""
    return f"add {shift} to {to}" if shift > 0 else f"subtract {-shift} from {to}"


def shifted(item: FileId, shift: int) -> FileId:
    """An id and a number; text stays as it is."""
    return item if isinstance(item, str) else item + shift


def rows_of(known: Sequence[FileId], wanted: Sequence[FileId]) -> Rows:
    """int32 [wanted]: the row of each id, -1 where it is unknown."""
    rows: Mapping[FileId, int] = {item: row for row, item in enumerate(known)}
    return np.array([rows.get(item, -1) for item in wanted], np.int32)


def hits(
    case: Case, numbers: Floats, convention: Convention, images: Rows, classes: Rows | None, objects: Placed
) -> Hits:
    """What lies on an object if `numbers` (float64 [sample, 4]) mean boxes by a convention.

    `images`, `classes`: int32 [sample]; without classes an object of any class is enough.
    """
    (fit,) = fits((convention,), numbers, images, classes, case.dataset.images.sizes, objects)
    case.step()
    return Hits(int(np.count_nonzero(fit.ious >= HIT)), fit.boxes, fit.inside)
