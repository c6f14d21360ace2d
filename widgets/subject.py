"""What is evaluated: the opened data, as far as it was asked for, and by which protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, Note
from inspector.evaluation.operating_point import OperatingPoint
from inspector.evaluation.options import Options, prepare, protocol_for
from inspector.evaluation.protocol import Protocol
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.selection import restricted, split_meant, split_rows
from inspector.sources import Sources

ImageRows = NDArray[np.int64]
SplitOf = Callable[[Sources], str | None]
"""Which split of what is opened to begin with; None for all of them."""

NO_MASKS = "masks are not compared: the ground truth has none, so boxes are"
NO_SUCH_SPLIT = "all images are shown: there is no such split"


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What a person asked for."""

    options: Options
    split: str | None = None
    """None for all splits."""
    listed: ImageRows | None = None
    """Ascending rows of the opened dataset: which images of the split; None for all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What was made of it."""

    asked: Asked
    dataset: Dataset
    """What the views show: some of the opened images, or all classes as one."""
    protocol: Protocol
    image_rows: ImageRows | None = None
    """Ascending rows of the opened dataset; None where it is all of its images."""

    def opened_row(self, image_row: int) -> int:
        """The image's row in the opened dataset."""
        rows = self.image_rows
        return image_row if rows is None else int(rows[image_row])

    def row_of(self, opened_row: int) -> int:
        """The row of an image of the opened dataset, or of the next one where it is left out."""
        rows = self.image_rows
        return opened_row if rows is None else min(int(np.searchsorted(rows, opened_row)), len(rows) - 1)

    def only(self, image_rows: ImageRows, options: Options) -> Asked:
        """What is to be asked for to have only some rows of `dataset`, in any order. Raises ValueError where
        that would change nothing, or leave nothing."""
        if not len(image_rows):
            raise ValueError("No image is listed, so there is nothing to evaluate.")
        if len(image_rows) == len(self.dataset.images):
            raise ValueError("All images are listed, and the numbers are over all of them already.")
        rows = image_rows if self.image_rows is None else self.image_rows[image_rows]
        return Asked(options, self.asked.split, np.sort(rows))


def all_splits(_sources: Sources) -> None:
    """No particular one."""


def fitted(opened: Dataset, options: Options, split: str | None = None) -> tuple[Dataset, Asked]:
    """What was just read and how it can be evaluated; where that is not what was chosen, a note says so."""
    if options.iou_type == "segm" and opened.objects.masks is None:
        options = replace(options, iou_type="bbox")
        opened = replace(opened, notes=(*opened.notes, Note(NO_MASKS, 0, ())))
    meant = None if split is None else split_meant(opened, split)
    if split is not None and meant is None:
        opened = replace(opened, notes=(*opened.notes, Note(NO_SUCH_SPLIT, 0, (split,))))
    return opened, Asked(options, meant)


def first_subject(opened: Dataset, asked: Asked) -> Subject:
    """What is shown first."""
    rows = _image_rows(opened, asked)
    return Subject(asked, *prepare(_some(opened, rows), asked.options), rows)


def changed_subject(subject: Subject, opened: Dataset, asked: Asked) -> Subject:
    """The same data in the way that is asked for now. The dataset is another one only where it must be."""
    before, options = subject.asked, asked.options
    same_images = before.split == asked.split and before.listed is asked.listed
    if same_images and before.options.class_agnostic == options.class_agnostic:
        # It is prepared already: its classes must not be joined again, which would forget their names.
        return replace(subject, asked=asked, protocol=protocol_for(subject.dataset, options))
    return first_subject(opened, asked)


def _image_rows(opened: Dataset, asked: Asked) -> ImageRows | None:
    if asked.listed is not None or asked.split is None:
        return asked.listed
    return split_rows(opened, asked.split)


def _some(opened: Dataset, image_rows: ImageRows | None) -> Dataset:
    return opened if image_rows is None else restricted(opened, image_rows)


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


def same_image(before: Dataset, image_row: int | None, after: Dataset) -> int:
    """The row of the image of the same id, or else of the same name; the first where it is gone."""
    if image_row is None or not len(before.images):
        return 0
    pairs = ((before.images.ids, after.images.ids), (before.images.file_names, after.images.file_names))
    for former, names in pairs:
        if former[image_row] in names:
            return names.index(former[image_row])
    return 0


def same_place(
    before: Dataset, image_row: int | None, selected: BoxRef | None, after: Dataset
) -> tuple[int, BoxRef | None]:
    """`same_image`, and the same box on it; None where it is gone, or of another file."""
    row = same_image(before, image_row, after)
    if selected is None or selected.kind is after.missing:
        return row, None
    of_objects = selected.kind is Side.OBJECT
    files = [data.ground_truth_path if of_objects else data.detections_path for data in (before, after)]
    found = shown_ref(selected, before, after) if files[0] == files[1] else None
    boxes = after.objects if of_objects else after.detections
    there = isinstance(found, BoxRef) and int(boxes.images[found.row]) == row
    return row, found if there and isinstance(found, BoxRef) else None


def shown_ref(ref: Ref, opened: Dataset, shown: Dataset) -> Ref | None:
    """The same image or box in what is shown of what is open; None where it is left out."""
    if shown is opened:
        return ref
    box = None if isinstance(ref, ImageRef) else ref
    is_object = box is not None and box.kind is Side.OBJECT
    before, after = (data.objects if is_object else data.detections for data in (opened, shown))
    image_id = opened.images.ids[ref.row if box is None else int(before.images[box.row])]
    if image_id not in shown.images.ids:
        return None
    image_row = shown.images.ids.index(image_id)
    if box is None:
        return ImageRef(image_row)
    first, end = after.offsets[image_row : image_row + 2].tolist()
    here = np.flatnonzero(after.positions[first:end] == before.positions[box.row])
    return BoxRef(box.kind, first + int(here[0])) if len(here) else None
