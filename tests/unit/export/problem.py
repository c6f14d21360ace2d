"""Two objects and a class without any, one of them found."""

from __future__ import annotations

from typing import Any

GROUND_TRUTH: dict[str, Any] = {
    "images": [{"id": 1}],
    "categories": [{"id": 0, "name": "cat"}, {"id": 5, "name": "traffic light"}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 0, "bbox": [0, 0, 50, 50], "area": 2500.0, "iscrowd": 0},
        {"id": 2, "image_id": 1, "category_id": 0, "bbox": [60, 0, 50, 50], "area": 2500.0, "iscrowd": 0},
    ],
}
RESULTS = [{"image_id": 1, "category_id": 0, "bbox": [0, 0, 50, 45], "score": 0.75}]
