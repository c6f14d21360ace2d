"""COCO-like files of any size, quickly made, and a few pictures that all images share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

_PICTURES = 64
_BATCH = 200_000
_CORNERS = 32
"""Of a mask's outline."""


def make_data(
    folder: Path, images: int, classes: int, detections: int, seed: int = 7, *, masks: bool = False
) -> tuple[Path, Path]:
    """Write `ground_truth.json`, `detections.json` and `images/`; returns the paths of the two files.

    Seven objects an image on average; two thirds of the detections are shifted objects, the others random.
    With `masks` objects are polygons (crowd regions: counts), detections compressed masks instead of boxes.
    """
    rng = np.random.default_rng(seed)
    make_pictures(folder / "images", rng)
    objects = images * 7
    owners = np.sort(rng.integers(0, images, objects))
    boxes = np.empty((objects, 4))
    boxes[:, 2:] = np.exp(rng.normal(4.0, 0.9, (objects, 2))).clip(4, 400)
    boxes[:, :2] = rng.random((objects, 2)) * (np.array([640, 480]) - boxes[:, 2:]).clip(1)
    labels = (rng.pareto(1.2, objects) * classes / 8).astype(np.int64) % classes
    truth = folder / "ground_truth.json"
    with truth.open("w") as file:
        listed = [
            {"id": i + 1, "file_name": f"{i % _PICTURES:03d}.jpg", "width": 640, "height": 480}
            for i in range(images)
        ]
        categories = [{"id": k + 1, "name": f"class {k + 1}"} for k in range(classes)]
        file.write(
            f'{{"images": {json.dumps(listed)}, "categories": {json.dumps(categories)}, "annotations": ['
        )
        pattern = (
            '{"id": %d, "image_id": %d, "category_id": %d, "bbox": [%.2f, %.2f, %.2f, %.2f],'
            ' "area": %.2f, "iscrowd": %d}'
        )
        crowd = rng.random(objects) < 0.01
        shapes = _shapes(objects, rng) if masks else None
        areas = boxes[:, 2] * boxes[:, 3]
        rows = zip(
            range(1, objects + 1),
            (owners + 1).tolist(),
            (labels + 1).tolist(),
            *boxes.T.tolist(),
            (areas if shapes is None else areas * _filled(shapes)).tolist(),
            crowd.tolist(),
            strict=True,
        )
        listing = (pattern % row for row in rows)
        if shapes is not None:
            segments = _object_masks(shapes, boxes, crowd)
            listing = (f"{row[:-1]}, {segment}}}" for row, segment in zip(listing, segments, strict=True))
        file.write(", ".join(listing))
        file.write("]}")
    found = folder / "detections.json"
    _write_detections(found, detections, rng, owners, labels, boxes, images, classes, shapes)
    return truth, found


def _write_detections(
    path: Path,
    count: int,
    rng: np.random.Generator,
    owners: np.ndarray,
    labels: np.ndarray,
    boxes: np.ndarray,
    images: int,
    classes: int,
    shapes: np.ndarray | None,
) -> None:
    pattern = '{"image_id": %d, "category_id": %d, "bbox": [%.2f, %.2f, %.2f, %.2f], "score": %.5f}'
    mask_pattern = '{"image_id": %d, "category_id": %d, "segmentation": %s, "score": %.5f}'
    with path.open("w") as file:
        file.write("[")
        for first in range(0, count, _BATCH):
            n = min(_BATCH, count - first)
            origin = rng.integers(0, len(owners), n)
            real = rng.random(n) < 0.66
            model = np.where(real, origin, rng.integers(0, len(owners), n))
            shape = boxes[model]
            shape = shape + rng.normal(0, 0.08, (n, 4)) * shape[:, [2, 3, 2, 3]]
            shape[:, 2:] = np.abs(shape[:, 2:]).clip(1)
            image = np.where(real, owners[origin], rng.integers(0, images, n)) + 1
            label = np.where(real, labels[origin], rng.integers(0, classes, n)) + 1
            score = np.where(real, rng.beta(2, 2, n), rng.beta(1, 5, n))
            if shapes is None:
                rows = zip(image.tolist(), label.tolist(), *shape.T.tolist(), score.tolist(), strict=True)
                listing = (pattern % row for row in rows)
            else:
                found = _compressed(shapes[model] * rng.normal(1, 0.04, (n, _CORNERS)), shape)
                rows = zip(image.tolist(), label.tolist(), found, score.tolist(), strict=True)
                listing = (mask_pattern % row for row in rows)
            file.write((", " if first else "") + ", ".join(listing))
        file.write("]")


def _shapes(count: int, rng: np.random.Generator) -> np.ndarray:
    """float64 [count, corners]: how far each corner lies from the centre of its box; 1: on its ellipse."""
    waves = rng.normal(0, 1, (count, 3, 2))
    turns = np.arange(1, 4)[:, None] * np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    bumps = waves[:, :, 0] @ np.cos(turns) + waves[:, :, 1] @ np.sin(turns)
    return (0.9 + 0.08 * bumps + rng.normal(0, 0.02, (count, _CORNERS))).clip(0.3, 1.0)


def _filled(shapes: np.ndarray) -> np.ndarray:
    """float64 [shapes]: the part of its box that a shape fills."""
    step = 2 * np.pi / _CORNERS
    return (shapes * np.roll(shapes, 1, axis=1)).sum(axis=1) * np.sin(step) / 8


def _polygons(shapes: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """float64 [shapes, corners * 2]: x and y of the corners, inside the picture."""
    angles = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    unit = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    sides = boxes[:, None, 2:]
    corners = boxes[:, None, :2] + sides / 2 + shapes[:, :, None] * unit * sides / 2
    return corners.clip(0, [640, 480]).round(2).reshape(len(shapes), -1)


def _object_masks(shapes: np.ndarray, boxes: np.ndarray, crowd: np.ndarray) -> Iterator[str]:
    """The `segmentation` of each object: a polygon, or for a crowd the counts of a filled box."""
    for polygon, box, many in zip(_polygons(shapes, boxes), boxes, crowd, strict=True):
        if not many:
            yield f'"segmentation": [{json.dumps(polygon.tolist())}]'
            continue
        x, y = (int(value) for value in box[:2])
        width, height = min(int(box[2]), 640 - x), min(int(box[3]), 480 - y)
        counts = [x * 480 + y, height, *[480 - height, height] * (width - 1)]
        counts.append(640 * 480 - sum(counts))
        yield f'"segmentation": {{"size": [480, 640], "counts": {json.dumps(counts)}}}'


def _compressed(shapes: np.ndarray, boxes: np.ndarray) -> Iterator[str]:
    """The `segmentation` of each detection: its polygon as a compressed mask."""
    from pycocotools import mask

    for polygon in _polygons(shapes, boxes):
        encoded = mask.frPyObjects([polygon.tolist()], 480, 640)[0]
        yield f'{{"size": [480, 640], "counts": {json.dumps(encoded["counts"].decode())}}}'


def make_pictures(folder: Path, rng: np.random.Generator) -> None:
    """Some pictures of noise, "000.jpg" and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(_PICTURES):
        coarse = rng.integers(0, 255, (12, 16, 3), dtype=np.uint8)
        picture = Image.fromarray(coarse).resize((640, 480), Image.Resampling.BICUBIC)
        picture.save(folder / f"{number:03d}.jpg", quality=88)
