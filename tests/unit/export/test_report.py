"""The numbers as text and as a document."""

from __future__ import annotations

import json

from inspector.dataset import Note
from inspector.evaluation.matching import evaluate
from inspector.export import report
from tests.builders import dataset_from
from tests.oracle.coco_api import STATS, coco_evaluation

GROUND_TRUTH = {
    "images": [{"id": 1}],
    "categories": [{"id": 0, "name": "cat"}, {"id": 5, "name": "traffic light"}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 0, "bbox": [0, 0, 50, 50], "area": 2500.0, "iscrowd": 0},
        {"id": 2, "image_id": 1, "category_id": 0, "bbox": [60, 0, 50, 50], "area": 2500.0, "iscrowd": 0},
    ],
}
RESULTS = [{"image_id": 1, "category_id": 0, "bbox": [0, 0, 50, 45], "score": 0.75}]


def test_the_document_holds_the_coco_apis_numbers_at_full_precision_and_null_where_there_is_none() -> None:
    dataset = dataset_from(GROUND_TRUTH, RESULTS)
    document = json.loads(json.dumps(report.document(dataset, evaluate(dataset))))
    expected = coco_evaluation(GROUND_TRUTH, RESULTS).stats.tolist()
    assert list(document["stats"]) == list(STATS)
    assert [-1 if value is None else value for value in document["stats"].values()] == expected
    assert document["stats"]["APl"] is None
    assert document["protocol"]["max_dets"] == [1, 10, 100]
    cat, light = document["classes"]
    assert (cat["name"], cat["id"], cat["objects"], cat["detections"]) == ("cat", 0, 2, 1)
    assert cat["AP50"] == document["stats"]["AP50"]
    assert light == {
        "name": "traffic light",
        "id": 5,
        "AP": None,
        "AP50": None,
        "AP75": None,
        "objects": 0,
        "detections": 0,
    }


def test_the_text_names_the_protocol_and_says_na_where_nothing_can_be_computed() -> None:
    dataset = dataset_from(GROUND_TRUTH, RESULTS)
    lines = report.text(dataset, evaluate(dataset)).splitlines()
    assert lines[0] == "COCO boxes, IoU 0.50:0.05:0.95, 101 recall points, maxDets 1/10/100"
    assert lines[1] == "1 images, 2 objects, 1 detections, 2 classes"
    assert any(line.split()[:2] == ["APl", "n/a"] for line in lines)
    assert lines[-1].split() == ["traffic", "light", "5", "n/a", "n/a", "n/a", "0", "0"]


def test_notes_say_how_many_what_and_where() -> None:
    note = Note("detections ignored: unknown image id", 1200, ("[3].image_id: 9", "[4].image_id: 8"))
    assert report.notes_text([note]) == (
        "1,200 detections ignored: unknown image id ([3].image_id: 9, [4].image_id: 8)"
    )
