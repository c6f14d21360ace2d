"""The demo's JSON files: COCO ground truth, COCO results, and the truth about the planted errors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from inspector.demo.boxes import FloatBox
from inspector.demo.kinds import BY_NAME, KINDS
from inspector.demo.labels import Label
from inspector.demo.model import Detection
from inspector.demo.scenes import Scene

Json = dict[str, Any]

PNG_IMAGES = (20, 75)
"""Pictures that are stored as PNG, the others as JPEG."""


def image_id(index: int) -> int:
    """Ids ascend with gaps, as those of COCO do."""
    return 139 + 37 * index + index % 5


def file_name(scene: Scene) -> str:
    return f"{scene.setting}_{image_id(scene.index):06d}.{'png' if scene.index in PNG_IMAGES else 'jpg'}"


def encoded(document: object) -> bytes:
    """JSON with one entry per line where it is a list of many, in a fixed order."""
    return json.dumps(document, separators=(", ", ": ")).replace("}, {", "},\n{").encode() + b"\n"


def numbered(labels: Sequence[Sequence[Label]]) -> list[list[int | None]]:
    """The annotation id of every label, from 1 on; None for missing ones."""
    ids: list[list[int | None]] = []
    following = 1
    for of_image in labels:
        row: list[int | None] = []
        for label in of_image:
            row.append(following if label.written else None)
            following += label.written
        ids.append(row)
    return ids


def ground_truth(scenes: Sequence[Scene], labels: Sequence[Sequence[Label]]) -> Json:
    ids = numbered(labels)
    annotations = [
        {
            "id": ids[row][position],
            "image_id": image_id(scenes[row].index),
            "category_id": BY_NAME[label.kind].category_id,
            "bbox": list(label.box),
            "area": round(label.box[2] * label.box[3], 2),
            "iscrowd": int(label.crowd),
        }
        for row, of_image in enumerate(labels)
        for position, label in enumerate(of_image)
        if label.written
    ]
    return {
        "info": {
            "description": "Detection Inspector demo: drawn scenes with planted label errors",
            "version": "1",
        },
        "images": [
            {
                "id": image_id(scene.index),
                "file_name": file_name(scene),
                "width": scene.size[0],
                "height": scene.size[1],
            }
            for scene in scenes
        ],
        "annotations": annotations,
        "categories": [
            {"id": kind.category_id, "name": kind.name, "supercategory": kind.group} for kind in KINDS
        ],
    }


def results(scenes: Sequence[Scene], detections: Sequence[Sequence[Detection]]) -> list[Json]:
    return [
        {
            "image_id": image_id(scene.index),
            "category_id": BY_NAME[detection.kind].category_id,
            "bbox": list(detection.box),
            "score": detection.score,
        }
        for scene, of_image in zip(scenes, detections, strict=True)
        for detection in of_image
    ]


def _described(kind: str | None, box: FloatBox | None) -> Json | None:
    if kind is None or box is None:
        return None
    return {"class": kind, "category_id": BY_NAME[kind].category_id, "bbox": list(box)}


def planted_errors(scenes: Sequence[Scene], labels: Sequence[Sequence[Label]]) -> Json:
    """Every wrong label: `label` is what the ground truth says, `truth` is what is in the picture."""
    ids = numbered(labels)
    errors = [
        {
            "kind": label.error,
            "image_id": image_id(scenes[row].index),
            "file_name": file_name(scenes[row]),
            "annotation_id": ids[row][position],
            "label": _described(label.kind, label.box) if label.written else None,
            "truth": _described(label.true_kind, label.true_box),
            "duplicate_of": ids[row][label.copy] if label.copy >= 0 else None,
        }
        for row, of_image in enumerate(labels)
        for position, label in enumerate(of_image)
        if label.error is not None
    ]
    return {"kinds": ["missing", "spurious", "wrong_class", "badly_placed", "duplicate"], "errors": errors}
