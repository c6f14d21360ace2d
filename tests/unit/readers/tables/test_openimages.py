"""OpenImages' tables of boxes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.errors import CancelledError, InputError
from inspector.readers.formats import truth_format
from inspector.reading import Convention, Reading
from tests.truth import rows_of, truth_of

HEADER = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf\n"
ROW = "{},xclick,{},1,0.1,0.3,0.25,0.75,0,0,{}\n"


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Images of 100 x 80: a.jpg and b.jpg."""
    folder = tmp_path / "set/images"
    folder.mkdir(parents=True)
    for name in ("a.jpg", "b.jpg"):
        Image.new("RGB", (100, 80)).save(folder / name)
    return folder


def table(images: Path, *rows: str, name: str = "boxes.csv", header: str = HEADER) -> Path:
    path = images.parent / name
    path.write_text(header + "".join(rows))
    return path


def test_parts_of_the_image_become_pixels(images: Path) -> None:
    truth, notes = truth_of(table(images, ROW.format("a", "/m/01", 0), ROW.format("b.jpg", "cat", 0)))
    assert [(image, name) for image, name, _ in rows_of(truth)] == [("a.jpg", "/m/01"), ("b.jpg", "cat")]
    assert truth.objects.boxes.round(9).tolist() == [[10.0, 20.0, 20.0, 40.0]] * 2
    assert truth.images.sizes.tolist() == [[100, 80]] * 2
    assert truth.image_folder == images
    assert notes == {}


def test_a_group_is_a_crowd(images: Path) -> None:
    rows = [ROW.format("a", "cat", group) for group in ("0", "1", "")]
    truth, _ = truth_of(table(images, *rows))
    assert truth.objects.crowd.tolist() == [False, True, False]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_columns_are_found_by_name_whatever_their_order_and_separator(images: Path, separator: str) -> None:
    columns = "YMax YMin XMax XMin LabelName ImageID".replace(" ", separator) + "\n"
    path = table(images, "0,75 0,25 0,3 0,1 cat a\n".replace(" ", separator), header=columns)
    truth, notes = truth_of(path)
    assert truth.objects.boxes.round(9).tolist() == [[10.0, 20.0, 20.0, 40.0]]
    assert notes["line with decimal commas, read as points"].examples == ("line 2",)


def test_decimal_commas_in_quotes_are_points(images: Path) -> None:
    row = 'a,,cat,,"0,1","0,3","0,25","0,75",,,\n'
    truth, notes = truth_of(table(images, row, row))
    assert truth.objects.boxes.round(9).tolist() == [[10.0, 20.0, 20.0, 40.0]] * 2
    assert notes["lines with decimal commas, read as points"].count == 2


@pytest.mark.parametrize("where", [".", ".."])
def test_labels_are_called_as_the_descriptions_say(images: Path, where: str) -> None:
    path = table(images, ROW.format("a", "/m/01g317", 0))
    (images.parent / where / "class-descriptions-boxable.csv").write_text(
        '/m/01g317,"Person, any"\n/m/02,Cat\n'
    )
    truth, notes = truth_of(path)
    assert truth.classes.ids == ("/m/01g317",)
    assert truth.classes.names == ("Person, any",)
    assert "class names taken from class-descriptions-boxable.csv" in notes


def test_a_table_for_each_split(images: Path) -> None:
    table(images, ROW.format("a", "cat", 0), name="oidv6-train-annotations-bbox.csv")
    table(images, ROW.format("b", "cat", 0), name="validation-annotations-bbox.csv")
    table(images, "a,verification,cat,1\n", name="labels.csv", header="ImageID,Source,LabelName,Confidence\n")
    truth, _ = truth_of(images.parent)
    assert truth.splits is not None
    assert [truth.splits.names[row] for row in truth.splits.rows] == ["train", "validation"]


def test_an_image_without_a_size_is_left_out_and_noted(images: Path) -> None:
    path = table(images, ROW.format("a", "cat", 0), ROW.format("elsewhere", "cat", 0))
    truth, notes = truth_of(path)
    assert truth.images.file_names == ("a.jpg",)
    text = "image left out: boxes are parts of the image, and its size is not known"
    assert notes[text].examples == ("elsewhere",)


