"""Random detection problems with everything that COCO's rules treat specially."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

Case = tuple[dict[str, Any], list[dict[str, Any]]]


def random_case(seed: int) -> Case:
    """Ties, crowds, difficult objects, empty images, unused classes, zero-size boxes, ids in any order."""
    rng = np.random.default_rng(seed)
    n_images, n_classes = int(rng.integers(1, 6)), int(rng.integers(1, 4))
    image_ids = rng.choice(1000, n_images, replace=False).tolist()
    class_ids = rng.choice(100, n_classes, replace=False).tolist()
    scale = float(rng.choice([20, 60, 200, 1000]))

    def box() -> list[float]:
        x, y = rng.integers(-2, 6, 2) * scale / 8
        width, height = rng.integers(0, 7, 2) * scale / 4
        jitter = rng.random(4) * scale / 10 * (rng.random() < 0.7)
        return [float(v) for v in np.array([x, y, width, height]) + jitter]

    annotations = []
    ids = (rng.choice(10_000, 40, replace=False) + 1).tolist()
    for _ in range(int(rng.integers(0, 25))):
        bounds = box()
        area = bounds[2] * bounds[3]
        annotations.append(
            {
                "id": ids.pop(),
                "image_id": int(rng.choice(image_ids)),
                "category_id": int(rng.choice(class_ids)),
                "bbox": bounds,
                "area": float(
                    rng.choice([area, area * 0.6, 32.0**2, 96.0**2, 1e11], p=[0.5, 0.2, 0.14, 0.14, 0.02])
                ),
                "iscrowd": int(rng.random() < 0.2),
                "difficult": int(rng.random() < 0.2),
                "ignore": int(rng.random() < 0.1),
            }
        )
    results = []
    score_steps = int(rng.choice([2, 5, 1000]))
    for _ in range(int(rng.choice([0, 5, 30, 150]))):
        if annotations and rng.random() < 0.6:
            origin = annotations[int(rng.integers(len(annotations)))]
            shift = rng.normal(0, rng.choice([0.0, 0.05, 0.3]), 4) * scale / 4
            bounds = [float(v) for v in np.array(origin["bbox"]) + shift]
            bounds[2:] = [abs(v) for v in bounds[2:]]
            image_id, class_id = origin["image_id"], origin["category_id"]
        else:
            bounds = box()
            image_id, class_id = int(rng.choice(image_ids)), int(rng.choice(class_ids))
        results.append(
            {
                "image_id": image_id,
                "category_id": class_id,
                "bbox": bounds,
                "score": float(rng.integers(0, score_steps + 1) / score_steps),
            }
        )
    ground_truth = {
        "images": [{"id": i, "width": 1000, "height": 1000, "file_name": f"{i}.jpg"} for i in image_ids],
        "categories": [{"id": i, "name": f"class {i}"} for i in class_ids],
        "annotations": annotations,
    }
    return ground_truth, results


cases: st.SearchStrategy[Case] = st.integers(0, 2**32 - 1).map(random_case)
