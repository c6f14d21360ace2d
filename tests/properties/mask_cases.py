"""Random problems with masks of every kind."""

from __future__ import annotations

from typing import Any

import numpy as np
from pycocotools import mask as mask_api

from tests.properties.cases import Case

Random = np.random.Generator


def random_polygon(rng: Random, height: int, width: int) -> list[float]:
    """Any outline: inside and outside the image, on and between pixels, crossing itself, of any length."""
    count = int(rng.integers(5, 14))
    numbers = rng.uniform(-0.3, 1.3, count) * np.resize([width, height], count)
    style = rng.integers(6)
    if style == 1:
        numbers = np.round(numbers)
    elif style == 2:
        numbers = np.round(numbers * 2) / 2
    elif style == 3:
        numbers = np.round(numbers * 5) / 5 + 0.1  # between two of the steps in which the API walks
    elif style == 4:
        numbers = rng.choice(numbers, count)  # a point again and again
    elif style == 5:
        numbers = np.resize(numbers[:4], count)  # there and back
    return [float(number) for number in numbers]


def box_outline(box: list[float]) -> list[list[float]]:
    """A box as `loadRes` has it where a detection has no mask."""
    left, top, right, bottom = box[0], box[1], box[0] + box[2], box[1] + box[3]
    return [[left, top, left, bottom, right, bottom, right, top]]


def random_bitmap(rng: Random, height: int, width: int) -> Any:
    """uint8 [height, width]: blobs, noise, all or nothing."""
    bitmap = np.zeros((height, width), dtype=np.uint8, order="F")
    style = rng.integers(5)
    if style == 0:
        bitmap[:] = rng.random((height, width)) < rng.random()
    elif style == 1:
        bitmap[:] = rng.integers(2)
    else:
        for _ in range(int(rng.integers(1, 4))):
            top, left = int(rng.integers(height)), int(rng.integers(width))
            rows, columns = int(rng.integers(1, height + 1)), int(rng.integers(1, width + 1))
            bitmap[top : top + rows, left : left + columns] = 1
    return bitmap


def compressed(rle: dict[str, Any]) -> dict[str, Any]:
    """As it stands in a file."""
    return {"size": [int(side) for side in rle["size"]], "counts": rle["counts"].decode()}


def run_lengths(rng: Random, bitmap: Any) -> dict[str, Any]:
    """A bitmap as run lengths, here and there with lengths of 0."""
    flat = bitmap.reshape(-1, order="F")
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flat)))).tolist()
    counts = np.diff([0, *edges, len(flat)]).tolist()
    for _ in range(int(rng.integers(0, 3))):
        at = int(rng.integers(0, len(counts) + 1))
        counts[at:at] = [0, 0]
    return {"size": list(bitmap.shape), "counts": counts}


def random_mask(rng: Random, height: int, width: int) -> Any:
    """A segmentation of any kind."""
    kind = rng.integers(3)
    if kind == 0:
        return [random_polygon(rng, height, width) for _ in range(int(rng.integers(1, 4)))]
    bitmap = random_bitmap(rng, height, width)
    return compressed(mask_api.encode(bitmap)) if kind == 1 else run_lengths(rng, bitmap)


def as_code(segmentation: Any, height: int, width: int) -> dict[str, Any]:
    """A segmentation as the COCO API compresses it."""
    if isinstance(segmentation, list):
        return compressed(mask_api.merge(mask_api.frPyObjects(segmentation, height, width)))
    if isinstance(segmentation["counts"], list):
        return compressed(mask_api.frPyObjects(segmentation, height, width))
    return segmentation  # type: ignore[no-any-return]


