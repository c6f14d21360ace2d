"""A street with a few labels, some of them wrong, and what a person says of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from inspector.dataset import Dataset
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.attaching import Attached, place_of
from inspector.review.verdicts import Entry, Judgement, Kind, Verdict
from tests.builders import dataset_from

CAR, VAN = 3, 7
LEFT, RIGHT, FAR = [10.0, 10.0, 40.0, 40.0], [100.0, 10.0, 40.0, 40.0], [200.0, 200.0, 20.0, 20.0]


def truth() -> dict[str, Any]:
    """Two cars on the first image; nothing on the second."""
    return {
        "images": [
            {"id": image, "file_name": f"{image}.jpg", "width": 640, "height": 480} for image in (1, 2)
        ],
        "categories": [{"id": CAR, "name": "car"}, {"id": VAN, "name": "van"}],
        "annotations": [
            {"id": 11, "image_id": 1, "category_id": CAR, "bbox": LEFT, "area": 1600.0, "iscrowd": 0},
            {"id": 12, "image_id": 1, "category_id": CAR, "bbox": RIGHT, "area": 1600.0, "iscrowd": 0},
        ],
    }


def results() -> list[dict[str, Any]]:
    """A car at the left, a van where the label says car, and a car that nobody labelled."""
    return [
        {"image_id": 1, "category_id": CAR, "bbox": LEFT, "score": 0.9},
        {"image_id": 1, "category_id": VAN, "bbox": RIGHT, "score": 0.8},
        {"image_id": 2, "category_id": CAR, "bbox": FAR, "score": 0.7},
    ]


def street() -> Dataset:
    return dataset_from(truth(), results())


def object_ref(row: int) -> BoxRef:
    return BoxRef(Side.OBJECT, row)


def detection_ref(row: int) -> BoxRef:
    return BoxRef(Side.DETECTION, row)


def flag(kind: Kind | None, **more: Any) -> Verdict:
    return Verdict(Judgement.LABEL, kind, **more)


def entry(dataset: Dataset, ref: Ref, verdict: Verdict) -> Entry:
    return Entry(place_of(dataset, ref), verdict, "Ada", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def said(dataset: Dataset, verdicts: dict[Ref, Verdict]) -> Attached:
    return Attached({ref: entry(dataset, ref, verdict) for ref, verdict in verdicts.items()}, ())


IMAGE_ONE, IMAGE_TWO = ImageRef(0), ImageRef(1)
LEFT_CAR, RIGHT_CAR = object_ref(0), object_ref(1)
UNLABELLED = detection_ref(2)
