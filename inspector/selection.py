"""Datasets made from a dataset: some of its images and classes, or all of its classes as one."""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import (
    Classes,
    Dataset,
    Detections,
    Flags,
    Floats,
    Images,
    Labels,
    Masks,
    Objects,
    Offsets,
    Rows,
    Splits,
)
from inspector.masks import rows_of as masks_of

ANY_CLASS = "any class"
NO_SPLIT = "none"
_USUAL = ("train", "val", "test")
"""How the usual splits begin."""
_SAME = {"valid": "val", "validation": "val", "training": "train", "testing": "test"}
"""Folders and their data.yaml call the same split by different words."""


def class_agnostic(dataset: Dataset) -> Dataset:
    """The same boxes as one class; `labels` keeps what each of them was.

    Detections of an image are sorted by descending score; equal scores keep the order of the classes, then
    of the file, as the COCO API has it with `useCats = 0`.
    """
    objects, detections = dataset.objects, dataset.detections
    order = np.lexsort((-detections.scores, detections.images))
    return replace(
        dataset,
        classes=Classes(ids=(0,), names=(ANY_CLASS,)),
        objects=replace(objects, classes=np.zeros_like(objects.classes)),
        detections=replace(
            detections,
            positions=detections.positions[order],
            classes=np.zeros_like(detections.classes),
            boxes=detections.boxes[order],
            scores=detections.scores[order],
            areas=_rows_of(detections.areas, order),
            masks=_masks_of(detections.masks, order),
        ),
        labels=Labels(dataset.classes.names, objects.classes, detections.classes[order]),
    )


def restricted(
    dataset: Dataset, image_rows: NDArray[np.int64] | None = None, class_rows: NDArray[np.int64] | None = None
) -> Dataset:
    """Only these images and classes (ascending rows; None for all), as the COCO API's imgIds and catIds."""
    images, classes = dataset.images, dataset.classes
    image_row, image_rows = _new_rows(image_rows, len(images))
    class_row, class_rows = _new_rows(class_rows, len(classes))
    objects, detections = dataset.objects, dataset.detections
    there = _kept(objects.images, objects.classes, image_row, class_row)
    found = _kept(detections.images, detections.classes, image_row, class_row)
    object_images, detection_images = image_row[objects.images[there]], image_row[detections.images[found]]
    labels, splits = dataset.labels, dataset.splits
    return replace(
        dataset,
        images=Images(
            ids=tuple(images.ids[row] for row in image_rows.tolist()),
            file_names=tuple(images.file_names[row] for row in image_rows.tolist()),
            sizes=images.sizes[image_rows],
            numbers=None if images.numbers is None else images.numbers[image_rows],
        ),
        classes=Classes(
            ids=tuple(classes.ids[row] for row in class_rows.tolist()),
            names=tuple(classes.names[row] for row in class_rows.tolist()),
        ),
        objects=replace(
            objects_at(objects, there),
            images=object_images,
            classes=class_row[objects.classes[there]],
            offsets=_offsets(object_images, len(image_rows)),
        ),
        detections=replace(
            detections_at(detections, found),
            images=detection_images,
            classes=class_row[detections.classes[found]],
            offsets=_offsets(detection_images, len(image_rows)),
        ),
        labels=labels and Labels(labels.names, labels.objects[there], labels.detections[found]),
        splits=splits and Splits(splits.names, splits.rows[image_rows]),
    )


def objects_at(objects: Objects, rows: NDArray[np.int64] | Rows) -> Objects:
    """Only these objects (ascending rows), on the same images."""
    images = objects.images[rows]
    return replace(
        objects,
        ids=objects.ids[rows],
        positions=objects.positions[rows],
        images=images,
        classes=objects.classes[rows],
        boxes=objects.boxes[rows],
        areas=objects.areas[rows],
        crowd=objects.crowd[rows],
        difficult=objects.difficult[rows],
        offsets=_offsets(images, len(objects.offsets) - 1),
        masks=_masks_of(objects.masks, rows),
    )


def detections_at(detections: Detections, rows: NDArray[np.int64] | Rows) -> Detections:
    """Only these detections (rows in the dataset's order), on the same images."""
    images = detections.images[rows]
    return replace(
        detections,
        positions=detections.positions[rows],
        images=images,
        classes=detections.classes[rows],
        boxes=detections.boxes[rows],
        scores=detections.scores[rows],
        offsets=_offsets(images, len(detections.offsets) - 1),
        areas=_rows_of(detections.areas, rows),
        masks=_masks_of(detections.masks, rows),
    )


def split_sizes(dataset: Dataset) -> dict[str, int]:
    """How many images each split has: train, valid and test first, whatever they are called; no empty ones.

    Empty where all images are of one split, so that there is nothing to choose from.
    """
    splits = dataset.splits
    if splits is None:
        return {}
    counts = np.bincount(splits.rows, minlength=len(splits.names)).tolist()
    there = [(_called(name), count) for name, count in zip(splits.names, counts, strict=True) if count]
    return dict(sorted(there, key=lambda item: _rank(item[0]))) if len(there) > 1 else {}


def split_rows(dataset: Dataset, name: str) -> NDArray[np.int64]:
    """The rows of the images of the split that is meant, ascending. Raises ValueError where there is none of
    that name."""
    splits, meant = dataset.splits, split_meant(dataset, name)
    if splits is None or meant is None:
        sizes = split_sizes(dataset)
        known = f"; there are {', '.join(sizes)}" if sizes else ": the files know of no several splits"
        raise ValueError(f'there is no split "{name}"{known}')
    return np.flatnonzero(splits.rows == [_called(other) for other in splits.names].index(meant))


