"""The words for what was opened, counted and ignored."""

from __future__ import annotations

from inspector.dataset import Note
from inspector.evaluation.matching import evaluate
from inspector.evaluation.protocol import Protocol
from inspector.evaluation.summary import class_summaries
from inspector.export import report
from tests.builders import dataset_from
from tests.unit.export.problem import GROUND_TRUTH, RESULTS


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
    assert sum(summary.objects for summary in class_summaries(dataset, evaluate(dataset))) == 3


def test_difficult_objects_are_told_apart_where_they_do_not_count() -> None:
    one = GROUND_TRUTH["annotations"][0]
    odd = [{**one, "id": 3, "iscrowd": 1, "difficult": 1}, {**one, "id": 4, "difficult": 1}]
    dataset = dataset_from({**GROUND_TRUTH, "annotations": [*GROUND_TRUTH["annotations"], *odd]}, RESULTS)
    assert report.opened(dataset).startswith("1 image · 3 objects · 1 crowd region · 1 detection")
    by_voc = report.opened(dataset, Protocol(ap_rule="voc10"))
    assert by_voc.startswith("1 image · 2 objects · 1 crowd region · 1 difficult object · 1 detection")


def test_what_is_counted_is_singular_or_plural() -> None:
    assert report.counted(0, "image") == "0 images"
    assert report.counted(1, "image") == "1 image"
    assert report.counted(1, "class") == "1 class"
    assert report.counted(5827, "class") == "5,827 classes"


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