def as_bitmap(code: dict[str, Any]) -> Any:
    """uint8 [height, width], without the API's `decode`, which numpy warns about."""
    counts, values = code["counts"].encode(), []
    at = 0
    while at < len(counts):
        value, shift, more = 0, 0, True
        while more:
            group = counts[at] - 48
            value |= (group & 31) << shift
            at, shift, more = at + 1, shift + 5, bool(group & 32)
        if group & 16:
            value -= 1 << shift
        values.append(value + (values[-2] if len(values) > 2 else 0))
    flat = np.repeat(np.arange(len(values)) % 2, values).astype(np.uint8)
    return flat.reshape(code["size"], order="F")


def random_mask_case(seed: int) -> Case:
    """Crowds, ties, empty images, areas on a boundary, other bitmap sizes, boxes or masks or both."""
    rng = np.random.default_rng(seed)
    image_ids = (
        rng.choice(1000, int(rng.integers(1, 4)), replace=False) + int(rng.choice([0, 2**40]))
    ).tolist()
    class_ids = rng.choice(100, int(rng.integers(1, 4)), replace=False).tolist()
    sizes = {item: [int(side) for side in rng.integers(1, rng.choice([4, 30, 150]), 2)] for item in image_ids}

    def box(height: int, width: int) -> list[float]:
        x, y = rng.integers(-2, 6, 2) * np.array([width, height]) / 8
        return [float(value) for value in (x, y, *(rng.integers(0, 7, 2) * np.array([width, height]) / 4))]

    annotations = []
    for ident in (rng.choice(10_000, int(rng.integers(0, 20)), replace=False) + 1).tolist():
        image_id = int(rng.choice(image_ids))
        height, width = sizes[image_id]
        segmentation = random_mask(rng, height, width)
        area = float(mask_api.area(as_code(segmentation, height, width)))
        annotations.append(
            {
                "id": ident,
                "image_id": image_id,
                "category_id": int(rng.choice(class_ids)),
                "bbox": box(height, width),
                "area": float(rng.choice([area, area * 0.6, 32.0**2, 96.0**2], p=[0.5, 0.2, 0.15, 0.15])),
                "iscrowd": int(rng.random() < 0.2),
                "segmentation": segmentation,
            }
        )
    results: list[dict[str, Any]] = []
    steps, first_has_box = int(rng.choice([2, 5, 1000])), bool(rng.random() < 0.5)
    for _ in range(int(rng.choice([0, 5, 30, 150], p=[0.1, 0.4, 0.4, 0.1]))):
        image_id, class_id = int(rng.choice(image_ids)), int(rng.choice(class_ids))
        height, width = sizes[image_id]
        segmentation = random_mask(rng, height, width)
        if annotations and rng.random() < 0.6:
            origin = annotations[int(rng.integers(len(annotations)))]
            image_id, class_id, segmentation = (
                origin["image_id"],
                origin["category_id"],
                origin["segmentation"],
            )
            height, width = sizes[image_id]
            if rng.random() < 0.6:  # nearly the object
                bitmap = as_bitmap(as_code(segmentation, height, width))
                shifted = np.roll(bitmap, int(rng.integers(-2, 3)), axis=int(rng.integers(2)))
                segmentation = compressed(mask_api.encode(np.asfortranarray(shifted)))
        if rng.random() < 0.03:
            segmentation = compressed(mask_api.encode(random_bitmap(rng, height + 1, width)))
        result: dict[str, Any] = {
            "image_id": image_id,
            "category_id": class_id,
            "score": float(rng.integers(0, steps + 1) / steps),
            "segmentation": segmentation if first_has_box else as_code(segmentation, height, width),
        }
        if first_has_box or (results and rng.random() < 0.2):
            result["bbox"] = box(height, width)
            if first_has_box and rng.random() < 0.2:
                del result["segmentation"]
        results.append(result)
    ground_truth = {
        "images": [
            {"id": item, "height": height, "width": width, "file_name": f"{item}.jpg"}
            for item, (height, width) in sizes.items()
        ],
        "categories": [{"id": item, "name": f"class {item}"} for item in class_ids],
        "annotations": annotations,
    }
    return ground_truth, results
