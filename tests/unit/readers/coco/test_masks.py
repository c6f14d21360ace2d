"""Masks are read as the COCO API reads them, and what cannot be used is named."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspector.dataset import Dataset, Masks
from inspector.reading import Reading
from tests.reading import read_pair
from tests.unit.readers.conftest import Read

mask_api = pytest.importorskip("pycocotools.mask")
DATA = Path(__file__).parents[5] / "shared" / "data"
TRIANGLE = [[1, 1, 9, 1, 5, 8]]
TWO_PARTS = [[1.5, 1, 9.25, 1, 5, 8, 2], [20, 20, 30, 20, 30, 30, 20, 30]]
SQUARE = {"size": [4, 5], "counts": [5, 2, 2, 2, 9]}
OTHER_SIZE = "of another size than the image"
SQUARE_TEXT = {"size": [4, 5], "counts": "52207"}


def code(masks: Masks | None, row: int) -> dict[str, Any] | None:
    """The mask of a row as the COCO API has it."""
    assert masks is not None
    if not masks.sizes[row].any():
        return None
    codes = masks.codes[masks.offsets[row] : masks.offsets[row + 1]].tobytes()
    return {"size": masks.sizes[row].tolist(), "counts": codes}


def of_object(data: Dataset, ident: int) -> dict[str, Any] | None:
    """The mask of the object with this id."""
    return code(data.objects.masks, data.objects.ids.tolist().index(ident))


def of_detection(data: Dataset, position: int) -> dict[str, Any] | None:
    """The mask of the detection at this position of the file."""
    return code(data.detections.masks, data.detections.positions.tolist().index(position))


def notes(data: Dataset) -> list[tuple[str, int, tuple[str, ...]]]:
    """What was remarked on, but for the size of the bitmaps: the ones here are small on purpose."""
    found = [(note.text, note.count, note.examples) for note in data.notes]
    return [note for note in found if OTHER_SIZE not in note[0]]


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize(
    ("folder", "found"), [("coco79", "predictions.json"), ("val2014-100", "predictions_segm.json")]
)
def test_every_mask_of_real_files_is_the_one_of_the_coco_api(folder: str, found: str) -> None:
    if not (DATA / folder).is_dir():
        pytest.skip(f"needs the data set {folder} in ../shared/data")
    coco_module = pytest.importorskip("pycocotools.coco")
    data = read_pair(DATA / folder / "ground_truth.json", DATA / folder / found)
    boxes_only = read_pair(DATA / folder / "ground_truth.json", DATA / folder / found, masks=False)
    with contextlib.redirect_stdout(io.StringIO()):
        api = coco_module.COCO(str(DATA / folder / "ground_truth.json"))
        results = api.loadRes(str(DATA / folder / found))
    for row, item in enumerate(data.objects.ids.tolist()):
        assert code(data.objects.masks, row) == plain(api.annToRLE(api.anns[item]))
    areas = data.detections.areas
    for row, position in enumerate(data.detections.positions.tolist()):
        result = results.anns[position + 1]
        if found == "predictions_segm.json":
            assert code(data.detections.masks, row) == plain(results.annToRLE(result))
        assert data.detections.boxes[row].tolist() == list(result["bbox"])
        box = data.detections.boxes[row]
        assert (box[2] * box[3] if areas is None else areas[row]) == result["area"]
    assert boxes_only.objects.masks is None
    assert boxes_only.detections.masks is None
    assert np.array_equal(boxes_only.detections.boxes, data.detections.boxes)
    if areas is not None:
        assert np.array_equal(boxes_only.detections.areas, areas)


def plain(rle: dict[str, Any]) -> dict[str, Any]:
    """A mask of the COCO API with its code as bytes."""
    counts = rle["counts"]
    return {"size": list(rle["size"]), "counts": counts.encode() if isinstance(counts, str) else counts}


@pytest.mark.usefixtures("any_size")
def test_polygons_and_run_lengths_of_both_kinds_are_read_from_both_files(
    read: Read, ground_truth: dict[str, Any], detections: list[Any]
) -> None:
    for records in (ground_truth["annotations"], detections):
        records[0]["segmentation"] = TWO_PARTS
        records[1]["segmentation"] = SQUARE
        records[2]["segmentation"] = SQUARE_TEXT
    ground_truth["annotations"].append({**ground_truth["annotations"][0], "id": 77, "segmentation": None})
    data = read(ground_truth, detections)
    union = mask_api.merge(mask_api.frPyObjects(TWO_PARTS, 480, 640))
    square = mask_api.frPyObjects(SQUARE, 4, 5)
    assert [of_object(data, ident) for ident in (0, 9, 4, 77)] == [union, square, square, None]
    assert [of_detection(data, at) for at in range(5)] == [union, square, square, None, None]
    assert data.detections.areas is None
    assert notes(data) == []


def test_a_part_of_four_numbers_is_a_box_where_the_first_part_is_one(
    read: Read, ground_truth: dict[str, Any]
) -> None:
    ground_truth["annotations"][0]["segmentation"] = [[2, 3, 10, 4], [20.0, 20.0, 5.0, 5.0]]
    boxes = mask_api.frPyObjects(np.array([[2.0, 3, 10, 4], [20, 20, 5, 5]]), 480, 640)
    assert of_object(read(ground_truth), 0) == mask_api.merge(boxes)


def test_escapes_in_a_code_are_undone(read: Read, detections: list[Any]) -> None:
    rle = mask_api.frPyObjects({"size": [10, 10], "counts": [44, 56]}, 10, 10)
    assert b"\\" in rle["counts"]
    detections[0]["segmentation"] = {"size": rle["size"], "counts": rle["counts"].decode()}
    assert of_detection(read(None, detections), 0) == rle


@pytest.mark.usefixtures("any_size")
def test_masks_give_boxes_and_areas_to_what_has_none(
    read: Read, ground_truth: dict[str, Any], detections: list[Any]
) -> None:
    for masks in (True, False):
        for record in (*ground_truth["annotations"][:2], *detections):
            record["bbox"] = []
            record["segmentation"] = SQUARE_TEXT
        del ground_truth["annotations"][0]["area"]
        detections[3]["bbox"] = [0, 0, 10, 10]
        del detections[3]["segmentation"]
        read(ground_truth, detections)
        data = read_pair(Path("gt.json"), Path("dt.json"), masks=masks)
        assert data.objects.positions.tolist() == [1, 2, 0]
        rows = [2, 0]
        assert data.objects.boxes[rows].tolist() == [[1, 1, 2, 2]] * 2
        assert data.objects.areas[rows].tolist() == [4, 30]
        by_position = np.argsort(data.detections.positions)
        assert data.detections.boxes[by_position].tolist() == [
            [0, 0, 10, 10] if position == 3 else [1, 1, 2, 2] for position in range(5)
        ]
        assert data.detections.areas is not None
        assert data.detections.areas[by_position].tolist() == [4, 4, 4, 100, 4]
        assert (data.objects.masks is None) == (data.detections.masks is None) == (not masks)
        text = "annotations without a box: the mask gives the box, and the area where there is none"
        assert notes(data) == [(text, 2, ("annotations[0]", "annotations[1]"))]
        ground_truth["annotations"][0]["area"] = 1


@pytest.mark.usefixtures("any_size")
def test_where_the_first_detection_has_a_box_sizes_are_those_of_boxes(
    read: Read, detections: list[Any]
) -> None:
    for record in detections:
        record["segmentation"] = SQUARE
    del detections[2]["bbox"]
    data = read(None, detections)
    assert data.detections.areas is not None
    areas = data.detections.areas[np.argsort(data.detections.positions)]
    assert areas.tolist() == [12, 12, 4, 12, 12]


BAD_MASKS: list[tuple[object, str]] = [
    ({"size": [4, 5], "counts": [5, 2, 2, 2]}, "the run lengths do not fill the bitmap"),
    ({"size": [4, 5], "counts": [5, 2, 2, 2, 10]}, "the run lengths do not fill the bitmap"),
    ({"size": [4, 5], "counts": [25, -5]}, "the run lengths do not fill the bitmap"),
    ({"size": [4, 5], "counts": [19.5, 0.5]}, "the run lengths do not fill the bitmap"),
    ({"size": [4, 5], "counts": [1e300, 20]}, "the run lengths do not fill the bitmap"),
    ({"size": [4, 5], "counts": "5220"}, "the run lengths do not fill the bitmap"),
    ({"size": [4, 5], "counts": "5220h"}, "the run lengths do not fill the bitmap"),
    ({"size": [4, 5], "counts": "52é7"}, "the run lengths do not fill the bitmap"),
    ({"size": [4, 5], "counts": "oooooooo7"}, "the run lengths do not fill the bitmap"),
    ({"size": [4, 5], "counts": ""}, "the run lengths do not fill the bitmap"),
    ({"size": [0, 5], "counts": []}, "the height and width of the bitmap cannot be used"),
    ({"size": [-4, -5], "counts": [20]}, "the height and width of the bitmap cannot be used"),
    ({"size": [2.5, 8], "counts": [20]}, "the height and width of the bitmap cannot be used"),
    ({"size": [1e6, 1e6], "counts": [1e12]}, "the height and width of the bitmap cannot be used"),
    ([[1, 2, 3]], "a polygon needs three points"),
    ([[1, 2, 3, 1e9, 5, 6]], "a coordinate is not finite or far away, or the outline too long"),
]


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize(("segmentation", "reason"), BAD_MASKS)
def test_masks_that_cannot_be_used_are_noted_and_the_boxes_kept(
    read: Read, detections: list[Any], segmentation: object, reason: str
) -> None:
    detections[0]["segmentation"] = SQUARE
    detections[3]["segmentation"] = segmentation
    data = read(None, detections)
    assert [of_detection(data, at) is None for at in range(5)] == [False, True, True, True, True]
    assert len(data.detections) == 5
    assert notes(data) == [(f"mask ignored: {reason}", 1, ("[3].segmentation",))]


def test_a_number_that_is_not_finite_is_noted(read: Read, ground_truth: dict[str, Any]) -> None:
    ground_truth["annotations"][0]["segmentation"] = [[1, 2, 3, float("nan"), 5, 6]]
    data = read(ground_truth)
    assert data.objects.masks is None
    reason = "mask ignored: a coordinate is not finite or far away, or the outline too long"
    assert notes(data) == [(reason, 1, ("annotations[0].segmentation",))]


def test_polygons_need_the_size_of_the_image(read: Read, ground_truth: dict[str, Any]) -> None:
    ground_truth["annotations"][0]["segmentation"] = TRIANGLE
    del ground_truth["images"][0]["height"]
    data = read(ground_truth)
    assert data.objects.masks is None
    reason = "mask ignored: the height and width of the image are not known"
    assert notes(data) == [(reason, 1, ("annotations[0].segmentation",))]


def test_a_record_without_a_box_and_a_usable_mask_is_ignored(
    read: Read, ground_truth: dict[str, Any], detections: list[Any]
) -> None:
    for record in (ground_truth["annotations"][0], detections[0]):
        del record["bbox"]
        record["segmentation"] = {"size": [4, 5], "counts": [3]}
    data = read(ground_truth, detections)
    assert notes(data) == [
        (
            "masks ignored: the run lengths do not fill the bitmap",
            2,
            ("annotations[0].segmentation", "[0].segmentation"),
        ),
        ("annotation ignored: no box", 1, ("annotations[0]",)),
        ("detection ignored: no box, and no mask that can be used", 1, ("[0]",)),
    ]


def test_masks_of_ignored_records_leave_no_trace(read: Read, detections: list[Any]) -> None:
    for record in detections:
        record["segmentation"] = SQUARE
    detections[1]["image_id"] = 99
    detections[2]["segmentation"] = {"size": [2, 2], "counts": "4"}
    data = read(None, detections)
    square = mask_api.frPyObjects(SQUARE, 4, 5)
    assert [of_detection(data, at) for at in (0, 2, 3, 4)] == [
        square,
        {"size": [2, 2], "counts": b"4"},
        square,
        square,
    ]
    assert data.detections.masks is not None
    assert len(data.detections.masks.codes) == data.detections.masks.offsets[-1]


def test_difficult_objects_are_marked_by_either_key(read: Read, ground_truth: dict[str, Any]) -> None:
    marks: list[dict[str, object]] = [{"difficult": 1}, {"ignore": True}, {"difficult": 0, "ignore": 1}]
    for annotation, mark in zip(ground_truth["annotations"], marks, strict=True):
        annotation.update(mark)
    objects = read(ground_truth).objects
    difficult = dict(zip(objects.ids.tolist(), objects.difficult.tolist(), strict=True))
    assert difficult == {0: True, 9: True, 4: False}


def test_wrong_segmentations_do_not_matter_where_masks_are_not_asked_for(
    read: Read, detections: list[Any], tmp_path: Path
) -> None:
    read()
    detections[0]["segmentation"] = "nonsense"
    (tmp_path / "dt.json").write_text(json.dumps(detections))
    assert len(read_pair(Path("gt.json"), Path("dt.json"), masks=False).detections) == 5


@pytest.mark.usefixtures("any_size")
def test_masks_of_another_size_than_their_image_are_named(read: Read, detections: list[Any]) -> None:
    detections[3]["segmentation"] = {"size": [20, 10], "counts": [200]}
    found = [note for note in read(None, detections).notes if OTHER_SIZE in note.text]
    text = "mask of another size than the image: IoU 0 with masks of its size"
    assert [(note.text, note.count, note.examples) for note in found] == [
        (text, 1, ("[3].segmentation.size",))
    ]


@pytest.mark.parametrize("by", ["name", "id", "shift", "own", "accident"])
def test_polygons_of_detections_are_drawn_on_the_image_that_is_meant(
    read: Read, detections: list[Any], by: str
) -> None:
    record = {**detections[0], "segmentation": [[1, 1, 60, 1, 50, 40]]}
    ids = {"name": "null", "id": 0, "shift": -3, "own": 17, "accident": 3}
    document: Any = [{**record, "image_id": ids[by]}]
    if by in ("own", "accident"):
        named = {"own": "x.png", "accident": "null.png"}[by]
        own = [{"id": ids[by], "file_name": named, "width": 64, "height": 48}]
        document = {"images": own, "annotations": document}
    read(None, document)
    reading = Reading("coco", "coco", image_id_shift=3 if by == "shift" else 0)
    data = read_pair(Path("gt.json"), Path("dt.json"), reading=reading)
    if by == "own":
        data = read_pair(None, Path("dt.json"))
    assert data.detections.masks is not None
    assert data.detections.masks.sizes.tolist() == [[48, 64]]
    meant = data.images.file_names[int(data.detections.images[0])]
    assert meant == ("x.png" if by == "own" else "null.png")
