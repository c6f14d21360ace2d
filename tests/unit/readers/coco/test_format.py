"""What a dataset holds after two COCO files were read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspector.dataset import Dataset
from inspector.errors import CancelledError
from inspector.readers.coco.kind import is_truth
from inspector.sniffing.candidates import Role
from inspector.sniffing.recognising import kind_of
from tests.reading import read_pair

pytestmark = pytest.mark.usefixtures("any_size")


def texts(dataset: Dataset) -> list[tuple[str, int, tuple[str, ...]]]:
    """The notes, to be compared at once."""
    return [(note.text, note.count, note.examples) for note in dataset.notes]


def test_clean_files_are_read_without_a_note(read: Any) -> None:
    data = read()
    assert data.notes == ()
    assert (data.ground_truth_path, data.detections_path) == (Path("gt.json"), Path("dt.json"))
    assert data.image_folder is None


def test_images_and_classes_ascend_by_id(read: Any) -> None:
    data = read()
    assert data.images.ids == (0, 3)
    assert data.images.file_names == ("null.png", "three.png")
    assert data.images.sizes.tolist() == [[64, 48], [640, 480]]
    assert data.classes.ids == (0, 7)
    assert data.classes.names == ("cät", "dog")


def test_objects_are_sorted_by_image_class_and_position(read: Any) -> None:
    objects = read().objects
    assert objects.positions.tolist() == [1, 2, 0]
    assert objects.ids.tolist() == [9, 4, 0]
    assert objects.images.tolist() == [0, 1, 1]
    assert objects.classes.tolist() == [0, 0, 1]
    assert objects.boxes.tolist() == [[0, 0, 5, 6], [9, 9, 5, 6], [1, 2.5, 3, 4]]
    assert objects.areas.tolist() == [30, 30, 11.5]
    assert objects.crowd.tolist() == [True, False, False]
    assert objects.offsets.tolist() == [0, 1, 3]


def test_detections_are_sorted_by_image_class_score_and_position(read: Any) -> None:
    detections = read().detections
    assert detections.positions.tolist() == [1, 3, 2, 4, 0]
    assert detections.scores.tolist() == [0.5, 1, 0.75, 0.75, 0.25]
    assert detections.images.tolist() == [0, 1, 1, 1, 1]
    assert detections.classes.tolist() == [0, 0, 1, 1, 1]
    assert detections.offsets.tolist() == [0, 1, 5]


def test_arrays_have_the_types_of_the_contract_and_are_read_only(read: Any) -> None:
    data = read()
    for array, dtype in (
        (data.images.sizes, np.int32),
        (data.objects.ids, np.int64),
        (data.objects.positions, np.int64),
        (data.objects.images, np.int32),
        (data.objects.crowd, np.bool_),
        (data.objects.offsets, np.int64),
        (data.detections.positions, np.int64),
        (data.detections.classes, np.int32),
        (data.detections.boxes, np.float64),
        (data.detections.scores, np.float64),
    ):
        assert array.dtype == dtype
        assert array is data.images.sizes or not array.flags.writeable


def test_a_byte_order_mark_and_spaces_around_the_text_are_skipped(read: Any, detections: Any) -> None:
    text = b"\xef\xbb\xbf \r\n\t" + json.dumps(detections, indent=1).encode() + b" \n"
    assert len(read(None, text).detections) == 5


def test_detections_may_come_as_annotations_with_scores(
    read: Any, detections: Any, ground_truth: Any
) -> None:
    data = read(None, {**ground_truth, "annotations": [*detections, {**detections[0], "image_id": 99}]})
    assert data.detections.positions.tolist() == [1, 3, 2, 4, 0]
    assert data.notes[0].examples == ("annotations[5].image_id: 99",)


def test_integers_come_before_strings_and_every_id_is_kept_exactly(read: Any, ground_truth: Any) -> None:
    ids = [2**70, "b", -1, "10", 0, 2**33, "9"]
    ground_truth["images"] = [{"id": item, "file_name": "x"} for item in ids]
    ground_truth["annotations"] = [
        {"id": item, "image_id": item, "category_id": 7, "bbox": [0, 0, 1, 1], "area": 1} for item in ids
    ]
    found = [{"image_id": item, "category_id": 7, "bbox": [0, 0, 1, 1], "score": 0.5} for item in ids]
    data = read(ground_truth, found)
    assert data.images.ids == (-1, 0, 2**33, 2**70, "10", "9", "b")
    assert data.objects.ids.dtype == object
    assert data.objects.ids.tolist() == list(data.images.ids)
    assert data.detections.images.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert data.notes == ()


def test_whole_floats_are_ids_too(read: Any, detections: Any) -> None:
    detections[0]["image_id"] = 3.0
    assert len(read(None, detections).detections) == 5


def test_numbers_are_what_python_makes_of_their_text(read: Any) -> None:
    numbers = ["0.1", "1e-320", "123456789012345678901234567890", "7.2057594037927933e16"]
    text = (
        f'[{{"image_id": 3, "category_id": 7, "bbox": [{", ".join(numbers)}], "score": 0.30000000000000004}}]'
    )
    data = read(None, text)
    assert data.detections.boxes[0].tolist() == [float(number) for number in numbers]
    assert data.detections.scores.tolist() == [0.30000000000000004]


def test_unknown_ids_are_ignored_and_noted(read: Any, ground_truth: Any, detections: Any) -> None:
    detections[1]["category_id"] = "x"
    detections[3]["image_id"] = 999
    ground_truth["annotations"][0]["image_id"] = "y"
    ground_truth["annotations"][1]["category_id"] = 8
    data = read(ground_truth, detections)
    assert data.detections.positions.tolist() == [2, 4, 0]
    assert data.objects.positions.tolist() == [2]
    assert texts(data) == [
        ("annotation ignored: unknown image id", 1, ('annotations[0].image_id: "y"',)),
        ("annotation ignored: unknown category id", 1, ("annotations[1].category_id: 8",)),
        ("detection ignored: unknown image id", 1, ("[3].image_id: 999",)),
        ("detection ignored: unknown category id", 1, ('[1].category_id: "x"',)),
    ]


def test_ids_that_only_differ_in_their_type_are_explained(
    read: Any, ground_truth: Any, detections: Any
) -> None:
    for item in detections:
        item["image_id"] = str(item["image_id"])
    for item in ground_truth["categories"]:
        item["id"] = str(item["id"])
    data = read(ground_truth, detections)
    assert [note.text for note in data.notes] == [
        "annotations ignored: unknown category id "
        "(category ids are integers in the annotations and strings in the categories)",
        "class ids written as text are matched with numbers",
        "detections ignored: unknown image id "
        "(image ids are strings in the detections and integers in the ground truth)",
    ]
    assert [note.count for note in data.notes] == [3, 0, 5]


@pytest.mark.parametrize(("strays", "text"), [(1, "detection ignored"), (2, "detections ignored")])
def test_a_note_speaks_of_one_case_as_one(read: Any, detections: Any, strays: int, text: str) -> None:
    (note,) = read(None, [{**detections[0], "image_id": 50 + row} for row in range(strays)]).notes
    assert (note.count, note.text) == (strays, f"{text}: unknown image id")


def test_only_the_first_five_places_are_kept(read: Any, detections: Any) -> None:
    data = read(None, [{**detections[0], "image_id": 50 + row} for row in range(200)])
    (note,) = data.notes
    assert note.count == 200
    assert note.examples == tuple(f"[{row}].image_id: {50 + row}" for row in range(5))


@pytest.mark.parametrize(
    ("key", "literal", "example"),
    [
        ("score", "NaN", "[1].score: nan"),
        ("score", "1e400", "[1].score: inf"),
        ("bbox", "[1, 2, -Infinity, 4]", "[1].bbox: [1.0, 2.0, -inf, 4.0]"),
        ("bbox", f"[1, 2, {'9' * 400}, 4]", "[1].bbox: [1.0, 2.0, inf, 4.0]"),
    ],
)
def test_numbers_that_are_not_finite_are_ignored_and_noted(
    read: Any, detections: Any, key: str, literal: str, example: str
) -> None:
    detections[1][key] = "HERE"
    data = read(None, json.dumps(detections).replace('"HERE"', literal))
    assert data.detections.positions.tolist() == [3, 2, 4, 0]
    text = "detection ignored: a number in the box or the score is not finite"
    assert texts(data) == [(text, 1, (example,))]


def test_odd_boxes_are_ignored_or_kept_as_the_protocol_does(
    read: Any, ground_truth: Any, detections: Any
) -> None:
    detections[1]["bbox"] = [0, 0, -1, 1]
    detections[3]["bbox"] = [0, 0, 0, 0]
    detections[4]["score"] = 1.5
    first, second, third = ground_truth["annotations"]
    del first["bbox"]
    second["bbox"] = [0, 0, 1, -1]
    third["bbox"] = [0, 0, 0, 5]
    ground_truth["annotations"].append({**third, "id": 77, "bbox": []})
    data = read(ground_truth, detections)
    assert data.detections.positions.tolist() == [3, 4, 2, 0]
    assert data.objects.positions.tolist() == [2]
    assert texts(data) == [
        ("annotations ignored: no box", 2, ("annotations[0]", "annotations[3]")),
        ("annotation ignored: negative width or height", 1, ("annotations[1].bbox: [0.0, 0.0, 1.0, -1.0]",)),
        ("detection ignored: negative width or height", 1, ("[1].bbox: [0.0, 0.0, -1.0, 1.0]",)),
        ("score outside 0 to 1 (kept)", 1, ("[4].score: 1.5",)),
    ]


def test_missing_values_of_annotations_are_filled_in(read: Any, ground_truth: Any) -> None:
    first, second, third = ground_truth["annotations"]
    del first["area"], first["id"], first["iscrowd"]
    second["area"] = float("nan")
    second["ignore"] = 1
    third["iscrowd"] = True
    data = read(ground_truth)
    assert data.objects.areas.tolist() == [30, 30, 12]
    assert data.objects.ids.tolist() == [9, 4, 0]
    assert data.objects.crowd.tolist() == [True, True, False]
    assert texts(data) == [
        ("annotation without an id: the position in the list is used", 1, ("annotations[0]",)),
        ('annotation without "area": width x height is used', 1, ("annotations[0]",)),
        (
            'annotation with an "area" that is not finite: width x height is used',
            1,
            ("annotations[1].area: nan",),
        ),
    ]


def test_names_that_are_missing_or_doubled_are_noted(read: Any, ground_truth: Any) -> None:
    images, categories = ground_truth["images"], ground_truth["categories"]
    del images[0]["file_name"]
    images[1]["file_name"] = 17
    del categories[0]["name"]
    categories += [{"id": 1, "name": "cät"}, {"id": 2, "name": 2}]
    data = read(ground_truth)
    assert data.images.file_names == ("17", "3")
    assert data.classes.names == ("cät", "cät", "2", "7")
    assert texts(data) == [
        ("file name missing: the id is shown", 1, ("images[0]",)),
        ("file name given as a number: the digits are shown", 1, ("images[1].file_name: 17",)),
        ("category name missing: the id is shown", 1, ("categories[0]",)),
        ("duplicate category name: each stays a class of its own", 1, ("categories[2].name: cät",)),
        ("category name given as a number: the digits are shown", 1, ("categories[3].name: 2",)),
    ]


def test_the_first_of_duplicate_ids_is_kept(read: Any, ground_truth: Any) -> None:
    ground_truth["images"].append({"id": 3, "file_name": "again.png"})
    ground_truth["categories"].append({"id": 7, "name": "again"})
    ground_truth["annotations"][2]["id"] = 9
    data = read(ground_truth)
    assert data.images.file_names == ("null.png", "three.png")
    assert data.classes.names == ("cät", "dog")
    assert len(data.objects) == 3
    assert [note.examples for note in data.notes] == [
        ("images[2].id: 3",),
        ("categories[2].id: 7",),
        ("annotations[2].id: 9",),
    ]


def test_an_area_beyond_all_numbers_is_infinite(read: Any, ground_truth: Any) -> None:
    first = ground_truth["annotations"][0]
    del first["area"]
    first["bbox"] = [0, 0, 1e308, 1e308]
    assert np.isinf(read(ground_truth).objects.areas).sum() == 1


def test_sizes_that_are_no_pixels_are_not_used(read: Any, ground_truth: Any) -> None:
    ground_truth["images"] = [
        {"id": 0, "file_name": "a", "width": 640.0, "height": 480},
        {"id": 1, "file_name": "a", "width": 640.5, "height": 480},
        {"id": 2, "file_name": "a", "width": None, "height": 480},
        {"id": 3, "file_name": "a", "width": 1e12, "height": 480},
    ]
    data = read(ground_truth)
    assert data.images.sizes.tolist() == [[640, 480], [0, 0], [0, 0], [0, 0]]
    assert [note.count for note in data.notes] == [2]


@pytest.mark.parametrize("empty", ["[]", " [ \n] "])
def test_no_annotations_and_no_detections_are_valid(read: Any, ground_truth: Any, empty: str) -> None:
    ground_truth["annotations"] = "HERE"
    data = read(json.dumps(ground_truth).replace('"HERE"', empty), empty)
    assert (len(data.objects), len(data.detections)) == (0, 0)
    assert data.detections.boxes.shape == (0, 4)
    assert data.detections.offsets.tolist() == [0, 0, 0]
    assert texts(data) == [
        ("the ground truth holds no annotations", 0, ()),
        ("the detections file holds no detections", 0, ()),
    ]


def test_progress_never_goes_back_and_may_cancel(read: Any) -> None:
    read()
    fractions: list[float] = []
    read_pair(Path("gt.json"), Path("dt.json"), lambda _stage, fraction: fractions.append(fraction))
    assert fractions == sorted(fractions)
    assert fractions[0] >= 0
    assert fractions[-1] == 1

    calls = iter(range(1000))

    def cancel(_stage: str, _fraction: float) -> None:
        if next(calls) == len(fractions) // 2:
            raise CancelledError

    with pytest.raises(CancelledError):
        read_pair(Path("gt.json"), Path("dt.json"), cancel)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_is_recognised_behind_any_number_of_spaces(tmp_path: Path, encoding: str) -> None:
    blank = " \r\n\t" * 60_000
    truth, found = tmp_path / "a.json", tmp_path / "b.json"
    truth.write_bytes(f'{blank}{{"images": [], "annotations": [], "categories": []}}'.encode(encoding))
    found.write_bytes(f'{blank}[{{"score": 1}}]'.encode(encoding))
    kinds = [kind_of(path) for path in (truth, found)]
    assert [(kind[0], kind[1].name) for kind in kinds if kind] == [
        (Role.GROUND_TRUTH, "coco"),
        (Role.DETECTIONS, "coco"),
    ]
    assert is_truth(truth)