def test_without_any_image_the_folder_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "boxes.csv"
    path.write_text(HEADER + ROW.format("nowhere-to-be-found", "cat", 0))
    with pytest.raises(InputError, match="the folder of images is needed"):
        truth_of(path)


def test_pixels_need_no_images(tmp_path: Path) -> None:
    path = tmp_path / "boxes.csv"
    path.write_text("filename,width,height,class,xmin,ymin,xmax,ymax\nc.jpg,640,480,cat,10,20,30,60\n")
    truth, notes = truth_of(path)
    assert rows_of(truth) == [("c.jpg", "cat", (10.0, 20.0, 20.0, 40.0))]
    assert truth.images.sizes.tolist() == [[640, 480]]
    assert "corners are pixels, not parts of the image" in notes


def test_another_convention_may_be_wished(images: Path) -> None:
    path = table(images, "a,,cat,,1,30,2,60,,,\n")
    truth, _ = truth_of(path, Reading(ground_truth_boxes=Convention("xyxy", one_based=True)))
    assert truth.objects.boxes.tolist() == [[0.0, 1.0, 30.0, 59.0]]


def test_lines_that_cannot_be_used_are_noted(images: Path) -> None:
    rows = [
        ROW.format("a", "cat", 0),
        "a,,cat\n",
        "a,,cat,,0.1,0_3,0.25,0.75,,,\n",
        "a,,cat,,0.1,,0.25,0.75,,,\n",
        "a,,cat,,0.1,nan,0.25,0.75,,,\n",
        "a,,cat,,0.3,0.1,0.25,0.75,,,\n",
        "\n",
    ]
    truth, notes = truth_of(table(images, *rows))
    assert len(truth.objects) == 1
    assert notes["lines left out: cannot be read"].examples == (
        "line 3: 3 fields, of which 8 are needed",
        'line 4: "0_3" is not a number',
        "line 5: a number is missing",
    )
    assert notes["object ignored: a number in the box is not finite"].examples[0].startswith("line 6: ")
    assert notes["object ignored: negative width or height"].examples[0].startswith("line 7: ")


def test_scores_make_a_table_detections(images: Path) -> None:
    columns = "ImageID,LabelName,Confidence,XMin,XMax,YMin,YMax\n"
    path = table(images, "a,cat,0.75,0.1,0.3,0.25,0.75\n", header=columns)
    with pytest.raises(InputError):
        truth_format(path)
    path = table(images, "a,cat,1,0.1,0.3,0.25,0.75\n", header=columns)
    assert truth_format(path).name == "openimages"


def test_missing_columns_are_an_error_with_those_that_are_there(images: Path) -> None:
    path = table(images, header="ImageID,LabelName,XMin\n")
    with pytest.raises(InputError, match=r'line 1: has no columns for .*: "ImageID", "LabelName", "XMin"'):
        truth_of(path, Reading(ground_truth_format="openimages"))


def test_a_long_table_can_be_cancelled(images: Path) -> None:
    def cancel(_stage: str, fraction: float) -> None:
        if fraction > 0.3:
            raise CancelledError

    with pytest.raises(CancelledError):
        truth_of(table(images, *[ROW.format("a", "cat", 0)] * 20_000), progress=cancel)


def test_openimages_says_what_coco_says_but_for_rounding(shared_data: Path) -> None:
    folder = shared_data / "padilla100"
    truth, _ = truth_of(folder / "gts/openimages_format")
    coco, _ = truth_of(folder / "gts/coco_format_v1/instances_default.json")
    pairs = list(zip(sorted(rows_of(truth)), sorted(rows_of(coco)), strict=True))
    assert all(here[:2] == there[:2] for here, there in pairs)
    # the table has ten decimals
    apart = np.array([here[2] for here, _ in pairs]) - np.array([there[2] for _, there in pairs])
    assert 0 < np.abs(apart).max() < 1e-7
