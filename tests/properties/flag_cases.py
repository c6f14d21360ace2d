"""Random flags on random problems, and what they come to, slowly and plainly, on COCO's dictionaries."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import numpy as np

from inspector.dataset import Dataset
from inspector.refs import BoxRef, Ref, Side
from inspector.review.attaching import Attached, place_of
from inspector.review.verdicts import Entry, Judgement, Kind, Verdict

OF_OBJECTS = (Kind.SPURIOUS, Kind.WRONG_CLASS, Kind.BADLY_PLACED, Kind.DUPLICATE, Kind.IGNORE, None)


def random_flags(seed: int, dataset: Dataset) -> Attached:
    """Flags of every kind on some objects and detections, some of which say too little."""
    rng = np.random.default_rng(seed)
    entries: dict[Ref, Entry] = {}

    def judge(ref: Ref, verdict: Verdict) -> None:
        entries[ref] = Entry(place_of(dataset, ref), verdict, "somebody", datetime(2026, 1, 2, tzinfo=UTC))

    names = dataset.classes.names
    for row in range(len(dataset.objects)):
        if rng.random() < 0.4:
            kind = OF_OBJECTS[rng.integers(len(OF_OBJECTS))]
            x, y, width, height = (float(value) for value in rng.random(4) * 100)
            right_class = str(rng.choice([*names, ""])) if kind is Kind.WRONG_CLASS else ""
            right_box = (x, y, width, height) if rng.random() < 0.7 and kind is Kind.BADLY_PLACED else None
            verdict = Verdict(Judgement.LABEL, kind, right_class, right_box)
            judge(BoxRef(Side.OBJECT, row), verdict)
    for row in range(len(dataset.detections)):
        if rng.random() < 0.1:
            judge(BoxRef(Side.DETECTION, row), Verdict(Judgement.LABEL, Kind.MISSING))
        elif rng.random() < 0.1:
            judge(BoxRef(Side.DETECTION, row), Verdict(Judgement.MODEL))
    return Attached(entries, ())


def corrected_records(
    ground_truth: dict[str, Any], results: list[dict[str, Any]], dataset: Dataset, flags: Attached
) -> dict[str, Any]:
    """The ground truth with every flag obeyed that says how."""
    truth = copy.deepcopy(ground_truth)
    by_position = dict(enumerate(truth["annotations"]))
    ids = {category["name"]: category["id"] for category in truth["categories"]}
    fixed, duplicates = [], []
    for ref, entry in flags.entries.items():
        verdict = entry.verdict
        if not isinstance(ref, BoxRef) or ref.kind is Side.DETECTION or not verdict.is_flag:
            continue
        position = int(dataset.objects.positions[ref.row])
        if verdict.kind is Kind.SPURIOUS:
            del by_position[position]
        elif verdict.kind is Kind.DUPLICATE:
            duplicates.append((entry.time, ref.row, position))
        elif verdict.kind is Kind.IGNORE:
            by_position[position]["iscrowd"] = 1
        elif verdict.kind is Kind.WRONG_CLASS and verdict.right_class:
            changed = by_position[position]["category_id"] != ids[verdict.right_class]
            by_position[position]["category_id"] = ids[verdict.right_class]
            fixed += [by_position[position]] if changed else []
        elif verdict.kind is Kind.BADLY_PLACED and verdict.right_box:
            _, _, width, height = verdict.right_box
            by_position[position] |= {"bbox": [*verdict.right_box], "area": width * height}
            fixed.append(by_position[position])
    for _, _, position in sorted(duplicates):
        twins = twins_of(ground_truth["annotations"], position)
        if not twins or any(other in by_position for other in twins):
            del by_position[position]
    rows = sorted(ref.row for ref, entry in flags.entries.items() if _is_missing(ref, entry))
    annotations = [*by_position.values()]
    free = max((item["id"] for item in ground_truth["annotations"]), default=0) + 1
    for row in rows:
        result = results[int(dataset.detections.positions[row])]
        same = {key: result[key] for key in ("image_id", "category_id", "bbox")}
        before = [annotation | same == annotation for annotation in ground_truth["annotations"] + annotations]
        there = [
            all(other[key] == same[key] for key in ("image_id", "category_id"))
            and _iou(other["bbox"], same["bbox"]) >= 0.9
            for other in fixed
        ]
        if not any(before) and not any(there):
            area = result["bbox"][2] * result["bbox"][3]
            annotations.append({"id": free, **same, "area": area, "iscrowd": 0})
            free += 1
    return truth | {"annotations": annotations}


def twins_of(annotations: list[dict[str, Any]], position: int) -> list[int]:
    """Positions of the other labels of the same class that overlap one by 0.8 or more."""
    one = annotations[position]
    return [
        at
        for at, other in enumerate(annotations)
        if at != position
        and all(other[key] == one[key] for key in ("image_id", "category_id"))
        and _iou(other["bbox"], one["bbox"]) >= 0.8
    ]


def _is_missing(ref: Ref, entry: Entry) -> bool:
    return isinstance(ref, BoxRef) and ref.kind is Side.DETECTION and entry.verdict.is_flag


def _iou(one: list[float], other: list[float]) -> float:
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    both = max(0.0, width) * max(0.0, height)
    return both / (one[2] * one[3] + other[2] * other[3] - both) if both else 0.0