def split_meant(dataset: Dataset, text: str) -> str | None:
    """Which of the splits a person means: by its name, whatever the case, or by another usual word for it."""
    for alike in (str, str.casefold, _usual):
        for name in split_sizes(dataset):
            if alike(name) == alike(text):
                return name
    return None


def split_names(dataset: Dataset) -> tuple[str, ...]:
    """Of each image, the split that it is of; nothing where there are no two."""
    if dataset.splits is None or not split_sizes(dataset):
        return ()
    names = [_called(name) for name in dataset.splits.names]
    return tuple(names[row] for row in dataset.splits.rows.tolist())


def split_ranks(dataset: Dataset) -> Floats:
    """float64 [images]: the place of each image's split among `split_sizes`; 0 where there are none."""
    places = {name: place for place, name in enumerate(split_sizes(dataset))}
    if not places:
        return np.zeros(len(dataset.images))
    return np.array([places[name] for name in split_names(dataset)], dtype=np.float64)


def in_splits(dataset: Dataset, wanted: Sequence[str]) -> Flags:
    """bool [images]: those of the splits of these names, whatever the case, and whatever the usual word for
    it; also where all are of one."""
    if dataset.splits is None:
        return np.zeros(len(dataset.images), dtype=np.bool_)
    called = [_called(name).casefold() for name in dataset.splits.names]
    asked = np.zeros(len(called), dtype=np.bool_)
    for name in map(str.casefold, wanted):
        alike = str if name in called else _usual
        asked |= [alike(other) == alike(name) for other in called]
    return asked[dataset.splits.rows]


def _usual(name: str) -> str:
    """One word for the same split."""
    folded = name.casefold()
    return _SAME.get(folded, folded)


def _called(name: str) -> str:
    """Images of no split are one, too."""
    return name or NO_SPLIT


def _rank(name: str) -> int:
    folded = name.casefold()
    return next((rank for rank, begin in enumerate(_USUAL) if folded.startswith(begin)), len(_USUAL))


def some_detections(
    dataset: Dataset, rows: NDArray[np.int64] | Rows, scores: NDArray[np.float64] | None = None
) -> Dataset:
    """Only these detections (rows in the dataset's order); `scores`: float64 [rows], in place of theirs."""
    detections, labels = detections_at(dataset.detections, rows), dataset.labels
    return replace(
        dataset,
        detections=detections if scores is None else replace(detections, scores=scores),
        labels=labels and replace(labels, detections=labels.detections[rows]),
    )


def class_rows_named(classes: Classes, text: str) -> NDArray[np.int64]:
    """The rows of classes that a person lists with commas, by name or else by id, ascending.

    Raises ValueError for one that is unknown, with names that are near.
    """
    wanted = [text] if text in classes.names else [part.strip() for part in text.split(",")]
    ids = [str(file_id) for file_id in classes.ids]
    rows: set[int] = set()
    for name in wanted:
        found = _places(classes.names, name) or _places(ids, name)
        if not found:
            raise ValueError(f'there is no class "{name}"{_near(name, classes.names)}')
        rows.update(found)
    return np.array(sorted(rows), dtype=np.int64)


def image_rows_like(images: Images, patterns: Sequence[str]) -> NDArray[np.int64]:
    """The rows of images whose file name, or the last part of it, fits one of the patterns, ascending.

    `*` stands for any text, `?` for any letter; case counts. Raises ValueError for a pattern that fits none.
    """
    last_parts = [name.replace("\\", "/").rpartition("/")[2] for name in images.file_names]
    fits = np.zeros(len(images), dtype=np.bool_)
    for pattern in patterns:
        fit = re.compile(fnmatch.translate(pattern)).match
        here = [
            bool(fit(name) or fit(last)) for name, last in zip(images.file_names, last_parts, strict=True)
        ]
        if not any(here):
            raise ValueError(f'no file name of an image fits "{pattern}"')
        fits |= here
    return np.flatnonzero(fits)


def _places(values: Sequence[str], value: str) -> list[int]:
    return [place for place, other in enumerate(values) if other == value]


def _near(name: str, names: Sequence[str]) -> str:
    by_folded = {known.casefold(): known for known in names}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=3)
    return f"; near: {', '.join(by_folded[folded] for folded in near)}" if near else ""


def _new_rows(rows: NDArray[np.int64] | None, count: int) -> tuple[Rows, NDArray[np.int64]]:
    """int32 [count], the new row of each old one or -1; and the old rows that are kept."""
    kept = np.arange(count) if rows is None else rows
    new = np.full(count, -1, dtype=np.int32)
    new[kept] = np.arange(len(kept), dtype=np.int32)
    return new, kept


def _kept(images: Rows, classes: Rows, image_row: Rows, class_row: Rows) -> NDArray[np.int64]:
    kept: Flags = (image_row[images] >= 0) & (class_row[classes] >= 0)
    return np.flatnonzero(kept)


def _offsets(images: Rows, count: int) -> Offsets:
    return np.searchsorted(images, np.arange(count + 1)).astype(np.int64)


def _rows_of(
    column: NDArray[np.float64] | None, rows: NDArray[np.int64] | Rows
) -> NDArray[np.float64] | None:
    return None if column is None else column[rows]


def _masks_of(masks: Masks | None, rows: NDArray[np.int64] | Rows) -> Masks | None:
    return None if masks is None else masks_of(masks, rows.astype(np.int32))
