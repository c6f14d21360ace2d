"""LabelMe's JSON files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from inspector.errors import CancelledError, InputError
from inspector.masks import bitmap
from tests.truth import rows_of, truth_of

CORNERS = [[10, 20], [30, 60]]


def shape(kind: str | None = "rectangle", points: Any = CORNERS, label: Any = "cat", **more: Any) -> Any:
    return {"label": label, "points": points, "shape_type": kind, "group_id": None, "flags": {}, **more}


def labelme(path: Path, *shapes: Any, **more: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "version": "5.0.1",
        "imagePath": f"{path.stem}.jpg",
        "imageData": "/9j/" + "A" * 100_000,
        "shapes": shapes,
        "imageHeight": 80,
        "imageWidth": 100,
        **more,
    }
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize("points", [CORNERS, [[30, 60], [10, 20]], [[10, 60], [30, 20]]])
def test_a_rectangle_is_two_corners_in_any_order(tmp_path: Path, points: Any) -> None:
    truth, notes = truth_of(labelme(tmp_path / "a.json", shape(points=points)))
    assert rows_of(truth) == [("a.jpg", "cat", (10.0, 20.0, 20.0, 40.0))]
    assert truth.images.sizes.tolist() == [[100, 80]]
    assert notes == {}


def test_a_polygon_is_a_box_and_a_mask(tmp_path: Path) -> None:
    corners = [[10.5, 20], [30.5, 20], [30.5, 60], [10.5, 60]]
    truth, _ = truth_of(labelme(tmp_path / "a.json", shape("polygon", corners)))
    assert truth.objects.boxes.tolist() == [[10.5, 20.0, 20.0, 40.0]]
    assert truth.objects.areas.tolist() == [800.0]
    assert truth.objects.masks is not None
    assert bitmap(truth.objects.masks, 0)[2].sum() == pytest.approx(800, abs=60)


def test_polygons_of_a_group_and_a_label_are_one_object(tmp_path: Path) -> None:
    near, far = [[0, 0], [10, 0], [0, 10]], [[50, 50], [60, 50], [50, 60]]
    shapes = (
        shape("polygon", near, group_id=1),
        shape("polygon", far, group_id=1),
        shape("polygon", near, "dog", group_id=1),
        shape("polygon", near),
        shape("polygon", far),
    )
    truth, notes = truth_of(labelme(tmp_path / "a.json", *shapes))
    assert rows_of(truth) == [
        ("a.jpg", "cat", (0.0, 0.0, 60.0, 60.0)),
        ("a.jpg", "cat", (0.0, 0.0, 10.0, 10.0)),
        ("a.jpg", "cat", (50.0, 50.0, 10.0, 10.0)),
        ("a.jpg", "dog", (0.0, 0.0, 10.0, 10.0)),
    ]
    assert notes["polygons of a group: those of one label are one object"].examples == ("a.json, shapes[0]",)


def test_circles_and_turned_boxes_are_the_boxes_around_them(tmp_path: Path) -> None:
    turned = [[50, 10], [70, 30], [50, 50], [30, 30]]
    circle = shape("circle", [[50, 40], [53, 44]], "a circle")
    truth, notes = truth_of(labelme(tmp_path / "a.json", circle, shape("rotation", turned, "turned")))
    assert rows_of(truth) == [
        ("a.jpg", "a circle", (45.0, 35.0, 10.0, 10.0)),
        ("a.jpg", "turned", (30.0, 10.0, 40.0, 40.0)),
    ]
    assert set(notes) == {
        "rotated box: the upright box around it is used",
        "circle: the box around it is used",
    }


def test_what_is_neither_box_nor_region_is_noted(tmp_path: Path) -> None:
    kinds = ("point", "line", "linestrip", "points")
    truth, notes = truth_of(labelme(tmp_path / "a.json", *(shape(kind) for kind in kinds)))
    assert len(truth.objects) == 0
    assert {note.partition(" ")[0] for note in notes} == set(kinds)


def test_shapes_of_old_versions_have_no_kind(tmp_path: Path) -> None:
    corners = [[0, 0], [10, 0], [0, 10]]
    truth, _ = truth_of(
        labelme(tmp_path / "a.json", shape(None, corners), {"label": "dog", "points": CORNERS})
    )
    assert rows_of(truth) == [
        ("a.jpg", "cat", (0.0, 0.0, 10.0, 10.0)),
        ("a.jpg", "dog", (10.0, 20.0, 20.0, 40.0)),
    ]


def test_what_is_difficult_is_marked(tmp_path: Path) -> None:
    shapes = shape(difficult=True), shape(flags={"difficult": True}), shape(flags={"difficult": False})
    truth, _ = truth_of(labelme(tmp_path / "a.json", *shapes))
    assert truth.objects.difficult.tolist() == [True, True, False]


@pytest.mark.parametrize(
    "declared", ["..\\..\\images\\b.png", "../images/b.png", "C:\\data\\b.png", "/home/other/b.png"]
)
def test_of_a_path_from_elsewhere_only_the_name_counts(tmp_path: Path, declared: str) -> None:
    truth, _ = truth_of(labelme(tmp_path / "b.json", shape(), imagePath=declared))
    assert truth.images.file_names == ("b.png",)


@pytest.mark.parametrize("missing", [{"imageWidth": None}, {"imageHeight": 0}, {"imageWidth": "wide"}])
def test_a_missing_size_is_that_of_the_image(tmp_path: Path, missing: Any) -> None:
    Image.new("RGB", (64, 48)).save(tmp_path / "a.jpg")
    labelme(tmp_path / "a.json", shape(), **missing)
    truth, _ = truth_of(tmp_path)
    assert truth.images.sizes.tolist() == [[64, 48]]


def test_shapes_that_cannot_be_read_are_noted_with_their_place(tmp_path: Path) -> None:
    path = labelme(
        tmp_path / "a.json",
        shape(points=[["10", 20], [30, 60]]),
        shape(points=[[10, 20]]),
        shape(label=None),
        7,
        shape("polygon", [[0, 0], [1, 1]]),
        shape(label="kept"),
    )
    path.write_text(path.read_text().replace("[1, 1]", "[1e308, 1e308], [-1e308, 0]"))
    truth, notes = truth_of(path)
    assert [row[1] for row in rows_of(truth)] == ["kept"]
    assert {text: note.examples for text, note in notes.items()} == {
        "shape ignored: no label": ("a.json, shapes[2]",),
        "shapes ignored: a point is missing, or something cannot be read": (
            "a.json, shapes[0]",
            "a.json, shapes[1]",
            "a.json, shapes[3]",
        ),
        "object ignored: a number in the box is not finite": (
            "a.json, shapes[4]: [-1e+308, 0.0, inf, 1e+308]",
        ),
    }


def test_json_of_another_kind_beside_it_is_left_out(tmp_path: Path) -> None:
    labelme(tmp_path / "a.json", shape())
    (tmp_path / "coco.json").write_text('{"images": [], "annotations": [], "categories": []}')
    (tmp_path / "list.json").write_text("[1, 2]")
    (tmp_path / "zcut.json").write_text('{"shapes": [\n{"label": "c')
    truth, notes = truth_of(tmp_path)
    assert len(truth.images) == 1
    assert notes["files left out: of another kind"].examples == ("coco.json", "list.json")
    assert notes["file left out: broken"].examples == ("zcut.json, line 2: is not JSON that can be read",)


@pytest.mark.parametrize(
    "content", ['{"shapes": [\n', '{"shapes": ' + "[" * 100_000, '{"shapes": [], "a": \n1e}']
)
def test_a_broken_file_alone_is_an_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(InputError, match="is not JSON that can be read"):
        truth_of(tmp_path / "a.json")


def test_a_label_that_is_not_utf8_is_noted(tmp_path: Path) -> None:
    path = labelme(tmp_path / "a.json", shape(label="k?se"), shape())
    path.write_bytes(path.read_bytes().replace(b"?", b"\xe4"))
    truth, notes = truth_of(path)
    assert [row[1] for row in rows_of(truth)] == ["cat"]
    assert notes["shape ignored: a point is missing, or something cannot be read"].count == 1


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16"])
def test_marks_of_the_encoding_are_read(tmp_path: Path, coding: str) -> None:
    path = labelme(tmp_path / "a.json", shape(label="k\u00e4se"))
    path.write_bytes(path.read_text().encode(coding))
    truth, _ = truth_of(path)
    assert truth.classes.names == ("k\u00e4se",)


def test_many_files_can_be_cancelled(tmp_path: Path) -> None:
    for number in range(40):
        labelme(tmp_path / f"{number}.json", shape())

    def cancel(_stage: str, fraction: float) -> None:
        if fraction > 0.5:
            raise CancelledError

    with pytest.raises(CancelledError):
        truth_of(tmp_path, progress=cancel)


def test_labelme_says_what_coco_says_of_the_same_images(shared_data: Path) -> None:
    folder = shared_data / "padilla100/gts"
    truth, notes = truth_of(folder / "labelme_format")
    coco, _ = truth_of(folder / "coco_format_v1/instances_default.json")
    assert sorted(rows_of(truth)) == sorted(rows_of(coco))
    assert notes == {}
