"""Detections as text, one file per image or one per class."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from inspector.errors import InputError
from inspector.readers.formats import DETECTION_FORMATS, detection_format
from inspector.readers.text.found import _layout_of
from inspector.reading import Convention, Reading
from inspector.sources import Sources, read
from tests.unit.readers.found import read_found, told, written

RELATIVE = Convention("cxcywh", relative=True)


def test_yolo_has_the_confidence_behind_the_box(tmp_path: Path) -> None:
    folder = written(
        tmp_path, a="0 0.5 0.4 0.2 0.3 0.9\n2 .9 .85 .2 .3 .25\n", b="", c="0 0.1 0.2 0.2 0.3 1\n"
    )
    assert detection_format(folder).name == "yolo"
    found, notes = read_found(folder)
    assert found.images.names == ("a", "b", "c")
    assert found.image_rows.tolist() == [0, 0, 2]
    assert found.classes.ids == (0, 2)
    assert found.class_rows.tolist() == [0, 1, 0]
    assert found.boxes.tolist() == [[0.5, 0.4, 0.2, 0.3], [0.9, 0.85, 0.2, 0.3], [0.1, 0.2, 0.2, 0.3]]
    assert found.scores.tolist() == [0.9, 0.25, 1]
    assert found.convention == RELATIVE
    assert [found.place(row) for row in range(3)] == ["a.txt, line 1", "a.txt, line 2", "c.txt, line 1"]
    assert not notes


def test_the_confidence_may_stand_before_the_box(tmp_path: Path) -> None:
    folder = written(tmp_path, a="0 0.9 0.5 0.4 0.2 0.3\n2 .25 .9 .85 .2 .3\n")
    assert detection_format(folder).name == "relative"
    for reading in (Reading(), Reading(detections_format="yolo"), Reading(detections_format="relative")):
        found, _ = read_found(folder, reading)
        assert found.boxes.tolist() == [[0.5, 0.4, 0.2, 0.3], [0.9, 0.85, 0.2, 0.3]]
        assert found.scores.tolist() == [0.9, 0.25]


@given(st.integers(0, 10_000), st.booleans(), st.integers(25, 60))
@settings(max_examples=60)
def test_the_place_of_the_confidence_is_seen_over_many_lines(seed: int, first: bool, count: int) -> None:
    random = np.random.default_rng(seed)
    size = 0.02 + 0.9 * random.random((count, 2)) ** 2
    centre = size / 2 + (1 - size) * random.random((count, 2))
    score = random.random((count, 1))
    columns = [score, centre, size] if first else [centre, size, score]
    layout = _layout_of(np.hstack(columns))
    assert (layout.score_first, layout.sure) == (first, True)


def test_both_places_of_the_confidence_being_possible_is_noted(tmp_path: Path) -> None:
    found, notes = read_found(written(tmp_path, a="0 0.5 0.5 0.1 0.1 0.1\n"))
    assert found.scores.tolist() == [0.1]
    assert told(notes) == [
        "0 the confidence was taken to be the last number of each line: it may be the first as well"
    ]


def test_pixels_are_told_by_whether_right_and_bottom_follow(tmp_path: Path) -> None:
    corners = "car 0.5 100 50 160 90\nbig dog 0.25 300 200 310 280\n"
    sizes = "car 0.5 100 50 60 40\nbig dog 0.25 300 200 10 80\n"
    for text, name, convention in ((corners, "xyxy", Convention("xyxy")), (sizes, "xywh", Convention())):
        folder = written(tmp_path / name, a=text)
        assert detection_format(folder).name == name
        found, _ = read_found(folder)
        assert found.convention == convention
        assert found.classes.names == ("car", "big dog")
        assert found.scores.tolist() == [0.5, 0.25]
        assert len(found.candidates) == 2
        assert convention not in found.candidates


def truth_file(folder: Path, boxes: list[tuple[int, int, int, int]], size: int = 200) -> Path:
    """COCO ground truth: these boxes on one image."""
    annotations = [
        {"id": row, "image_id": 1, "category_id": 1, "bbox": box, "area": box[2] * box[3], "iscrowd": 0}
        for row, box in enumerate(boxes)
    ]
    images = [{"id": 1, "file_name": "a.jpg", "width": size, "height": size}]
    data = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "car"}]}
    path = folder / "truth.json"
    path.write_text(json.dumps(data))
    return path


def test_what_the_content_leaves_open_the_ground_truth_decides(tmp_path: Path) -> None:
    boxes = [(10 * at, 5 * at, 12 * at + 20, 9 * at + 20) for at in range(12)]  # may be corners as well
    truth = truth_file(tmp_path, boxes, size=400)
    lines = [f"car 0.5 {' '.join(map(str, box))}" for box in boxes]
    folder = written(tmp_path / "found", a="\n".join(lines))
    assert detection_format(folder).name == "xyxy"
    dataset = read(Sources(truth, folder), find_images=False)
    assert dataset.detections.boxes.tolist() == dataset.objects.boxes.tolist()
    assert dataset.joined is not None
    assert dataset.joined.boxes == Convention()
    evidence = (
        "100 % inside their image, mean IoU 1.00; as x1 y1 x2 y2: 100 % inside their image, mean IoU .44"
    )
    assert dataset.notes[-1].text == f"boxes of the detections read as x y w h ({evidence})"


def test_relative_boxes_of_an_image_without_a_size_are_noted(tmp_path: Path) -> None:
    own = tmp_path / "set" / "annotations"
    folder = written(own / "found", a="car 0.9 0.85 0.2 0.3 0.8\n")
    dataset = read(Sources(truth_file(own, [(1, 1, 9, 9)], size=0), folder), find_images=False)
    assert not len(dataset.detections)
    assert any(note.text.startswith("detection ignored: ") and "size" in note.text for note in dataset.notes)


def test_a_person_knows_better_than_the_content(tmp_path: Path) -> None:
    folder = written(tmp_path, a="car 0.5 100 50 160 90\n")
    found, _ = read_found(folder, Reading(detections_format="xywh"))
    assert (found.convention, found.candidates) == (Convention(), ())
    given_boxes = Convention("cxcywh")
    found, _ = read_found(folder, Reading(detection_boxes=given_boxes))
    assert (found.convention, found.candidates) == (given_boxes, ())


def test_scores_in_percent_do_not_hide_that_boxes_are_relative(tmp_path: Path) -> None:
    for order in ("{score} {box}", "{box} {score}"):
        lines = [f"0 {order.format(score=score, box='0.5 0.4 0.2 0.3')}" for score in (87.5, 12, 3)]
        found, _ = read_found(written(tmp_path, a="\n".join(lines)))
        assert found.convention == RELATIVE
        assert found.scores.tolist() == [87.5, 12, 3]


def test_odd_separators_and_numbers_do_not_matter(tmp_path: Path) -> None:
    text = "\ufeff0\t.88  100,  50,60\t\t40 \r\n\r\n1;0,5;100,5;50;60;40\r\n2 5e-1 100 50 60 40"
    found, _ = read_found(written(tmp_path, a=text))
    assert found.scores.tolist() == [0.88, 0.5, 0.5]
    assert found.boxes.tolist() == [[100, 50, 60, 40], [100.5, 50, 60, 40], [100, 50, 60, 40]]


def test_lines_that_are_no_detections_are_left_out_and_noted_with_their_place(tmp_path: Path) -> None:
    good = "0 0.5 100 50 60 40\n" * 5
    found, notes = read_found(written(tmp_path, a=f"{good}0 0.5 100 50 60\n{good}0 0.5 x 50 60 40\n"))
    assert len(found.scores) == 10
    assert found.place(9) == "a.txt, line 11"
    assert told(notes) == [
        '1 line left out: cannot be read a.txt, line 12: "x" is not a number',
        "1 line left out: not a class and 5 numbers a.txt, line 6: 4 numbers",
    ]


def test_labels_without_confidence_are_not_taken_for_detections(tmp_path: Path) -> None:
    folder = written(tmp_path, a="0 0.5 0.4 0.2 0.3\n" * 3)
    with pytest.raises(InputError, match=r"holds ground truth \(YOLO\)"):
        detection_format(folder)
    with pytest.raises(InputError, match=r"a\.txt, line 1: .* looks like ground truth, it has no confidence"):
        read_found(folder, Reading(detections_format="yolo"))


def test_the_number_of_a_track_is_passed_over(tmp_path: Path) -> None:
    found, notes = read_found(written(tmp_path, a="0 0.5 0.4 0.2 0.3 0.9 7\n0 0.9 0.85 0.2 0.3 0.8 8\n"))
    assert found.scores.tolist() == [0.9, 0.8]
    assert told(notes) == ["0 the last of six numbers in each line is not used (the number of a track?)"]


def test_a_list_of_names_in_the_folder_is_no_label_file(tmp_path: Path) -> None:
    folder = written(tmp_path, a="1 0.5 0.4 0.2 0.3 0.9\n", classes="cat\ndog\n")
    found, notes = read_found(folder)
    assert found.images.names == ("a",)
    assert found.classes.ids == (1,)
    assert found.classes.names == ("dog",)
    assert told(notes)[-1] == "0 class names from classes.txt"


def test_images_of_folders_below_keep_their_folder(tmp_path: Path) -> None:
    written(tmp_path / "one", a="0 0.5 0.4 0.2 0.3 0.9\n")
    written(tmp_path / "two", a="0 0.9 0.85 0.2 0.3 0.8\n")
    found, _ = read_found(tmp_path)
    assert found.images.names == ("one/a", "two/a")


def test_a_single_file_is_read_as_well(tmp_path: Path) -> None:
    found, _ = read_found(written(tmp_path, a="0 0.9 0.85 0.2 0.3 0.8\n") / "a.txt")
    assert found.images.names == ("a",)


def test_sizes_for_relative_boxes_come_from_the_pictures_where_nobody_else_has_them(tmp_path: Path) -> None:
    pictures = tmp_path / "images"
    pictures.mkdir()
    Image.new("RGB", (64, 48)).save(pictures / "a.png")
    folder = written(tmp_path / "labels", a="0 0.9 0.85 0.2 0.3 0.8\n", b="0 0.9 0.85 0.2 0.3 0.8\n")
    found, _ = read_found(folder, images=pictures)
    assert found.sizes is not None
    assert found.sizes.tolist() == [[64, 48], [0, 0]]


def test_voc_results_are_one_file_per_class(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        comp4_det_test_car="2007_000027 0.5 10 20.5 30 40\n000005 .25 1 2 3 4\n",
        comp4_det_test_big_dog="2007_000027 0.75 1 2 3 4\n",
        comp4_det_test_empty="",
    )
    assert detection_format(folder).name == "voc"
    found, notes = read_found(folder)
    assert found.classes.names == ("big_dog", "car", "empty")
    assert found.images.names == ("2007_000027", "000005")
    assert found.images.ids == (None, 5)
    assert found.class_rows.tolist() == [0, 1, 1]
    assert found.image_rows.tolist() == [0, 0, 1]
    assert found.scores.tolist() == [0.75, 0.5, 0.25]
    assert found.boxes.tolist() == [[1, 2, 3, 4], [10, 20.5, 30, 40], [1, 2, 3, 4]]
    assert found.convention == Convention("xyxy")
    assert found.place(2) == "comp4_det_test_car.txt, line 2"
    assert not notes


@pytest.mark.parametrize(
    "name", ["comp3_det_val_car", "comp4_0f3b_det_test_car", "det_test_car", "comp4_det_test_2007_car"]
)
def test_one_file_of_voc_results_is_read_by_whatever_name(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, **{name: "a 0.5 10 20.5 30 40\n"}) / f"{name}.txt"
    found, _ = read_found(path)
    assert found.classes.names == ("car",)


@pytest.mark.parametrize("one_based", [False, True])
def test_whether_voc_results_count_pixels_from_1_is_seen_by_many_matches(
    tmp_path: Path, one_based: bool
) -> None:
    boxes = [(7 * at, 5 * at, 20 + at % 9, 30 + at % 7) for at in range(130)]
    truth = truth_file(tmp_path, boxes, size=1000)
    first = 1 if one_based else 0
    corners = [(x + first, y + first, x + width, y + height) for x, y, width, height in boxes]
    lines = [f"a 0.5 {' '.join(map(str, four))}" for four in corners]
    folder = written(tmp_path / "found", comp4_det_test_car="\n".join(lines))
    dataset = read(Sources(truth, folder), find_images=False)
    assert dataset.detections.boxes.tolist() == dataset.objects.boxes.tolist()
    assert dataset.joined is not None
    assert dataset.joined.boxes == Convention("xyxy", one_based=one_based)


def test_every_format_of_detections_says_no_to_what_it_is_not(tmp_path: Path) -> None:
    odd = tmp_path / "odd.txt"
    odd.write_bytes(b"\x00\xff\xfe\x00 nothing")
    empty = tmp_path / "empty"
    empty.mkdir()
    for path in (odd, empty, tmp_path / "absent", tmp_path / "absent.csv"):
        assert not any(known.detection_reader().looks_like_detections(path) for known in DETECTION_FORMATS)
