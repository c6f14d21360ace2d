"""Datasets as they would be if flagged labels were ignored, or corrected."""

from __future__ import annotations

from typing import Final

import numpy as np

from inspector.dataset import Dataset
from inspector.geometry import overlaps
from inspector.refs import BoxRef, ImageRef, Side
from inspector.review.attaching import Attached
from inspector.review.corrections import (
    Corrections,
    box_of,
    class_names,
    corrections,
    detection_name,
    flags_of,
    is_fulfilled,
    object_name,
    usable,
)
from inspector.review.editing import Added, Edit
from inspector.review.verdicts import Entry, Kind

_CONTRADICTS: Final = 0.5
"""IoU from which on a detection of another class speaks of the same thing."""


def corrected(dataset: Dataset, wanted: Corrections) -> Dataset:
    """The labels as the flags want them; `wanted` was made for this dataset.

    Added labels get unused ids and stand behind all others. The mask of an object whose box was corrected is
    left out, because it outlines the wrong place: the object takes part with its box, which also gives its
    area. Where objects have masks, an added label has that of its detection.
    """
    edit = Edit(dataset)
    edit.crowd[list(wanted.crowds)] = True
    edit.kept[list(wanted.removed)] = False
    for row, name in wanted.names.items():
        edit.rename(row, name)
    for row, box in wanted.boxes.items():
        edit.move(row, box)
    for label in wanted.added:
        edit.add(Added(label.image_row, label.name, label.box, mask_of=label.seen))
    return edit.result()


def ignoring(dataset: Dataset, attached: Attached) -> Dataset:
    """The flagged labels as COCO ignores: what is detected there counts neither way.

    COCO knows one way to say "do not judge here": the crowd region. It is no object that could be missed, and
    any number of detections of its class that lie in it (by their own area) are neither right nor wrong. So

    * a flagged object becomes a crowd region, whatever is wrong with it;
    * one of the wrong class may be one of the right class, so a crowd region of that class stands there as
      well. Where nobody named it, it is that of the best detection of another class that overlaps it by half;
    * where somebody said where a label should be, a crowd region stands there as well, because a detection
      at the right place may be much larger than the wrong label;
    * where a label is missing, a crowd region stands at the detection: it is ignored instead of wrong;
    * on an image that lacks labels, nobody can tell which of the unmatched detections are wrong: a crowd
      region of each class that is detected there spans these detections (LVIS does the same on images that
      are not labelled exhaustively). Flagged for anything else, or for nothing in particular, all of the
      image's objects are ignored, too.

    Of a label that was corrected since, nothing is ignored. Objects that are not flagged still come first:
    COCO matches them before any crowd region.
    """
    edit = Edit(dataset)
    names = {name: place for place, name in reversed([*enumerate(class_names(dataset))])}
    for ref, entry in flags_of(attached):
        if ref is None:
            continue
        if isinstance(ref, ImageRef):
            _ignore_image(edit, ref.row, entry.verdict.kind)
        elif ref.kind is Side.OBJECT:
            if is_fulfilled(dataset, ref.row, entry.verdict):
                continue
            _ignore_object(edit, ref.row, entry, names.get(entry.verdict.right_class))
        else:
            detections = dataset.detections
            image_row, name = int(detections.images[ref.row]), detection_name(dataset, ref.row)
            edit.add(Added(image_row, name, box_of(detections.boxes, ref.row), True, ref))
    for label in corrections(dataset, Attached({}, attached.orphans)).added:
        edit.add(Added(label.image_row, label.name, label.box, True))
    return edit.result()


def _ignore_object(edit: Edit, row: int, entry: Entry, right_name: int | None) -> None:
    dataset, verdict = edit.dataset, entry.verdict
    image_row, own = int(dataset.objects.images[row]), object_name(dataset, row)
    edit.crowd[row] = True
    if right_name is None and verdict.kind is Kind.WRONG_CLASS:
        right_name = _contradicting(dataset, row)
    if right_name is not None and right_name != own:
        ref = BoxRef(Side.OBJECT, row)
        edit.add(Added(image_row, right_name, box_of(dataset.objects.boxes, row), True, ref))
    moved = usable(verdict.right_box)
    if moved is not None:
        edit.add(Added(image_row, own if right_name is None else right_name, moved, True))


def _ignore_image(edit: Edit, image_row: int, kind: Kind | None) -> None:
    dataset = edit.dataset
    if kind is not Kind.MISSING:
        edit.crowd[dataset.objects_of(image_row)] = True
    rows = np.arange(len(dataset.detections))[dataset.detections_of(image_row)]
    found = np.array([detection_name(dataset, row) for row in rows.tolist()], dtype=np.int64)
    boxes = dataset.detections.boxes
    for name in np.unique(found).tolist():
        of_class = boxes[rows[found == name]]
        left, top = of_class[:, :2].min(axis=0)
        right, bottom = (of_class[:, :2] + of_class[:, 2:]).max(axis=0)
        edit.add(Added(image_row, name, (left, top, right - left, bottom - top), True))


def _contradicting(dataset: Dataset, row: int) -> int | None:
    """What the best detection of another class calls what is at an object."""
    rows = np.arange(len(dataset.detections))[dataset.detections_of(int(dataset.objects.images[row]))]
    rows = rows[overlaps(dataset.objects.boxes[row], dataset.detections.boxes[rows]) >= _CONTRADICTS]
    own = object_name(dataset, row)
    for other in rows[np.argsort(-dataset.detections.scores[rows], kind="stable")].tolist():
        name = detection_name(dataset, other)
        if name != own:
            return name
    return None
