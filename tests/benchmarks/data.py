"""COCO-like files of any size, quickly made, and a few pictures that all images share."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

_PICTURES = 64
_BATCH = 200_000


def make_data(folder: Path, images: int, classes: int, detections: int, seed: int = 7) -> tuple[Path, Path]:
    """Write `ground_truth.json`, `detections.json` and `images/`; returns the paths of the two files.

    Seven objects an image on average; two thirds of the detections are shifted objects, the others random.
    """
    rng = np.random.default_rng(seed)
    _make_pictures(folder / "images", rng)
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
        rows = zip(
            range(1, objects + 1),
            (owners + 1).tolist(),
            (labels + 1).tolist(),
            *boxes.T.tolist(),
            (boxes[:, 2] * boxes[:, 3]).tolist(),
            crowd.tolist(),
            strict=True,
        )
        file.write(", ".join(pattern % row for row in rows))
        file.write("]}")
    found = folder / "detections.json"
    _write_detections(found, detections, rng, owners, labels, boxes, images, classes)
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
) -> None:
    pattern = '{"image_id": %d, "category_id": %d, "bbox": [%.2f, %.2f, %.2f, %.2f], "score": %.5f}'
    with path.open("w") as file:
        file.write("[")
        for first in range(0, count, _BATCH):
            n = min(_BATCH, count - first)
            origin = rng.integers(0, len(owners), n)
            real = rng.random(n) < 0.66
            shape = np.where(real[:, None], boxes[origin], boxes[rng.integers(0, len(owners), n)])
            shape = shape + rng.normal(0, 0.08, (n, 4)) * shape[:, [2, 3, 2, 3]]
            shape[:, 2:] = np.abs(shape[:, 2:]).clip(1)
            image = np.where(real, owners[origin], rng.integers(0, images, n)) + 1
            label = np.where(real, labels[origin], rng.integers(0, classes, n)) + 1
            score = np.where(real, rng.beta(2, 2, n), rng.beta(1, 5, n))
            rows = zip(image.tolist(), label.tolist(), *shape.T.tolist(), score.tolist(), strict=True)
            file.write((", " if first else "") + ", ".join(pattern % row for row in rows))
        file.write("]")


def _make_pictures(folder: Path, rng: np.random.Generator) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(_PICTURES):
        coarse = rng.integers(0, 255, (12, 16, 3), dtype=np.uint8)
        picture = Image.fromarray(coarse).resize((640, 480), Image.Resampling.BICUBIC)
        picture.save(folder / f"{number:03d}.jpg", quality=88)
