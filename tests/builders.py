"""Datasets for tests, from COCO dictionaries, without files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inspector.dataset import Classes, Dataset, Detections, Images, Objects, Splits
from inspector.readers.ordering import numbers_of

Record = Mapping[str, Any]


def dataset_from(ground_truth: Mapping[str, Sequence[Record]], results: Sequence[Record]) -> Dataset:
    """Put clean COCO records (known ids, finite numbers) into the dataset's columns.

    An image may have a `split`.
    """
    images = sorted(ground_truth["images"], key=lambda image: image["id"])
    categories = sorted(ground_truth["categories"], key=lambda category: category["id"])
    image_row = {image["id"]: row for row, image in enumerate(images)}
    class_row = {category["id"]: row for row, category in enumerate(categories)}

    def place(record: Record) -> tuple[int, int]:
        return image_row[record["image_id"]], class_row[record["category_id"]]

    annotations = sorted(enumerate(ground_truth["annotations"]), key=lambda item: (*place(item[1]), item[0]))
    detections = sorted(enumerate(results), key=lambda item: (*place(item[1]), -item[1]["score"], item[0]))

    def column(records: Sequence[tuple[int, Record]], axis: int) -> Any:
        return np.array([place(record)[axis] for _, record in records], dtype=np.int32)

    def boxes(records: Sequence[tuple[int, Record]]) -> Any:
        return np.array([record["bbox"] for _, record in records], dtype=np.float64).reshape(-1, 4)

    def positions(records: Sequence[tuple[int, Record]]) -> Any:
        return np.array([position for position, _ in records], dtype=np.int64)

    def offsets(records: Sequence[tuple[int, Record]]) -> Any:
        return np.searchsorted(column(records, 0), np.arange(len(images) + 1)).astype(np.int64)

    names = tuple(image.get("file_name", f"{image['id']}.png") for image in images)
    return Dataset(
        images=Images(
            ids=tuple(image["id"] for image in images),
            file_names=names,
            sizes=np.array(
                [(image.get("width", 640), image.get("height", 480)) for image in images], dtype=np.int32
            ).reshape(-1, 2),
            numbers=numbers_of(names),
        ),
        classes=Classes(
            ids=tuple(category["id"] for category in categories),
            names=tuple(category.get("name", str(category["id"])) for category in categories),
        ),
        objects=Objects(
            ids=np.array([record["id"] for _, record in annotations], dtype=np.int64),
            positions=positions(annotations),
            images=column(annotations, 0),
            classes=column(annotations, 1),
            boxes=boxes(annotations),
            areas=np.array([record["area"] for _, record in annotations], dtype=np.float64),
            crowd=np.array([bool(record["iscrowd"]) for _, record in annotations], dtype=np.bool_),
            difficult=np.array([bool(record.get("difficult")) for _, record in annotations], dtype=np.bool_),
            offsets=offsets(annotations),
        ),
        detections=Detections(
            positions=positions(detections),
            images=column(detections, 0),
            classes=column(detections, 1),
            boxes=boxes(detections),
            scores=np.array([record["score"] for _, record in detections], dtype=np.float64),
            offsets=offsets(detections),
        ),
        ground_truth_path=Path("ground_truth.json"),
        detections_path=Path("detections.json"),
        image_folder=None,
        splits=splits_of(images),
    )


def splits_of(images: Sequence[Record]) -> Splits | None:
    """What the key `split` says of images; None where it is nowhere."""
    of_each = [image.get("split", "") for image in images]
    names = tuple(dict.fromkeys(of_each))
    if not any(names):
        return None
    return Splits(names, np.array([names.index(split) for split in of_each], dtype=np.int32))
