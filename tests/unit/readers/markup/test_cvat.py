"""CVAT for images 1.1."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.errors import CancelledError, InputError
from inspector.masks import bitmap
from tests.truth import rows_of, truth_of

BOX = '<box label="{}" xtl="10" ytl="20" xbr="30" ybr="60" occluded="0"{}>{}</box>\n'
PLACE = "annotations.xml, line "


def cvat(
    tmp_path: Path, *shapes: str, labels: str = "cat dog", kind: str = "task", images: str | None = None
) -> Path:
    """One image "deep/a.jpg" of 100 x 80 with these shapes, or other images; shapes begin at line 3."""
    listed = "".join(f"<label><name>{label}</name></label>" for label in labels.split())
    meta = f"<meta><{kind}><labels>{listed}</labels></{kind}></meta>"
    one = f'<image id="0" name="deep/a.jpg" width="100" height="80">\n{"".join(shapes)}</image>'
    path = tmp_path / "annotations.xml"
    path.write_text(
        f"<annotations><version>1.1</version>{meta}\n{one if images is None else images}</annotations>"
    )
    return path


def test_boxes_have_the_labels_and_images_their_paths(tmp_path: Path) -> None:
    truth, notes = truth_of(cvat(tmp_path, BOX.format("cat", "", ""), BOX.format("dog", "", "")))
    assert rows_of(truth) == [
        ("deep/a.jpg", "cat", (10.0, 20.0, 20.0, 40.0)),
        ("deep/a.jpg", "dog", (10.0, 20.0, 20.0, 40.0)),
    ]
    assert truth.images.sizes.tolist() == [[100, 80]]
    assert notes == {}


@pytest.mark.parametrize("kind", ["task", "job", "project"])
def test_labels_that_no_shape_has_are_classes(tmp_path: Path, kind: str) -> None:
    truth, _ = truth_of(cvat(tmp_path, BOX.format("cat", "", ""), labels="zebra cat", kind=kind))
    assert truth.classes.names == ("cat", "zebra")


def test_a_label_that_is_not_listed_is_kept_and_noted(tmp_path: Path) -> None:
    truth, notes = truth_of(cvat(tmp_path, BOX.format("cow", "", "")))
    assert "cow" in truth.classes.names
    assert notes["label that the file's own list does not name (kept)"].examples == (f"{PLACE}3: cow",)


def test_a_polygon_is_a_box_and_a_mask(tmp_path: Path) -> None:
    polygon = '<polygon label="cat" points="10.5,20;30.5,20;30.5,60;10.5,60"/>\n'
    truth, _ = truth_of(cvat(tmp_path, polygon, BOX.format("cat", "", "")))
    assert truth.objects.boxes.tolist() == [[10.5, 20.0, 20.0, 40.0], [10.0, 20.0, 20.0, 40.0]]
    assert truth.objects.areas.tolist() == [800.0, 800.0]
    assert truth.objects.masks is not None
    assert truth.objects.masks.sizes.tolist() == [[80, 100], [0, 0]]
    assert bitmap(truth.objects.masks, 0)[2].sum() == pytest.approx(800, abs=60)


def test_without_masks_a_polygon_has_the_same_box_and_area(tmp_path: Path) -> None:
    path = cvat(tmp_path, '<polygon label="cat" points="0,0;10,0;0,10"/>')
    with_masks, without = truth_of(path)[0].objects, truth_of(path, masks=False)[0].objects
    assert without.masks is None
    assert without.boxes.tolist() == with_masks.boxes.tolist() == [[0.0, 0.0, 10.0, 10.0]]
    assert without.areas.tolist() == with_masks.areas.tolist() == [50.0]


@pytest.mark.parametrize("top", [0, 30])
def test_run_lengths_are_a_mask(tmp_path: Path, top: int) -> None:
    random = np.random.default_rng(top)
    height = 80 if top == 0 else 40  # as tall as the image: runs go on in the next column
    pixels = random.random((height, 30)) < 0.6
    pixels[0], pixels[-1] = True, True
    pixels[:, 0] = False
    flat = pixels.ravel()
    cuts = [0, *(np.flatnonzero(np.diff(flat)) + 1).tolist(), len(flat)]
    counts = ", ".join(map(str, ([0] if flat[0] else []) + np.diff(cuts).tolist()))
    mask = f'<mask label="cat" rle="{counts}" left="5" top="{top}" width="30" height="{height}"/>'
    truth, notes = truth_of(cvat(tmp_path, mask))
    assert notes == {}
    assert truth.objects.boxes.tolist() == [[5.0, top, 30.0, height]]
    assert truth.objects.areas.tolist() == [pixels.sum()]
    assert truth.objects.masks is not None
    left, first, found = bitmap(truth.objects.masks, 0)
    assert (left, first) == (6, top)
    assert np.array_equal(found, pixels[:, 1:])


@pytest.mark.parametrize(
    "more", ['rle="5, 4"', 'rle="5, -5, 100"', 'left="95"', 'width="100000000"', 'rle="nan"', 'top="-1"']
)
def test_run_lengths_that_lie_are_noted(tmp_path: Path, more: str) -> None:
    good = {"rle": '"10, 90"', "left": '"0"', "top": '"0"', "width": '"10"', "height": '"10"'}
    key, value = more.split("=")
    attributes = " ".join(f"{name}={text}" for name, text in {**good, key: value}.items())
    truth, notes = truth_of(cvat(tmp_path, f'<mask label="cat" {attributes}/>\n'))
    assert len(truth.objects) == 0
    text = "mask ignored: the run lengths do not fill their box, or it leaves the image"
    assert notes[text].examples == (f"{PLACE}3",)


def test_of_a_rotated_box_the_upright_one_around_it_is_used(tmp_path: Path) -> None:
    truth, notes = truth_of(cvat(tmp_path, BOX.format("cat", ' rotation="90.0"', "")))
    assert truth.objects.boxes.round(9).tolist() == [[0.0, 30.0, 40.0, 20.0]]
    assert notes["rotated box: the upright box around it is used"].examples == (f"{PLACE}3: 90 degrees",)


def test_an_ellipse_is_its_box(tmp_path: Path) -> None:
    truth, _ = truth_of(cvat(tmp_path, '<ellipse label="cat" cx="50" cy="40" rx="20" ry="10"/>'))
    assert truth.objects.boxes.tolist() == [[30.0, 30.0, 40.0, 20.0]]


def test_what_is_neither_box_nor_region_is_noted(tmp_path: Path) -> None:
    tags = ("polyline", "points", "cuboid", "tag", "skeleton")
    truth, notes = truth_of(cvat(tmp_path, *(f'<{tag} label="cat"/>\n' for tag in tags)))
    assert len(truth.objects) == 0
    assert len(truth.images) == 1
    assert [note.partition(" ")[0] for note in notes] == list(tags)


def test_attributes_say_what_is_difficult_or_a_crowd(tmp_path: Path) -> None:
    marks = ("difficult", "is_crowd", "other")
    boxes = [BOX.format("cat", "", f'<attribute name="{mark}">true</attribute>') for mark in marks]
    truth, _ = truth_of(cvat(tmp_path, *boxes))
    assert truth.objects.difficult.tolist() == [True, False, False]
    assert truth.objects.crowd.tolist() == [False, True, False]


def test_subsets_are_splits(tmp_path: Path) -> None:
    images = "".join(
        f'<image id="{n}" name="{n}.jpg" subset="{subset}" width="9" height="9"/>'
        for n, subset in enumerate(("Train", "Validation", "Train"))
    )
    truth, _ = truth_of(cvat(tmp_path, images=images))
    assert truth.splits is not None
    assert [truth.splits.names[row] for row in truth.splits.rows] == ["Train", "Validation", "Train"]


def test_numbers_that_cannot_be_read_are_noted_with_their_line(tmp_path: Path) -> None:
    wrong = (
        BOX.format("cat", "", "").replace('"10"', '"ten"'),
        '<polygon label="cat" points="1,2;3"/>\n',
        '<polygon label="cat" points="1,2;3,4"/>\n',
        '<polygon label="cat" points="1,2;3,4;nan,5"/>\n',
        BOX.format("cat", "", "").replace('"10"', '"1e400"'),
        BOX.format("", "", ""),
    )
    truth, notes = truth_of(cvat(tmp_path, *wrong))
    assert len(truth.objects) == 0
    assert {text: note.count for text, note in notes.items()} == {
        "objects ignored: a number in the box is not finite": 2,
        "polygon ignored: fewer than three points": 1,
        "object ignored: no label": 1,
        "objects ignored: a number is missing or cannot be read": 2,
    }
    assert notes["polygon ignored: fewer than three points"].examples == (f"{PLACE}5",)


def test_a_video_is_answered_with_what_to_do(tmp_path: Path) -> None:
    path = cvat(tmp_path, images='<track id="0" label="cat"><box frame="0"/></track>')
    with pytest.raises(InputError, match=r'export it as "CVAT for images 1\.1"'):
        truth_of(path)


def test_a_file_that_ends_too_early_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = cvat(tmp_path, *(BOX.format("cat", "", "") for _ in range(20_000)))
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:10_000]))
    with pytest.raises(InputError, match="the file ends within an element") as error:
        truth_of(path)
    assert error.value.location == f"line {path.read_text().count(chr(10)) + 1}"


def test_one_broken_file_of_several_is_a_note(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        path = cvat(tmp_path / name, BOX.format("cat", "", ""))
    path.write_text("<annotations>\n<image>")
    truth, notes = truth_of(tmp_path)
    assert len(truth.objects) == 1
    assert notes["file broken: what stands before the place is used"].examples == (
        "two/annotations.xml, line 2: the file ends within an element",
    )


def test_a_large_file_can_be_cancelled(tmp_path: Path) -> None:
    def cancel(_stage: str, fraction: float) -> None:
        if fraction > 0.5:
            raise CancelledError

    image = (
        '<image name="{}.jpg" width="9" height="9"><box label="cat" xtl="1" ytl="1" xbr="2" ybr="2"/></image>'
    )
    path = cvat(tmp_path, images="".join(image.format(n) for n in range(30_000)))
    with pytest.raises(CancelledError):
        truth_of(path, progress=cancel)


def test_cvat_says_what_coco_says_of_the_same_images(shared_data: Path) -> None:
    folder = shared_data / "padilla100/gts"
    cvat_truth, notes = truth_of(folder / "cvat_format/annotations.xml")
    coco, _ = truth_of(folder / "coco_format_v1/instances_default.json")
    assert sorted(rows_of(cvat_truth)) == sorted(rows_of(coco))
    assert notes == {}
