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
    assert lines[1] == "1 image · 2 objects · 1 detection · 2 classes"
    assert any(line.split()[:2] == ["APl", "n/a"] for line in lines)
    assert lines[-1].split() == ["traffic", "light", "5", "n/a", "n/a", "n/a", "0", "0"]


def test_the_objects_that_are_announced_are_those_of_the_class_table() -> None:
    one = GROUND_TRUTH["annotations"][0]
    odd = [
        {**one, "id": 3, "iscrowd": 1},
        {**one, "id": 4, "area": 1e11},
        {**one, "id": 5, "area": -1.0},
        {**one, "id": 6, "category_id": 5},
    ]
    dataset = dataset_from({**GROUND_TRUTH, "annotations": [*GROUND_TRUTH["annotations"], *odd]}, RESULTS)
    assert report.opened(dataset) == (
        "1 image · 3 objects · 1 crowd region · 2 objects outside every size range · 1 detection · 2 classes"
    )
    summaries = report.document(dataset, evaluate(dataset))["classes"]
    assert sum(summary["objects"] for summary in summaries) == 3


def test_what_is_counted_is_singular_or_plural() -> None:
    assert report.counted(0, "image") == "0 images"
    assert report.counted(1, "image") == "1 image"
    assert report.counted(1, "class") == "1 class"
    assert report.counted(5827, "class") == "5,827 classes"


def test_names_neither_break_a_line_nor_widen_the_table_and_the_document_keeps_them() -> None:
    broken, long = "fire\nhydrant\x1b[31m", "x" * 300
    categories = [{"id": 0, "name": broken}, {"id": 5, "name": long}]
    dataset = dataset_from({**GROUND_TRUTH, "categories": categories}, RESULTS)
    evaluation = evaluate(dataset)
    *_, header, first, second = report.text(dataset, evaluation).splitlines()
    assert header.startswith("class ")
    assert first.startswith("fire hydrant [31m ")
    assert second.startswith(f"{'x' * 39}…   5")
    assert len(second) == len(first) == len(header)
    assert [item["name"] for item in report.document(dataset, evaluation)["classes"]] == [broken, long]


def test_notes_say_how_many_what_and_where() -> None:
    note = Note("detections ignored: unknown image id", 1200, ("[3].image_id: 9", "[4].image_id: 8"))
    assert report.note_lines(note) == [
        "1,200 detections ignored: unknown image id",
        "[3].image_id: 9",
        "[4].image_id: 8",
        "…",
    ]
    assert report.notes_text([note]) == (
        "1,200 detections ignored: unknown image id ([3].image_id: 9, [4].image_id: 8, …)"
    )


def test_a_note_on_the_whole_file_has_no_number_and_no_places() -> None:
    note = Note("the ground truth holds no annotations", 0, ())
    assert report.note_lines(note) == ["the ground truth holds no annotations"]
    assert report.notes_text([note, note]) == "\n".join([note.text, note.text])


def test_a_note_with_every_place_ends_with_the_last_one_in_one_line() -> None:
    note = Note("duplicate category name: each stays a class of its own", 1, ("categories[2].name: a\nb",))
    assert report.notes_text([note]) == (
        "1 duplicate category name: each stays a class of its own (categories[2].name: a b)"
    )
