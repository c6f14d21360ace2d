"""What is evaluated: the opened data, as far as it was asked for, and by which protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Note
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.options import Options, prepare
from inspector.evaluation.protocol import Protocol
from inspector.selection import restricted

ImageRows = NDArray[np.int64]

NO_MASKS = "masks are not compared: the ground truth has none, so boxes are"


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What a person asked for."""

    options: Options
    image_rows: ImageRows | None = None
    """Ascending rows of the opened dataset; None for all images."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What was made of it."""

    asked: Asked
    dataset: Dataset
    """What the views show: some of the opened images, or all classes as one."""
    protocol: Protocol

    def opened_row(self, image_row: int) -> int:
        """The image's row in the opened dataset."""
        rows = self.asked.image_rows
        return image_row if rows is None else int(rows[image_row])

    def row_of(self, opened_row: int) -> int:
        """The row of an image of the opened dataset, or of the next one where it is left out."""
        rows = self.asked.image_rows
        return opened_row if rows is None else min(int(np.searchsorted(rows, opened_row)), len(rows) - 1)


def fitted(opened: Dataset, options: Options) -> tuple[Dataset, Options]:
    """What was just read and how it can be evaluated; where that is not what was chosen, a note says so."""
    if options.iou_type == "segm" and opened.objects.masks is None:
        options = replace(options, iou_type="bbox")
        opened = replace(opened, notes=(*opened.notes, Note(NO_MASKS, 0, ())))
    return opened, options


def first_subject(opened: Dataset, options: Options) -> Subject:
    """All of the images."""
    return Subject(Asked(options), *prepare(opened, options))


def changed_subject(subject: Subject, opened: Dataset, asked: Asked) -> Subject:
    """The same data in the way that is asked for now. The dataset is another one only where it must be."""
    before, options = subject.asked, asked.options
    if before.image_rows is asked.image_rows and before.options.class_agnostic == options.class_agnostic:
        # It is prepared already: its classes must not be joined again, which would forget their names.
        _, protocol = prepare(subject.dataset, replace(options, class_agnostic=False))
        protocol = replace(protocol, class_agnostic=options.class_agnostic)
        return Subject(asked, subject.dataset, protocol)
    whole = opened if asked.image_rows is None else restricted(opened, asked.image_rows)
    return Subject(asked, *prepare(whole, options))


def carried(point: OperatingPoint, before: Subject, after: Subject) -> OperatingPoint:
    """The operating point as far as it fits the other subject: the nearest IoU, the same classes."""
    iou = before.protocol.iou_thresholds[point.iou_index]
    same_classes = before.dataset.classes.ids == after.dataset.classes.ids
    return replace(
        point,
        iou_index=nearest_iou(after.protocol.iou_thresholds, iou),
        class_rows=point.class_rows if same_classes else None,
    )


def nearest_iou(thresholds: Sequence[float], iou: float) -> int:
    """The position of the threshold that is nearest, the first of equals."""
    return int(np.abs(np.asarray(thresholds) - iou).argmin())


def same_images(one: Dataset | None, other: Dataset | None) -> bool:
    """Whether the image rows of both mean the same pictures: one was made of the other."""
    if one is None or other is None:
        return False
    return one.images is other.images and one.image_folder == other.image_folder


def same_image(before: Dataset | None, image_row: int | None, after: Dataset) -> int:
    """The row of the image of the same id; the first where it is gone."""
    if before is None or image_row is None or not len(before.images):
        return 0
    image_id = before.images.ids[image_row]
    return after.images.ids.index(image_id) if image_id in after.images.ids else 0
