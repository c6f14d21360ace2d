"""Ground truth as text in pixels, one file per image."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.readers.formats import truth_format
from inspector.reading import Convention, Reading
from tests.truth import rows_of, truth_of
from tests.unit.readers.text.test_yolo import make

XYWH = "cat 10 20 5 6\ntraffic light 100 50.5 40 20\n"
XYXY = "cat 10 20 15 26\ntraffic light 100 50.5 140 70.5\n"
BOXES = [("a", "cat", (10, 20, 5, 6)), ("a", "traffic light", (100, 50.5, 40, 20))]


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (XYWH, "boxes read as x, y, width, height in pixels"),
        (
            XYXY,
            "boxes read as x1, y1, x2, y2 in pixels: there are too few to be sure that they are not"
            " x, y, width, height",
        ),
    ],
)
def test_the_kind_of_box_is_recognised_and_noted(tmp_path: Path, content: str, note: str) -> None:
    make(tmp_path, {"a.txt": content})
    assert truth_format(tmp_path).name == "text"
    truth, notes = truth_of(tmp_path)
    assert rows_of(truth) == BOXES
    assert note in notes


def test_corners_beyond_the_image_if_they_were_a_size_leave_no_doubt(tmp_path: Path) -> None:
    truth, notes = truth_of(make(tmp_path, {"a.txt": XYXY + "cat 120 60 190 90", "a.jpg": None}))
    assert "boxes read as x1, y1, x2, y2 in pixels" in notes
    assert len(truth.objects) == 3
    assert truth.images.sizes.tolist() == [[200, 100]]
    assert truth.images.file_names == ("a.jpg",)


def test_without_images_the_files_give_the_names(tmp_path: Path) -> None:
    truth, notes = truth_of(make(tmp_path, {"x/a.txt": XYWH, "y/b.txt": "", "LICENSE.txt": "words only"}))
    assert truth.images.file_names == ("x/a", "y/b")
    assert truth.image_folder is None
    assert [
        examples for text, note in notes.items() if "no labels" in text for examples in note.examples
    ] == ["LICENSE.txt"]


def test_what_a_person_says_of_the_boxes_counts(tmp_path: Path) -> None:
    make(tmp_path, {"a.txt": XYXY})
    truth, _ = truth_of(tmp_path, Reading(ground_truth_boxes=Convention()))
    assert truth.objects.boxes[0].tolist() == [10, 20, 15, 26]


def test_relative_text_is_read_where_this_format_is_asked_for(tmp_path: Path) -> None:
    make(tmp_path, {"a.txt": "cat .5 .5 .1 .2", "a.jpg": None})
    truth, _ = truth_of(tmp_path, Reading(ground_truth_format="text"))
    assert rows_of(truth) == [("a.jpg", "cat", (90, 40, 20, 20))]
